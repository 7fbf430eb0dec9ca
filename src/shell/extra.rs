//! ShellCheck's checks that the shell crates lack and that RUN text often meets.

use super::codes;
use super::lint::ShellFinding;
use super::{Command, Connector, Dialect, Script, ShellWord};
use crate::source::Span;

/// A check of one command: its code, where it holds, and what is wrong.
type Check = fn(&Command) -> Option<(&'static str, Span, String)>;

const CHECKS: &[Check] = &[
    deleted_system_folder,
    deleted_root,
    piped_to_deaf_command,
    assignment_by_set,
    mode_of_parents,
    find_without_path,
    link_without_destination,
    redirect_without_command,
];

/// Wrappers that ShellCheck looks behind.
const TRANSPARENT: &[&str] = &["builtin", "busybox", "command", "exec", "time"];

/// The codes reported here, besides those of the shell crates.
#[cfg(test)]
pub(super) const CODES: &[&str] = &[
    "SC2114", "SC2158", "SC2159", "SC2160", "SC2161", "SC2174", "SC2185", "SC2188", "SC2226",
    "SC2287",
];

/// Adds the findings of these checks.
pub(super) fn check(
    script: &Script<'_>,
    wanted: impl Fn(&str) -> bool,
    findings: &mut Vec<ShellFinding>,
) {
    let subshells = script.double_parens.iter().map(|&span| {
        let message = "a space between the parentheses makes this a subshell in every shell";
        ("SC1105", Span { end: span.start + 2, ..span }, message.to_owned())
    });
    let commands =
        script.commands.iter().filter(|it| !it.inside.nested_script).flat_map(|command| {
            let found = CHECKS.iter().filter_map(move |check| check(command));
            let found = found.chain(folder_as_command(script, command));
            found.chain(beyond_posix(script, command))
        });
    for (name, span, message) in subshells.chain(commands) {
        if let Some(code) = codes::code(name).filter(|code| wanted(code.code)) {
            let severity = code.severity;
            findings.push(ShellFinding { code: code.code, severity, message, span, fix: None });
        }
    }
}

/// What a `sh` need not know: `&>>`, and extended globs, of which the shell crates know those that begin with `@`.
fn beyond_posix(script: &Script<'_>, command: &Command) -> Option<(&'static str, Span, String)> {
    if script.dialect != Dialect::Sh {
        return None;
    }
    if let Some(redirect) = command.redirects.iter().find(|it| it.operator == "&>>") {
        return Some(("SC3020", redirect.span, "in POSIX sh, `&>>` is undefined".to_owned()));
    }
    let word = command.args.iter().find(|word| {
        let text = script.view.slice(word.span);
        !text.contains(['"', '\'', '\\', '$', '`', '@'])
            && ["!(", "+(", "?(", "*("].iter().any(|it| text.contains(it))
    })?;
    Some(("SC3002", word.span, "in POSIX sh, extended globs are undefined".to_owned()))
}

/// Whether ShellCheck sees the command as `name`.
fn is(command: &Command, name: &str) -> bool {
    command.name == name
        && command.wrappers.iter().all(|it| TRANSPARENT.contains(&it.name.as_str()))
}

/// The folders of which ShellCheck warns, without a slash at the end.
const SYSTEM_FOLDERS: &[&str] = &[
    "",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/usr",
    "/usr/bin",
    "/usr/local",
    "/usr/share",
    "/var",
];

fn deleted_system_folder(command: &Command) -> Option<(&'static str, Span, String)> {
    let recursive = ["r", "R", "recursive"].iter().any(|flag| command.has_flag(flag));
    if !is(command, "rm") || !recursive {
        return None;
    }
    let word = command.operands().find(|word| {
        word.text.starts_with('/') && SYSTEM_FOLDERS.contains(&word.text.trim_end_matches('/'))
    })?;
    Some(("SC2114", word.span, format!("this deletes the system folder `{}`", word.text)))
}

fn deleted_root(command: &Command) -> Option<(&'static str, Span, String)> {
    let recursive = ["r", "R", "recursive"].iter().any(|flag| command.has_flag(flag));
    if !is(command, "rm") || !recursive {
        return None;
    }
    let word = command.operands().find(|word| {
        let name = word.text.strip_prefix("/$").unwrap_or("");
        let name = name.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(name);
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
    })?;
    let message = format!("if the variable is empty, `{}` is `/`", word.text);
    Some(("SC2115", word.span, message))
}

/// Commands that do not read their standard input.
const DEAF: &[&str] = &[
    "alias", "basename", "bg", "cal", "cd", "chgrp", "chmod", "chown", "cp", "du", "echo",
    "export", "fg", "fuser", "getconf", "getopt", "getopts", "ipcrm", "ipcs", "jobs", "kill", "ln",
    "locale", "ls", "mv", "printf", "ps", "pwd", "renice", "rm", "rmdir", "set", "sleep", "touch",
    "trap", "ulimit", "unalias", "uname",
];

fn piped_to_deaf_command(command: &Command) -> Option<(&'static str, Span, String)> {
    let name = command.name.as_str();
    let asks = matches!(name, "cp" | "mv" | "rm")
        && (command.has_flag("i") || command.has_flag("interactive"));
    let substitutes = |word: &ShellWord| {
        !word.is_static && ["$(", "`", "<("].iter().any(|sign| word.text.contains(sign))
    };
    if command.connector != Connector::Pipe
        || DEAF.binary_search(&name).is_err()
        || !is(command, name)
        || asks
        || command.args.iter().any(substitutes)
    {
        return None;
    }
    Some(("SC2216", command.name_span, format!("`{name}` does not read what is piped into it")))
}

fn assignment_by_set(command: &Command) -> Option<(&'static str, Span, String)> {
    let first = command.args.first().filter(|_| is(command, "set"))?;
    let (name, assigns) = match first.text.split_once('=') {
        Some((name, _)) => (name, true),
        None => (first.text.as_str(), command.args.len() > 1),
    };
    let named = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let message = || "`set` does not assign variables: write `NAME=value`".to_owned();
    (assigns && named).then(|| ("SC2121", first.span, message()))
}

fn mode_of_parents(command: &Command) -> Option<(&'static str, Span, String)> {
    let parents = command.has_flag("p") || command.has_flag("parents");
    if !is(command, "mkdir") || !parents {
        return None;
    }
    let flag = command.args.iter().find(|word| word.is_flag("m") || word.is_flag("mode"))?;
    let nested = |word: &ShellWord| {
        let mut path = word.text.as_str();
        while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("../")) {
            path = rest;
        }
        !word.is_static || path.contains('/')
    };
    let message = || "with `-p`, the mode applies only to the deepest folder".to_owned();
    command.operands().any(nested).then(|| ("SC2174", flag.span, message()))
}

fn find_without_path(command: &Command) -> Option<(&'static str, Span, String)> {
    let behind = command.wrappers.iter().position(|it| it.name == "find");
    let transparent = |count| {
        let mut outer = command.wrappers[..count].iter();
        outer.all(|it| TRANSPARENT.contains(&it.name.as_str()))
    };
    let (span, args) = match behind {
        Some(index) if transparent(index) => {
            (command.wrappers[index].span, &command.wrappers[index].args)
        }
        None if is(command, "find") => (command.name_span, &command.args),
        _ => return None,
    };
    let is_leading = |word: &ShellWord| {
        matches!(word.text.as_str(), "-L" | "-P" | "-H")
            || word.text.starts_with("-O")
            || word.text.starts_with("-D")
    };
    let first = args.iter().find(|word| !is_leading(word));
    let has_path = first.is_some_and(|word| !word.text.starts_with('-') || word.text == "--help");
    let message = || "some versions of `find` need a path: write `find .`".to_owned();
    (!has_path).then(|| ("SC2185", span, message()))
}

fn link_without_destination(command: &Command) -> Option<(&'static str, Span, String)> {
    let given = command.has_flag("t") || command.has_flag("target-directory");
    if !is(command, "ln") || given {
        return None;
    }
    let mut operands = command.operands().filter(|word| word.text != "--");
    let only = operands.next()?;
    let glob = !only.is_static && !only.quoted && !only.text.starts_with(['$', '~']);
    if operands.next().is_some() || glob || only.text.contains("$@") || only.text.contains("[@]") {
        return None;
    }
    Some(("SC2226", command.name_span, "this `ln` has no destination".to_owned()))
}

fn redirect_without_command(command: &Command) -> Option<(&'static str, Span, String)> {
    let redirect = command.redirects.first()?;
    let bare = command.name_span.is_empty() && command.assignments.is_empty();
    // `$(< file)` gives the content of the file.
    let reads_file = command.inside.substitution && redirect.operator == "<";
    let message = || "this redirection has no command: write `: > file`".to_owned();
    (bare && !reads_file && !command.piped && command.connector != Connector::Pipe)
        .then(|| ("SC2188", redirect.span, message()))
}

fn folder_as_command(
    script: &Script<'_>,
    command: &Command,
) -> Option<(&'static str, Span, String)> {
    let is_folder = command.name.is_empty()
        && command.wrappers.is_empty()
        && script.view.slice(command.name_span).ends_with('/');
    is_folder.then(|| ("SC2287", command.name_span, "a folder is used as a command".to_owned()))
}
