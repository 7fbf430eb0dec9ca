//! Inputs that once took minutes or gigabytes, each with relatives: every answer comes in time, and the file next to it is
//! checked as always.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::folder;
use common::hostile::{BESIDE, fault};

/// A kind of input: what it is, and Dockerfiles of that kind, each as what is before, what is repeated how often, and what
/// is behind; `#` in what is repeated counts.
type Kind = (&'static str, &'static [(&'static str, &'static str, usize, &'static str)]);

const KINDS: &[Kind] = &[
    (
        "patterns of paths",
        &[
            (
                "COPY x.tar /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN rm -rf /",
                "*a",
                40,
                "*b*\n",
            ),
            ("COPY x /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nRUN rm /", "?*", 40, "b\n"),
            ("COPY a /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b\nRUN rm -r /", "**a", 30, "*c\n"),
            ("COPY ", "*a", 60, "b /c\n"),
            ("COPY --exclude=", "*a*/", 60, "b . /c\n"),
        ],
    ),
    (
        "values that double",
        &[
            ("ENV A=aaaaaaaaaa\n", "ENV A=$A$A\n", 60, "RUN echo $A\n"),
            ("ARG A0=aa\n", "ARG A=${A0}${A0}\nARG A0=$A$A\n", 60, "ENV B=$A\n"),
            ("ENV B=a\n", "ENV B=${B//a/aa}\n", 60, "WORKDIR /$B\n"),
            ("ENV A=a\n", "ENV A=${C:-$A$A} B=${A:+$A$A}\n", 60, "EXPOSE $A\n"),
            ("RUN A=a", "; A=$A$A; B=${A//a/aa}", 60, "; cd $A; rm -rf $A/$B\n"),
            ("ENV A=/a/b\n", "WORKDIR $A$A\nENV A=$A$A\n", 60, "COPY $A $A\n"),
            // What is too long to be known is a value like any other.
            ("ENV A=aaaaaaaaaa\n", "ENV A=$A$A\n", 27, "COPY a $A\nFROM $A\n"),
        ],
    ),
    (
        "values of the shell that double",
        &[
            ("RUN : ${A:=aaaaaaaaaa}", "; : ${B:=$A$A}; : ${A:=$B$B}", 30, "; cd $A; rm -rf $A\n"),
            ("RUN : ${A=aa}", " ${B=$A$A} \"${A=$B$B}\"", 40, "; rm $A\n"),
            ("RUN A=a", "; A[0]=$A$A", 60, "; rm -rf $A/b\n"),
            ("RUN A=a", "; declare A[b]+=\"$A$A\"", 60, "; rm -rf $A/b\n"),
            ("RUN A=a", "; A[ B=0 ]=$A$A", 60, "; rm -rf $A/b\n"),
            ("RUN A=a", "; B[A[0]]=$A$A; A=$B", 60, "; rm -rf $A/b\n"),
            ("RUN A=a", "; A=($A $A); A+=( \"${A[@]}\" )", 60, "; rm -rf $A/b\n"),
            ("RUN A=a", "; for A in $A$A; do read A <<< $A$A; done", 40, "; rm -rf $A/b\n"),
        ],
    ),
    (
        "nested variables",
        &[
            ("ENV A=", "${a:-", 3000, "b\n"),
            ("COPY a /", "\"${a:+", 3000, "\n"),
            ("LABEL a=", "${a//b/", 3000, "\n"),
            ("RUN echo ", "\"${a:-", 60, "b\n"),
            ("", "RUN echo ${a//b/${a//b/${a//b/${a//b/${a//b/${a//b/c}}}}}}\n", 60, ""),
        ],
    ),
    (
        "pairs that rules compare",
        &[
            ("", "COPY . .\nRUN go build\n", 300, ""),
            ("", "COPY a# .\nRUN npm ci\nRUN npm run build\n", 150, ""),
            ("", "RUN pip install x#\n", 300, ""),
            ("", "FROM a AS s#\nRUN b\nRUN tar xf a#.tar\n", 200, ""),
            ("", "RUN --mount=type=cache,target=/a# b\n", 200, ""),
        ],
    ),
    (
        "reports of much",
        &[
            ("LABEL", " A#=b", 1500, "\n"),
            ("", "LABEL A#=b\n", 1000, ""),
            ("", "EXPOSE a#\n", 1000, ""),
            ("", "foo# bar\n", 2000, ""),
            ("RUN a", " \\\n\n", 1500, " b\n"),
        ],
    ),
    (
        "commands in commands",
        &[
            ("RUN find ", "-exec find ", 3000, "\n"),
            ("RUN ", "sh -c ", 3000, "a\n"),
            ("RUN ", "sudo env A=b xargs ", 1000, "a\n"),
            ("RUN find .", " -exec a {} \\;", 1500, "\n"),
        ],
    ),
    (
        "comments that suppress",
        &[
            ("# layerwise ignore=DL3008", ",DL#", 3000, "\nRUN sudo a\n"),
            ("", "# hadolint global ignore=DL#\n", 1000, "RUN sudo a\n"),
            ("", "# layerwise stage-ignore=DL3008\n", 1000, "FROM a\nRUN sudo b\nRUN sudo c\n"),
            ("# check=skip=A", ",B#", 3000, "\nRUN sudo a\n"),
        ],
    ),
];

#[test]
fn every_answer_comes_in_time() {
    let mut faults = Vec::new();
    for (kind, texts) in KINDS {
        assert!(texts.len() >= 4, "{kind}");
        for (number, (start, part, count, end)) in texts.iter().enumerate() {
            // Comments keep their sign.
            let (sign, part) = part.split_at(usize::from(part.starts_with('#')));
            let part = |it: usize| sign.to_owned() + &part.replace('#', &it.to_string());
            let parts: String = (0..*count).map(part).collect();
            let text = format!("FROM debian:12\n{start}{parts}{end}");
            let folder = folder(&[("a.Dockerfile", &*text), BESIDE]);
            for format in ["full", "sarif", "concise"] {
                faults.extend(
                    fault(&folder, format, &["."]).map(|it| format!("{kind} {number} {it}")),
                );
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
