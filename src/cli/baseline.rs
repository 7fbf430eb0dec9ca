//! `check --write-baseline` and `--baseline`: what was found once is not reported again.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::args::CheckArgs;
use super::settings::finder;
use super::write;
use crate::context::{Finder, Refusal, absolute, read_written_file};
use crate::error::Error;
use crate::lint::Finding;
use crate::session::{Checked, Input};

/// The version of the file; it changes when a reader of the old one would break.
const VERSION: u32 = 2;

/// What the file says.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

/// Findings that are alike in one Dockerfile.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// From the folder of the baseline, with `/`.
    path: String,
    code: String,
    fingerprint: String,
    count: usize,
}

/// How often each finding of a file may be there, by code and fingerprint.
pub(super) type FileCounts = BTreeMap<(String, String), usize>;

/// The same for each file, by its path.
type Counts = BTreeMap<String, FileCounts>;

/// The findings that are known.
#[derive(Debug)]
pub struct Baseline {
    folder: PathBuf,
    counts: Counts,
}

impl Baseline {
    /// An empty one, to be filled and written to that file.
    pub(super) fn new(path: &Path) -> Self {
        Self { folder: folder_of(path), counts: Counts::new() }
    }

    /// An empty one, after a try whether that file can be written.
    pub(super) fn start(path: &Path) -> Result<Self, Error> {
        write::try_replace(path)?;
        Ok(Self::new(path))
    }

    /// Reads a file. Nothing of it is quoted: whoever wrote the configuration that names it may not be allowed to read it.
    pub(super) fn read(path: &Path, finder: Finder) -> Result<Self, Error> {
        let bytes = read_written_file(path, finder).map_err(|refusal| match refusal {
            Refusal::Failed(error) => Error::io(path, &error),
            other => Error::Io { path: path.to_owned(), reason: other.reason() },
        })?;
        Self::parse(path, &bytes)
    }

    /// Reads the bytes of a file.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let fail = |reason: String| Error::Io { path: path.to_owned(), reason };
        let version = serde_json::from_slice::<serde_json::Value>(bytes)
            .ok()
            .and_then(|value| value.get("version")?.as_u64());
        if version.is_some_and(|version| version != u64::from(VERSION)) {
            let version = version.unwrap_or_default();
            return Err(fail(format!(
                "the baseline has version {version}, but this program uses version {VERSION}: write it again \
                 with `--write-baseline`"
            )));
        }
        let file: File = serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            fail(format!(
                "not a baseline: unexpected text in line {line}, column {column}; `--write-baseline` writes a new one"
            ))
        })?;
        let mut baseline = Self::new(path);
        for entry in file.findings {
            let of_file = baseline.counts.entry(entry.path).or_default();
            let count: &mut usize = of_file.entry((entry.code, entry.fingerprint)).or_default();
            *count = count.saturating_add(entry.count);
        }
        Ok(baseline)
    }

    /// Drops the findings of a file that are known. Returns how many known ones are no longer there.
    pub fn filter(&self, name: &str, checked: &mut Checked) -> usize {
        let Some(known) = self.counts.get(&self.relative(name)) else { return 0 };
        let mut left = known.clone();
        let mut unknown = |list: Vec<Finding>| -> Vec<Finding> {
            let is_unknown = |it: &Finding| match left.get_mut(&key(checked, it)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            };
            list.into_iter().filter(is_unknown).collect()
        };
        let findings = unknown(checked.findings.clone());
        // Repeats are known here too: alone, this file would have them.
        let repeated = unknown(checked.repeated.clone());
        (checked.findings, checked.repeated) = (findings, repeated);
        left.values().fold(0, |sum, it| sum.saturating_add(*it))
    }

    /// What is found in a file, to be added.
    pub(super) fn of(checked: &Checked) -> FileCounts {
        let mut counts = BTreeMap::new();
        for finding in checked.findings.iter().chain(&checked.repeated) {
            *counts.entry(key(checked, finding)).or_default() += 1;
        }
        counts
    }

    /// Adds what is found in a file.
    pub(super) fn add(&mut self, name: &str, counts: FileCounts) {
        if !counts.is_empty() {
            self.counts.insert(self.relative(name), counts);
        }
    }

    /// Writes the file; returns how many findings it holds.
    pub(super) fn write(self, path: &Path) -> Result<usize, Error> {
        let mut findings = Vec::new();
        for (file, counts) in self.counts {
            findings.extend(counts.into_iter().map(|((code, fingerprint), count)| Entry {
                path: file.clone(),
                code,
                fingerprint,
                count,
            }));
        }
        let total = findings.iter().map(|it| it.count).sum();
        let mut text = serde_json::to_string_pretty(&File { version: VERSION, findings })
            .map_err(|it| Error::internal(path, &it))?;
        text.push('\n');
        write::replace(path, text.as_bytes())?;
        Ok(total)
    }

    /// A file's path from the folder of the baseline, with `/`.
    fn relative(&self, name: &str) -> String {
        let path = absolute(Path::new(name));
        let mut own = self.folder.components().peekable();
        let mut other = path.components().peekable();
        while own.peek().is_some() && own.peek() == other.peek() {
            own.next();
            other.next();
        }
        let up = own.map(|_| "..".to_owned());
        let down = other.map(|it| it.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// The code and the fingerprint.
pub(super) fn key(checked: &Checked, finding: &Finding) -> (String, String) {
    (finding.meta.code.to_owned(), checked.fingerprint(finding))
}

/// The baselines of a run.
pub(super) struct Known {
    /// That of the command line, for all files.
    given: Option<Baseline>,
    /// Those of configuration files.
    configured: HashMap<PathBuf, Baseline>,
}

impl Known {
    /// Reads all that the inputs need.
    pub(super) fn read(args: &CheckArgs, inputs: &[Input]) -> Result<Self, Error> {
        let given =
            args.baseline.as_deref().map(|it| Baseline::read(it, Finder::Person)).transpose()?;
        let mut configured = HashMap::new();
        if given.is_none() && args.write_baseline.is_none() {
            for path in inputs.iter().filter_map(|it| it.settings.baseline.as_ref()) {
                if !configured.contains_key(path) {
                    let found = finder(args.files.allow_outside);
                    configured.insert(path.clone(), Baseline::read(path, found)?);
                }
            }
        }
        Ok(Self { given, configured })
    }

    /// The baseline of an input.
    pub(super) fn of(&self, input: &Input) -> Option<&Baseline> {
        let configured = || self.configured.get(input.settings.baseline.as_ref()?);
        self.given.as_ref().or_else(configured)
    }
}

fn folder_of(path: &Path) -> PathBuf {
    absolute(path).parent().map(Path::to_owned).unwrap_or_default()
}
