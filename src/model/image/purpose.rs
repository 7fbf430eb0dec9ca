//! What an image is made for: Dockerfiles and stages that only developers and tests use.

use crate::model::{Model, Toolchain};
use crate::syntax::{Instruction, Kind};

/// Words in the names of Dockerfiles, and of stages, whose image nobody but a developer or a test runs, or nobody any more.
const WORDS: &[&str] = &[
    "archive",
    "archived",
    "attic",
    "bench",
    "benchmark",
    "benchmarks",
    "ci",
    "codegen",
    "debug",
    "debugger",
    "deprecated",
    "dev",
    "devcontainer",
    "devel",
    "develop",
    "development",
    "devenv",
    "dummy",
    "e2e",
    "experimental",
    "fuzz",
    "generator",
    "integration",
    "lint",
    "local",
    "mock",
    "playground",
    "playwright",
    "proto",
    "test",
    "testcontainers",
    "testdata",
    "tester",
    "testing",
    "tests",
    "tilt",
];

/// Folders of tools that build or edit the project and run none of it.
const TOOL_FOLDERS: &[&str] = &[
    ".buildkite",
    ".ci",
    ".circleci",
    ".cursor",
    ".github",
    ".gitlab",
    ".gitpod",
    ".jenkins",
    ".vscode",
];

/// Names of folders, and their ends, whose images only build or pack the project.
const PLACES_TO_BUILD: &[&str] =
    &["build-env", "build-image", "builder", "buildenv", "ci-image", "dev-env", "packaging"];

/// Words in the names of Dockerfiles, and names of folders, of what is shown to readers or kept for the record.
const SHOWN: &[&str] = &[
    "codelab",
    "codelabs",
    "demo",
    "demos",
    "doc",
    "docs",
    "example",
    "examples",
    "lesson",
    "lessons",
    "playground",
    "sample",
    "samples",
    "tutorial",
    "tutorials",
    "workshop",
    "workshops",
];

/// How many folders above the Dockerfile are looked at: those further up say little of it, and may be outside the project.
const MOST_FOLDERS: usize = 6;

impl Model<'_> {
    /// Whether what an instruction makes is only for development or tests, as the names of the file, of its
    /// folders, of the stage and of the base image say. Its size and its pins concern few people.
    pub fn is_for_development(&self, instruction: Option<usize>) -> bool {
        let mut parts = self.doc.source.name.rsplit(['/', '\\']);
        let of_file = parts.next().is_some_and(has_word);
        let stage = instruction.and_then(|it| self.stage_of(it));
        let base = stage.and_then(|it| self.root_image(it.id));
        of_file
            || parts.take(MOST_FOLDERS).any(is_of_tests)
            || stage.and_then(|it| it.name.as_deref()).is_some_and(has_word)
            || base.is_some_and(|it| {
                let registry = it.registry.as_deref().unwrap_or("");
                registry.split(':').next() == Some("localhost")
                    || it.repository.split('/').any(is_work_image)
            })
            || stage.is_some_and(|it| self.runs_to_develop(it.id))
    }

    /// Whether a container of the stage runs a server for developers: one that watches the sources.
    fn runs_to_develop(&self, stage: usize) -> bool {
        let develops = |word: &str| {
            matches!(
                word,
                "dev"
                    | "start:dev"
                    | "watch"
                    | "--watch"
                    | "--reload"
                    | "nodemon"
                    | "webpack-dev-server"
            )
        };
        self.entry(stage).iter().any(|it| {
            develops(&it.command.name) || it.command.args.iter().any(|word| develops(&word.text))
        })
    }

    /// Whether the file is an example, a lesson or an archive, as the names of the file and of its folders say.
    pub fn is_for_show(&self) -> bool {
        let is_shown = |word: &str| SHOWN.contains(&word);
        let mut parts = self.doc.source.name.rsplit(['/', '\\']);
        let lower = parts.next().unwrap_or("").to_ascii_lowercase();
        lower.split(|it: char| !it.is_ascii_alphanumeric()).any(is_shown)
            || parts.take(MOST_FOLDERS).any(|it| {
                is_shown(
                    it.trim()
                        .to_ascii_lowercase()
                        .trim_start_matches(|it: char| !it.is_alphabetic()),
                )
            })
    }

    /// Whether the file says what a container runs or serves. A shell is for people who look around; what only tests, builds
    /// or waits is not a service.
    pub fn says_what_runs(&self) -> bool {
        let is_idle = |words: &str| {
            let word = words.trim_matches(|it: char| "[]\"', \t".contains(it));
            let has =
                |text: &str| words.replace(['"', ','], " ").split_whitespace().any(|it| it == text);
            matches!(word, "bash" | "sh" | "/bin/bash" | "/bin/sh")
                || ["/dev/null", "infinity", "test", "pytest", "tox"].iter().any(|it| has(it))
                || words.contains("build.sh")
        };
        self.doc.instructions.iter().any(|it| match &it.kind {
            Kind::Cmd(_) | Kind::Entrypoint(_) => !is_idle(&it.body.value),
            Kind::Expose(_) | Kind::Healthcheck(_) => true,
            _ => false,
        })
    }

    /// Whether the image is a tool of the repository or a place to build in, which is given to nobody: it says nothing of what
    /// runs in it, or brings nothing of the repository along. What is meant as the base of other images is something else.
    /// Where nobody knows what is around the file, a compiler has to be in it.
    pub fn is_tool(&self) -> bool {
        let name = self.doc.source.name.rsplit(['/', '\\']).take(2).collect::<Vec<_>>().join("/");
        let is_base = name.split(|it: char| !it.is_alphanumeric()).any(|it| it == "base");
        let instructions = &self.doc.instructions;
        if self.stages.len() != 1
            || is_base
            || instructions.iter().any(|it| it.flag("from").is_some())
        {
            return false;
        }
        let says_what_runs = self.says_what_runs();
        if self.in_repository {
            let brings = |it: &Instruction<'_>| matches!(it.kind, Kind::Copy(_) | Kind::Add(_));
            let mounts = self.runs.iter().any(|it| !it.mounts.is_empty());
            return !says_what_runs || !mounts && !instructions.iter().any(brings);
        }
        // They come with a program to run.
        const RUNTIMES: &[&str] = &["node", "openjdk", "php", "python", "ruby"];
        let image = self.root_image(0);
        if says_what_runs
            || image.is_some_and(|it| RUNTIMES.iter().any(|name| it.is_official(name)))
        {
            return false;
        }
        self.installs.iter().any(|it| {
            it.manager.is_system() && it.packages.iter().any(|it| Toolchain::C.is_package(&it.name))
        })
    }
}

/// Whether a part of an image's name says that people or tools work in it.
fn is_work_image(part: &str) -> bool {
    matches!(part, "devcontainers" | "gitpod" | "local")
        || part.starts_with("manylinux")
        || part.starts_with("musllinux")
}

fn has_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(|it: char| !it.is_ascii_alphanumeric()).any(is_of_development)
}

/// Whether a word, in small letters, says that something is for developers or tests.
pub(in crate::model) fn is_of_development(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Whether a folder is called after its purpose alone, such as `dev`, `.devcontainer` or `e2e-tests`. `local-storage` is
/// the name of a product.
fn is_of_tests(folder: &str) -> bool {
    let lower = folder.trim().to_ascii_lowercase();
    if TOOL_FOLDERS.contains(&lower.as_str()) {
        return true;
    }
    let name = lower.trim_start_matches('.');
    let about_tests = |it: &str| matches!(it, "e2e" | "test" | "tests");
    name != "local" && is_of_development(name)
        || PLACES_TO_BUILD.contains(&name)
        || PLACES_TO_BUILD
            .iter()
            .any(|it| name.strip_suffix(it).is_some_and(|it| it.ends_with('-')))
        || name.split(['-', '_']).any(about_tests)
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

    /// Every word of each list, where it counts.
    #[test]
    fn each_word_tells() {
        let build = |name: &str, text: &str, test: &dyn Fn(&Model<'_>) -> bool| {
            let source = Source::new(name, text);
            let doc = parse(&source);
            test(&Model::build(&doc, &BuildOptions::default()))
        };
        let develops =
            |name: &str, text: &str| build(name, text, &|it| it.is_for_development(Some(0)));
        let words = "archive archived attic bench benchmark benchmarks ci codegen debug debugger deprecated dev \
                     devcontainer devel develop development devenv dummy e2e experimental fuzz generator integration lint \
                     local mock playground playwright proto test testcontainers testdata tester testing tests tilt";
        for word in words.split_whitespace() {
            assert!(develops(&format!("Dockerfile.{word}"), "FROM a\n"), "{word}");
        }
        let folders = ".buildkite .ci .circleci .cursor .github .gitlab .gitpod .jenkins .vscode build-env \
                       build-image builder buildenv ci-image dev-env packaging web-builder my-build-image .tests a_test";
        for folder in folders.split_whitespace() {
            assert!(develops(&format!("{folder}/a/Dockerfile"), "FROM a\n"), "{folder}");
        }
        for command in [
            "npm start:dev",
            "cargo watch",
            "deno run --watch a.ts",
            "flask --reload",
            "nodemon a.js",
            "webpack-dev-server",
            "npm run dev",
        ] {
            assert!(develops("Dockerfile", &format!("FROM a\nCMD {command}\n")), "{command}");
        }
        for image in [
            "devcontainers/a",
            "gitpod/a",
            "local/a",
            "x/manylinux2014",
            "x/musllinux_1_1",
            "localhost:5000/a",
        ] {
            assert!(develops("Dockerfile", &format!("FROM {image}\n")), "{image}");
        }
        let shown = "codelab codelabs demo demos doc docs example examples lesson lessons playground sample samples \
                     tutorial tutorials workshop workshops";
        for word in shown.split_whitespace() {
            for name in [
                format!("{word}/Dockerfile"),
                format!("a/01-{word}/Dockerfile"),
                format!("Dockerfile.{word}"),
            ] {
                assert!(build(&name, "FROM a\n", &|it| it.is_for_show()), "{name}");
            }
        }
        assert!(!build("docs/1/2/3/4/5/6/Dockerfile", "FROM a\n", &|it| it.is_for_show()));
        assert!(build("docs/1/2/3/4/5/Dockerfile", "FROM a\n", &|it| it.is_for_show()));
    }

    #[test]
    fn shells_tests_and_waiting_are_not_services() {
        let says = |rest: &str| {
            let source = Source::new("Dockerfile", format!("FROM a\n{rest}\n"));
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).says_what_runs()
        };
        for rest in [
            "",
            "RUN a",
            "CMD bash",
            "CMD [\"sh\"]",
            "CMD [ \"/bin/bash\" ]",
            "ENTRYPOINT /bin/sh",
            "CMD [\"tail\", \"-f\", \"/dev/null\"]",
            "CMD sleep infinity",
            "CMD npm test",
            "CMD [\"pytest\"]",
            "CMD tox -e py3",
            "CMD [\"/build.sh\"]",
        ] {
            assert!(!says(rest), "{rest}");
        }
        for rest in [
            "CMD [\"/app\"]",
            "ENTRYPOINT serve",
            "EXPOSE 80",
            "HEALTHCHECK CMD x",
            "CMD bash start.sh",
        ] {
            assert!(says(rest), "{rest}");
        }
    }

    #[test]
    fn tools_of_a_repository_run_nothing_or_bring_nothing_along() {
        let is = |in_repository: bool, name: &str, text: &str| {
            let source = Source::new(name, text);
            let doc = parse(&source);
            let mut model = Model::build(&doc, &BuildOptions::default());
            model.in_repository = in_repository;
            model.is_tool()
        };
        for (text, expected) in [
            ("FROM a\nRUN b\n", true),
            ("FROM a\nCOPY . .\nRUN b\n", true),
            ("FROM a\nRUN b\nCMD c\n", true),
            ("FROM a\nCOPY . .\nCMD c\n", false),
            ("FROM a\nADD . .\nCMD c\n", false),
            ("FROM a\nRUN --mount=target=/x b\nCMD c\n", false),
            ("FROM a AS b\nFROM b\n", false),
            ("FROM a\nCOPY --from=b c d\n", false),
        ] {
            assert_eq!(is(true, "Dockerfile", text), expected, "{text}");
        }
        assert!(!is(true, "base/Dockerfile", "FROM a\nRUN b\n"));
        assert!(is(true, "base/a/Dockerfile", "FROM a\nRUN b\n"));
        for image in ["node", "openjdk", "php", "python", "ruby"] {
            assert!(
                !is(false, "Dockerfile", &format!("FROM {image}:1\nRUN apt-get install gcc\n")),
                "{image}"
            );
        }
        assert!(is(false, "Dockerfile", "FROM debian:12\nRUN apt-get install gcc\n"));
        assert!(!is(false, "Dockerfile", "FROM debian:12\nRUN pip install gcc\n"));
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
            " archived/a/Dockerfile",
            "Archive/a/b/Dockerfile",
            "proto/Dockerfile",
            ".cursor/Dockerfile",
            "playground/web/Dockerfile",
            "docker/dummy/server/Dockerfile",
            "test_runner/clients/rust/Dockerfile",
            "Dockerfile.integration",
            "docker/lake-builder/Dockerfile",
            "images/dev-env/Dockerfile",
            "packaging/rpm/Dockerfile",
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
            "test/a/b/c/d/e/f/Dockerfile",
            ".docker/Dockerfile",
            "package/Dockerfile",
            "querybuilder/Dockerfile",
        ] {
            assert!(!is(name, ""), "{name}");
        }
        assert!(is("Dockerfile", " AS dev-envs"));
        assert!(is("Dockerfile", " AS unit_tests"));
        assert!(!is("Dockerfile", " AS devices"));
    }

    #[test]
    fn base_images_say_it_too() {
        let is = |image: &str| {
            let source = Source::new("Dockerfile", format!("FROM {image} AS x\nFROM x\nRUN b\n"));
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).is_for_development(Some(2))
        };
        assert!(is("mcr.microsoft.com/devcontainers/base:jammy"));
        assert!(is("quay.io/pypa/manylinux_2_28_x86_64"));
        assert!(is("local/c7-systemd"));
        assert!(is("localhost/app"));
        assert!(!is("mcr.microsoft.com/dotnet/sdk:9.0"));
    }

    #[test]
    fn servers_that_watch_the_sources_are_for_developers() {
        let is = |command: &str| {
            let source = Source::new("Dockerfile", format!("FROM node:22\nRUN b\nCMD {command}\n"));
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).is_for_development(Some(1))
        };
        for command in
            ["[\"npm\", \"run\", \"dev\"]", "uvicorn app:app --reload", "[\"nodemon\", \"a.js\"]"]
        {
            assert!(is(command), "{command}");
        }
        for command in ["[\"npm\", \"start\"]", "uvicorn app:app", "[\"node\", \"dev.js\"]"] {
            assert!(!is(command), "{command}");
        }
    }

    #[test]
    fn examples_and_archives_are_known_by_their_folders() {
        let is = |name: &str| {
            let source = Source::new(name, "FROM a\n");
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).is_for_show()
        };
        for name in [
            "examples/a/Dockerfile",
            "  samples/x/y/Dockerfile",
            "docs\\Dockerfile",
            "Dockerfile.sample",
        ] {
            assert!(is(name), "{name}");
        }
        for name in
            ["Dockerfile", "docker/Dockerfile", "example-app/Dockerfile", "a/documents/Dockerfile"]
        {
            assert!(!is(name), "{name}");
        }
    }

    #[test]
    fn images_to_build_in_hold_a_compiler_and_run_nothing() {
        let is = |name: &str, rest: &str| {
            let source =
                Source::new(name, format!("FROM debian:12\nRUN apt-get install -y {rest}\n"));
            let doc = parse(&source);
            Model::build(&doc, &BuildOptions::default()).is_tool()
        };
        assert!(is("Dockerfile", "gcc make\nCOPY build.sh /\nWORKDIR /src"));
        for idle in
            ["[\"/bin/bash\"]", "tail -f /dev/null", "[\"sleep\", \"infinity\"]", "cargo test"]
        {
            assert!(is("Dockerfile", &format!("gcc\nCMD {idle}")), "{idle}");
        }
        for rest in ["curl", "gcc\nCMD [\"x\"]", "gcc\nEXPOSE 80", "gcc\nCOPY --from=a /b /b"] {
            assert!(!is("Dockerfile", rest), "{rest}");
        }
        assert!(!is("Dockerfile.base", "gcc"));
    }
}
