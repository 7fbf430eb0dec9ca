//! Counts over a run.

use std::collections::BTreeMap;

use crate::lint::{Applicability, Finding, Meta, Severity, size};

use super::Outcome;
use super::style::plural;

/// Counts over one file or many.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many files there were, those that could not be read too.
    pub files: usize,
    /// How many of them have findings.
    pub files_with_findings: usize,
    /// Those that could not be read.
    pub failed: Vec<Failure>,
    /// Those that were read and not checked.
    pub noted: Vec<Noted>,
    /// How many findings make the exit code 1; it is for the settings of each file to say.
    pub failing: usize,
    /// How many findings of a baseline are no longer there.
    pub stale: usize,
    /// How many findings `--fix` fixes.
    pub fixable: usize,
    /// How many more `--fix --unsafe-fixes` fixes.
    pub unsafe_fixable: usize,
    /// The bytes that all findings together would save, as far as that is known.
    pub bytes: u64,
    /// Whether none of them is an estimate.
    pub measured: bool,
    /// How many findings there are of each severity, the worst first.
    pub severities: [usize; 4],
    /// How many findings there are of each code.
    pub codes: BTreeMap<&'static str, Count>,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The name, as it was given.
    pub name: String,
    /// Its path from the root of the repository.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// A file that was not checked, and the place that shows why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The name, as it was given.
    pub name: String,
    /// Its path from the root of the repository.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What is remarked.
    pub message: String,
}

/// Counts over the findings of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// The rule.
    pub meta: &'static Meta,
    /// How many there are of each severity, the worst first.
    pub findings: [usize; 4],
    /// How many of each `--fix` fixes.
    pub fixable: [usize; 4],
}

impl Count {
    /// How many findings there are.
    pub fn total(&self) -> usize {
        self.findings.iter().sum()
    }
}

impl Summary {
    /// The counts of one file.
    pub fn of(outcome: Outcome<'_>) -> Self {
        let mut summary = Self { files: 1, ..Self::default() };
        match outcome.result {
            Err(error) => {
                let (name, path) = (outcome.name.to_owned(), outcome.path.to_owned());
                summary.failed.push(Failure { name, path, reason: error.reason() });
            }
            Ok(checked) => {
                summary.noted.extend(checked.note.iter().map(|note| Noted {
                    name: outcome.name.to_owned(),
                    path: outcome.path.to_owned(),
                    line: checked.source.line(note.span.start),
                    message: note.message.clone(),
                }));
                summary.files_with_findings = usize::from(!checked.findings.is_empty());
                for finding in &checked.findings {
                    summary.add_finding(finding);
                }
            }
        }
        summary
    }

    fn add_finding(&mut self, finding: &Finding) {
        let at = finding.severity as usize;
        self.severities[at] += 1;
        let mut count = Count { meta: finding.meta, findings: [0; 4], fixable: [0; 4] };
        count.findings[at] = 1;
        match finding.fix.as_ref().map(|it| it.applicability) {
            Some(Applicability::Safe) => {
                self.fixable += 1;
                count.fixable[at] = 1;
            }
            Some(Applicability::Unsafe) => self.unsafe_fixable += 1,
            Some(Applicability::Suggest) | None => {}
        }
        self.count_code(count);
        if let Some(impact) = finding.impact
            && let Some(bytes) = impact.bytes
        {
            self.add_bytes(bytes, impact.measured);
        }
    }

    fn add_bytes(&mut self, bytes: u64, measured: bool) {
        if bytes > 0 {
            self.measured = measured && (self.measured || self.bytes == 0);
            self.bytes = self.bytes.saturating_add(bytes);
        }
    }

    /// Adds the counts of other files.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.files_with_findings += other.files_with_findings;
        self.failed.extend(other.failed);
        self.noted.extend(other.noted);
        self.stale += other.stale;
        self.failing += other.failing;
        self.fixable += other.fixable;
        self.unsafe_fixable += other.unsafe_fixable;
        self.add_bytes(other.bytes, other.measured);
        for (mine, theirs) in self.severities.iter_mut().zip(other.severities) {
            *mine += theirs;
        }
        other.codes.into_values().for_each(|it| self.count_code(it));
    }

    fn count_code(&mut self, count: Count) {
        let none = Count { findings: [0; 4], fixable: [0; 4], ..count };
        let mine = self.codes.entry(count.meta.code).or_insert(none);
        for at in 0..4 {
            mine.findings[at] += count.findings[at];
            mine.fixable[at] += count.fixable[at];
        }
    }

    /// How many findings there are.
    pub fn findings(&self) -> usize {
        self.severities.iter().sum()
    }

    /// How many findings there are of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.severities[severity as usize]
    }
}

/// Whether `--fix` fixes a finding.
pub(super) fn is_fixable(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|it| it.applicability == Applicability::Safe)
}

/// The counts as a sentence for people.
pub(super) fn sentence(summary: &Summary) -> String {
    let files = plural(summary.files - summary.failed.len() - summary.noted.len(), "file");
    if summary.findings() == 0 {
        return format!("No findings in {files}.");
    }
    let words = Severity::ALL.into_iter().filter(|it| summary.count(*it) > 0).map(|severity| {
        let count = summary.count(severity);
        match severity {
            Severity::Error | Severity::Warning => plural(count, severity.name()),
            Severity::Info | Severity::Style => format!("{count} {}", severity.name()),
        }
    });
    let fixable = match (summary.fixable, summary.unsafe_fixable) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with `--fix`.")),
        (0, more) => Some(format!("{more} fixable with `--fix --unsafe-fixes`.")),
        (safe, more) => {
            Some(format!("{safe} fixable with `--fix`, {more} more with `--unsafe-fixes`."))
        }
    };
    let about = if summary.measured { "" } else { "about " };
    let saved = (summary.bytes > 0).then(|| format!("Saves {about}{}.", size(summary.bytes)));
    let more: Vec<String> = [fixable, saved].into_iter().flatten().collect();
    let more = if more.is_empty() { String::new() } else { format!("\n{}", more.join(" ")) };
    format!(
        "Found {} ({}) in {} of {files}.{more}",
        plural(summary.findings(), "finding"),
        words.collect::<Vec<_>>().join(", "),
        summary.files_with_findings,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only what was measured as a whole is called so, in whatever order it comes.
    #[test]
    fn bytes_are_measured_if_all_of_them_are() {
        for (all, bytes, measured) in [
            (&[(5, true), (7, true)][..], 12, true),
            (&[(5, true), (7, false)], 12, false),
            (&[(5, false), (7, true)], 12, false),
            (&[(0, false), (7, true)], 7, true),
            (&[(7, true), (0, false)], 7, true),
            (&[(u64::MAX, true), (7, true)], u64::MAX, true),
            (&[], 0, false),
        ] {
            let (mut summary, mut sum) = (Summary::default(), Summary::default());
            for (bytes, measured) in all {
                summary.add_bytes(*bytes, *measured);
                sum.add(Summary { bytes: *bytes, measured: *measured, ..Summary::default() });
            }
            assert_eq!((summary.bytes, summary.measured), (bytes, measured), "{all:?}");
            assert_eq!((sum.bytes, sum.measured), (bytes, measured), "{all:?}");
        }
    }
}
