//! Where the shell crates say more than ShellCheck would in a Dockerfile.

use super::codes::{self, ShellCode};
use super::lint::{LintSettings, ShellFinding};
use super::{Command, Connector, Script};

/// Codes that are never reported, and why; they are not in the table of codes.
#[cfg(test)]
pub(super) const EXCLUDED: &[(&str, &str)] = &[
    ("SC1090", "no sourced file can be read; hadolint excludes it"),
    ("SC1091", "no sourced file can be read; hadolint excludes it"),
    ("SC2187", "a note about ash, which is what Alpine runs; hadolint excludes it"),
];

/// What ShellCheck does not say of a variable that has a plain value from the start; hadolint says it
/// that ARG and ENV define such.
const FROM_ENVIRONMENT: &[&str] = &["SC2086", "SC2153", "SC2154"];

/// Defined in every build.
const PROXIES: &[&str] = &[
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// Commands whose single-quoted words are programs that expand variables themselves.
const INTERPRETERS: &[&str] = &[
    "alias",
    "bash",
    "doas",
    "docker",
    "dpkg-query",
    "eval",
    "jq",
    "ksh",
    "oc",
    "podman",
    "rename",
    "rg",
    "sh",
    "ssh",
    "sudo",
    "trap",
    "unset",
    "xprop",
    "zsh",
];

/// Commands that give variables values.
const ASSIGNING: &[&str] = &[
    "declare",
    "export",
    "getopts",
    "local",
    "mapfile",
    "read",
    "readarray",
    "readonly",
    "typeset",
];

/// Whether a finding of the shell crates is one of ShellCheck's.
pub(super) fn holds(
    finding: &ShellFinding,
    script: &Script<'_>,
    settings: &LintSettings<'_>,
) -> bool {
    let text = script.view.slice(finding.span);
    match finding.code {
        // They report line ends; the builder has joined the lines.
        "SC1004" | "SC1078" | "SC1079" | "SC1133" | "SC1143" => {
            !script.view.is_joined((finding.span.start - script.view.base) as usize)
        }
        "SC2016" => !script.commands.iter().any(|command| interprets(command, finding, script)),
        // ShellCheck calls it a folder used as a command, SC2287.
        "SC2276" => !text.ends_with('/'),
        // Text that no shell reads: `${` without an end.
        "SC2086" | "SC2154" if is_unnamed(text) => false,
        "SC2086" if variable_name(text).is_some_and(|it| is_plain(it, script, settings)) => false,
        code if FROM_ENVIRONMENT.contains(&code) => {
            variable_name(text).is_none_or(|name| !is_from_environment(name, script, settings))
        }
        _ => true,
    }
}

/// The code of a test of a literal: ShellCheck has one for each of the words that look like a truth value.
pub(super) fn constant_test(code: &'static ShellCode, text: &str) -> &'static ShellCode {
    if code.code != "SC2078" {
        return code;
    }
    let own = match text.trim_matches(['"', '\'']) {
        "false" => "SC2158",
        "0" => "SC2159",
        "true" => "SC2160",
        "1" => "SC2161",
        _ => return code,
    };
    codes::code(own).unwrap_or(code)
}

/// The codes that [`constant_test`] makes of one.
pub(super) fn also_reports(code: &str) -> impl Iterator<Item = &'static str> {
    let all: &[&str] =
        if code == "SC2078" { &["SC2158", "SC2159", "SC2160", "SC2161"] } else { &[] };
    all.iter().copied()
}

fn interprets(command: &Command, finding: &ShellFinding, script: &Script<'_>) -> bool {
    let first = command.wrappers.first().map_or(command.name.as_str(), |it| it.name.as_str());
    !command.inside.nested_script
        && INTERPRETERS.binary_search(&first).is_ok()
        && command.args.iter().any(|word| word.span.contains(finding.span))
        && !script.view.slice(finding.span).is_empty()
}

/// Whether a `${` is followed by no variable.
fn is_unnamed(text: &str) -> bool {
    text == "$"
        || text.trim_start_matches('"').strip_prefix("${").is_some_and(|rest| {
            !rest.starts_with(|it: char| it.is_ascii_alphanumeric() || "_#!?*@$-".contains(it))
        })
}

/// The name in `$NAME` or `${NAME…}`.
fn variable_name(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('$').map_or(text, |rest| rest.strip_prefix('{').unwrap_or(rest));
    let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// Whether a variable comes from ARG or ENV and the script does not change it.
fn is_from_environment(name: &str, script: &Script<'_>, settings: &LintSettings<'_>) -> bool {
    (settings.variables.contains(name) || PROXIES.contains(&name))
        && !script.commands.iter().any(|command| assigns(command, name))
}

/// Whether the script gives a variable only words that the shell leaves whole, made with variables from ARG
/// and ENV, of which the shell crates do not know that they are whole. Of literal text they do.
fn is_plain(name: &str, script: &Script<'_>, settings: &LintSettings<'_>) -> bool {
    let mut derived = false;
    for command in script.commands.iter().filter(|command| assigns(command, name)) {
        let own = command.assignments.iter().filter(|it| it.name == name);
        let declared = command
            .args
            .iter()
            .filter_map(|word| word.text.strip_prefix(name).and_then(|it| it.strip_prefix('=')));
        let mut values = own.map(|it| it.value.text.as_str()).chain(declared).peekable();
        // After `&&` it may not run, as ShellCheck sees it, and then the variable could hold anything.
        let may_not_run = matches!(command.connector, Connector::And | Connector::Or);
        if values.peek().is_none() || may_not_run {
            return false;
        }
        for value in values {
            let is_whole = |used: &str| {
                is_from_environment(used, script, settings)
                    || (used == name && settings.variables.contains(used))
            };
            if !is_plain_value(value, is_whole) {
                return false;
            }
            derived |= value.contains('$');
        }
    }
    derived
}

/// Whether a value is made of literal text without blanks and globs, and of variables that are whole.
fn is_plain_value(value: &str, is_whole: impl Fn(&str) -> bool) -> bool {
    value.split('$').enumerate().all(|(index, part)| {
        let (name, rest) = match part.strip_prefix('{').map(|it| it.split_once('}')) {
            _ if index == 0 => ("", part),
            Some(Some(braced)) => braced,
            Some(None) => return false,
            None => part.split_at(variable_name(part).map_or(0, str::len)),
        };
        (index == 0 || is_whole(name)) && !rest.contains([' ', '\t', '\n', '*', '?', '[', '`'])
    })
}

fn assigns(command: &Command, name: &str) -> bool {
    command.assignments.iter().any(|it| it.name == name)
        || (ASSIGNING.contains(&command.name.as_str())
            && command.args.iter().any(|word| {
                word.text.strip_prefix(name).is_some_and(|it| it.is_empty() || it.starts_with('='))
            }))
}
