//! Pipes whose failures get lost, and what `pipefail` would change.

use crate::model::files::paths::variables_in;
use crate::model::{Manager, Model, Run};
use crate::shell::{Command, Connector, Pipe, Program, Script};
use crate::source::Span;

/// A pipe that hides the failure of a command that counts.
#[derive(Debug, Clone, Copy)]
pub struct HiddenFailure<'r> {
    /// The pipe.
    pub pipe: &'r Pipe,
    /// The command on its left.
    pub command: &'r Command,
    /// Whether a script comes through the pipe, which a shell runs.
    pub installs: bool,
}

impl Model<'_> {
    /// Whether the shell that SHELL sets fails where any command of a pipe fails. A shell that refuses the option does
    /// not.
    pub fn pipefail_is_on(&self, run: &Run<'_>) -> bool {
        self.states[run.id()].shell.pipefail()
            && self.shell_program(run).is_none_or(Program::has_pipefail)
    }

    /// The first pipe of a RUN that hides the failure of a download, an install or a build: one that is not a condition,
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
            let sinks = script.commands.iter().filter(|it| last.contains(it.span));
            let mut sinks = sinks.filter(|it| !it.inside.substitution || pipe.inside.substitution);
            let sink = sinks.next();
            // Of `| (cd /a && tar x)`, the last one reads.
            let reader = sinks.next_back().filter(|it| !it.inside.conditional && !it.inside.looped);
            let is_busybox = self.shell_program(within) == Some(Program::Ash);
            let fails_itself =
                sink.into_iter().chain(reader).any(|it| fails_without_input(it, is_busybox));
            let after = script.commands.iter().find(|it| it.span.start >= last.end);
            let is_asked = after.is_some_and(|it| it.connector == Connector::Or)
                || script
                    .commands
                    .iter()
                    .any(|it| last.contains(it.span) && it.connector == Connector::Or)
                || self.is_fetched_next(run, script, pipe);
            let lost = !is_asked
                && !fails_itself
                && !sink.is_some_and(|it| is_interpreter(it) && is_needed_next(script, pipe, last))
                && !may_find_nothing(script, Span { start: pipe.left.start, end: last.start })
                && self.would_stop(within, pipe, last)
                && !sink.is_some_and(|it| is_verified(script, it, last));
            let installs = sink.is_some_and(is_interpreter);
            lost.then_some(HiddenFailure { pipe, command, installs })
        })
    }

    /// Whether a download of the same chain needs the variable that the pipe sets: an empty one makes it fail.
    fn is_fetched_next(&self, run: usize, script: &Script<'_>, pipe: &Pipe) -> bool {
        let mut commands = script.commands.iter().enumerate();
        let sets = commands.find(|(_, it)| it.name.is_empty() && it.span.contains(pipe.span));
        let Some((at, setter)) = sets.filter(|_| pipe.inside.substitution) else { return false };
        let names: Vec<&str> = setter.assignments.iter().map(|it| it.name.as_str()).collect();
        let after = script.commands.iter().enumerate().skip(at + 1);
        let mut chain = after
            .filter(|(_, it)| it.span.start >= setter.span.end)
            .take_while(|(_, it)| it.errexit || it.connector == Connector::And);
        chain.any(|(index, it)| {
            matches!(it.name.as_str(), "wget" | "curl")
                && (it.is("wget") || ["f", "fail"].iter().any(|flag| it.has_flag(flag)))
                && self.fails_loudly(run, index, it)
                && it
                    .args
                    .iter()
                    .any(|word| variables_in(&word.text).any(|name| names.contains(&name)))
        })
    }

    /// Whether the build would stop if the pipe failed: it is not a part of another command's words, whose status counts
    /// instead, and no list goes on behind it.
    fn would_stop(&self, run: &Run<'_>, pipe: &Pipe, last: Span) -> bool {
        let commands = || run.script.commands.iter();
        let mut end = last;
        if pipe.inside.substitution {
            let around = commands().filter(|it| it.span.contains(pipe.span));
            let Some(around) = around.min_by_key(|it| it.span.len()) else { return false };
            // `V=$(…)` has the status of what is in it; `export V=$(…)` and `echo $(…)` have their own.
            if !around.name.is_empty()
                || around.assignments.is_empty()
                || !around.wrappers.is_empty()
            {
                return false;
            }
            end = around.span;
        }
        let errexit = self.checked_shell(run).errexit
            || commands().any(|it| last.contains(it.span) && it.errexit);
        let Some(next) = commands().find(|it| it.span.start >= end.end) else { return true };
        let between = Span { start: end.end, end: next.span.start };
        let goes_on = match next.connector {
            Connector::Sequence | Connector::Background => true,
            Connector::First => {
                let text = run.script.view.slice(between).replace("\\\n", "");
                !text.contains(['&', '|']) && text.contains([';', '\n'])
            }
            Connector::And | Connector::Or | Connector::Pipe => false,
        };
        errexit || !goes_on
    }

    /// Whether a command is a download, an install or a build.
    pub(in crate::model) fn fails_loudly(
        &self,
        run: usize,
        index: usize,
        command: &Command,
    ) -> bool {
        let asks = ["version", "help"].iter().any(|it| command.has_flag(it));
        match command.name.as_str() {
            "curl" | "wget" | "aria2c" => !asks && !command.args.iter().any(|it| it.text == "-V"),
            "git" => command.verb().is_some_and(|it| {
                matches!(it.text.as_str(), "clone" | "archive" | "fetch" | "pull" | "checkout")
            }),
            "make" | "ninja" => !asks,
            name if Manager::is_system_program(name) => command.verb().is_some_and(|it| {
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
            }),
            _ => {
                let builds =
                    self.builds().binary_search_by_key(&(run, index), |it| (it.run, it.command));
                (builds.is_ok() || self.install_of(run, index).is_some()) && !asks
            }
        }
    }
}

fn is_interpreter(command: &Command) -> bool {
    let names =
        ["sh", "bash", "ash", "dash", "zsh", "node", "perl", "php", "python", "python3", "ruby"];
    names.contains(&command.name.as_str())
}

/// Whether the chain behind a pipe goes on with what the pipe should have made: a file, as in `&& . ~/.nvm/nvm.sh` and
/// `&& mv x /bin/`, the program of that name, as `rustup` behind `curl https://sh.rustup.rs | sh`, or a package whose version
/// names the site, as `nodejs=20.1.0-1nodesource1`.
fn is_needed_next(script: &Script<'_>, pipe: &Pipe, last: Span) -> bool {
    let left = script.view.slice(pipe.left);
    // The command that downloads is not a part of what it names.
    let address = left.split_once("://").map_or("", |it| it.1);
    let site = address.split(['/', ':']).next().unwrap_or("");
    let site = site.rsplit('.').nth(1).filter(|it| it.len() > 4);
    let after = script.commands.iter().filter(|it| it.span.start >= last.end);
    let mut chain = after.take_while(|it| it.errexit || it.connector == Connector::And);
    chain.any(|it| {
        ["chmod", "cp", "install", "mv", ".", "source"].iter().any(|name| it.is(name))
            || script.view.slice(it.name_span).contains('/')
            || it.name.len() > 2 && address.contains(&it.name)
            || site.is_some_and(|site| {
                it.args.iter().any(|it| it.text.contains(site) && !it.text.contains("://"))
            })
    })
}

/// Whether a `grep` is before the end of a pipe: it fails where it finds nothing, which `pipefail` would make the build's
/// failure.
fn may_find_nothing(script: &Script<'_>, before_the_end: Span) -> bool {
    script.commands.iter().any(|it| {
        before_the_end.contains(it.span)
            && it.piped
            && matches!(it.name.as_str(), "grep" | "egrep" | "fgrep")
    })
}

/// Whether a command at the end of a pipe fails where nothing, or not all, comes through it: tried with the programs of
/// GNU and of BusyBox, of which some are content with nothing.
fn fails_without_input(command: &Command, is_busybox: bool) -> bool {
    if command.is_behind("xargs") {
        return false;
    }
    let decodes = || ["d", "decompress", "uncompress"].iter().any(|it| command.has_flag(it));
    match command.name.as_str() {
        "tar" | "bsdtar" => unpacks(command),
        "gzip" | "pigz" | "bzip2" | "pbzip2" | "zstd" => decodes(),
        "gunzip" | "unpigz" | "bunzip2" | "bzcat" | "unzstd" | "zstdcat" | "unzip" | "gpg"
        | "gpg2" | "gpgv" | "apt-key" | "cosign" | "minisign" => true,
        "xz" | "lzma" => decodes() && !is_busybox,
        "unxz" | "xzcat" | "unlzma" | "zcat" | "gzcat" => !is_busybox,
        "cpio" => ["i", "extract"].iter().any(|it| command.has_flag(it)) && !is_busybox,
        "dpkg" => ["i", "install"].iter().any(|it| command.has_flag(it)),
        "grep" | "egrep" | "fgrep" => !command.has_flag("v") && !command.has_flag("c"),
        _ => checks_sums(command),
    }
}

/// Whether `tar` reads an archive: `tar x`, `tar -xz`, `tar --extract`.
fn unpacks(command: &Command) -> bool {
    let old_style = command.args.first().filter(|it| !it.text.starts_with('-'));
    old_style.is_some_and(|it| it.text.contains(['x', 't']))
        || ["x", "t", "extract", "get", "list"].iter().any(|it| command.has_flag(it))
}

fn checks_sums(command: &Command) -> bool {
    let checks = || ["c", "check", "status"].iter().any(|it| command.has_flag(it));
    match command.name.as_str() {
        "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "md5sum" | "shasum"
        | "b2sum" | "cksum" => checks(),
        _ => false,
    }
}

/// Whether the file that the end of a pipe writes is compared with its checksum or signature by a command that runs after
/// it, and whose failure stops what follows.
fn is_verified(script: &Script<'_>, sink: &Command, last: Span) -> bool {
    let writes = sink.redirects.iter().filter(|it| it.operator.starts_with('>'));
    let writes = writes.map(|it| it.target.text.as_str()).filter(|it| !it.starts_with("/dev/"));
    let writes: Vec<&str> = match sink.name.as_str() {
        "tee" => writes.chain(sink.operands().map(|it| it.text.as_str())).collect(),
        "dd" => {
            writes.chain(sink.args.iter().filter_map(|it| it.text.strip_prefix("of="))).collect()
        }
        _ => writes.collect(),
    };
    let after = script.commands.iter().filter(|it| it.span.start >= last.end);
    let chain = after.take_while(|it| {
        it.errexit
            || !matches!(it.connector, Connector::Sequence | Connector::Background | Connector::Or)
    });
    let verifies = |it: &Command| {
        let signature = matches!(it.name.as_str(), "gpg" | "gpg2") && it.has_flag("verify");
        signature || it.is("gpgv") || checks_sums(it)
    };
    let checks = chain.filter(|it| verifies(it));
    checks.into_iter().any(|it| {
        let text = script.view.slice(Span { start: last.end, end: it.span.end });
        let names = |path: &&str| text.contains(path.rsplit('/').next().unwrap_or(path));
        writes.iter().any(names)
    })
}

/// Whether a pipe does the same with `pipefail` on where all its commands do what they should: none of them stops
/// reading early, so that the one before it dies of it, and none has a failure for an answer.
pub(in crate::model) fn survives_pipefail(commands: &[Command], pipe: &Pipe) -> bool {
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
mod tests;
