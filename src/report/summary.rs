//! Counts over a run.

use std::collections::BTreeMap;

use crate::lint::{Applicability, Meta, Severity};

use super::Outcome;
use super::style::plural;

/// Counts over one file or many.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many files there were, those that could not be read too.
    pub files: usize,
    /// How many of them have findings.
    pub files_with_findings: usize,
    /// How many could not be read.
    pub failed: usize,
    /// How many findings make the exit code 1; it is for the settings of each file to say.
    pub failing: usize,
    /// How many findings of a baseline are no longer there.
    pub stale: usize,
    /// How many findings `--fix` mends.
    pub fixable: usize,
    /// How many findings there are of each severity, the worst first.
    pub severities: [usize; 4],
    /// How many findings there are of each code.
    pub codes: BTreeMap<&'static str, (usize, &'static Meta)>,
}

impl Summary {
    /// The counts of one file.
    pub fn of(outcome: Outcome<'_>) -> Self {
        let mut summary = Self { files: 1, ..Self::default() };
        match outcome.result {
            Err(_) => summary.failed = 1,
            Ok(checked) => {
                summary.files_with_findings = usize::from(!checked.findings.is_empty());
                for finding in &checked.findings {
                    let fix = finding.fix.as_ref();
                    let safe = fix.is_some_and(|it| it.applicability == Applicability::Safe);
                    summary.fixable += usize::from(safe);
                    summary.severities[finding.severity as usize] += 1;
                    summary.codes.entry(finding.meta.code).or_insert((0, finding.meta)).0 += 1;
                }
            }
        }
        summary
    }

    /// Adds the counts of other files.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.files_with_findings += other.files_with_findings;
        self.failed += other.failed;
        self.stale += other.stale;
        self.failing += other.failing;
        self.fixable += other.fixable;
        for (mine, theirs) in self.severities.iter_mut().zip(other.severities) {
            *mine += theirs;
        }
        for (code, (count, meta)) in other.codes {
            self.codes.entry(code).or_insert((0, meta)).0 += count;
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

/// The counts as a sentence for people.
pub(super) fn sentence(summary: &Summary) -> String {
    let files = plural(summary.files - summary.failed, "file");
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
