//! Inputs from the rules by which they are written: bytes choose between the alternatives, and when they are used up the
//! first one is taken, which ends soon.

use super::archives::{Entry, Tar};

/// Choices, read from bytes.
pub(crate) struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    fn below(&mut self, most: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % most
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    /// Whether something happens that happens once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn join(
        &mut self,
        most: usize,
        between: &str,
        mut each: impl FnMut(&mut Self) -> String,
    ) -> String {
        let count = self.below(most) + 1;
        (0..count).map(|_| each(self)).collect::<Vec<_>>().join(between)
    }
}

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
const PATHS: &[&str] = &[
    ".",
    "a",
    "/app",
    "/app/",
    "package.json",
    "package*.json",
    "src/",
    "/var/lib/apt/lists/*",
    "/tmp/x",
    "/etc/passwd",
    "../up",
    "a b",
    "$HOME/x",
    "~/.cache",
    "requirements.txt",
    "x.tar.gz",
    "/",
    "ñ",
    "C:\\app",
    "\"/q q\"",
    "*",
];
const PACKAGES: &[&str] = &[
    "curl",
    "git=1:2.0-1",
    "build-essential",
    "ca-certificates",
    "python3-pip",
    "$PACKAGES",
    "libssl-dev",
    "\"vim\"",
    "-y",
    "--no-install-recommends",
    "numpy==1.26",
    "express@4",
    "./local",
    "https://e.io/x.whl",
    "gcc",
    "tzdata",
];
const NAMES: &[&str] = &[
    "A",
    "PATH",
    "TOKEN",
    "DEBIAN_FRONTEND",
    "NODE_ENV",
    "VERSION",
    "http_proxy",
    "a-b",
    "é",
    "PASSWORD",
    "BASE",
    "1X",
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
        _ => c
            .pick(&["\"", "'", "${", "$", "\\", "“x”", "#x", "[", "<<x", "\u{202e}x", "\u{1b}[1m"])
            .to_owned(),
    }
}

/// What stands between words, a continuation at times.
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
        0..=5 => format!("{keyword} {mount}{}", list(c, 3).replace('\n', " \\\n")),
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

/// Shell text.
pub(crate) fn shell(c: &mut Choices<'_>) -> String {
    list(c, 4)
}

fn list(c: &mut Choices<'_>, depth: usize) -> String {
    let mut text = pipeline(c, depth);
    for _ in 0..c.below(5) {
        text += c.pick(&[
            " && ",
            " && ",
            " && \\\n  ",
            "; ",
            " || ",
            "\n",
            " & ",
            ";\n",
            " && # comment\n ",
        ]);
        text += &pipeline(c, depth);
    }
    text
}

fn pipeline(c: &mut Choices<'_>, depth: usize) -> String {
    let text = command(c, depth);
    match c.below(8) {
        7 => format!("{text} {} {}", c.pick(&["|", "|&", "| \\\n"]), command(c, depth)),
        _ => text,
    }
}

fn command(c: &mut Choices<'_>, depth: usize) -> String {
    if depth > 0 && c.once_in(4) {
        let below = depth - 1;
        return match c.below(10) {
            0 => format!("({})", list(c, below)),
            1 => format!("{{ {}; }}", list(c, below)),
            2 => format!(
                "if {}; then {}; else {}; fi",
                pipeline(c, below),
                list(c, below),
                list(c, below)
            ),
            3 => format!("for i in {}; do {}; done", shell_words(c, below), list(c, below)),
            4 => format!("while {}; do {}; done", pipeline(c, below), list(c, below)),
            5 => format!(
                "case {} in {}) {};; *) {};; esac",
                shell_word(c, below),
                c.pick(&["a", "a|b", "[a-z]*", "*"]),
                list(c, below),
                list(c, below)
            ),
            6 => format!("f() {{ {}; }}", list(c, below)),
            7 => format!(
                "[[ {} {} {} ]]",
                shell_word(c, below),
                c.pick(&["==", "=~", "-eq", "<"]),
                shell_word(c, below)
            ),
            8 => format!("(( {} {} 1 ))", c.pick(&["i", "$i", "x["]), c.pick(&["+", "<", "="])),
            _ => format!(
                "{} -c \"{}\"",
                c.pick(&["sh", "bash", "su root", "eval", "sudo sh"]),
                list(c, below).replace('"', "'")
            ),
        };
    }
    let before = c.pick(&[
        "",
        "",
        "",
        "",
        "sudo ",
        "A=1 ",
        "env B=2 ",
        "exec ",
        "! ",
        "time ",
        "DEBIAN_FRONTEND=noninteractive ",
        "xargs ",
    ]);
    let after = c.pick(&[
        "",
        "",
        "",
        "",
        "",
        " > /dev/null",
        " 2>&1",
        " >> /etc/x",
        " < f",
        " <<< x",
        " || true",
        " -y",
        " #x",
    ]);
    let text = match c.below(16) {
        0 => "true".to_owned(),
        1 => "apt-get update".to_owned(),
        2 => format!("apt-get install -y {}", packages(c)),
        3 => format!("apk add --no-cache {}", packages(c)),
        4 => format!(
            "{} install {}",
            c.pick(&[
                "apt-get",
                "apt",
                "dnf",
                "yum",
                "pip",
                "npm",
                "gem",
                "yarn global add",
                "zypper",
                "microdnf",
                "cargo",
                "conda"
            ]),
            packages(c)
        ),
        5 => format!("rm -rf {}", c.pick(PATHS)),
        6 => format!(
            "curl -fsSL {} {}",
            c.pick(&["https://e.io/x.sh", "http://e.io/x.tar.gz", "$URL"]),
            c.pick(&["| sh", "-o x.tar.gz", "| tar xz", "| tar -xzC /opt", ""])
        ),
        7 => format!("cd {}", c.pick(PATHS)),
        8 => format!(
            "{} {}",
            c.pick(&[
                "npm ci",
                "npm install",
                "go build",
                "cargo build --release",
                "pip install -r",
                "mvn package",
                "bundle install",
                "yarn",
                "pnpm i",
                "uv sync",
                "composer install",
                "make"
            ]),
            c.pick(PATHS)
        ),
        9 => format!(
            "{} {}",
            c.pick(&[
                "chmod -R 777",
                "chown -R a:b",
                "mkdir -p",
                "cp -r",
                "mv",
                "ln -s",
                "tar xf",
                "unzip",
                "touch",
                "cat",
                "ls",
                "useradd",
                "adduser -D",
                "sed -i s/a/b/"
            ]),
            shell_words(c, depth)
        ),
        10 => format!("echo {}", shell_words(c, depth)),
        11 => format!(
            "wget {}",
            c.pick(&[
                "-O- https://e.io/x | sh",
                "https://e.io/a.zip",
                "-q $URL",
                "-qO x http://e.io/x"
            ])
        ),
        12 => c
            .pick(&[
                "set -e",
                "set -ex",
                "set -euo pipefail",
                "set +e",
                "exit 0",
                "export A=b",
                "apt-get clean",
                "npm cache clean --force",
                "yum clean all",
                "apt-get upgrade -y",
                "git clone https://e.io/x.git",
                "systemctl start x",
                "service x start",
            ])
            .to_owned(),
        13 => format!("{}={}", c.pick(NAMES), shell_word(c, depth)),
        14 => format!(
            "find {} -name {} {}",
            c.pick(PATHS),
            shell_word(c, depth),
            c.pick(&["-delete", "-exec rm {} +", "-exec sh -c 'rm $0' {} \\;", ""])
        ),
        _ => shell_words(c, depth),
    };
    format!("{before}{text}{after}")
}

fn packages(c: &mut Choices<'_>) -> String {
    c.join(4, " ", |c| c.pick(PACKAGES).to_owned())
}

fn shell_words(c: &mut Choices<'_>, depth: usize) -> String {
    c.join(3, " ", |c| shell_word(c, depth))
}

fn shell_word(c: &mut Choices<'_>, depth: usize) -> String {
    let below = depth.saturating_sub(1);
    let last = if depth > 0 { 13 } else { 9 };
    match c.below(last) {
        0 => "x".to_owned(),
        1 => c.pick(PATHS).to_owned(),
        2 => format!("${}", c.pick(NAMES)),
        3 => format!("\"${{{}}}\"", c.pick(NAMES)),
        4 => {
            format!("${{{}{}y}}", c.pick(NAMES), c.pick(&[":-", "#", "%%", "/a/", ":1:", "^", "@"]))
        }
        5 => "'a b'".to_owned(),
        6 => c
            .pick(&[
                "*", "{a,b}", "[ab]", "~", "a\\ b", "é", "$@", "$((1+2))", "$'\\n'", "`x`", "<(x)",
            ])
            .to_owned(),
        7 => c.pick(PACKAGES).to_owned(),
        8 => c.pick(&["\"", "'", "$(", "`", "${", "((", "\\", "}", ")"]).to_owned(),
        9 => format!("$({})", list(c, below)),
        10 => format!("\"$({})\"", list(c, below)),
        11 => format!("`{}`", pipeline(c, below).replace('`', "")),
        _ => format!("\"{} {}\"", shell_word(c, below).replace('"', ""), c.pick(NAMES)),
    }
}

/// Patterns of a .dockerignore, a line of dashes, and paths.
pub(crate) fn ignore(c: &mut Choices<'_>) -> String {
    const PARTS: &[&str] = &[
        "a", "b", "*", "**", "ab", "?", "a*", "*b", "[ab]", "[^a]", "a?b", "*.md", "**b", "a**",
        "..", ".", "", "é*", "a\\*",
    ];
    let lines = c.join(6, "\n", |c| {
        let before = c.pick(&["", "", "!", "/", "./", " ", "# ", "!/"]);
        let after = c.pick(&["", "", "/", " ", "\r"]);
        format!("{before}{}{after}", c.join(4, "/", |c| c.pick(PARTS).to_owned()))
    });
    let names = &["a", "b", "ab", "aab", "x.md", "README.md", "é", "ba", "a*", "-"];
    let paths = c.join(6, "\n", |c| c.join(4, "/", |c| c.pick(names).to_owned()));
    format!("{lines}\n----\n{paths}\n")
}

/// A file of settings.
pub(crate) fn configuration(c: &mut Choices<'_>) -> String {
    const KEYS: &[&str] = &[
        "profile",
        "select",
        "extend-select",
        "ignore",
        "severity",
        "fail-on",
        "max-layers",
        "max-size",
        "max-waste",
        "min-efficiency",
        "max-growth",
        "baseline",
        "target",
        "strict-labels",
        "require-reason",
        "disable-ignore-comments",
        "build-args",
        "label-schema",
        "trusted-registries",
        "include",
        "exclude",
        "per-path",
        "extends",
        "ignored",
        "override",
        "trustedRegistries",
        "failure-threshold",
        "no-fail",
        "format",
        "path",
    ];
    fn value(c: &mut Choices<'_>, depth: usize) -> String {
        match c.below(if depth > 0 { 9 } else { 6 }) {
            0 => c
                .pick(&[
                    "DL3008", "strict", "warning", "true", "10", "audit", "ALL", "never", "error",
                    "SC2086", "semver", "layers",
                ])
                .to_owned(),
            1 => c
                .pick(&[
                    "\"a b\"",
                    "'*.docker'",
                    "10 MB",
                    "5%",
                    "0.9",
                    "a/**",
                    "\"\\u202e\"",
                    "~",
                    "1e400",
                    "-1",
                    "0x10",
                    "!!str a",
                    "|\n  a",
                ])
                .to_owned(),
            2 => c.join(3, ", ", |c| {
                c.pick(&["DL3008", "LW102", "SC2046", "x", "\"\"", "*a", "&a b", "DL3"]).to_owned()
            }),
            3 => format!(
                "[{}]",
                c.join(3, ", ", |c| c.pick(&["DL3008", "LW1", "\"a b\"", "'[a'", "1"]).to_owned())
            ),
            4 => format!(
                "{{{}: {}}}",
                c.pick(&["DL3008", "error", "A", "a.b", "\"x\""]),
                c.pick(&["error", "[DL3001]", "semver", "\"1\"", "1.10", "~"])
            ),
            5 => String::new(),
            6 => format!("[{}, {}]", value(c, depth - 1), value(c, depth - 1)),
            7 => {
                format!("{{a: {}, {}: {}}}", value(c, depth - 1), c.pick(KEYS), value(c, depth - 1))
            }
            _ => format!("\n  - path: {}\n    {}: {}", value(c, 0), c.pick(KEYS), value(c, 0)),
        }
    }
    c.join(6, "\n", |c| format!("{}: {}", c.pick(KEYS), value(c, 2)))
}

/// A layer.
pub(crate) fn image(c: &mut Choices<'_>) -> Vec<u8> {
    const PLACES: &[&str] = &[
        "a",
        "b",
        "a/x",
        "a/y",
        "a/x/1",
        ".wh.a",
        "a/.wh.x",
        "a/.wh..wh..opq",
        "./a",
        "/etc/passwd",
        "../up",
        "var/lib/apt/lists/x",
        "root/.cache/pip/x",
        "é",
        "a//b",
        "a/./b",
        "",
        "var/lib/dpkg/status",
        ".env",
        "usr/bin/python3",
        "x/__pycache__/a.pyc",
    ];
    let mut tar = Tar::new();
    for _ in 0..=c.below(8) {
        if c.once_in(5) {
            let key = c.pick(&[
                "path",
                "linkpath",
                "size",
                "SCHILY.xattr.user.x",
                "GNU.sparse.major",
                "GNU.sparse.realsize",
                "GNU.sparse.map",
                "GNU.sparse.name",
                "mtime",
                "uid",
            ]);
            let value = c.pick(&[
                "a/x",
                "1",
                "600",
                "0",
                "18446744073709551615",
                "-1",
                "0,1,5,1",
                "x",
                "1.5",
                "é",
            ]);
            tar = tar.pax(&[(key, value)]);
        }
        let path = c.pick(PLACES);
        let content = vec![b'x'; [0, 5, 600, 5000][c.below(4)]];
        let kind =
            [b'0', b'5', b'1', b'2', b'0', b'3', b'6', b'7', b'L', b'K', b'S', b'g', 0, b'x']
                [c.below(14)];
        let content = if matches!(kind, b'0' | b'7' | b'L' | b'K' | b'S' | b'g' | b'x' | 0) {
            content
        } else {
            Vec::new()
        };
        let size = [None, None, None, None, None, Some(1), Some(1 << 32), Some(0o77_777_777_777)]
            [c.below(8)];
        let mode = [0o644, 0o755, 0o4755, 0o600][c.below(4)];
        let link = c.pick(PLACES);
        tar =
            tar.add(&Entry { path, kind, mode, link, content: &content, size, ..Entry::default() });
    }
    match c.below(5) {
        4 => tar.0,
        3 => tar.raw(&[1; 100]).end(),
        _ => tar.end(),
    }
}

/// A Dockerfile, a line of dashes, and a history as a builder writes it, with a few steps changed.
pub(crate) fn history(c: &mut Choices<'_>) -> String {
    let text = dockerfile(c);
    let mut steps = Vec::new();
    for line in text.replace("\\\n", "").lines() {
        let Some((keyword, rest)) = line.split_once(' ') else { continue };
        if c.once_in(8) {
            continue;
        }
        let step = match (keyword, c.below(4)) {
            ("FROM", _) => "ADD rootfs.tar / # buildkit".to_owned(),
            ("RUN", 0 | 1) => format!("RUN /bin/sh -c {rest} # buildkit"),
            ("RUN", 2) => format!("|2 A=secret-value B=b c /bin/sh -c {rest}"),
            ("RUN", _) => format!("/bin/sh -c {rest}"),
            ("COPY" | "ADD" | "WORKDIR", 0 | 1) => format!("{keyword} {rest} # buildkit"),
            ("COPY" | "ADD" | "WORKDIR", _) => {
                format!("/bin/sh -c #(nop) {keyword} file:0123 in {rest}")
            }
            (_, 0 | 1) => format!("-{keyword} {rest}"),
            _ => format!("-/bin/sh -c #(nop)  {keyword} {rest}"),
        };
        steps.push(step);
    }
    if c.once_in(5) {
        steps.push(c.pick(&["", "-", "|9 a", "RUN", "#(nop) ", "ARG A=password123456"]).to_owned());
    }
    format!("{text}\n----\n{}", steps.join("\n"))
}
