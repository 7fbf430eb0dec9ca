//! The fixtures of a rule, and what their marks expect.

use std::path::{Path, PathBuf};

use layerwise::lint::Meta;

use crate::common::cases::read_cases;

/// A Dockerfile with marks.
pub(crate) struct Fixture {
    pub(crate) path: PathBuf,
    /// The text without its marks.
    pub(crate) text: String,
    /// The line in the file of each line of the text.
    pub(crate) lines: Vec<u32>,
    /// The findings that the marks expect: the line in the text, and the code.
    pub(crate) marks: Vec<(u32, String)>,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules")
}

/// The fixtures of a rule, by name.
pub(crate) fn fixtures(meta: &Meta) -> Vec<Fixture> {
    paths(meta, "Dockerfile").into_iter().map(read).collect()
}

/// The files of a rule with an ending, by name.
fn paths(meta: &Meta, ending: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join(meta.name)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == ending));
    paths.sort();
    paths
}

/// Small Dockerfiles in one file, each below a line `#= title`: a branch of the code that only such a text shows.
pub(crate) struct Cases {
    pub(crate) path: PathBuf,
    /// The titles and the texts.
    pub(crate) list: Vec<(String, String)>,
}

/// The files of cases of a rule, by name.
pub(crate) fn cases(meta: &Meta) -> Vec<Cases> {
    let files = paths(meta, "cases").into_iter();
    files.map(|path| Cases { list: read_cases(&path), path }).collect()
}

/// Each `#~ CODE…` comment expects findings on the next line that is not a mark.
fn read(path: PathBuf) -> Fixture {
    let whole = std::fs::read_to_string(&path).unwrap();
    let (mut text, mut lines, mut marks) = (String::new(), Vec::new(), Vec::new());
    let mut pending = Vec::new();
    for (raw, number) in whole.split_inclusive('\n').zip(1..) {
        if let Some(codes) = raw.trim_start().strip_prefix("#~") {
            pending.extend(codes.split_whitespace().map(str::to_owned));
            continue;
        }
        lines.push(number);
        text.push_str(raw);
        let line = u32::try_from(lines.len()).unwrap();
        marks.extend(pending.drain(..).map(|code| (line, code)));
    }
    Fixture { path, text, lines, marks }
}
