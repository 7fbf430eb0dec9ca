//! Changes that make a build miss its cache, each with the step that misses first and the reason that is to be named.

use super::builds::Change::{self, Edit, Link, Mode, Remove, Rename, Write};

/// What is done between two builds.
pub(crate) enum Do {
    /// Files are changed.
    Files(&'static [Change]),
    /// The second build gets another value of the argument `V`.
    Argument,
    /// The base gets another image.
    Base,
    /// The cache is removed.
    Prune,
    /// The second build has `--no-cache`.
    NoCache,
}

/// A change.
pub(crate) struct Seed {
    pub(crate) kind: &'static str,
    pub(crate) project: &'static Project,
    pub(crate) what: Do,
    /// What the first missed step begins with: for BuildKit, the classic builder and buildah; empty where it is not tried.
    pub(crate) steps: [&'static str; 3],
    /// The kinds of reason that are right.
    pub(crate) reasons: &'static [&'static str],
    /// What its name, or the path of a file, has to be.
    pub(crate) about: &'static str,
}

/// A project. `BASE` is the base image, `SEED` is another word for each build.
pub(crate) struct Project {
    pub(crate) dockerfile: &'static str,
    pub(crate) files: &'static [(&'static str, &'static str)],
}

pub(crate) const ONE: Project = Project {
    dockerfile: "FROM BASE\nWORKDIR /SEED\nARG V=one\nENV E=two\nCOPY package.json ./\n\
                 RUN cat package.json > installed && echo $V > v\nCOPY src ./src\nRUN cat src/main > built\n\
                 ADD data /data\nRUN echo end > /end\n",
    files: &[
        ("package.json", "1"),
        ("src/main", "main"),
        ("src/old", "old"),
        ("src/sub/more", "more"),
        ("data", "data"),
        ("README.md", "read me"),
    ],
};

pub(crate) const TWO: Project = Project {
    dockerfile: "FROM BASE AS build\nWORKDIR /SEED\nCOPY lock ./\nRUN cat lock > out\nCOPY src ./src\n\
                 RUN cat src/* > bin\nFROM BASE\nWORKDIR /SEED-run\nARG V=one\nENV E=two\n\
                 COPY --from=build /SEED/bin ./bin\nCOPY conf/ /etc/app/\nRUN echo run $V > out\n",
    files: &[
        ("lock", "1"),
        ("src/main", "main"),
        ("src/old", "old"),
        ("conf/a", "a"),
        ("conf/b", "b"),
    ],
};

pub(crate) const MOUNT: Project = Project {
    dockerfile: "FROM BASE\nWORKDIR /SEED\nRUN --mount=type=bind,source=src,target=/src cat /src/main > built\n\
                 RUN echo end > /end\n",
    files: &[("src/main", "main"), ("src/old", "old")],
};

const fn files(
    kind: &'static str,
    project: &'static Project,
    changes: &'static [Change],
    step: &'static str,
    about: &'static str,
) -> Seed {
    seed(kind, project, Do::Files(changes), [step; 3], &["files"], about)
}

const fn seed(
    kind: &'static str,
    project: &'static Project,
    what: Do,
    steps: [&'static str; 3],
    reasons: &'static [&'static str],
    about: &'static str,
) -> Seed {
    Seed { kind, project, what, steps, reasons, about }
}

const DOCKERFILE: &str = "Dockerfile";

pub(crate) const SEEDS: &[Seed] = &[
    files("content", &ONE, &[Write("src/main", "main 2")], "COPY src", "src/main"),
    files("content", &TWO, &[Write("lock", "2")], "COPY lock", "lock"),
    files("mode", &ONE, &[Mode("package.json", 0o755)], "COPY package.json", "package.json"),
    files("mode", &TWO, &[Mode("conf/a", 0o755)], "COPY conf/", "conf/a"),
    files("new file", &ONE, &[Write("src/sub/new", "new")], "COPY src", "src/sub/new"),
    files("new file", &TWO, &[Write("src/new", "new")], "COPY src", "src/new"),
    files("deleted file", &ONE, &[Remove("src/old")], "COPY src", "src/old"),
    files("deleted file", &TWO, &[Remove("src/old")], "COPY src", "src/old"),
    files("ignore file", &ONE, &[Write(".dockerignore", "src/old\n")], "COPY src", "src/old"),
    files("ignore file", &TWO, &[Write(".dockerignore", "**/old\n")], "COPY src", "src/old"),
    files("renamed file", &TWO, &[Rename("conf/b", "conf/c")], "COPY conf/", "conf/c"),
    files("link", &TWO, &[Link("conf/b", "a")], "COPY conf/", "conf/b"),
    files("ADD", &ONE, &[Write("data", "other")], "ADD data", "data"),
    files("ADD", &ONE, &[Mode("data", 0o755)], "ADD data", "data"),
    seed(
        "bind mount",
        &MOUNT,
        Do::Files(&[Write("src/main", "2")]),
        ["RUN --mount", "", ""],
        &["files"],
        "src/main",
    ),
    seed(
        "bind mount",
        &MOUNT,
        Do::Files(&[Remove("src/old")]),
        ["RUN --mount", "", ""],
        &["files"],
        "src/old",
    ),
    seed(
        "text",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "main > built", "main > made")]),
        ["RUN cat src/main > made"; 3],
        &["text"],
        "",
    ),
    seed(
        "text",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "echo run", "echo start")]),
        ["RUN echo start"; 3],
        &["text"],
        "",
    ),
    seed(
        "destination",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "data /data", "data /data2")]),
        ["ADD data /data2"; 3],
        &["text"],
        "",
    ),
    seed(
        "destination",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "/etc/app/", "/etc/other/")]),
        ["COPY conf/"; 3],
        &["text"],
        "",
    ),
    seed(
        "new instruction",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "COPY src", "RUN echo new > /new\nCOPY src")]),
        ["RUN echo new"; 3],
        &["new"],
        "",
    ),
    seed(
        "new instruction",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "COPY conf/", "RUN echo new > /new\nCOPY conf/")]),
        ["RUN echo new"; 3],
        &["new"],
        "",
    ),
    seed(
        "instruction gone",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "RUN cat src/main > built\n", "")]),
        ["ADD data"; 3],
        &["gone"],
        "RUN cat src/main > built",
    ),
    seed(
        "instruction gone",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "COPY conf/ /etc/app/\n", "")]),
        ["RUN echo run"; 3],
        &["gone"],
        "COPY conf/ /etc/app/",
    ),
    seed(
        "ARG default",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "V=one", "V=three")]),
        ["RUN cat package.json", "ARG V=three", "RUN cat package.json"],
        &["variable", "text"],
        "",
    ),
    seed(
        "ARG default",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "V=one", "V=three")]),
        ["RUN echo run", "ARG V=three", "RUN echo run"],
        &["variable", "text"],
        "",
    ),
    seed("--build-arg", &ONE, Do::Argument, ["RUN cat package.json"; 3], &["variable"], "V"),
    seed("--build-arg", &TWO, Do::Argument, ["RUN echo run"; 3], &["variable"], "V"),
    seed(
        "ENV",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "E=two", "E=three")]),
        ["RUN cat package.json", "ENV E=three", "ENV E=three"],
        &["variable", "text"],
        "",
    ),
    seed(
        "ENV",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "E=two", "E=three")]),
        ["RUN echo run", "ENV E=three", "ENV E=three"],
        &["variable", "text"],
        "",
    ),
    seed(
        "SHELL",
        &ONE,
        Do::Files(&[Edit(DOCKERFILE, "RUN cat src", "SHELL [\"/bin/sh\", \"-ec\"]\nRUN cat src")]),
        ["RUN cat src", "SHELL", ""],
        &["setting", "new"],
        "",
    ),
    seed(
        "stage",
        &TWO,
        Do::Files(&[Write("src/main", "main 2")]),
        ["COPY --from=build"; 3],
        &["stage"],
        "build",
    ),
    seed(
        "stage",
        &TWO,
        Do::Files(&[Edit(DOCKERFILE, "src/* > bin", "src/main > bin")]),
        ["COPY --from=build"; 3],
        &["stage"],
        "build",
    ),
    seed("base image", &ONE, Do::Base, ["WORKDIR", "WORKDIR", ""], &["base"], ""),
    seed("base image", &TWO, Do::Base, ["WORKDIR", "WORKDIR", ""], &["base"], ""),
    seed("cache removed", &ONE, Do::Prune, ["WORKDIR"; 3], &["cache"], ""),
    seed("cache removed", &TWO, Do::Prune, ["WORKDIR"; 3], &["cache"], ""),
    // BuildKit keeps WORKDIR.
    seed("--no-cache", &ONE, Do::NoCache, ["COPY package", "WORKDIR", "WORKDIR"], &["cache"], ""),
    seed("--no-cache", &TWO, Do::NoCache, ["COPY lock", "WORKDIR", "WORKDIR"], &["cache"], ""),
];
