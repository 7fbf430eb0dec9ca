//! Histories of made projects: what each commit changes.

use super::builds::Change::{self, Edit, Link, Mode, Remove, Rename, Write};

/// A history.
pub(crate) struct History {
    pub(crate) name: &'static str,
    /// The builders that know all it uses.
    pub(crate) builders: &'static [&'static str],
    pub(crate) commits: &'static [&'static [Change]],
}

const ALL: &[&str] = &["buildkit", "classic", "buildah"];

pub(crate) const HISTORIES: &[History] = &[
    History { name: "one stage", builders: ALL, commits: ONE_STAGE },
    History { name: "stages", builders: ALL, commits: STAGES },
    History { name: "instructions", builders: ALL, commits: INSTRUCTIONS },
    History { name: "ignored", builders: ALL, commits: IGNORED },
    History { name: "mounts", builders: &["buildkit"], commits: MOUNTS },
];

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

/// Bind and cache mounts.
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
    &[Edit("Dockerfile", "id=c", "id=c,sharing=locked")],
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
