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
    let index = CODES.binary_search_by(|it| number(it.code).cmp(&number(name))).ok()?;
    Some(&CODES[index])
}

/// The code under which a rule of the shell crates is reported.
pub(super) fn code_of(rule: Rule) -> Option<&'static ShellCode> {
    by_number(MAP.code_for_rule(rule)?)
}

fn by_number(wanted: u32) -> Option<&'static ShellCode> {
    let index = CODES.binary_search_by_key(&wanted, |it| number(it.code)).ok()?;
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
    Some(ShellCode { code, severity, name: columns.next()?, summary: columns.next()? })
}
