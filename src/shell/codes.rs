//! ShellCheck's codes that can be reported.

use std::sync::LazyLock;

use shuck_linter::{Rule, ShellCheckCodeMap};

/// How much ShellCheck thinks of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is ShellCheck's level of its name")]
pub enum ShellSeverity {
    Error,
    Warning,
    Info,
    Style,
}

/// A code of ShellCheck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShellCode {
    /// `SC2086`.
    pub code: &'static str,
    /// Its number, so that looking it up need not read the code again.
    pub number: u32,
    /// A name in words with dashes.
    pub name: &'static str,
    /// ShellCheck's own level.
    pub severity: ShellSeverity,
    /// What it is about, in one sentence.
    pub summary: &'static str,
}

/// All codes, one a line: code, level, name, summary. Made from the shell crates' own tables; a test
/// compares them.
const TABLE: &str = include_str!("codes.tsv");

static CODES: LazyLock<Vec<ShellCode>> = LazyLock::new(|| TABLE.lines().filter_map(row).collect());

static MAP: LazyLock<ShellCheckCodeMap> = LazyLock::new(ShellCheckCodeMap::default);

/// All codes that can be reported, sorted by number.
pub fn codes() -> &'static [ShellCode] {
    &CODES
}

/// The code of that name (`SC2086`).
pub fn code(name: &str) -> Option<&'static ShellCode> {
    let wanted = number(name);
    let index = CODES.binary_search_by(|it| it.number.cmp(&wanted)).ok()?;
    Some(&CODES[index])
}

/// The code under which a rule of the shell crates is reported.
pub(super) fn code_of(rule: Rule) -> Option<&'static ShellCode> {
    by_number(MAP.code_for_rule(rule)?)
}

fn by_number(wanted: u32) -> Option<&'static ShellCode> {
    let index = CODES.binary_search_by_key(&wanted, |it| it.number).ok()?;
    Some(&CODES[index])
}

/// The rules that report one of the codes that `wanted` picks.
pub(super) fn rules(wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = Rule> {
    Rule::iter().filter(move |&rule| code_of(rule).is_some_and(|code| wanted(code.code)))
}

fn number(code: &str) -> u32 {
    code.strip_prefix("SC").and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn row(line: &'static str) -> Option<ShellCode> {
    let mut columns = line.split('\t');
    let code = columns.next()?;
    let severity = match columns.next()? {
        "error" => ShellSeverity::Error,
        "warning" => ShellSeverity::Warning,
        "info" => ShellSeverity::Info,
        _ => ShellSeverity::Style,
    };
    let number = number(code);
    Some(ShellCode { code, number, severity, name: columns.next()?, summary: columns.next()? })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use shuck_linter::{ShellCheckLevel, rule_metadata};

    use super::*;
    use crate::shell::{extra, filter};

    #[test]
    fn codes_are_sorted_and_named() {
        assert!(codes().is_sorted_by(|a, b| number(a.code) < number(b.code)));
        for it in codes() {
            assert!(number(it.code) > 0 && it.summary.ends_with('.'), "{}", it.code);
            assert!(it.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
        }
        assert_eq!(code("SC2086").map(|it| it.severity), Some(ShellSeverity::Info));
    }

    #[test]
    fn the_table_holds_what_can_be_reported() {
        let level = |rule| match rule_metadata(rule).and_then(|it| it.shellcheck_level) {
            Some(ShellCheckLevel::Error) => Some(ShellSeverity::Error),
            Some(ShellCheckLevel::Warning) => Some(ShellSeverity::Warning),
            Some(ShellCheckLevel::Info) => Some(ShellSeverity::Info),
            Some(ShellCheckLevel::Style) => Some(ShellSeverity::Style),
            None => None,
        };
        let mapped = MAP.mappings().map(|(number, rule)| (format!("SC{number}"), level(rule)));
        let mut expected: BTreeMap<_, _> = mapped.collect();
        for (code, reason) in filter::EXCLUDED {
            assert!(!reason.is_empty());
            expected.remove(*code);
        }
        for code in extra::CODES {
            assert!(expected.insert((*code).to_owned(), None).is_none(), "{code}");
        }
        for it in codes() {
            let severity = expected.remove(it.code);
            assert!(severity.is_some_and(|it2| it2.is_none_or(|level| level == it.severity)));
        }
        assert!(expected.is_empty(), "{expected:?}");
    }
}
