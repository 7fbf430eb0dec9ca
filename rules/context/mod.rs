//! The build context.

mod added_local_file;
mod context_carries_baggage;
mod copy_ignored_file;
mod copy_source_ignored;
mod copy_source_missing;
mod copy_to_file;
mod copy_without_workdir;
mod ineffective_ignore_pattern;
mod no_dockerignore;
mod secret_in_context;

use crate::lint::Rule;
use crate::lint::size;
use crate::model::Ballast;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    added_local_file::RULE,
    context_carries_baggage::RULE,
    copy_ignored_file::RULE,
    copy_source_ignored::RULE,
    copy_source_missing::RULE,
    copy_to_file::RULE,
    copy_without_workdir::RULE,
    ineffective_ignore_pattern::RULE,
    no_dockerignore::RULE,
    secret_in_context::RULE,
];

/// How many names are listed.
const MOST_NAMES: usize = 4;

/// `12.3 MB in 345 files`.
fn bytes_and_files(ballast: &Ballast) -> String {
    let files = ballast.files();
    format!("{} in {files} file{}", size(ballast.bytes()), if files == 1 { "" } else { "s" })
}

/// The patterns that would leave it out, the biggest first: ``` `.git`, `**/node_modules` (…) ```.
fn baggage_words(ballast: &Ballast) -> String {
    let mut patterns: Vec<String> = Vec::new();
    for pile in &ballast.piles {
        let pattern = format!("`{}`", pile.kind.pattern());
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    let more = patterns.len().saturating_sub(MOST_NAMES);
    patterns.truncate(MOST_NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", patterns.join(", "))
}

/// Whether it costs more than a moment: much of it, or a history, which changes with every commit.
fn is_worth_a_word(ballast: &Ballast) -> bool {
    let history = ballast.piles.iter().any(|it| it.kind.is_history);
    history || is_much(ballast.bytes(), ballast.files())
}

/// Whether copying it takes more than a moment.
fn is_much(bytes: u64, files: u64) -> bool {
    const BYTES: u64 = 100_000;
    const FILES: u64 = 100;
    bytes >= BYTES || files >= FILES
}
