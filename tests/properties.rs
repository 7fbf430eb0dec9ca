//! Whatever the bytes are, no analysis panics and every place of a finding is in the file.

use layerwise::config::Settings;
use layerwise::lint::{Options, Profile, Selection, Selector};
use layerwise::session::{self, Checked};
use layerwise::source::{Source, Span};
use proptest::prelude::*;

fn settings() -> Settings {
    let selection = Selection { select: vec![Selector::All], ..Selection::default() };
    Settings {
        lint: Options { profile: Profile::Audit, selection, ..Options::default() },
        ..Settings::default()
    }
}

fn places_are_good(checked: &Checked) -> Result<(), TestCaseError> {
    let text = &checked.source.text;
    let good = |span: Span| {
        span.start <= span.end
            && text.is_char_boundary(span.start as usize)
            && text.is_char_boundary(span.end as usize)
    };
    for finding in &checked.findings {
        prop_assert!(good(finding.span), "{}: {:?} in {text:?}", finding.meta.code, finding.span);
        for label in &finding.labels {
            prop_assert!(
                good(label.span),
                "{}: label {:?} in {text:?}",
                finding.meta.code,
                label.span
            );
        }
    }
    let starts: Vec<u32> = checked.findings.iter().map(|it| it.span.start).collect();
    prop_assert!(starts.is_sorted());
    Ok(())
}

/// Pieces that Dockerfiles are made of, put together without sense.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "FROM",
        "RUN",
        "COPY",
        "ADD",
        "ENV",
        "ARG",
        "LABEL",
        "CMD",
        "ENTRYPOINT",
        "WORKDIR",
        "USER",
        "EXPOSE",
        "VOLUME",
        "HEALTHCHECK",
        "ONBUILD",
        "SHELL",
        "STOPSIGNAL",
        "MAINTAINER",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\\\n",
        "\\ \n",
        "`",
        "\t",
        "# ",
        "#!",
        "\"",
        "'",
        "[",
        "]",
        "[\"a\"]",
        ",",
        "=",
        ":",
        "$",
        "${",
        "${A:-",
        "}",
        "$(",
        ")",
        "<<EOF",
        "\nEOF\n",
        "<<-'E'",
        "--from=a",
        "--mount=type=cache,target=/x",
        "--platform=$BUILDPLATFORM",
        "AS",
        "a",
        "debian:12",
        "alpine:latest",
        "apt-get install -y curl",
        "apt-get update",
        "pip install x",
        "npm ci",
        "cd /x",
        "rm -rf /x",
        "&&",
        "||",
        ";",
        "|",
        "&",
        "if",
        "then",
        "fi",
        "for i in",
        "do",
        "done",
        "case",
        "esac",
        "{",
        "sudo",
        "# escape=`\n",
        "# check=skip=all\n",
        "# hadolint ignore=DL3008\n",
        "# layerwise ignore=LW1\n",
        "http://x/y.tar.gz",
        "/a/b",
        ".",
        "*",
        "ñ",
        "日本",
        "\u{feff}",
        "\u{1}",
        "\0",
        "\u{1A}",
    ];
    prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => ".{0,6}"]
}

/// Instructions that mostly make sense.
fn instruction() -> impl Strategy<Value = String> {
    let keyword =
        prop::sample::select(&["FROM", "RUN", "COPY", "ENV", "ARG", "CMD", "ADD", "LABEL"][..]);
    (keyword, prop::collection::vec(piece(), 0..8))
        .prop_map(|(keyword, pieces)| format!("{keyword} {}\n", pieces.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces(pieces in prop::collection::vec(piece(), 0..40)) {
        places_are_good(&session::check(Source::new("Dockerfile", pieces.concat()), &settings()))?;
    }

    #[test]
    fn instructions(instructions in prop::collection::vec(instruction(), 1..10)) {
        let text = format!("FROM debian\n{}", instructions.concat());
        places_are_good(&session::check(Source::new("Dockerfile", text), &settings()))?;
    }

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        places_are_good(&session::check(Source::from_bytes("Dockerfile", bytes), &settings()))?;
    }
}
