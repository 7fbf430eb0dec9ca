//! From histories, as each builder writes them, to the lines of the Dockerfile.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::archives::{Picture, Tar};
use common::{folder, layerwise, run};
use serde_json::Value;

/// A layer with one file.
fn layer(path: &str) -> Vec<u8> {
    Tar::new().file(path, path.as_bytes()).end()
}

/// What `measure --image` says of a history; steps that start with `-` make no layer, the others one with the path after
/// `@`.
fn measure(dockerfile: &str, comment: &str, steps: &[&str]) -> (i32, Value, String) {
    let mut picture = Picture::new(Vec::new());
    picture.comment = comment.to_owned();
    picture.steps.clear();
    for step in steps {
        let (text, path) = step.split_once('@').unwrap_or((step, "x"));
        picture.steps.push(text.to_owned());
        if !text.starts_with('-') {
            picture.layers.push(layer(path));
        }
    }
    let work = folder(&[
        ("Dockerfile", dockerfile.as_bytes().to_vec()),
        ("x.tar", picture.docker_archive()),
    ]);
    let arguments = ["measure", "--no-config", "--image", "x.tar", "--format", "json"];
    let (code, out, err) = run(layerwise(work.path()).args(arguments));
    (code, serde_json::from_str(&out).unwrap_or_default(), err)
}

/// Line, end line and confidence of each layer; none for the base.
fn lines(dockerfile: &str, comment: &str, steps: &[&str]) -> Vec<Option<(u64, u64, String)>> {
    let (code, report, err) = measure(dockerfile, comment, steps);
    assert_eq!(code, 0, "{err}");
    let layers = report["images"][0]["layers"].as_array().unwrap().iter();
    let line = |it: &Value| {
        let at = &it["instruction"];
        let text = at["confidence"].as_str()?.to_owned();
        Some((at["line"].as_u64().unwrap(), at["end_line"].as_u64().unwrap(), text))
    };
    layers.map(line).collect()
}

fn at(line: u64, confidence: &str) -> Option<(u64, u64, String)> {
    Some((line, line, confidence.to_owned()))
}

#[test]
fn heredocs_are_known_by_their_bodies() {
    let text = "FROM debian:12\nRUN <<EOF\nset -e\nmake all\nEOF\nCOPY <<one /etc/one\ntext\none\nRUN make\n";
    let steps = [
        "ADD rootfs / @bin",
        "-CMD [\"bash\"]",
        "RUN /bin/sh -c set -e\nmake all\n # buildkit@a",
        "COPY <<one /etc/one # buildkit@etc/one",
        "RUN /bin/sh -c make # buildkit@b",
    ];
    let range = Some((2, 5, "exact".to_owned()));
    let copied = Some((6, 8, "exact".to_owned()));
    assert_eq!(
        lines(text, "buildkit.dockerfile.v0", &steps),
        [None, range, copied, at(9, "exact")]
    );
}

#[test]
fn variables_and_flags_do_not_hide_a_line() {
    let text = "FROM debian:12\nARG DIR=/srv\nENV NAME=web\nWORKDIR $DIR/$NAME\nCOPY --chown=1:1 --link a b $DIR/data/\nRUN --mount=type=cache,target=/c make $NAME\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN a | b\n";
    let steps = [
        "ADD rootfs /@bin",
        "-ARG DIR=/srv",
        "-ENV NAME=web",
        "WORKDIR /srv/web@srv/web",
        "COPY --chown=1:1 a b /srv/data/ # buildkit@srv/data/a",
        "RUN |1 DIR=/srv /bin/sh -c make $NAME # buildkit@x",
        "-SHELL [/bin/bash -o pipefail -c]",
        "RUN |1 DIR=/srv /bin/bash -o pipefail -c a | b # buildkit@y",
    ];
    let found = lines(text, "buildkit.dockerfile.v0", &steps);
    // WORKDIR makes directories alone: the layer has a file.
    let expected = [None, at(4, "content"), at(5, "normalised"), at(6, "exact"), at(8, "exact")];
    assert_eq!(found, expected);
}

#[test]
fn like_steps_of_the_base_and_of_the_file_are_told_apart() {
    let text = "FROM debian:12\nRUN apt-get update\nRUN make\nCMD [\"bash\"]\n";
    let steps = [
        "/bin/sh -c #(nop) ADD file:abc in / @bin",
        "/bin/sh -c apt-get update@old",
        "-/bin/sh -c #(nop)  CMD [\"bash\"]",
        "/bin/sh -c apt-get update@new",
        "/bin/sh -c make@x",
        "-/bin/sh -c #(nop)  CMD [\"bash\"]",
    ];
    assert_eq!(lines(text, "", &steps), [None, None, at(2, "exact"), at(3, "exact")]);
}

#[test]
fn neighbours_that_are_alike_keep_their_order() {
    let text = "FROM scratch\nCOPY a /a\nRUN make\nRUN make\nRUN make\n";
    let steps = [
        "/bin/sh -c #(nop) COPY file:1 in /a @a",
        "/bin/sh -c make@1",
        "-/bin/sh -c make",
        "/bin/sh -c make@2",
    ];
    assert_eq!(lines(text, "", &steps), [at(2, "normalised"), at(3, "exact"), at(5, "exact")]);
}

#[test]
fn triggers_of_the_base_stand_at_from() {
    let text = "FROM app:onbuild\nRUN make\nCMD [\"x\"]\n";
    let steps = [
        "/bin/sh -c #(nop) ADD file:abc in / @bin",
        "-/bin/sh -c #(nop)  CMD [\"bash\"]",
        "/bin/sh -c #(nop) COPY dir:1 in /usr/src@usr/src/a",
        "/bin/sh -c make@x",
        "-/bin/sh -c #(nop)  CMD [\"x\"]",
    ];
    let found = lines(text, "", &steps);
    // Without a sign of where the base ends the trigger is the base's.
    assert_eq!(found, [None, None, at(2, "exact")]);
    let mut picture = Picture::new(vec![layer("bin"), layer("usr/src/a"), layer("x")]);
    picture.steps = [steps[0], steps[2], steps[3], steps[4]]
        .map(|it| it.split('@').next().unwrap().to_owned())
        .to_vec();
    let base = Picture::new(vec![layer("bin")]);
    let work = folder(&[
        ("Dockerfile", text.as_bytes().to_vec()),
        ("x.tar", picture.docker_archive()),
        ("base.tar", base.docker_archive()),
    ]);
    let arguments = ["measure", "--image", "x.tar", "--base", "base.tar", "--format", "json"];
    let (code, out, err) = run(layerwise(work.path()).args(arguments));
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let at = &report["images"][0]["layers"][1]["instruction"];
    assert_eq!(
        (&at["line"], &at["keyword"], &at["confidence"]),
        (&1.into(), &"FROM".into(), &"positional".into())
    );
}

#[test]
fn a_line_that_was_edited_is_still_near() {
    let text = "FROM scratch\nCOPY a /a\nRUN apt-get update && apt-get install -y curl jq\nRUN make\nRUN ldconfig\n";
    let steps = [
        "COPY a /a # buildkit@a",
        "RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit@1",
        "RUN /bin/sh -c make # buildkit@2",
        "RUN /bin/sh -c ldconfig # buildkit@3",
    ];
    let expected = [at(2, "exact"), at(3, "positional"), at(4, "exact"), at(5, "exact")];
    assert_eq!(lines(text, "buildkit.dockerfile.v0", &steps), expected);
}

#[test]
fn an_image_of_another_file_is_refused() {
    let text = "FROM debian:12\nRUN make\nCOPY a /a\nRUN strip /a\nCMD [\"/a\"]\n";
    let steps = [
        "/bin/sh -c #(nop) ADD file:abc in / @bin",
        "/bin/sh -c npm ci@x",
        "/bin/sh -c #(nop) COPY dir:1 in /app @app/x",
        "-/bin/sh -c #(nop)  CMD [\"node\"]",
    ];
    let (code, _, err) = measure(text, "", &steps);
    assert_eq!(code, 2);
    assert!(
        err.contains(
            "error: x.tar: this image was not built from Dockerfile: its history contains"
        ),
        "{err}"
    );
}

#[test]
fn secrets_of_a_history_are_not_printed() {
    let text = "FROM scratch\nARG TOKEN\nENV DB_PASSWORD=$TOKEN\nCOPY a /a\nRUN curl -H \"Authorization: Bearer $TOKEN\" x\n";
    let steps = [
        "-ARG TOKEN=hunter2-hunter2",
        "-ENV DB_PASSWORD=hunter2-hunter2",
        "COPY a /a # buildkit@a",
        "RUN |1 TOKEN=hunter2-hunter2 /bin/sh -c curl -H \"Authorization: Bearer $TOKEN\" x # buildkit@b",
    ];
    let (code, report, err) = measure(text, "buildkit.dockerfile.v0", &steps);
    assert_eq!(code, 0, "{err}");
    assert!(!report.to_string().contains("hunter2"), "{report}");
    let mut picture = Picture::new(vec![layer("a"), layer("b")]);
    picture.steps = steps.map(|it| it.split('@').next().unwrap().to_owned()).to_vec();
    let work = folder(&[("x.tar", picture.docker_archive())]);
    for format in ["text", "json", "markdown"] {
        let (_, out, _) = run(layerwise(work.path()).args(["image", "x.tar", "--format", format]));
        assert!(out.contains("curl") && !out.contains("hunter2"), "{out}");
    }
}
