//! Dockerfiles that grow: each shape repeats something that real files have a few of.

/// An input that grows: its name, and its text for a size; one step of the size is about thirty bytes.
pub(crate) type Shape = (&'static str, fn(usize) -> String);

/// A text behind a FROM, repeated.
fn repeated(text: &str, n: usize) -> String {
    format!("FROM debian:12\n{}", text.repeat(n))
}

/// Lines behind a FROM, each with its number.
fn numbered(n: usize, line: fn(usize) -> String) -> String {
    format!("FROM debian:12\n{}", (0..n).map(line).collect::<String>())
}

/// One RUN of parts that are repeated.
fn run(start: &str, part: &str, n: usize, end: &str) -> String {
    format!("FROM debian:12\nRUN {start}{}{end}\n", part.repeat(n))
}

pub(crate) const SHAPES: &[Shape] = &[
    ("installs, variables and copies", |n| {
        let lines = "RUN apt-get update && apt-get install -y curl\nENV A=b\nCOPY a /b\n";
        repeated(lines, n / 2 + 1)
    }),
    ("installs above copies", |n| {
        format!("FROM node:22\nWORKDIR /app\n{}", "RUN npm ci\nCOPY . .\n".repeat(n))
    }),
    ("copies above builds", |n| {
        format!("FROM golang:1.23\n{}", "COPY . .\nRUN go build\n".repeat(n))
    }),
    ("gems in one list", |n| run("gem install", " abcdefghijkl", n, "")),
    ("Python packages in one list", |n| run("pip install", " abcdefghijkl", n, "")),
    ("downloads of one command", |n| run("curl -fsSL", " https://example.com/a", n, "")),
    ("a user and RUNs", |n| format!("FROM debian:12\nUSER a\n{}", "RUN make a\nRUN b\n".repeat(n))),
    ("entry points", |n| numbered(n, |i| format!("ENTRYPOINT run abcdefgh{i}\n"))),
    ("skipped checks", |n| {
        let names: Vec<String> = (0..2 * n).map(|i| format!("Check{i}")).collect();
        format!("# check=skip={}\nFROM debian:12\n", names.join(","))
    }),
    ("an install in each RUN", |n| numbered(n, |i| format!("RUN pip install x{i}\n"))),
    ("installs in one RUN", |n| run("true", " && pip install x", n, "")),
    ("installs and removals in one RUN", |n| run("true", " && apk add a b && apk del b", n, "")),
    ("installs and removals", |n| repeated("RUN apk add -t c a b\nRUN apk del c b\n", n)),
    ("packages and removals", |n| {
        numbered(n, |i| format!("RUN apt-get install a{i}\nRUN apt-get purge a{i}\n"))
    }),
    ("environments that are copied", |n| {
        let stage = |i: usize| {
            format!("FROM a AS s{i}\nCOPY --from=s0 /v /v\nRUN poetry install\nRUN uv sync\n")
        };
        (0..n / 2 + 1).map(stage).collect()
    }),
    ("projects in one RUN", |n| run("true", " && npm ci && npm run build && go build", n, "")),
    ("users and installs", |n| repeated("USER a\nRUN pip install --user b\nUSER root\n", n)),
    ("services and scripts", |n| repeated("RUN set -e; cd a; ./b.sh\nENTRYPOINT [\"c\"]\n", n)),
    ("copies of other stages", |n| {
        let stage = |i: usize| {
            format!("FROM a AS s{i}\nRUN go build -o /x\nCOPY --from=s{} /x /y\n", i / 2)
        };
        (0..n).map(stage).collect()
    }),
    ("upgrades and clean-ups", |n| repeated("RUN yum install -y a\nRUN yum clean all\n", n)),
    ("stages", |n| {
        let stage = |i: usize| format!("FROM debian:12 AS s{i}\nRUN make\nCOPY --from=s0 /a /b\n");
        (0..n).map(stage).collect()
    }),
    ("stages on stages", |n| {
        let stage = |i: usize| format!("FROM s{i} AS s{}\nENV A{i}=1\nRUN make $A{i} $B\n", i + 1);
        format!("FROM debian:12 AS s0\n{}", (0..n).map(stage).collect::<String>())
    }),
    ("stages of one name", |n| "FROM debian:12 AS a\nRUN make\n".repeat(n)),
    ("variables", |n| numbered(n, |i| format!("ARG V{i}=x\nENV W{i}=$V{i}\n"))),
    ("one variable again and again", |n| repeated("ARG A=1\nRUN echo $A\n", n)),
    ("downloads and deletions", |n| {
        numbered(n, |i| format!("RUN wget http://x/y{i}.tar.gz\nRUN rm y{i}.tar.gz\n"))
    }),
    ("downloads in one RUN", |n| {
        run("true", " && cd a && wget http://x/y.tgz && tar xf y.tgz && rm y.tgz", n / 2 + 1, "")
    }),
    ("copies and owners", |n| numbered(n, |i| format!("COPY a{i} /a{i}\nRUN chown -R x /a{i}\n"))),
    ("copies and modes of one path", |n| repeated("COPY x /a\nRUN chmod 755 /a\n", n)),
    ("copies and deletions", |n| numbered(n, |i| format!("COPY a{i}/ /a{i}\nRUN rm -r /a{i}\n"))),
    ("copies and deletions by pattern", |n| {
        numbered(n, |i| format!("COPY a{i}/ /a{i}\nRUN rm -r /?{i}*b\n"))
    }),
    ("folders that are moved", |n| {
        numbered(n, |i| format!("RUN python -m venv /v{i}\nRUN mv /v{i} /w{i}\n"))
    }),
    ("volumes", |n| numbered(n, |i| format!("VOLUME /v{i}\nRUN touch /v{i}/a\n"))),
    ("directories", |n| repeated("WORKDIR a\nRUN make\n", n)),
    ("shells", |n| repeated("SHELL [\"bash\", \"-c\"]\nRUN a | b\n", n)),
    ("cache mounts", |n| repeated("RUN --mount=type=cache,target=/root/.cache pip install a\n", n)),
    ("instructions for other builds", |n| {
        repeated("ONBUILD RUN apt-get update\nONBUILD ENV A=b\n", n)
    }),
    ("arguments before FROM", |n| {
        let lines: String = (0..n).map(|i| format!("ARG A{i}=1\n")).collect();
        format!("{lines}FROM a$A1\nRUN x\n")
    }),
    ("entry points", |n| repeated("CMD a\n", n)),
    ("labels", |n| repeated("LABEL a=b\nLABEL c=d e=f\n", n)),
    ("comments", |n| repeated("# layerwise ignore=DL3008 reason\nRUN apt-get install -y a\n", n)),
    ("comments of hadolint", |n| repeated("# hadolint ignore=DL3008\nRUN apt-get install a\n", n)),
    ("comments above one instruction", |n| repeated("# comment\n", n) + "RUN a\n"),
    ("unknown instructions", |n| repeated("foo bar\n", n)),
    ("heredocs", |n| repeated("RUN <<EOF\nset -e\nmake all\ncp a b\nEOF\n", n)),
    ("one long RUN", |n| run("true", " && \\\n    echo some words | tee /tmp/file", n, "")),
    ("one long line", |n| run("echo", " word", 8 * n, "")),
    ("packages", |n| run("apt-get install -y", " \\\n    package", 2 * n, "")),
    ("nested commands", |n| {
        // Deep nesting is cut off at a depth, so that only its length may grow.
        let nested = format!("echo {}x{}; ", "$(echo ".repeat(10), ")".repeat(10));
        run("", &nested, n / 4 + 1, "a")
    }),
    ("assignments", |n| run("", "a=b ", 8 * n, "c")),
    ("outputs that vary", |n| run("", "echo $(date) > x; ", n, "a")),
    ("deletions in one RUN", |n| run("rm -rf", " /{a,b}/c /d", n, "")),
    ("variables in variables", |n| format!("FROM debian:12\nENV A={}\n", "${a:-".repeat(6 * n))),
    ("images and stages", |n| numbered(n, |i| format!("FROM a{i}:b-{i} AS s{i}\nRUN make\n"))),
    ("stages that start alike", |n| repeated("FROM a\nRUN npm ci\nRUN npm test\n", n)),
    ("stages that unpack", |n| {
        numbered(n, |i| format!("FROM a\nCOPY b /\nRUN tar xf /b{i}.tgz\n"))
    }),
    ("assignments of other stages", |n| {
        let set = "RUN export A=b\n".repeat(n);
        format!("FROM a\n{set}FROM c\n{}", "RUN echo $A\n".repeat(n))
    }),
    ("folders of mounts", |n| {
        numbered(n, |i| format!("RUN --mount=type=cache,target=/a{i} npm ci --prefix /a{i}\n"))
    }),
    ("codes in one comment", |n| {
        let codes: String = (0..3 * n).map(|i| format!(",DL{i}")).collect();
        format!(
            "FROM debian:12\n# layerwise file-ignore=DL3008{codes}\nRUN sudo a\n{}",
            "foo\n".repeat(n)
        )
    }),
    ("comments for the whole file", |n| {
        repeated("# hadolint global ignore=DL3008\nRUN apt-get install a\n", n)
    }),
    ("comments for a stage", |n| {
        let comments = "# layerwise stage-ignore=DL3008\n".repeat(n);
        format!("{comments}FROM debian:12\n{}", "RUN apt-get install a\n".repeat(n))
    }),
    ("long lines in UTF-8", |n| format!("FROM debian:12\nLABEL a=\"{}\"\n", "ñ".repeat(20 * n))),
];
