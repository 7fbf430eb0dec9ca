//! Texts that were made to do harm: shell constructs again and again, and Dockerfiles that are hardly any.

use std::time::Duration;

use tempfile::TempDir;

use super::layerwise;

/// The file that is next to those that do harm.
pub(crate) const BESIDE: (&str, &str) = ("z.Dockerfile", "FROM debian:12\nMAINTAINER me\n");

/// All that is reported about it.
const SAID: &str = "z.Dockerfile:2:1: error DL4000 [*] `MAINTAINER` is deprecated";

/// What is wrong with the answer about some files of a folder, of which [`BESIDE`] is one: it has to come in time, and say
/// the same of that file as always.
pub(crate) fn fault(folder: &TempDir, format: &str, paths: &[&str]) -> Option<String> {
    let mut command = layerwise(folder);
    command.args(["check", "--no-config", "--profile=audit", "--format", format]).args(paths);
    let output = command.timeout(Duration::from_secs(100)).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let says = match format {
        "concise" => text.lines().filter(|it| it.starts_with(BESIDE.0)).eq([SAID]),
        _ => text.contains(BESIDE.0) && text.contains("`MAINTAINER` is deprecated"),
    };
    let is_right = output.status.code() == Some(1) && says;
    (!is_right).then(|| format!("{format} {paths:?}: {:?}", output.status))
}

/// A construct: its name, what is before, what is repeated, what is in the middle, what is repeated behind it, and what
/// is behind.
pub(crate) type Construct =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

pub(crate) const CONSTRUCTS: &[Construct] = &[
    ("time", "", "time ", "a", "", ""),
    ("time -p", "", "time -p ", "a", "", ""),
    ("time in parts", "", "ti\\\nme ", "a", "", ""),
    ("time in groups", "", "time { ", "a", "; }", ""),
    ("coproc", "", "coproc ", "a", "", ""),
    ("coproc with a name", "", "coproc A { ", "a", "; }", ""),
    ("negations", "", "! ", "a", "", ""),
    ("substitutions", "echo ", "$(", "a", ")", ""),
    ("open substitutions", "echo ", "$(", "a", "", ""),
    ("quoted substitutions", "echo ", "\"$(", "a", ")\"", ""),
    ("processes", "a ", "<(", "a", ")", ""),
    ("backticks", "echo ", "`", "a", "", ""),
    ("groups", "", "{ ", "a", "; }", ""),
    ("subshells", "", "( ", "a", " )", ""),
    ("if", "", "if a; then ", "b", "; fi", ""),
    ("if in conditions", "", "if ", "a", "; then b; fi", ""),
    ("open if", "", "if ", "a", "", ""),
    ("elif", "if a; then b; ", "elif a; then b; ", "", "", "fi"),
    ("else", "", "if a; then b; else ", "b", "; fi", ""),
    ("while", "", "while a; do ", "b", "; done", ""),
    ("until", "", "until ", "a", "; do b; done", ""),
    ("for", "", "for i in a; do ", "b", "; done", ""),
    ("select", "", "select i in a; do ", "b", "; done", ""),
    ("case", "", "case a in b) ", "c", " ;; esac", ""),
    ("patterns of a case", "case a in ", "a|", "a", "", ") b;; esac"),
    ("items of a case", "case a in ", "a) b ;; ", "", "", "esac"),
    ("negated tests", "[[ ", "! ", "a", "", " ]]"),
    ("tests in brackets", "[[ ", "( ", "a", " )", " ]]"),
    ("tests in a row", "[[ ", "a && ", "a", "", " ]]"),
    ("arithmetic in brackets", "echo $((", "(", "1", ")", "))"),
    ("arithmetic signs", "echo $((", "- ", "1", "", "))"),
    ("arithmetic choices", "echo $((", "1?1:", "1", "", "))"),
    ("arithmetic powers", "echo $((", "1**", "1", "", "))"),
    ("arithmetic indices", "echo $((", "a[", "1", "]", "))"),
    ("defaults", "echo ", "${a:-", "b", "}", ""),
    ("quoted defaults", "echo ", "\"${a:-", "b", "}\"", ""),
    ("replacements", "echo ", "${a//b/", "c", "}", ""),
    ("functions", "", "f() { ", "a", "; }", ""),
    ("function names", "", "f() ", "{ a; }", "", ""),
    ("and", "", "a && ", "a", "", ""),
    ("pipes", "", "a | ", "a", "", ""),
    ("lists", "", "a ; ", "a", "", ""),
    ("redirections", "a ", "> b ", "", "", ""),
    ("heredocs", "a ", "<<E ", "", "\nE", "\n"),
    ("braces in a row", "rm -rf /", "{a,b}", "", "", ""),
    ("braces with blanks", "rm -rf /", "{a,' '}", "", "", ""),
    ("braces", "echo ", "{a,", "b", "}", ""),
    ("alternatives", "echo ", "@(a|", "b", ")", ""),
    ("wildcards", "echo ", "?", "", "", ""),
    ("words with wildcards", "echo ", "???? ", "", "", ""),
    ("assignments", "", "a=b ", "c", "", ""),
    ("arrays", "", "a=(", "", ")", ""),
    ("find in find", "", "find -exec ", "a", "", ""),
    ("actions of find", "find . ", "-exec a \\; ", "", "", ""),
    ("env", "", "env A=b ", "a", "", ""),
    ("eval", "", "eval ", "a", "", ""),
    ("sh -c", "", "sh -c ", "a", "", ""),
    ("quoted time", "sh -c '", "time ", "a", "", "'"),
];

/// A Dockerfile with a construct so many times.
pub(crate) fn script((_, start, open, middle, close, end): &Construct, n: usize) -> String {
    let (open, close) = (open.repeat(n), close.repeat(n));
    // A heredoc keeps its lines.
    format!("FROM debian:12\nRUN <<EOF\n{start}{open}{middle}{close}{end}\nEOF\n")
}

/// Parts of Dockerfiles that are repeated: what is before, and the part.
const PARTS: &[(&str, &str)] = &[
    ("", "\0"),
    ("", "\u{feff}"),
    ("", "\r"),
    ("", "FROM a\rRUN b\r\n"),
    ("", "# escape=`\n"),
    ("", "# syntax=a\n"),
    ("", "# check=skip=all;error=true\n"),
    ("", "# hadolint global ignore=DL3008,DL3009\n"),
    ("", "# layerwise file-ignore=ALL\n"),
    ("FROM a\n", "# hadolint ignore=DL3008\nRUN apt-get install a\n"),
    ("FROM a\nRUN a", " \\\n"),
    ("FROM a\nRUN a", " \\\n# b"),
    ("FROM a\nRUN ", "<<E "),
    ("FROM a\n", "RUN <<E\n"),
    ("FROM a\nCOPY <<E /a\n", "${a:-$b}\n"),
    ("FROM a\nENV A=", "${a:-"),
    ("FROM a\nENV A=", "\"${a:-"),
    ("FROM a\nENV A=", "${a//b/"),
    ("FROM a\nENV A=aaaaaaaa\n", "ENV A=$A$A\n"),
    ("FROM a\nENV A=a\n", "ENV A=${A//a/aa}\n"),
    ("ARG A=aaaaaaaa\n", "ARG A=$A$A\n"),
    ("FROM a\nCMD ", "["),
    ("FROM a\nCMD [\"", "\\ud800"),
    ("FROM a\n", "ONBUILD "),
    ("FROM a\n", "::error::a\n##vso[task.complete]b\n"),
    ("FROM a\n", "RUN \u{1b}[31m\u{202e}a\u{200b}\n"),
    ("FROM a\n", "[x](//e.io)<b>`a`|]]></a>\n"),
    ("FROM a\n", "EXPOSE 1-65535 a/b/c\n"),
    ("", "FROM a AS b\nCOPY --from=b /a /b\n"),
    ("FROM a\n", "COPY . .\nRUN npm ci\n"),
    ("FROM a\n", "ADD a b c ../../d http://e /f\n"),
    ("FROM a\n", "RUN --mount=type=cache,target=/a,target=/b c\n"),
    ("FROM a\n", "LABEL a=\"b\n"),
    ("FROM a\n", "HEALTHCHECK --interval=1 NONE\n"),
    ("FROM a\n", "USER $A:$B\nWORKDIR $A/$B\nVOLUME $A\n"),
    ("FROM a\n", "ENV TOKEN=abcdefgh\nRUN echo $TOKEN\n"),
    ("", "foo bar\n"),
    ("", "{{ a }}\n"),
    ("", "<<<<<<< a\n=======\n>>>>>>> b\n"),
];

/// Dockerfiles of a few kilobytes, each with its name.
pub(crate) fn dockerfiles() -> Vec<(String, Vec<u8>)> {
    let scripts = CONSTRUCTS.iter().map(|it| (it.0.to_owned(), script(it, 90).into_bytes()));
    let parts = PARTS.iter().map(|(start, part)| {
        (format!("{start:?} {part:?}"), format!("{start}{}", part.repeat(90)).into_bytes())
    });
    let odd = [
        ("nothing", Vec::new()),
        ("all bytes", (0..=255).cycle().take(4096).collect()),
        ("no UTF-8", b"FROM a\nRUN b \xff\xfe\xc0\x80\n".repeat(90)),
        ("UTF-16", "FROM a\nRUN b\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("a program", [b"\x7fELF".to_vec(), vec![0; 4096]].concat()),
        ("a long line", [b"FROM a\nRUN ".to_vec(), vec![b'a'; 1 << 16]].concat()),
    ];
    let odd = odd.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    scripts.chain(parts).chain(odd).collect()
}
