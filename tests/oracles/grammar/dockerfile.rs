//! Dockerfiles.

use super::shell::list;
use super::{Choices, NAMES, PATHS};

const IMAGES: &[&str] = &[
    "debian:12",
    "alpine",
    "node:20-alpine",
    "python:3.12-slim",
    "golang:latest",
    "ubuntu@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "e.io:5000/a/b:c",
    "scratch",
    "rust",
    "mcr.microsoft.com/windows/nanoserver:ltsc2022",
    "base",
    "$BASE",
    "${BASE:-debian}:$TAG",
    "build",
];
/// A word of a Dockerfile's instruction.
fn word(c: &mut Choices<'_>) -> String {
    match c.below(9) {
        0 => "x".to_owned(),
        1 => c.pick(PATHS).to_owned(),
        2 => format!("${}", c.pick(NAMES)),
        3 => format!("${{{}:-{}}}", c.pick(NAMES), word(c)),
        4 => format!("\"{} {}\"", c.pick(NAMES), word(c)),
        5 => format!("'{}'", c.pick(PATHS)),
        6 => format!("{}\\ {}", c.pick(NAMES), c.pick(NAMES)),
        7 => c
            .pick(&[
                "https://e.io/x.tar.gz",
                "https://u:p@e.io/x",
                "git@e.io:a/b.git#v1",
                "80/tcp",
                "1000:1000",
                "root",
                "nobody",
            ])
            .to_owned(),
        _ if !c.once_in(6) => "y".to_owned(),
        _ => c
            .pick(&["\"", "'", "${", "$", "\\", "“x”", "#x", "[", "<<x", "\u{202e}x", "\u{1b}[1m"])
            .to_owned(),
    }
}

/// What is between words, a continuation at times.
fn blank(c: &mut Choices<'_>) -> &'static str {
    match c.below(12) {
        0..=7 => " ",
        8 => "  \t",
        9 => " \\\n    ",
        10 => " \\\n# comment\n    ",
        _ => " \\ \n\n  ",
    }
}

fn words(c: &mut Choices<'_>, most: usize) -> String {
    let mut text = word(c);
    for _ in 0..c.below(most) {
        text += blank(c);
        text += &word(c);
    }
    text
}

fn json(c: &mut Choices<'_>) -> String {
    let items = c.join(4, ", ", |c| {
        c.pick(&[
            "\"a\"",
            "\"-c\"",
            "\"sh\"",
            "\"a b\"",
            "\"\\u00e9\"",
            "\"$A\"",
            "'a'",
            "1",
            "\"\\n\"",
            "\"apt-get install x\"",
        ])
        .to_owned()
    });
    let end = c.pick(&["]", "]", "]", ",]", "", "] x"]);
    format!("[{items}{end}")
}

/// A Dockerfile.
pub(crate) fn dockerfile(c: &mut Choices<'_>) -> String {
    let mut text = String::new();
    for _ in 0..c.below(3) {
        text += c.pick(&[
            "# syntax=docker/dockerfile:1\n",
            "# escape=`\n",
            "# check=skip=JSONArgsRecommended;error=true\n",
            "# comment\n",
            "\n",
            "# hadolint global ignore=DL3008\n",
            "# layerwise file-ignore=LW102 reason\n",
            "\u{feff}",
            "ARG BASE=debian\n",
            "ARG TAG\n",
        ]);
    }
    for _ in 0..=c.below(3) {
        let platform =
            c.pick(&["", "", "", "--platform=$BUILDPLATFORM ", "--platform=linux/arm64 "]);
        let alias = c.pick(&["", " AS build", " as base", " AS Build", " AS"]);
        let keyword = c.pick(&["FROM", "FROM", "from", "From"]);
        text += &format!("{keyword} {platform}{}{alias}{}", c.pick(IMAGES), line_end(c));
        for _ in 0..c.below(9) {
            text += &instruction(c);
        }
    }
    if c.once_in(6) {
        text.pop();
    }
    if c.once_in(12) {
        text = text.replace('\n', "\r\n");
    }
    text
}

fn line_end(c: &mut Choices<'_>) -> &'static str {
    c.pick(&[
        "\n",
        "\n",
        "\n",
        "\n",
        " \n",
        "\n\n",
        "\n# a comment\n",
        " \\\n\n",
        "\n# hadolint ignore=DL3008,SC2086\n",
        "\n# layerwise ignore=ALL x\n",
    ])
}

fn instruction(c: &mut Choices<'_>) -> String {
    let end = line_end(c);
    if c.once_in(15) {
        return format!("ONBUILD {}", instruction(c));
    }
    let body = match c.below(20) {
        0..=7 => run(c),
        8 | 9 => {
            let keyword = c.pick(&["COPY", "COPY", "ADD", "copy"]);
            let flag = c.pick(&[
                "",
                "",
                "--from=build ",
                "--from=0 ",
                "--chown=a:b ",
                "--link ",
                "--chmod=777 ",
                "--parents ",
                "--exclude=*.md ",
                "--checksum=sha256:1 ",
                "--bad ",
            ]);
            match c.below(6) {
                0..=3 => format!("{keyword} {flag}{}{}{}", words(c, 3), blank(c), c.pick(PATHS)),
                4 => format!("{keyword} {flag}{}", json(c)),
                _ => format!(
                    "{keyword} {flag}<<EOF {}\n{}\nEOF",
                    c.pick(PATHS),
                    c.pick(&["text $A", "", "a\nb", "EOF "])
                ),
            }
        }
        10 => {
            let keyword = c.pick(&["ENV", "LABEL", "ENV"]);
            match c.once_in(4) {
                true => format!("{keyword} {} {}", c.pick(NAMES), words(c, 3)),
                false => {
                    let pairs = c.join(3, " ", |c| format!("{}={}", c.pick(NAMES), word(c)));
                    format!("{keyword} {pairs}")
                }
            }
        }
        11 => format!(
            "ARG {}{}",
            c.pick(NAMES),
            c.pick(&["", "=1", "=\"a b\"", "=$A", "=", "=secret-token-0123456789"])
        ),
        12 => format!("{} {}", c.pick(&["CMD", "ENTRYPOINT", "SHELL"]), json(c)),
        13 => format!("{} {}", c.pick(&["CMD", "ENTRYPOINT"]), list(c, 2)),
        14 => format!("WORKDIR {}", word(c)),
        15 => format!("USER {}", word(c)),
        16 => {
            format!("{} {}", c.pick(&["EXPOSE", "VOLUME", "STOPSIGNAL", "MAINTAINER"]), words(c, 3))
        }
        17 => format!(
            "HEALTHCHECK {}{}",
            c.pick(&["", "--interval=1s ", "--retries=x "]),
            c.pick(&["NONE", "CMD curl -f http://localhost", "CMD [\"a\"]", ""])
        ),
        18 => c
            .pick(&[
                "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
                "SHELL [\"powershell\", \"-Command\"]",
                "SHELL [\"cmd\", \"/S\", \"/C\"]",
                "shell [\"sh\", \"-ec\"]",
            ])
            .to_owned(),
        _ => format!("{} {}", c.pick(&["RUNN", "", "COPPY", "{{ x }}", "EOF", "%x"]), words(c, 2)),
    };
    body + end
}

fn run(c: &mut Choices<'_>) -> String {
    let keyword = c.pick(&["RUN", "RUN", "RUN", "run"]);
    let mount = c.pick(&[
        "",
        "",
        "",
        "--mount=type=cache,target=/root/.cache ",
        "--mount=type=secret,id=x ",
        "--mount=type=bind,from=build,target=/x ",
        "--network=none ",
        "--mount=type=cache,target=/var/cache/apt,sharing=locked \\\n ",
        "--mount=bad ",
        "--security=insecure ",
    ]);
    match c.below(8) {
        0..=5 => {
            format!("{keyword} {mount}{}", list(c, 3).replace("\\\n", "\n").replace('\n', " \\\n"))
        }
        6 => {
            let mark = c.pick(&[
                "<<EOF",
                "<<'EOF'",
                "<<-EOF",
                "bash <<EOF",
                "python3 <<EOF",
                "cat <<EOF > /x",
                "<<EOF cat",
            ]);
            format!("{keyword} {mount}{mark}\n{}\nEOF", list(c, 3))
        }
        _ => format!("{keyword} {mount}{}", json(c)),
    }
}
