//! Commands whose failure does not stop the build: those that others follow in a list without `set -e`.

use crate::model::{Model, Run};
use crate::shell::{Command, Connector, Inside};
use crate::source::Span;

/// A command whose failure nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchecked {
    /// The command.
    pub command: Span,
    /// What runs after it all the same.
    pub next: Span,
    /// How many other commands of the RUN are like it.
    pub others: usize,
    /// Whether a download, an install or a build among them fails unseen: no last command needs what it makes.
    pub counts: bool,
    /// Whether `set -e` would stop there: it leaves alone what is before `&&`.
    pub stops_by_errexit: bool,
}

impl Model<'_> {
    /// The first command of a RUN whose failure does not stop the build, because the script goes on with the next one:
    /// in a heredoc any that does something, in a list joined by `;` a download, an install or a build.
    pub fn unchecked(&self, run: usize) -> Option<Unchecked> {
        let own = self.runs.get(run)?;
        if own.is_unterminated() || !own.script.complete || self.checked_shell(own).errexit {
            return None;
        }
        let is_heredoc = own.instruction.is_heredoc_script();
        let statements = statements(own);
        let commands = &own.script.commands;
        let last = statements.last().map(|it| &it.commands[..]).unwrap_or_default();
        let end = statements.last().map_or(0, |it| it.first);
        let mut found: Option<Unchecked> = None;
        for pair in statements.windows(2) {
            let [statement, next] = pair else { continue };
            let after = &own.script.commands[next.first];
            if !next.follows || statement.is_asked || is_excuse(after) {
                continue;
            }
            let counts = |index: &usize| {
                let command = &own.script.commands[*index];
                let loud = self.fails_loudly(run, *index, command);
                !command.errexit && (loud || is_heredoc && does_something(command))
            };
            let Some(index) = statement.commands.iter().copied().find(|it| counts(it)) else {
                continue;
            };
            let shows = |at: &usize| needs(&commands[*at], &commands[index]);
            let is_loud = |at: &usize| self.fails_loudly(run, *at, &commands[*at]);
            let stops = statement.commands.last() == Some(&index);
            let weighs = statement.commands.iter().any(is_loud)
                && !last.iter().any(shows)
                && !self.is_looked_after(run, next.first, end);
            match &mut found {
                Some(found) => {
                    found.others += 1;
                    found.counts |= weighs;
                    found.stops_by_errexit &= stops;
                }
                None => {
                    let command = commands[index].span;
                    found = Some(Unchecked {
                        command,
                        next: after.span,
                        others: 0,
                        counts: weighs,
                        stops_by_errexit: stops,
                    });
                }
            }
        }
        found
    }

    /// Whether what follows a command would most likely stop the build without what the command makes: it leaves by itself
    /// where something is missing, or the construct at the end installs or builds.
    fn is_looked_after(&self, run: usize, next: usize, end: usize) -> bool {
        let commands = self.runs[run].script.commands.iter().enumerate();
        let mut rest = commands.skip(next);
        rest.any(|(at, it)| {
            let fails = it.name == "exit" && it.args.first().is_none_or(|it| it.text != "0");
            fails || at >= end && it.depth > 0 && self.fails_loudly(run, at, it)
        })
    }
}

/// A chain of `&&`, `||` and `|` at the top of a script.
struct Statement {
    /// Its first command, by index.
    first: usize,
    /// Its simple commands whose failure is its own: those that feed no pipe.
    commands: Vec<usize>,
    /// Whether it runs whatever became of the one before it.
    follows: bool,
    /// Whether its failure is foreseen by `||` or `!`.
    is_asked: bool,
}

/// The statements at the top of a script. Constructs count as statements without their own commands.
fn statements(run: &Run<'_>) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut before: Option<&Command> = None;
    for (index, command) in run.script.commands.iter().enumerate() {
        if command.inside.substitution || command.inside.nested_script {
            continue;
        }
        if command.depth > 0 {
            if let Some(before) = before.take() {
                let follows = is_new_line(run, before, command);
                found.push(Statement {
                    first: index,
                    commands: Vec::new(),
                    follows,
                    is_asked: true,
                });
            }
            continue;
        }
        before = Some(command);
        let starts = matches!(
            command.connector,
            Connector::First | Connector::Sequence | Connector::Background
        );
        if starts || found.is_empty() {
            let follows = command.connector == Connector::Sequence;
            found.push(Statement { first: index, commands: Vec::new(), follows, is_asked: false });
        }
        let Some(statement) = found.last_mut() else { continue };
        let negated = run.script.view.text[..(command.span.start - run.script.view.base) as usize]
            .trim_end()
            .ends_with('!');
        statement.is_asked |= command.connector == Connector::Or || negated;
        if !command.piped && command.inside == Inside::default() {
            statement.commands.push(index);
        }
    }
    found
}

/// Whether a construct is behind a command in a list, and not in its chain.
fn is_new_line(run: &Run<'_>, before: &Command, construct: &Command) -> bool {
    let between = Span { start: before.span.end, end: construct.span.start.max(before.span.end) };
    let text = run.script.view.slice(between).replace("\\\n", "");
    !text.contains(['&', '|']) && text.contains([';', '\n'])
}

/// Whether the command that follows says that failures are meant to be ignored, or looks at them.
fn is_excuse(command: &Command) -> bool {
    let asks = command.words().any(|it| it.text.contains("$?") || it.text.contains("${?}"));
    let succeeds = match command.name.as_str() {
        "true" | ":" => true,
        "exit" => command.args.first().is_some_and(|it| it.text == "0"),
        _ => false,
    };
    asks || succeeds
}

/// Whether the last command fails without what an earlier one should have made, because it has the same name among its
/// words: a file that was fetched, a program that was installed.
fn needs(last: &Command, earlier: &Command) -> bool {
    fn base(text: &str) -> &str {
        text.trim_end_matches('/').rsplit('/').next().unwrap_or(text)
    }
    let reads = matches!(
        last.name.as_str(),
        "tar"
            | "unzip"
            | "dpkg"
            | "rpm"
            | "mv"
            | "cp"
            | "chmod"
            | "chown"
            | "install"
            | "sh"
            | "bash"
            | "cd"
            | "addgroup"
            | "adduser"
            | "useradd"
            | "usermod"
    );
    let words = last.operands().filter(|it| it.is_static && reads).map(|it| it.text.as_str());
    let mut words = words.chain([last.name.as_str()]).map(base).filter(|it| it.len() > 2);
    words.any(|word| earlier.operands().any(|it| base(&it.text) == word))
}

/// Whether it can fail in a way that matters: no assignment, output, option or test.
fn does_something(command: &Command) -> bool {
    !matches!(
        command.name.as_str(),
        "" | "echo"
            | "printf"
            | "true"
            | "false"
            | ":"
            | "set"
            | "export"
            | "unset"
            | "shopt"
            | "test"
            | "["
            | "[["
            | "cat"
            | "mkdir"
            | "touch"
            | "ls"
            | "exit"
            | "alias"
            | "umask"
            | "trap"
            | "local"
            | "declare"
            | "readonly"
            | "sleep"
            | "kill"
            | "wait"
    )
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    fn unchecked(instructions: &str) -> Option<(String, usize)> {
        let text = format!("FROM debian:12\n{instructions}\n");
        of(&text, |model| {
            let found = model.unchecked(model.runs.len() - 1)?;
            Some((text[found.command.range()].to_owned(), found.others))
        })
    }

    #[test]
    fn what_others_follow_is_unchecked() {
        for (instructions, command, others) in [
            ("RUN <<E\napt-get update\napt-get install -y a\nmkdir /b\nE", "apt-get update", 1),
            ("RUN <<E\ncp a b && cp c d\ncp e f\nE", "cp a b", 0),
            ("RUN <<E\n#!/bin/bash\nmake\nmake install\nE", "make", 0),
            ("RUN apt-get update; apt-get install -y a", "apt-get update", 0),
            ("RUN cd /a && make; ls", "make", 0),
            ("RUN set -x; curl -O https://a.io/x; tar xf x", "curl -O https://a.io/x", 0),
            ("RUN make; for a in b c; do d; done", "make", 0),
            ("RUN make; set -e; make install; ls", "make", 0),
        ] {
            let expected = Some((command.to_owned(), others));
            assert_eq!(unchecked(instructions), expected, "{instructions}");
        }
    }

    #[test]
    fn what_the_last_command_needs_shows() {
        let counts = |instructions: &str| {
            let text = format!("FROM debian:12\n{instructions}\n");
            of(&text, |model| model.unchecked(0).map(|it| it.counts))
        };
        for (instructions, expected) in [
            ("RUN <<E\nuseradd a\ngroupadd b\nusermod -aG b a\nE", false),
            ("RUN <<E\ncp a b\ncp c d\nE", false),
            ("RUN curl -O https://a.io/x.tar; tar xf x.tar", false),
            ("RUN apt-get install -y git; git clone https://a.io/x", false),
            ("RUN curl -O https://a.io/x.tar; rm -f x.tar", true),
            ("RUN <<E\nuseradd a\napt-get update\nusermod -aG b a\nE", true),
            ("RUN npm ci; mkdir /data", true),
        ] {
            assert_eq!(counts(instructions), Some(expected), "{instructions}");
        }
    }

    #[test]
    fn what_is_checked_asked_or_last_is_not() {
        for instructions in [
            "RUN <<E\nset -e\napt-get update\nmake\nE",
            "RUN <<E\nset -eux\napt-get update\nmake\nE",
            "RUN <<E\nset -o errexit\nmake\nls\nE",
            "RUN <<E\n#!/bin/bash -e\nmake\nls\nE",
            "RUN <<E\n#!/usr/bin/env python3\nmake()\nls()\nE",
            "RUN <<E\napt-get update && make\nE",
            "RUN <<E\nmake || true\nmake install || exit 1\nls\nE",
            "RUN <<E\necho a\nX=1\nmake\nE",
            "SHELL [\"/bin/bash\", \"-e\", \"-c\"]\nRUN <<E\nmake\nls\nE",
            "SHELL [\"/bin/bash\", \"-euxo\", \"pipefail\", \"-c\"]\nRUN make; ls",
            "RUN set -ex; make; ls",
            "RUN rm a; ls",
            "RUN make; true",
            "RUN make; exit 0",
            "RUN make; if [ $? -ne 0 ]; then exit 1; fi; ls",
            "RUN make && for a in b c; do d; done; ls",
            "RUN make;",
            "RUN make & sleep 1",
            "RUN if a; then make; fi",
            "RUN cat <<E > f\nmake\nls\nE",
            "RUN python3 <<E\nmake()\nls()\nE",
        ] {
            assert_eq!(unchecked(instructions), None, "{instructions}");
        }
    }
}
