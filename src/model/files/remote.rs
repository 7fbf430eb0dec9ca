//! Downloads and clones that say no version.

use super::transfers::Origin;
use crate::model::Model;
use crate::shell::Command;
use crate::source::Span;
use crate::syntax::Kind;

/// Something fetched from elsewhere that is another thing tomorrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteSource {
    /// Where it is named.
    pub span: Span,
    /// Why it varies.
    pub why: Why,
}

/// Why a source varies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `git clone` without a branch.
    DefaultBranch,
    /// `git clone` of a branch that moves.
    Branch,
    /// A URL of the latest version, or of a file on a branch.
    Latest,
    /// ADD of a repository without a tag or commit.
    GitAdd,
}

/// Names of branches that move. Sorted.
const BRANCHES: &[&str] =
    &["HEAD", "dev", "devel", "develop", "main", "master", "next", "nightly", "trunk", "unstable"];

impl Model<'_> {
    /// The downloads and clones that say no version, in order of place.
    pub fn unpinned_sources(&self) -> Vec<RemoteSource> {
        let mut found = Vec::new();
        for run in self.runs.iter().filter(|it| !it.onbuild) {
            let commands = &run.script.commands;
            for (index, command) in commands.iter().enumerate() {
                let is_clone =
                    command.is("git") && command.verb().is_some_and(|it| it.text == "clone");
                let after = &commands[index + 1..];
                if is_clone && !after.iter().any(chooses_commit) {
                    let url = command.operands().nth(1).map_or(command.span, |it| it.span);
                    found.extend(branch_of(command).map(|why| RemoteSource { span: url, why }));
                }
            }
        }
        let is_checked = |run: usize| {
            let commands = &self.runs[run].script.commands;
            commands.iter().any(|it| {
                it.name.contains("sum")
                    || matches!(it.name.as_str(), "gpg" | "gpgv" | "cosign" | "openssl")
            })
        };
        let downloads =
            self.downloads.iter().filter(|it| !self.runs[it.run].onbuild && !is_checked(it.run));
        // What is only asked (an API) or piped on is not a download of a version.
        let downloads =
            downloads.filter(|it| is_latest(&it.url) && !it.url.contains("api.github.com"));
        found.extend(downloads.map(|it| RemoteSource { span: it.span, why: Why::Latest }));
        for instruction in &self.doc.instructions {
            let Kind::Add(add) = &instruction.kind else { continue };
            if instruction.flag("checksum").is_some() {
                continue;
            }
            for source in add.sources.iter().filter(|it| it.heredoc.is_none()) {
                let text = source.word.text.as_ref();
                let span = source.word.span;
                let is_git = Origin::of(source, text) == Origin::Git
                    || text.starts_with("http") && text.ends_with(".git");
                if is_git && !text.contains(['#', '$', '?']) {
                    found.push(RemoteSource { span, why: Why::GitAdd });
                } else if text.starts_with("http") && is_latest(text) {
                    found.push(RemoteSource { span, why: Why::Latest });
                }
            }
        }
        found.sort_by_key(|it| it.span);
        found
    }
}

/// Whether a URL says by its path that it is that of the newest version.
fn is_latest(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    // `main` is a part of a distribution's archive: `…/ubuntu/pool/main/…`, `…/dists/stable/main/…`.
    if path.split('/').any(|part| matches!(part, "pool" | "dists")) {
        return false;
    }
    let mut parts = path.split('/').skip(3);
    parts.any(|part| {
        let stem =
            part.trim_end_matches(".tar.gz").trim_end_matches(".zip").trim_end_matches(".tgz");
        let stem = stem.to_ascii_lowercase();
        stem == "latest"
            || stem.split(['-', '_', '.']).any(|it| it == "latest")
            || matches!(stem.as_str(), "master" | "main" | "nightly")
    })
}

/// Whether a git command chooses a commit.
fn chooses_commit(command: &Command) -> bool {
    command.is("git")
        && command.operands().any(|it| {
            matches!(
                it.text.as_str(),
                "checkout" | "reset" | "switch" | "apply" | "am" | "describe"
            )
        })
        || command.name.is_empty() && command.assignments.is_empty()
}

/// Why a clone varies, if it does.
fn branch_of(command: &Command) -> Option<Why> {
    let mut words = command.args.iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        let value = match text {
            "-b" | "--branch" | "--revision" => words.next().map(|it| it.text.clone()),
            _ => text
                .strip_prefix("--branch=")
                .or_else(|| text.strip_prefix("--revision="))
                .map(str::to_owned),
        };
        if let Some(value) = value {
            return BRANCHES.contains(&value.as_str()).then_some(Why::Branch);
        }
    }
    // A local folder, or a URL that a variable makes.
    let known = command.operands().nth(1).is_some_and(|it| it.is_static && it.text.contains(':'));
    known.then_some(Why::DefaultBranch)
}

#[cfg(test)]
mod tests {
    use super::{BRANCHES, Why};
    use crate::model::tests::of;

    #[test]
    fn the_table_is_sorted() {
        assert!(BRANCHES.is_sorted());
    }

    #[test]
    fn what_moves_is_told() {
        let why = |line: &str| {
            of(&format!("FROM a\n{line}\n"), |model| {
                model.unpinned_sources().first().map(|it| it.why)
            })
        };
        assert_eq!(why("RUN git clone https://e.org/a.git"), Some(Why::DefaultBranch));
        assert_eq!(why("RUN git clone --branch=main https://e.org/a.git"), Some(Why::Branch));
        assert_eq!(why("RUN wget https://e.org/tool-latest.tar.gz"), Some(Why::Latest));
        assert_eq!(why("ADD https://e.org/a.git /a"), Some(Why::GitAdd));
        for line in [
            "RUN git clone -b v1 https://e.org/a.git",
            "RUN git clone https://e.org/a.git && git -C a reset --hard abc",
            "RUN git clone $URL",
            "RUN wget https://e.org/latest/a && sha256sum -c a.sum",
            "RUN wget https://e.org/a-1.0.zip",
            "RUN wget http://deb.debian.org/debian/pool/main/c/curl/curl_7.88.1_amd64.deb",
        ] {
            assert_eq!(why(line), None, "{line}");
        }
    }
}
