//! Whether something in a build context uses git: Dockerfiles that share the file with the patterns, and scripts.

use super::BuildContext;

/// More files are not read.
const MOST_FILES: usize = 40;

/// Where the Dockerfiles of a context usually lie.
const DOCKERFILES: &[&str] =
    &["Dockerfile*", "*.Dockerfile", "*/Dockerfile*", "*/*/Dockerfile*", "*/*/*/Dockerfile*"];

/// Programs that read the history of a repository, or start one that does.
const READERS: &[&str] = &["git", "go build", "go install", "make", "goreleaser"];

impl BuildContext {
    /// The text of a file of the context, if it is no link that may lead elsewhere.
    pub fn text(&self, path: &str) -> Option<String> {
        let path = self.folder.join(path.trim_start_matches('/'));
        path.symlink_metadata().ok()?.is_file().then(|| super::contexts::read(&path).ok())??
    }

    /// Whether a Dockerfile that may share the file with the patterns uses the history of the repository.
    pub fn other_builds_read_history(&self) -> bool {
        let found = DOCKERFILES.iter().map(|it| self.tree.matching(it, false));
        let paths =
            found.flat_map(|it| it.entries.iter().map(|it| it.path.clone()).collect::<Vec<_>>());
        paths.take(MOST_FILES).filter_map(|it| self.text(&it)).any(|it| {
            let lines = it.lines().filter(|it| !it.trim_start().starts_with('#'));
            lines.into_iter().any(|it| READERS.iter().any(|name| has_word(it, name)))
        })
    }

    /// Whether a file of the context, such as a script, names git.
    pub fn names_git(&self, path: &str) -> bool {
        self.text(path).is_some_and(|it| has_word(&it, "git"))
    }
}

/// Whether a text has a word that is no part of a longer name or of a path.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "_-./:@".contains(it);
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::has_word;

    #[test]
    fn words_are_whole() {
        assert!(has_word("RUN git describe", "git") && has_word("run(['git', 'show'])", "git"));
        assert!(has_word("RUN cd x && make", "make"));
        for text in ["git.example.com", "cmake", ".git", "digit", "git-lfs", "git@example.com"] {
            assert!(!has_word(text, "git") && !has_word(text, "make"), "{text}");
        }
    }
}
