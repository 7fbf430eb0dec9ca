//! Commands that cannot change the image: what they do ends with the shell that runs them.

use crate::model::files::paths::variables_in;
use crate::model::{Model, Origin, Run};
use crate::shell::{Command, Connector, Inside, ShellWord};
use crate::source::Span;
use crate::syntax::Kind;

/// A command whose effect does not reach the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// What it does.
    pub kind: IdleKind,
    /// Whether nothing else in the RUN reaches the image either.
    pub whole: bool,
}

/// What a command without effect does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleKind {
    /// It goes to another folder.
    Directory,
    /// It sets variables of the shell.
    Variables,
    /// It sets something else of the shell: an alias, a limit, the options.
    Shell,
    /// It sets options of the shell, and takes the words of a command for the shell's arguments: `set -ex chmod +x a`.
    Swallows,
    /// It starts a service, which ends with the build step.
    Service,
    /// It prints.
    Prints,
    /// It starts a shell that has nothing to do.
    Nothing,
    /// It asks a program for its version: a check that the program runs.
    Version,
}

/// Programs that only print. Sorted.
const PRINT: &[&str] = &[
    "arch",
    "cal",
    "cat",
    "date",
    "df",
    "dir",
    "du",
    "echo",
    "env",
    "file",
    "free",
    "getconf",
    "groups",
    "head",
    "history",
    "hostname",
    "id",
    "less",
    "locale",
    "ls",
    "lsb_release",
    "lscpu",
    "more",
    "nproc",
    "printenv",
    "printf",
    "ps",
    "pwd",
    "stat",
    "tail",
    "tree",
    "type",
    "uname",
    "uptime",
    "wc",
    "whereis",
    "which",
    "who",
    "whoami",
];

impl Model<'_> {
    /// The commands that cannot change the image: all of a RUN, or the last one of it where that only changes its
    /// shell. ONBUILD, mounts, heredocs and what was not read to its end are left out, and commands with a build
    /// argument: they may be there to break the cache.
    pub fn idle_commands(&self) -> Vec<Idle> {
        let mut found = Vec::new();
        for (index, run) in self.runs.iter().enumerate() {
            let script = &run.script;
            let is_read = script.complete
                && script.dialect.is_bourne()
                && run.instruction.heredocs.is_empty();
            if run.onbuild || !run.mounts.is_empty() || !is_read || script.commands.is_empty() {
                continue;
            }
            let kinds: Vec<Option<IdleKind>> =
                script.commands.iter().map(|it| self.idle_kind(run, it)).collect();
            let swallows = script.commands.iter().position(swallows);
            if let Some(command) = swallows.filter(|_| !reads_arguments(run)) {
                found.push(Idle { run: index, command, kind: IdleKind::Swallows, whole: false });
                continue;
            }
            if let Some(first) =
                kinds.iter().flatten().next().filter(|_| kinds.iter().all(Option::is_some))
            {
                // What is only printed is irrelevant where the shell is changed too.
                let telling =
                    kinds.iter().flatten().find(|it| **it != IdleKind::Prints).unwrap_or(first);
                let command =
                    kinds.iter().position(|it| it.as_ref() == Some(telling)).unwrap_or_default();
                found.push(Idle { run: index, command, kind: *telling, whole: true });
                continue;
            }
            let last = script.commands.len() - 1;
            // A command that goes back or takes something back tidies up, which does no harm.
            let last_command = &script.commands[last];
            let goes_back =
                last_command.args.iter().any(|it| matches!(it.text.as_str(), "-" | ".."))
                    || matches!(last_command.name.as_str(), "popd" | "set" | "unset" | "unalias");
            let ends_with_shell = matches!(
                kinds[last],
                Some(
                    IdleKind::Directory | IdleKind::Variables | IdleKind::Shell | IdleKind::Service
                )
            );
            let ends = script.commands[last].span.end
                >= script.commands.iter().map(|it| it.span.end).max().unwrap_or(0);
            if let Some(kind) = kinds[last].filter(|_| ends_with_shell && ends && !goes_back)
                && script.commands[last].inside == Inside::default()
            {
                found.push(Idle { run: index, command: last, kind, whole: false });
            }
        }
        found
    }

    /// Whether the instruction before a RUN copies.
    fn stands_behind_copy(&self, run: &Run<'_>) -> bool {
        let before = run.id().checked_sub(1).map(|it| &self.doc.instructions[it].kind);
        matches!(before, Some(Kind::Copy(_) | Kind::Add(_)))
    }

    /// What a command does, if nothing of it can reach the image.
    fn idle_kind(&self, run: &Run<'_>, command: &Command) -> Option<IdleKind> {
        if self.has_effects(run, command) {
            return None;
        }
        let verb = || command.verb().map_or("", |word| word.text.as_str());
        let kind = match command.name.as_str() {
            "" if !command.assignments.is_empty() => IdleKind::Variables,
            "cd" | "pushd" | "popd" => IdleKind::Directory,
            "export" | "unset" | "readonly" | "declare" | "typeset" => IdleKind::Variables,
            "alias" | "unalias" | "umask" | "ulimit" | "set" | "shopt" | "hash" => IdleKind::Shell,
            "source" | "." if sets_the_scene(verb()) => IdleKind::Shell,
            "service"
                if command
                    .args
                    .iter()
                    .any(|it| matches!(it.text.as_str(), "start" | "restart" | "reload")) =>
            {
                IdleKind::Service
            }
            "systemctl"
                if matches!(
                    verb(),
                    "start" | "restart" | "reload" | "status" | "daemon-reload"
                ) =>
            {
                IdleKind::Service
            }
            // `: "${A:?}"` asserts that a variable is set, and a comment says what the step is for.
            // A step between two copies keeps old builders from failing on the second.
            "true" | ":" if self.stands_behind_copy(run) => return None,
            "true" | ":" | "sleep"
                if command.args.iter().all(|it| it.is_static)
                    && !self.doc.source.slice(run.instruction.span).contains(" #") =>
            {
                IdleKind::Nothing
            }
            "true" | ":" | "sleep" => return None,
            "bash" | "sh" | "zsh" | "ash" if command.args.is_empty() => IdleKind::Nothing,
            // A file's end is not looked at in a build: this would never end.
            "tail" if command.has_flag("f") => return None,
            "date" if command.has_flag("s") || command.has_flag("set") => return None,
            "hostname" if command.operands().next().is_some() => return None,
            "env" if !command.assignments.is_empty() => return None,
            name if PRINT.binary_search(&name).is_ok() => IdleKind::Prints,
            "" => return None,
            _ if is_version_question(command) => IdleKind::Version,
            _ => return None,
        };
        Some(kind)
    }

    /// Whether a command does more than its name says: it writes a file, is part of a pipe or of another command, or has
    /// an argument of the build.
    fn has_effects(&self, run: &Run<'_>, command: &Command) -> bool {
        let silent = |target: &str| {
            target.starts_with("/dev/") || target.starts_with('&') || target.parse::<u32>().is_ok()
        };
        let writes = command
            .redirects
            .iter()
            .any(|it| it.operator.contains('>') && !silent(&it.target.text));
        let by_argument = |word: &ShellWord| {
            variables_in(&word.text).any(|name| {
                self.scopes.look_up(run.id(), name).is_some_and(|it| it.origin == Origin::Arg)
            })
        };
        writes
            || command.piped
            || (command.depth > 0 && !command.inside.nested_script)
            || matches!(command.connector, Connector::Or | Connector::Pipe)
            || !command.wrappers.iter().all(|it| {
                matches!(it.name.as_str(), "sudo" | "command" | "builtin" | "bash" | "sh")
            })
            || command.words().any(by_argument)
    }
}

/// Where the options of a `set` end behind which the words of a command follow, as where `&&` was forgotten.
pub fn options_before_command(command: &Command) -> Option<Span> {
    let mut args = command.args.iter().filter(|_| command.is("set"));
    let mut last = None;
    let mut next = args.next();
    while let Some(option) = next.filter(|it| it.text.len() > 1 && it.text.starts_with(['-', '+']))
    {
        if option.text == "--" {
            return None;
        }
        let names_option = !option.text.starts_with("--") && option.text.ends_with('o');
        last = if names_option { Some(args.next()?.span) } else { Some(option.span) };
        next = args.next();
    }
    let (last, name) = (last?, next?);
    let is_name = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_./".contains(it);
    let is_command = name.is_static
        && !name.quoted
        && name.text.starts_with(|it: char| it.is_ascii_lowercase() || it == '/' || it == '.')
        && name.text.chars().all(is_name);
    (is_command && args.next().is_some()).then_some(last)
}

fn swallows(command: &Command) -> bool {
    command.inside == Inside::default() && options_before_command(command).is_some()
}

/// Whether a script reads the shell's arguments, which `set` gives it.
fn reads_arguments(run: &Run<'_>) -> bool {
    let reads =
        |it: &ShellWord| ["$1", "${1", "$@", "$*", "$#"].iter().any(|arg| it.text.contains(arg));
    run.script.commands.iter().any(|it| it.is("shift") || it.words().any(reads))
}

/// Whether a file, by its name, only sets variables and functions when it is sourced.
fn sets_the_scene(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let bare = name.trim_start_matches('.');
    bare.ends_with("rc")
        || matches!(
            bare,
            "profile"
                | "bash_profile"
                | "activate"
                | "env"
                | "environment"
                | "setenv.sh"
                | "nvm.sh"
                | "conda.sh"
        )
}

/// Whether a program is only asked for its version.
pub(in crate::model) fn is_version_question(command: &Command) -> bool {
    let [word] = command.args.as_slice() else { return false };
    matches!(word.text.as_str(), "--version" | "-version" | "-v" | "-V" | "version" | "--help")
}

#[cfg(test)]
mod tests {
    use super::{IdleKind, PRINT};
    use crate::model::tests::of;

    fn idle(run: &str) -> Option<(IdleKind, bool)> {
        of(&format!("FROM a\nARG X\nRUN {run}\n"), |model| {
            model.idle_commands().first().map(|it| (it.kind, it.whole))
        })
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(PRINT.is_sorted());
    }

    #[test]
    fn a_step_between_copies_is_meant() {
        let idle = |text: &str| of(text, |model| model.idle_commands().len());
        assert_eq!(idle("FROM a\nCOPY --from=b /x /x\nRUN true\nCOPY --from=b /y /y\n"), 0);
        assert_eq!(idle("FROM a\nADD x /x\nRUN :\n"), 0);
        assert_eq!(idle("FROM a\nRUN true\nCOPY x /x\n"), 1);
        assert_eq!(idle("FROM a\nCOPY x /x\nRUN ls /x\n"), 1);
    }

    #[test]
    fn a_set_swallows_the_command_behind_it() {
        for run in [
            "set -ex \\\n  chmod +x /a/*.sh",
            "set -eux apt-get update && apt-get install -y git",
            "set -e -o pipefail curl -fsS http://a | tar x",
            "set -eo pipefail ./configure --x; make",
        ] {
            assert_eq!(idle(run), Some((IdleKind::Swallows, false)), "{run}");
        }
        for run in [
            "set -ex && chmod +x /a && make",
            "set -e -- chmod +x && \"$@\"",
            "set -o pipefail && curl a",
            "set -e a && make $1",
            "set -e a b && make \"$@\"",
            "set a b c && make $1",
            "set -- a b && make",
            "set -e $X b && make",
        ] {
            assert_ne!(idle(run).map(|it| it.0), Some(IdleKind::Swallows), "{run}");
        }
    }

    #[test]
    fn what_ends_with_its_shell_is_idle() {
        assert_eq!(idle("cd /app"), Some((IdleKind::Directory, true)));
        assert_eq!(idle("export A=b && echo $A"), Some((IdleKind::Variables, true)));
        assert_eq!(idle("make && cd /app"), Some((IdleKind::Directory, false)));
        assert_eq!(idle("ls -la /app"), Some((IdleKind::Prints, true)));
        assert_eq!(idle("service nginx start"), Some((IdleKind::Service, true)));
        assert_eq!(idle("node --version"), Some((IdleKind::Version, true)));
    }

    #[test]
    fn what_may_reach_the_image_is_not() {
        for run in [
            "echo a > /b",
            "echo $X",
            "cat a | sh",
            "cd a && make",
            "test -f /x",
            ". ./install.sh",
            "ls /x || exit 1",
            "ls $(make)",
            "service nginx start && ./setup && service nginx stop",
            "$TOOL",
            "hostname x",
        ] {
            assert_eq!(idle(run), None, "{run}");
        }
    }
}
