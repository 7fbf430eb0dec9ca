//! What an image is made for: Dockerfiles and stages that only developers and tests use.

use super::Model;

/// Words in the names of Dockerfiles, and of stages, whose image nobody but a developer or a test runs.
const WORDS: &[&str] = &[
    "bench",
    "benchmark",
    "benchmarks",
    "ci",
    "debug",
    "debugger",
    "dev",
    "devcontainer",
    "devel",
    "develop",
    "development",
    "devenv",
    "e2e",
    "fuzz",
    "lint",
    "local",
    "playwright",
    "test",
    "testcontainers",
    "testdata",
    "tester",
    "testing",
    "tests",
    "tilt",
];

/// How many folders above the Dockerfile are looked at: those further up say little of it, and may lie outside the project.
const MOST_FOLDERS: usize = 3;

impl Model<'_> {
    /// Whether what an instruction makes is only for development or tests, as the names of the file, of its folders and of
    /// the stage say. Its size and its pins concern few people.
    pub fn is_for_development(&self, instruction: Option<usize>) -> bool {
        let mut parts = self.doc.source.name.rsplit(['/', '\\']);
        let of_file = parts.next().is_some_and(has_word);
        let stage = instruction.and_then(|it| self.stage_of(it)).and_then(|it| it.name.as_deref());
        of_file || parts.take(MOST_FOLDERS).any(is_of_tests) || stage.is_some_and(has_word)
    }
}

fn has_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(|it: char| !it.is_ascii_alphanumeric()).any(is_word)
}

fn is_word(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Whether a folder is called after its purpose alone, such as `dev`, `.devcontainer` or `e2e-tests`. `local-storage` is
/// the name of a product.
fn is_of_tests(folder: &str) -> bool {
    let lower = folder.to_ascii_lowercase();
    if matches!(lower.as_str(), ".circleci" | ".github" | ".gitlab") {
        return true;
    }
    let name = lower.trim_start_matches('.');
    let about_tests = |it: &str| matches!(it, "e2e" | "test" | "tests");
    name != "local" && is_word(name) || name.split(['-', '_']).any(about_tests)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BuildOptions;
    use crate::source::Source;
    use crate::syntax::parse;

    #[test]
    fn the_words_are_sorted() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn names_of_files_folders_and_stages_tell() {
        let is = |name: &str, stage: &str| {
            let source = Source::new(name, format!("FROM a{stage}\nRUN b\n"));
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).is_for_development(Some(1))
        };
        for name in [
            "Dockerfile.dev",
            "docker/dev.Dockerfile",
            "Dockerfile-e2e",
            ".devcontainer/Dockerfile",
            "a/test/b/Dockerfile",
            "tests\\Dockerfile",
            "e2e-tests/Dockerfile",
            ".github/x/Dockerfile",
            "ci/Dockerfile",
        ] {
            assert!(is(name, ""), "{name}");
        }
        for name in [
            "Dockerfile",
            "Dockerfile.alpine",
            "local/Dockerfile",
            "local-storage/Dockerfile",
            "device/Dockerfile",
            "latest/Dockerfile",
            "test/a/b/c/Dockerfile",
        ] {
            assert!(!is(name, ""), "{name}");
        }
        assert!(is("Dockerfile", " AS dev-envs"));
        assert!(is("Dockerfile", " AS unit_tests"));
        assert!(!is("Dockerfile", " AS devices"));
    }
}
