//! Pipes whose failures get lost, and what `pipefail` would change.

use super::{Model, Run};
use crate::shell::{Command, Connector, Pipe, Program};

/// A pipe that hides the failure of a command that counts.
#[derive(Debug, Clone, Copy)]
pub struct HiddenFailure<'r> {
    /// The pipe.
    pub pipe: &'r Pipe,
    /// The command on its left.
    pub command: &'r Command,
}

impl Model<'_> {
    /// Whether the shell that SHELL sets fails where any command of a pipe fails. A shell that refuses the option does
    /// not.
    pub fn pipefail_is_on(&self, run: &Run<'_>) -> bool {
        self.states[run.id()].shell.pipefail()
            && self.shell_program(run).is_none_or(Program::has_pipefail)
    }

    /// The first pipe of a RUN that hides the failure of a download, an install or a build: one that is no condition,
    /// whose last command does not fail by itself without input, and whose failure nobody asks for.
    pub fn hidden_failure<'r>(&self, run: usize, within: &'r Run<'_>) -> Option<HiddenFailure<'r>> {
        let script = &within.script;
        let pipes = script.pipes.iter().filter(|it| !it.pipefail);
        let mut pipes = pipes.filter(|it| !it.inside.nested_script && !it.inside.condition);
        pipes.find_map(|pipe| {
            let fails = |(index, it): (usize, &Command)| self.fails_loudly(run, index, it);
            let mut left = script.commands.iter().enumerate().filter(|(_, it)| {
                pipe.left.contains(it.span) && it.piped && !it.inside.nested_script
            });
            let (_, command) = left.find(|it| fails(*it))?;
            let whole = script.pipes.iter().filter(|it| it.left.contains(pipe.span));
            let last = whole.map(|it| it.right).max().unwrap_or(pipe.right);
            let mut sinks = script.commands.iter().filter(|it| last.contains(it.span));
            let sink = sinks.next();
            let after = script.commands.iter().find(|it| it.span.start >= last.end);
            let is_asked = after.is_some_and(|it| it.connector == Connector::Or);
            let lost = !is_asked && !sink.is_some_and(fails_without_input);
            lost.then_some(HiddenFailure { pipe, command })
        })
    }

    /// Whether a command is a download, an install or a build.
    pub(super) fn fails_loudly(&self, run: usize, index: usize, command: &Command) -> bool {
        let asks = ["version", "help"].iter().any(|it| command.has_flag(it));
        match command.name.as_str() {
            "curl" | "wget" | "aria2c" => !asks && !command.args.iter().any(|it| it.text == "-V"),
            "git" => command.verb().is_some_and(|it| {
                matches!(it.text.as_str(), "clone" | "archive" | "fetch" | "pull" | "checkout")
            }),
            "make" | "ninja" => !asks,
            "apt-get" | "apt" | "apk" | "dnf" | "microdnf" | "yum" | "zypper" => {
                command.verb().is_some_and(|it| {
                    matches!(
                        it.text.as_str(),
                        "add"
                            | "in"
                            | "install"
                            | "update"
                            | "upgrade"
                            | "dist-upgrade"
                            | "full-upgrade"
                            | "makecache"
                            | "refresh"
                    )
                })
            }
            _ => {
                let builds =
                    self.builds().binary_search_by_key(&(run, index), |it| (it.run, it.command));
                (builds.is_ok() || self.install_of(run, index).is_some()) && !asks
            }
        }
    }
}

/// Whether a command at the end of a pipe fails where nothing, or not all, comes through it.
fn fails_without_input(command: &Command) -> bool {
    let checks = ["c", "check", "status"].iter().any(|it| command.has_flag(it));
    match command.name.as_str() {
        "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "md5sum" | "shasum"
        | "b2sum" | "cksum" => checks,
        "gpg" | "gpg2" | "gpgv" | "apt-key" | "cosign" | "minisign" => true,
        "grep" | "egrep" | "fgrep" => !command.has_flag("v") && !command.has_flag("c"),
        _ => false,
    }
}

/// Whether a pipe does the same with `pipefail` on where all its commands do what they should: none of them stops
/// reading early, so that the one before it dies of it, and none has a failure for an answer.
pub(super) fn survives_pipefail(commands: &[Command], pipe: &Pipe) -> bool {
    let left = || commands.iter().filter(|it| pipe.left.contains(it.span) && it.piped);
    let prints_little = left().all(|it| matches!(it.name.as_str(), "echo" | "printf" | "cat"));
    let quits = commands.iter().any(|it| pipe.right.contains(it.span) && stops_reading(it));
    left().all(|it| !answers_by_failing(it)) && (!quits || prints_little)
}

fn stops_reading(command: &Command) -> bool {
    let quits = |it: &crate::shell::ShellWord| it.text.contains('q') || it.text.contains("exit");
    match command.name.as_str() {
        "head" | "read" | "true" | "less" | "more" | ":" | "" => true,
        "grep" | "egrep" | "fgrep" | "zgrep" | "rg" => {
            ["q", "quiet", "silent", "m", "max-count", "l"].iter().any(|it| command.has_flag(it))
        }
        "sed" | "awk" | "gawk" | "mawk" => command.operands().take(1).any(quits),
        _ => false,
    }
}

fn answers_by_failing(command: &Command) -> bool {
    matches!(
        command.name.as_str(),
        "" | "["
            | "cmp"
            | "command"
            | "diff"
            | "dpkg"
            | "dpkg-query"
            | "du"
            | "egrep"
            | "expr"
            | "false"
            | "fgrep"
            | "find"
            | "grep"
            | "kill"
            | "ldd"
            | "ls"
            | "pgrep"
            | "pidof"
            | "ps"
            | "rg"
            | "rpm"
            | "test"
            | "timeout"
            | "type"
            | "which"
            | "yes"
            | "zgrep"
    )
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The command whose failure gets lost.
    fn hidden(run: &str) -> Option<String> {
        of(&format!("FROM debian:12\nRUN {run}\n"), |model| {
            let found = model.hidden_failure(0, &model.runs[0])?;
            Some(found.command.name.clone())
        })
    }

    #[test]
    fn downloads_installs_and_builds_count() {
        for (run, name) in [
            ("curl -fsSL https://a.io/x.tgz | tar xz", "curl"),
            ("wget -qO- https://a.io/x.sh | sh", "wget"),
            ("V=$(curl -s https://a.io/latest | jq -r .tag) && echo $V", "curl"),
            ("make -j4 2>&1 | tee log", "make"),
            ("npm ci | tail -5", "npm"),
            ("echo a | cat && (cd x; curl https://a.io/x | tar x)", "curl"),
            ("for a in x y; do curl https://a.io/$a | tar x; done", "curl"),
        ] {
            assert_eq!(hidden(run).as_deref(), Some(name), "{run}");
        }
    }

    #[test]
    fn queries_conditions_and_checks_do_not() {
        for run in [
            "echo y | apt-get install a",
            "yes | sdkmanager --licenses",
            "dpkg -l | awk '{print $2}' | sort > /list",
            "if curl -s https://a.io | grep -q x | cat; then b; fi",
            "while ! curl -s https://a.io | jq .x; do sleep 1; done",
            "curl -fsSL https://a.io/SUMS | sha256sum -c -",
            "curl -fsSL https://a.io/SUMS | grep x.tgz | sha256sum --check",
            "curl -fsSL https://a.io/key | gpg --dearmor -o /k",
            "curl https://a.io/x | tar x || exit 1",
            "wget --version | sed 1d",
            "set -o pipefail; curl https://a.io/x | tar x",
            "cat list | xargs apt-get install -y",
        ] {
            assert_eq!(hidden(run), None, "{run}");
        }
    }
}
