//! Histories of made projects: what each commit changes.

use super::builds::Change::{self, Edit, Link, Mode, Remove, Rename, Write};

/// A history.
pub(crate) struct History {
    pub(crate) name: &'static str,
    /// The builders that know all it uses; `newer` is the BuildKit that whoever runs the tests names.
    pub(crate) builders: &'static [&'static str],
    /// An instruction that older ones of these builders refuse; it may name the file `f`.
    pub(crate) needs: Option<&'static str>,
    pub(crate) commits: &'static [&'static [Change]],
}

const ALL: &[&str] = &["buildkit", "classic", "buildah", "newer"];

pub(crate) const HISTORIES: &[History] = &[
    History { name: "one stage", builders: ALL, needs: None, commits: ONE_STAGE },
    History { name: "stages", builders: ALL, needs: None, commits: STAGES },
    // buildah builds stages side by side, and `Using cache` does not say which of them it is about.
    History {
        name: "shared",
        builders: &["buildkit", "classic", "newer"],
        needs: None,
        commits: SHARED,
    },
    History { name: "instructions", builders: ALL, needs: None, commits: INSTRUCTIONS },
    History { name: "ignored", builders: ALL, needs: None, commits: IGNORED },
    History { name: "mounts", builders: &["buildkit", "newer"], needs: None, commits: MOUNTS },
    // BuildKit of Docker 20.10 and buildah 1.28, which Debian 12 has, refuse all of these.
    History { name: "links", builders: NEWER, needs: Some("COPY --link f /f"), commits: LINKS },
    History {
        name: "excluded",
        builders: NEWER,
        needs: Some("COPY --exclude=x f /f"),
        commits: EXCLUDED,
    },
    History {
        name: "parents",
        builders: NEWER,
        needs: Some("COPY --parents f /p/"),
        commits: PARENTS,
    },
    History {
        name: "heredocs",
        builders: NEWER,
        needs: Some("COPY <<E /e\nx\nE"),
        commits: HEREDOCS,
    },
];

const NEWER: &[&str] = &["buildkit", "buildah", "newer"];

/// Files of all kinds, changed and changed back.
const ONE_STAGE: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nWORKDIR /app\nCOPY package.json ./\nRUN cat package.json > installed\n\
             COPY src ./src\nRUN cat src/main > built\nCOPY conf/*.cfg /etc/app/\nADD data /data\nRUN echo done > /done\n",
        ),
        Write("package.json", "1"),
        Write("src/main", "main"),
        Write("src/lib/util", "util"),
        Write("conf/a.cfg", "a"),
        Write("data", "data"),
        Write("README", "read me"),
    ],
    &[Write("README", "read me again")],
    &[Write("src/main", "main 2")],
    &[Write("package.json", "2")],
    &[Write("package.json", "1")],
    &[Write("src/main", "main")],
    &[Mode("src/main", 0o755)],
    &[Write("src/lib/more", "more")],
    &[Rename("src/lib/more", "src/lib/most")],
    &[Remove("src/lib/most"), Mode("src/main", 0o644)],
    &[Write("conf/b.cfg", "b")],
    &[Write("conf/notes", "no match")],
    &[Rename("conf/b.cfg", "conf/c.cfg")],
    &[Remove("conf/c.cfg")],
    &[Write("data", "other data")],
    &[Link("src/link", "main")],
    &[Link("src/link", "lib/util")],
    &[Remove("src/link")],
    &[Mode("data", 0o755)],
    &[Mode("data", 0o644), Write("data", "data")],
    &[],
];

/// Stages that others copy from and are on.
const STAGES: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1 AS deps\nWORKDIR /deps\nCOPY lock ./\nRUN cat lock > out\n\
             FROM deps AS build\nCOPY src ./src\nRUN cat src/* > bin\n\
             FROM scratch AS files\nCOPY static /static\nCOPY extra /extra\n\
             FROM localhost/base:1 AS unused\nRUN echo unused\n\
             FROM localhost/base:1 AS final\nWORKDIR /srv\nCOPY --from=files /static ./static\nCOPY --from=files /extra ./extra\n\
             COPY --from=build /deps/src ./src\nRUN echo ready > ready\nCOPY entry ./\n",
        ),
        Write("lock", "1"),
        Write("src/a", "a"),
        Write("static/index", "index"),
        Write("extra", "extra"),
        Write("entry", "entry"),
    ],
    &[Write("src/a", "b")],
    &[Write("static/index", "index 2")],
    &[Write("extra", "extra 2")],
    &[Write("entry", "entry 2")],
    &[Write("lock", "2")],
    &[Write("lock", "1")],
    &[Edit("Dockerfile", "echo unused", "echo nothing")],
    &[
        Edit("Dockerfile", "AS files", "AS assets"),
        Edit("Dockerfile", "--from=files", "--from=assets"),
        Edit("Dockerfile", "--from=files", "--from=assets"),
    ],
    &[Write("src/a", "a")],
    &[Write("src/new", "new")],
    &[Write("other", "other")],
    &[Mode("static/index", 0o755)],
    &[Remove("src/new")],
    &[Edit("Dockerfile", "RUN echo ready", "RUN echo steady")],
    &[Edit("Dockerfile", "COPY entry ./", "COPY entry ./start")],
    &[Write("static/more", "more")],
    &[Write("extra", "extra")],
    &[Remove("static/more"), Mode("static/index", 0o644)],
    &[Write("lock", "3")],
];

/// Stages with the same steps on an image that a stage without steps names, and a pattern that may match nothing.
const SHARED: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1 AS base\nFROM base AS one\nWORKDIR /w\nCOPY lock ./\nRUN cat lock > one\n\
             FROM base AS two\nWORKDIR /w\nCOPY lock ./\nRUN cat lock > two\n\
             FROM base\nWORKDIR /srv\nCOPY conf/a.cfg conf/*.tgz /etc/app/\nRUN echo some > some\n\
             COPY --from=one /w ./one\nCOPY --from=two /w ./two\nRUN echo end > end\n",
        ),
        Write("lock", "1"),
        Write("conf/a.cfg", "a"),
    ],
    &[Write("lock", "2")],
    &[Write("other", "1")],
    &[Write("conf/x.tgz", "x")],
    &[Write("conf/x.tgz", "y")],
    &[Write("lock", "3")],
    &[Remove("conf/x.tgz")],
    &[Edit("Dockerfile", "RUN cat lock > two", "RUN cat lock > two && echo > more")],
    &[Write("lock", "1")],
    // Its first step is gone from one of the two, and they have nothing in common any more.
    &[
        Edit("Dockerfile", "two\nWORKDIR /w\nCOPY lock ./", "two\nCOPY lock /w/"),
        Edit("Dockerfile", "RUN cat lock > two && echo > more", "RUN cat /w/lock > /w/two"),
    ],
    &[Write("lock", "4")],
    &[Edit(
        "Dockerfile",
        "WORKDIR /srv\nCOPY conf/a.cfg conf/*.tgz /etc/app/\n",
        "COPY conf/a.cfg conf/*.tgz /etc/app/\nWORKDIR /srv\n",
    )],
    &[Edit("Dockerfile", "RUN echo some > some\n", "")],
    &[
        Edit("Dockerfile", "AS base\nFROM base AS one", "AS base\nFROM base AS first"),
        Edit("Dockerfile", "=one", "=first"),
    ],
    &[Write("lock", "5")],
    &[Write("conf/a.cfg", "b")],
    &[Edit("Dockerfile", "RUN cat lock > one", "RUN cat lock > one && rm lock")],
    &[Write("other", "2")],
    &[Write("lock", "3")],
];

/// `--link` behind steps that change.
const LINKS: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1 AS tool\nCOPY tool /tool\nFROM localhost/base:1\nCOPY a /a\nRUN cat /a > /one\n\
             COPY --link b /b\nCOPY --link --from=tool /tool /tool\nCOPY --link=false c /c\nRUN cat /b > /two\n",
        ),
        Write("a", "1"),
        Write("b", "1"),
        Write("c", "1"),
        Write("tool", "1"),
    ],
    &[Write("a", "2")],
    &[Write("b", "2")],
    &[Write("c", "2")],
    &[Write("tool", "2")],
    &[Write("other", "1")],
    &[Edit("Dockerfile", "RUN cat /a > /one", "RUN cat /a > /uno")],
    &[Write("a", "1")],
    &[Edit("Dockerfile", "COPY --link b /b", "COPY b /b")],
    &[Write("a", "3")],
    &[Edit("Dockerfile", "COPY b /b", "COPY --link b /b")],
    &[Write("b", "1"), Write("a", "1")],
];

/// `--exclude` of files and folders.
const EXCLUDED: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nCOPY --exclude=*.log --exclude=sub src /src\nRUN echo one > /one\n\
             COPY --exclude=**/*.md . /all\nRUN echo two > /two\n",
        ),
        Write(".dockerignore", "Dockerfile\n"),
        Write("src/main", "1"),
        Write("src/x.log", "1"),
        Write("src/sub/more", "1"),
        Write("README.md", "1"),
    ],
    &[Write("README.md", "2")],
    &[Write("src/x.log", "2")],
    &[Write("src/sub/more", "2")],
    &[Write("src/main", "2")],
    &[Write("src/deep/y.log", "1")],
    &[Write("src/deep/notes.md", "1")],
    &[Edit("Dockerfile", "--exclude=sub ", "--exclude=deep ")],
    &[Write("src/sub/more", "3")],
    &[Edit("Dockerfile", "--exclude=deep ", "")],
    &[Write("src/main", "1")],
];

/// `--parents` with wildcards.
const PARENTS: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nWORKDIR /w\nCOPY --parents packages/*/package.json ./\nRUN echo one > /one\n\
             COPY --parents docs/**/*.txt ./\nRUN echo two > /two\n",
        ),
        Write("packages/a/package.json", "1"),
        Write("packages/a/main", "1"),
        Write("packages/b/package.json", "1"),
        Write("docs/deep/x.txt", "1"),
        Write("docs/y.md", "1"),
    ],
    &[Write("packages/a/main", "2")],
    &[Write("packages/a/package.json", "2")],
    &[Write("packages/c/package.json", "1")],
    &[Rename("packages/c", "packages/d")],
    &[Write("docs/y.md", "2")],
    &[Write("docs/deep/x.txt", "2")],
    &[Write("docs/z.txt", "1")],
    &[Remove("packages/d")],
    &[Write("packages/a/package.json", "1")],
    &[Remove("docs/z.txt"), Write("docs/deep/x.txt", "1")],
];

/// Heredocs of COPY and RUN.
const HEREDOCS: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nARG V=1\nCOPY <<A <<\"B\" /etc/\nv $V\nA\nv $V\nB\nRUN <<EOF\necho one > /one\nEOF\n\
             COPY f /f\nRUN cat <<EOF > /two\ntwo\nEOF\nRUN echo end > /end\n",
        ),
        Write("f", "1"),
    ],
    &[Write("f", "2")],
    &[Edit("Dockerfile", "echo one > /one", "echo uno > /one")],
    &[Edit("Dockerfile", "\ntwo\n", "\ndue\n")],
    &[Edit("Dockerfile", "A\nv $V", "A\nw $V")],
    &[Edit("Dockerfile", "V=1", "V=2")],
    &[Write("other", "1")],
    &[Edit("Dockerfile", "v $V\nA", "w $V\nA")],
    &[Write("f", "1")],
    &[Edit("Dockerfile", "echo end", "echo ended")],
    &[Edit("Dockerfile", "\ndue\n", "\n  due\n")],
];

/// What instructions say, and how.
const INSTRUCTIONS: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nARG VERSION=1\nENV A=1 B=2\nRUN echo one > /one\nLABEL kind=x\nWORKDIR /w\n\
             COPY a ./\nUSER 7\nRUN echo two\nEXPOSE 80\nUSER 0:0\nCOPY b /srv/\nRUN echo three > /three\nCMD [\"sh\"]\n",
        ),
        Write("a", "a"),
        Write("b", "b"),
    ],
    &[Edit("Dockerfile", "kind=x", "kind=y")],
    &[Edit("Dockerfile", "VERSION=1", "VERSION=2")],
    &[Edit("Dockerfile", "A=1", "A=3")],
    &[Edit("Dockerfile", "A=3 B=2", "B=2 A=3")],
    &[Edit("Dockerfile", "EXPOSE 80", "EXPOSE 81")],
    &[Edit("Dockerfile", "RUN echo two", "RUN echo  two")],
    &[Edit("Dockerfile", "RUN echo one", "# a comment\nrun echo one")],
    &[Edit("Dockerfile", "USER 7", "USER 8")],
    &[Edit("Dockerfile", "COPY b /srv/", "COPY b /srv/./")],
    &[Edit("Dockerfile", "COPY b /srv/./", "COPY --chown=0:0 b /srv/")],
    &[Edit("Dockerfile", "COPY --chown=0:0 b /srv/", "COPY --chown=7:7 b /srv/")],
    &[Edit("Dockerfile", "WORKDIR /w", "WORKDIR /v")],
    &[Edit("Dockerfile", "ENV B=2 A=3", "ENV B=2 A=3\nENV C=$A")],
    &[Edit("Dockerfile", "A=3\n", "A=4\n")],
    &[Edit("Dockerfile", "LABEL kind=y\n", "")],
    &[Edit("Dockerfile", "CMD [\"sh\"]", "ENTRYPOINT [\"sh\"]\nCMD [\"-c\", \"x\"]")],
    &[Edit("Dockerfile", "ARG VERSION=2", "ARG VERSION=2\nARG OTHER")],
    &[Edit("Dockerfile", "RUN echo three > /three", "RUN [\"sh\", \"-c\", \"echo 3 > /three\"]")],
    &[Edit("Dockerfile", "RUN [\"sh\", \"-c\"", "RUN [\"sh\",   \"-c\"")],
    &[Edit("Dockerfile", "COPY a ./", "COPY a /v/a")],
    &[Write("c", "a"), Edit("Dockerfile", "COPY a /v/a", "COPY c /v/a")],
];

/// What an ignore file leaves out, and a Dockerfile that moves.
const IGNORED: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1\nWORKDIR /app\nCOPY . .\nRUN echo built > /built\nCOPY docs /docs\nRUN echo docs > /d\n",
        ),
        Write(".dockerignore", "*.log\nDockerfile*\nbuild\n.dockerignore\n!docs/keep.log\n"),
        Write("main", "main"),
        Write("x.log", "x"),
        Write("docs/a", "a"),
        Write("docs/keep.log", "keep"),
    ],
    &[Write("x.log", "y")],
    &[Write("docs/keep.log", "kept")],
    &[Write("docs/b.log", "b")],
    &[Write("main", "main 2")],
    &[Edit(".dockerignore", "build\n", "build\nmain\n")],
    &[Write("main", "main 3")],
    &[Edit(".dockerignore", "main\n", "")],
    &[Edit(".dockerignore", "*.log\n", "# logs\n*.log\n")],
    &[Write("build/out", "out")],
    &[Edit("Dockerfile", "RUN echo built", "RUN echo build")],
    &[Rename("Dockerfile", "Dockerfile.app")],
    &[Write("docs/a", "b")],
    &[Write("sub/x", "x")],
    &[Mode("sub/x", 0o755)],
    &[Edit(".dockerignore", "build\n", "build\nsub\n")],
    &[Write("sub/x", "y")],
    &[Edit(".dockerignore", "!docs/keep.log\n", "")],
    &[Write("docs/keep.log", "?")],
    &[Remove("x.log")],
    &[Write("main", "main 2")],
];

/// Bind and cache mounts. How a cache is shared is not among the changes: it counted for BuildKit before 0.13.
const MOUNTS: &[&[Change]] = &[
    &[
        Write(
            "Dockerfile",
            "FROM localhost/base:1 AS tool\nCOPY tool /tool\n\
             FROM localhost/base:1\nWORKDIR /w\nRUN --mount=type=bind,source=lock,target=/lock cat /lock > a\n\
             RUN --mount=type=cache,target=/cache echo x > b\nRUN --mount=type=bind,from=tool,source=/tool,target=/tool cat /tool > c\n\
             RUN --mount=target=/src cat /src/main > d\nRUN echo last > e\n",
        ),
        Write(".dockerignore", "notes\nDockerfile\n"),
        Write("lock", "1"),
        Write("tool", "1"),
        Write("main", "1"),
        Write("notes", "1"),
    ],
    &[Write("notes", "2")],
    &[Write("main", "2")],
    &[Write("lock", "2")],
    &[Write("tool", "2")],
    &[Edit("Dockerfile", "target=/cache", "target=/cache,id=c")],
    &[Edit("Dockerfile", "target=/cache,id=c", "target=/cache2,id=c")],
    &[Edit("Dockerfile", "echo last", "echo least")],
    &[Write("lock", "1")],
    &[Write("tool", "1")],
    &[Write("other", "1")],
    &[Remove("other")],
    &[Mode("lock", 0o755)],
    &[Mode("lock", 0o644)],
    &[Edit("Dockerfile", "AS tool", "AS kit"), Edit("Dockerfile", "from=tool", "from=kit")],
    &[Write("main", "1")],
    &[
        Edit("Dockerfile", "target=/src cat", "target=/source cat"),
        Edit("Dockerfile", "/src/main", "/source/main"),
    ],
    &[Write("notes", "1")],
    &[Write("tool", "3")],
];
