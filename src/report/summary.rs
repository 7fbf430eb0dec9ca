//! Counts over a run.

use std::collections::BTreeMap;

use crate::lint::{Applicability, Finding, Meta, Severity};

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
    /// How many findings `--fix` mends.
    pub fixable: usize,
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
    /// Why.
    pub reason: String,
}

/// A file that was not checked, and the place that shows why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The name, as it was given.
    pub name: String,
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
    /// How many there are.
    pub findings: usize,
    /// How many of them `--fix` mends.
    pub fixable: usize,
}

impl Summary {
    /// The counts of one file.
    pub fn of(outcome: Outcome<'_>) -> Self {
        let mut summary = Self { files: 1, ..Self::default() };
        match outcome.result {
            Err(error) => {
                let (name, reason) = (outcome.name.to_owned(), error.reason());
                summary.failed.push(Failure { name, reason });
            }
            Ok(checked) => {
                summary.noted.extend(checked.note.iter().map(|note| Noted {
                    name: outcome.name.to_owned(),
                    line: checked.source.line(note.span.start),
                    message: note.message.clone(),
                }));
                summary.files_with_findings = usize::from(!checked.findings.is_empty());
                for finding in &checked.findings {
                    let fixable = usize::from(is_mended(finding));
                    summary.fixable += fixable;
                    summary.severities[finding.severity as usize] += 1;
                    summary.count_code(Count { meta: finding.meta, findings: 1, fixable });
                }
            }
        }
        summary
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
        for (mine, theirs) in self.severities.iter_mut().zip(other.severities) {
            *mine += theirs;
        }
        other.codes.into_values().for_each(|it| self.count_code(it));
    }

    fn count_code(&mut self, count: Count) {
        let none = Count { findings: 0, fixable: 0, ..count };
        let mine = self.codes.entry(count.meta.code).or_insert(none);
        mine.findings += count.findings;
        mine.fixable += count.fixable;
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

/// Whether `--fix` mends a finding.
pub(super) fn is_mended(finding: &Finding) -> bool {
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
    let fixable = match summary.fixable {
        0 => String::new(),
        n => format!(" `--fix` mends {n} of them."),
    };
    format!(
        "Found {} ({}) in {} of {files}.{fixable}",
        plural(summary.findings(), "finding"),
        words.collect::<Vec<_>>().join(", "),
        summary.files_with_findings,
    )
}
