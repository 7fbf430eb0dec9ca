//! What is known of each of ShellCheck's codes.

use std::sync::LazyLock;

use crate::lint::{Category, Family, Meta, Profile, Severity};
use crate::shell::{ShellCode, ShellSeverity, codes};

/// Warnings that most people write on purpose in a RUN, and why; they are left to the strict profile, as is
/// all that ShellCheck calls information or style.
const ONLY_STRICT: &[(&str, &str)] = &[
    ("SC1010", "`mix do …` and its like take `do` as a word"),
    ("SC2013", "the lines that are read were written a line before"),
    ("SC2038", "the names that are found are those of packages, without blanks"),
    ("SC2043", "a loop over one item is a list that can grow"),
    ("SC2044", "the names that are found are those of packages, without blanks"),
    ("SC2045", "the names that are listed are those of packages, without blanks"),
    ("SC2046", "`$(nproc)` and lists of packages are left unquoted on purpose"),
    ("SC2155", "`export HOME=\"$(mktemp -d)\"` is a known idiom"),
    ("SC2166", "all shells of base images know `-a` and `-o` in tests"),
    ("SC2174", "the parents of the folder are there or may have any mode"),
    ("SC2206", "the words are written in the same file"),
    ("SC2207", "the words are written in the same file"),
    ("SC2211", "a folder with a version in its name is matched by a wildcard on purpose"),
    ("SC3043", "all shells of base images know `local`"),
];

static METAS: LazyLock<Vec<Meta>> = LazyLock::new(|| codes().iter().map(describe).collect());

/// The codes of ShellCheck that can be reported, sorted.
pub fn shellcheck_metas() -> &'static [Meta] {
    &METAS
}

/// What is known of a code.
pub(super) fn meta(code: &str) -> Option<&'static Meta> {
    let index = METAS.binary_search_by(|meta| meta.code.cmp(code)).ok()?;
    Some(&METAS[index])
}

/// Whether the default profile leaves a code out.
pub(super) fn is_only_strict(code: &ShellCode) -> bool {
    severity(code) > Severity::Warning || ONLY_STRICT.iter().any(|(it, _)| *it == code.code)
}

fn severity(code: &ShellCode) -> Severity {
    match code.severity {
        ShellSeverity::Error => Severity::Error,
        ShellSeverity::Warning => Severity::Warning,
        ShellSeverity::Info => Severity::Info,
        ShellSeverity::Style => Severity::Style,
    }
}

/// Texts are made once and live as long as the program.
fn describe(code: &'static ShellCode) -> Meta {
    if code.code == super::RULE.meta.code {
        return super::RULE.meta;
    }
    let severity = severity(code);
    let strict = is_only_strict(code);
    let sentence = code.summary.trim_end_matches('.');
    let why = format!(
        "{sentence}. ShellCheck calls this {} {}.",
        if matches!(severity, Severity::Error | Severity::Info) { "an" } else { "a" },
        severity.name(),
    );
    let page: &'static str =
        Box::leak(format!("https://www.shellcheck.net/wiki/{}", code.code).into_boxed_str());
    Meta {
        code: code.code,
        name: code.name,
        family: Family::Shellcheck,
        category: Category::Shell,
        severity,
        profile: if strict { Profile::Strict } else { Profile::Default },
        summary: sentence,
        why: Box::leak(why.into_boxed_str()),
        references: Box::leak(Box::new([page])),
        ..Meta::LAYERWISE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_complete() {
        assert!(METAS.is_sorted_by(|a, b| a.code < b.code));
        assert_eq!(METAS.len(), codes().len());
        for (code, reason) in ONLY_STRICT {
            let meta = meta(code).unwrap_or_else(|| panic!("{code} is no code"));
            assert_eq!(meta.profile, Profile::Strict, "{code}: {reason}");
        }
    }

    #[test]
    fn the_face_of_the_catalogue_agrees_with_the_table() {
        let Some(code) = crate::shell::code(super::super::RULE.meta.code) else {
            panic!("the code is not in the table")
        };
        assert_eq!(super::super::RULE.meta.name, code.name);
        assert_eq!(code.severity, ShellSeverity::Info);
    }
}
