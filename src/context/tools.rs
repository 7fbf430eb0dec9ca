//! Whether something in a build context uses git: Dockerfiles that share the file with the patterns, and scripts.

use std::cell::OnceCell;

use super::{BuildContext, Entry, EntryKind, Found};

/// More files are not read.
const MOST_FILES: usize = 40;

/// Where the Dockerfiles of a context usually are.
const DOCKERFILES: &[&str] =
    &["Dockerfile*", "*.Dockerfile", "*/Dockerfile*", "*/*/Dockerfile*", "*/*/*/Dockerfile*"];

/// The makefiles that make looks for.
const MAKEFILES: &[&str] = &["GNUmakefile", "Makefile", "makefile"];

/// The sources of COPY that bring the history along.
const WITH_HISTORY: &[&str] = &[".", "./", "/", ".git", ".git/", "./.git", "./.git/"];

impl BuildContext {
    /// The text of a file of the context, if it is not a link that may lead elsewhere.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches('/');
        let Found::Entry(Entry { kind: EntryKind::File, .. }) = self.tree.find(path) else {
            return None;
        };
        super::side_file::read_text(&self.folder.join(path), self.tree.finder()).ok()?
    }

    /// Whether a Dockerfile that shares the file with the patterns gets the history of the repository and reads it.
    pub fn other_builds_read_history(&self) -> bool {
        let found = DOCKERFILES.iter().map(|it| self.tree.matching(it, false));
        let paths =
            found.flat_map(|it| it.entries.iter().map(|it| it.path.clone()).collect::<Vec<_>>());
        let shares = |path: &String| {
            !path.ends_with(".dockerignore") && self.text(&format!("{path}.dockerignore")).is_none()
        };
        let texts = paths.filter(shares).take(MOST_FILES).filter_map(|it| self.text(&it));
        let by_make = OnceCell::new();
        texts.into_iter().any(|text| {
            let by_make = || {
                *by_make.get_or_init(|| {
                    MAKEFILES.iter().filter_map(|it| self.text(it)).any(|it| asks_git(&it))
                })
            };
            let lines = || text.lines().filter(|it| !it.trim_start().starts_with('#'));
            lines().any(brings_history)
                && lines().any(|it| asks_git(it) || has_word(it, "make") && by_make())
        })
    }

    /// Whether a file of the context, such as a script, names git.
    pub fn names_git(&self, path: &str) -> bool {
        self.text(path).is_some_and(|it| has_word(&it, "git"))
    }
}

/// Whether a line of a Dockerfile copies or mounts the root of the context.
fn brings_history(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_copy = words
        .next()
        .is_some_and(|it| it.eq_ignore_ascii_case("COPY") || it.eq_ignore_ascii_case("ADD"));
    let is_mount = line.contains("--mount=") && !line.contains("type=");
    !line.contains("from=")
        && (line.contains("type=bind")
            || is_mount
            || is_copy && words.any(|it| WITH_HISTORY.contains(&it)))
}

/// Whether a text asks git for something, or starts a program that does: to clone another repository is no such thing.
fn asks_git(text: &str) -> bool {
    const OTHERS: &[&str] = &["clone", "ls-remote", "lfs"];
    let asks = |line: &str| {
        let mut after = line.match_indices("git").map(|(at, _)| line[at + 3..].trim_start());
        has_word(line, "git") && !after.any(|it| OTHERS.iter().any(|verb| it.starts_with(verb)))
    };
    text.lines().any(|it| asks(it) || has_word(it, "goreleaser"))
}

/// Whether a text has a word that is not a part of a longer name or of a path.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "_-./:@".contains(it);
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::{asks_git, brings_history, has_word};

    #[test]
    fn words_are_whole() {
        assert!(has_word("RUN git describe", "git") && has_word("run(['git', 'show'])", "git"));
        assert!(has_word("RUN cd x && make", "make"));
        for text in ["git.example.com", "cmake", ".git", "digit", "git-lfs", "git@example.com"] {
            assert!(!has_word(text, "git") && !has_word(text, "make"), "{text}");
        }
    }

    #[test]
    fn only_what_gets_the_root_gets_the_history() {
        for line in [
            "COPY . .",
            "copy --chown=a . /b",
            "ADD ./ /x",
            "COPY .git /x/.git",
            "RUN --mount=target=. x",
        ] {
            assert!(brings_history(line), "{line}");
        }
        for line in [
            "COPY src /x",
            "COPY --from=a . .",
            "RUN ls .",
            "RUN --mount=type=cache,target=/x y",
            "RUN --mount=from=a,target=/x y",
        ] {
            assert!(!brings_history(line), "{line}");
        }
    }

    #[test]
    fn other_repositories_are_no_history() {
        for text in ["RUN git describe", "V := $(shell git rev-parse HEAD)", "RUN goreleaser build"]
        {
            assert!(asks_git(text), "{text}");
        }
        for text in ["RUN git clone https://e.org/a", "RUN make", "RUN go build", "COPY .git /x"] {
            assert!(!asks_git(text), "{text}");
        }
    }
}
