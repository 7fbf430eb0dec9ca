//! ShellCheck's findings on a script, through the shell crates' linter.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use shuck_linter::{
    AmbientShellOptions, AnalysisRequest, Diagnostic, Fix, LinterSettings, ShellDialect,
};

use super::codes::{self, ShellCode, ShellSeverity};
use super::{Dialect, KeptLints, Script, ShellState, bounds, directives, extra, filter};
use crate::source::Span;

/// A finding of ShellCheck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFinding {
    /// `SC2086`.
    pub code: &'static str,
    /// ShellCheck's own level.
    pub severity: ShellSeverity,
    /// What is wrong.
    pub message: String,
    /// Its place in the file.
    pub span: Span,
    /// Its fix, if the linter has one.
    pub fix: Option<ShellFix>,
}

/// The fix of a finding of ShellCheck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellFix {
    /// What it does.
    pub title: String,
    /// Places in the file with the text that takes each.
    pub edits: Vec<(Span, String)>,
}

/// Which variables something outside of the script gives a value.
#[derive(Clone, Copy)]
pub struct Variables<'a>(pub &'a dyn Fn(&str) -> bool);

impl Variables<'_> {
    /// None of them.
    pub const NONE: Self = Self(&|_| false);

    /// Whether it gives that one a value.
    pub fn contains(self, name: &str) -> bool {
        (self.0)(name)
    }
}

impl std::fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Variables")
    }
}

/// What to look for, and what the script can rely on.
#[derive(Debug, Clone, Copy)]
pub struct LintSettings<'a> {
    /// The shell that runs the script.
    pub shell: ShellState,
    /// Names that ARG and ENV define where the script is.
    pub variables: Variables<'a>,
    /// The codes to look for.
    pub codes: &'a CodeSet,
    /// What was found in texts before, if that is kept.
    pub kept: Option<&'a KeptLints>,
}

/// A choice of codes, prepared once and used for many scripts.
#[derive(Debug)]
pub struct CodeSet {
    /// Sorted: all have four digits.
    codes: Vec<&'static str>,
    settings: [OnceLock<LinterSettings>; SETTINGS],
    /// What distinguishes it from all other sets.
    number: u32,
}

/// How many settings of the linter a set of codes has: one for each state of each shell.
const SETTINGS: usize = 12;

impl CodeSet {
    /// All codes.
    pub fn all() -> Self {
        Self::only(|_| true)
    }

    /// The codes that `wanted` picks.
    pub fn only(wanted: impl Fn(&str) -> bool) -> Self {
        let codes = codes::codes().iter().map(|it| it.code).filter(|code| wanted(code)).collect();
        static NUMBERS: AtomicU32 = AtomicU32::new(0);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        Self { codes, settings: Default::default(), number }
    }

    /// Whether no code is chosen.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Whether a code is chosen.
    pub fn contains(&self, code: &str) -> bool {
        self.codes.binary_search(&code).is_ok()
    }

    /// The settings of the linter for a shell, and their number.
    fn settings(&self, shell: ShellState) -> Option<(u32, &LinterSettings)> {
        let (index, dialect) = match shell.dialect {
            Dialect::Sh => (0, ShellDialect::Sh),
            Dialect::Bash => (4, ShellDialect::Bash),
            Dialect::Ksh => (8, ShellDialect::Ksh),
            // ShellCheck does not read zsh.
            Dialect::Zsh | Dialect::PowerShell | Dialect::Cmd | Dialect::Other => return None,
        };
        let index = index + usize::from(shell.errexit) + 2 * usize::from(shell.pipefail);
        let settings = self.settings[index].get_or_init(|| {
            let options = AmbientShellOptions { errexit: shell.errexit, pipefail: shell.pipefail };
            LinterSettings::for_rules(codes::rules(|code| {
                self.contains(code) || filter::also_reports(code).any(|it| self.contains(it))
            }))
            .with_shell(dialect)
            .with_resolve_source_closure(false)
            .with_ambient_shell_options(options)
        });
        #[allow(clippy::cast_possible_truncation, reason = "there are twelve")]
        Some((self.number * SETTINGS as u32 + index as u32, settings))
    }
}

/// ShellCheck's findings on a script, by place. Scripts for other shells than ShellCheck's have none.
pub fn lint(script: &Script<'_>, settings: &LintSettings<'_>) -> Vec<ShellFinding> {
    let Some(parsed) = script.parsed.as_deref() else { return Vec::new() };
    let Some((number, linter)) = settings.codes.settings(settings.shell) else { return Vec::new() };
    if script.beyond.is_some() {
        return Vec::new();
    }
    let text = readable(&script.view.text);
    // Edits of a text that is not the file's own would bring its letters into the file.
    let is_own = matches!(text, Cow::Borrowed(_));
    // A fault of the linter costs its findings on one text, not all of the file.
    let lint = || {
        let request = || AnalysisRequest::from_parse_result(parsed, &text, linter);
        bounds::guarded(|| request().without_suppressions().lint())
    };
    let diagnostics: Option<Arc<[Diagnostic]>> = match settings.kept {
        Some(kept) => kept.find(number, &script.view.text, lint),
        None => lint().map(Into::into),
    };
    if diagnostics.is_none() {
        script.linter_failed.get_or_init(|| ());
    }
    let mut findings: Vec<_> = diagnostics
        .iter()
        .flat_map(|it| it.iter())
        .filter_map(|it| finding(it, script, is_own))
        .filter(|it| settings.codes.contains(it.code) && filter::holds(it, script, settings))
        .collect();
    extra::check(script, |code| settings.codes.contains(code), &mut findings);
    directives::apply(script, &mut findings);
    findings.sort_by(|a, b| (a.span, a.code).cmp(&(b.span, b.code)));
    findings.dedup_by(|a, b| a.span == b.span && a.code == b.code);
    findings
}

/// The text with a letter for each byte of characters beyond ASCII, where backticks are in it: the linter (0.2.8) counts
/// the bytes inside backticks as characters, and would cut one in two.
fn readable(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains('`') {
        return Cow::Borrowed(text);
    }
    let letters = text
        .chars()
        .map(|it| if it.is_ascii() { it.to_string() } else { "x".repeat(it.len_utf8()) });
    Cow::Owned(letters.collect())
}

fn finding(diagnostic: &Diagnostic, script: &Script<'_>, is_own: bool) -> Option<ShellFinding> {
    let (start, end) = (diagnostic.span.start.offset(), diagnostic.span.end.offset());
    let span = script.view.span(start..end);
    let code = codes::code_of(diagnostic.rule)?;
    let code = filter::constant_test(code, script.view.slice(span));
    let ShellCode { code, severity, .. } = *code;
    let fix = diagnostic
        .fix
        .as_ref()
        .filter(|_| is_own)
        .and_then(|it| linter_fix(it, script, code, span));
    let fix = fix.or_else(|| own_fix(script, code, span));
    Some(ShellFinding { code, severity, message: diagnostic.message.clone(), span, fix })
}

/// Codes whose fixes were reviewed on real files and resolve the finding. Sorted.
const FIXABLE: &[(&str, &str)] = &[
    ("SC2005", "remove the `echo`"),
    ("SC2035", "put `./` before the pattern"),
    ("SC2046", "put the substitution in double quotes"),
    ("SC2086", "put the expansion in double quotes"),
    ("SC2116", "remove the `echo`"),
    ("SC2223", "put the expansion in double quotes"),
];

/// Parts of the names of variables that hold several words on purpose.
const LISTS: &[&str] = &[
    "ARG", "CMD", "CONFIG", "DEP", "FLAG", "LIST", "MODULE", "OPT", "PACKAGE", "PARAM", "PKG",
    "PLUGIN",
];

/// Commands that print one word.
const ONE_WORD: &[&str] = &[
    "arch", "basename", "date", "dirname", "getconf", "hostname", "id", "nproc", "pwd", "realpath",
    "uname", "which", "whoami",
];

/// Whether quotes around a part of a word may keep the shell from making several words of it that are meant to be.
fn may_be_several(code: &str, text: &str) -> bool {
    match code {
        "SC2086" => {
            let name: String =
                text.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
            let name = name.to_ascii_uppercase();
            name.ends_with('S') || LISTS.iter().any(|it| name.contains(it))
        }
        "SC2046" => {
            let inner = text.trim_start_matches("$(").trim_start_matches('`').trim_start();
            let command = inner.split([' ', ')', '`']).next().unwrap_or_default();
            !ONE_WORD.contains(&command) || inner.contains('|')
        }
        _ => false,
    }
}

/// What the linter has no fix for, or none that is as small.
fn own_fix(script: &Script<'_>, code: &str, found: Span) -> Option<ShellFix> {
    match code {
        "SC2006" => {
            let inner = script.view.slice(found).strip_prefix('`')?.strip_suffix('`')?;
            // Backslashes mean something else in there, and `$((` starts arithmetic.
            if inner.contains(['\\', '`', '\n', '#']) || inner.starts_with('(') {
                return None;
            }
            let (first, last) = (found.start + 1, found.end - 1);
            let edits = vec![
                (Span { end: first, ..found }, "$(".to_owned()),
                (Span { start: last, ..found }, ")".to_owned()),
            ];
            Some(ShellFix { title: "write `$(…)`".to_owned(), edits })
        }
        "SC2164" => {
            let mut commands = script.commands.iter().filter(|it| !it.inside.nested_script);
            let command = commands.find(|it| it.span.contains(found) && it.wrappers.is_empty())?;
            let changes = matches!(command.name.as_str(), "cd" | "pushd" | "popd");
            let edits = vec![(Span::at(command.span.end), " || exit 1".to_owned())];
            let title = "stop if the directory is missing".to_owned();
            (changes && !command.inside.function).then_some(ShellFix { title, edits })
        }
        _ => None,
    }
}

/// The linter's fix at the places of the file; none where it adds or takes lines, which mean something else in a Dockerfile.
fn linter_fix(fix: &Fix, script: &Script<'_>, code: &str, found: Span) -> Option<ShellFix> {
    let text = script.view.slice(found);
    // The `;` that ends a substitution would stay where nothing is before it.
    let ends_twice = matches!(code, "SC2005" | "SC2116") && text.contains(';');
    let (_, title) = FIXABLE.iter().find(|it| it.0 == code)?;
    if ends_twice || may_be_several(code, text) {
        return None;
    }
    let edits = fix.edits().iter().map(|edit| {
        let (start, end) = (edit.range().start().into(), edit.range().end().into());
        let span = script.view.span(start..end);
        let lines = edit.content().contains('\n') || script.view.slice(span).contains('\n');
        (!lines).then(|| (span, edit.content().to_owned()))
    });
    let mut edits: Vec<_> = edits.collect::<Option<_>>()?;
    edits.sort_by_key(|it| it.0);
    Some(ShellFix { title: (*title).to_owned(), edits })
}
