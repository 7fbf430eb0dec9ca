//! Shell text.

use super::{Choices, NAMES, PATHS};

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
/// Shell text.
pub(crate) fn shell(c: &mut Choices<'_>) -> String {
    list(c, 4)
}

pub(super) fn list(c: &mut Choices<'_>, depth: usize) -> String {
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
    if depth > 0 && c.once_in(6) {
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
    let before = if c.once_in(5) {
        c.pick(&[
            "sudo ",
            "A=1 ",
            "env B=2 ",
            "exec ",
            "! ",
            "time ",
            "DEBIAN_FRONTEND=noninteractive ",
            "xargs ",
        ])
    } else {
        ""
    };
    let after = if c.once_in(5) {
        c.pick(&[" > /dev/null", " 2>&1", " >> /etc/x", " < f", " <<< x", " || true", " -y", " #x"])
    } else {
        ""
    };
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
        8 if c.once_in(8) => c.pick(&["\"", "'", "$(", "`", "${", "((", "\\", "}", ")"]).to_owned(),
        8 => "y".to_owned(),
        9 => format!("$({})", list(c, below)),
        10 => format!("\"$({})\"", list(c, below)),
        11 => format!("`{}`", pipeline(c, below).replace('`', "")),
        _ => format!("\"{} {}\"", shell_word(c, below).replace('"', ""), c.pick(NAMES)),
    }
}
