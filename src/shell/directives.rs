//! ShellCheck's own comments in a heredoc: `# shellcheck disable=SC2086`.

use super::Script;
use super::lint::ShellFinding;
use crate::source::Span;

/// A comment that turns codes off.
struct Directive {
    /// Single codes and ranges of them.
    codes: Vec<(u32, u32)>,
    /// What it holds for: the lines of the command below it, or all of the script.
    lines: Span,
}

/// Takes out the findings that comments of the script turn off. The builder drops the comments of joined lines, so that
/// only those of heredocs are seen.
pub(super) fn apply(script: &Script<'_>, findings: &mut Vec<ShellFinding>) {
    if findings.is_empty() || !script.view.text.contains("shellcheck") {
        return;
    }
    let directives = directives(script);
    findings.retain(|finding| {
        let code = finding.code.trim_start_matches("SC").parse().unwrap_or(0);
        !directives.iter().any(|it| {
            it.lines.contains_offset(finding.span.start)
                && it.codes.iter().any(|(first, last)| (*first..=*last).contains(&code))
        })
    });
}

fn directives(script: &Script<'_>) -> Vec<Directive> {
    let mut found = Vec::new();
    let whole = script.view.whole();
    let mut at = whole.start;
    let mut tops: Vec<Span> = script.tops.clone();
    tops.sort();
    for line in script.view.text.split_inclusive('\n') {
        let start = at;
        #[allow(clippy::cast_possible_truncation, reason = "a line is a part of the file")]
        let end = start + line.len() as u32;
        at = end;
        let Some(codes) = codes(line) else { continue };
        // Before the first command it holds for all of the script.
        let first = tops.first().is_none_or(|it| start < it.start);
        // The smallest construct or command that starts below it.
        let below =
            tops.iter().filter(|it| it.start >= end).min_by_key(|it| (it.start, u32::MAX - it.end));
        let lines = match below {
            _ if first => Some(whole),
            Some(below) => Some(*below),
            None => None,
        };
        found.extend(lines.map(|lines| Directive { codes, lines }));
    }
    found
}

/// The codes that a comment line turns off.
fn codes(line: &str) -> Option<Vec<(u32, u32)>> {
    let rest = line.trim().strip_prefix('#')?.trim_start().strip_prefix("shellcheck")?;
    let rest = rest.strip_prefix([' ', '\t'])?;
    let list = rest.split_whitespace().find_map(|it| it.strip_prefix("disable="))?;
    let number = |code: &str| code.trim_start_matches("SC").parse::<u32>().ok();
    let codes = list.split(',').filter_map(|it| match it.split_once('-') {
        _ if it == "all" => Some((0, u32::MAX)),
        Some((first, last)) => Some((number(first)?, number(last)?)),
        None => number(it).map(|it| (it, it)),
    });
    Some(codes.collect())
}
