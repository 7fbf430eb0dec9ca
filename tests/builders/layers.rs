//! Layers, their lines and their sizes.

use super::*;

/// Each step writes a file of a size that no other has, so that the layers tell where they come from.
pub(super) const FILE: &str = r#"ARG TAG=1
FROM localhost/base:${TAG} AS tools
ARG V=7
RUN dd if=/dev/zero of=/tool bs=1001 count=1

FROM localhost/base:1 AS common
ENV MODE=a NAME="two words"
WORKDIR /srv
COPY one ./data/
# a comment
FROM common
ARG TOKEN
LABEL a.b="c d" e=f
COPY --from=tools /tool /opt/tool
RUN dd if=/dev/zero of=/srv/two bs=1003 count=1 \
 # a comment inside
 && echo $MODE \

 && true
RUN ["/bin/dd", "if=/dev/zero", "of=/srv/three", "bs=1004", "count=1"]
EXPOSE 80
WORKDIR sub/folder
ADD tree .
RUN dd if=/dev/zero of=/srv/again bs=1006 count=1
RUN true
USER root
CMD ["sh", "-c", "true"]
"#;

/// The line of the step that writes a file of that size.
pub(super) const LINES: &[(u64, u64)] =
    &[(1002, 9), (1001, 14), (1003, 15), (1004, 20), (1005, 23), (1006, 24)];

pub(super) fn context() -> tempfile::TempDir {
    folder(&[
        ("Dockerfile", FILE.to_owned()),
        ("one", "x".repeat(1002)),
        ("tree/a/five", "y".repeat(1005)),
    ])
}

pub(super) fn every_builder_s_layers_are_given_their_lines(engines: &Engines) {
    let context = context();
    for (name, options) in engines.builders() {
        let arguments =
            [&["--engine", name, "--build-arg", "TOKEN=hunter2-hunter2"], options].concat();
        let report = engines.measure(context.path(), &arguments);
        let text = report.to_string();
        assert!(!text.contains("hunter2"), "{name}: the output contains a build argument");
        let image = &report["images"][0];
        assert_eq!(image["base"]["layers"], 1, "{name}");
        let mut found = BTreeMap::new();
        for layer in image["layers"].as_array().unwrap().iter().skip(1) {
            let files = layer["size"]["files"].as_u64().unwrap();
            let at = &layer["instruction"];
            assert_eq!(at["file"], "Dockerfile", "{name}: {layer}");
            if files > 0 && files < 2000 {
                found.insert(files, at["line"].as_u64().unwrap());
            } else if at["keyword"] == "WORKDIR" {
                assert!(matches!(at["line"].as_u64(), Some(8 | 22)), "{name}: {layer}");
            } else {
                // What a RUN leaves of its mounts.
                assert_eq!(
                    (&at["keyword"], &at["line"]),
                    (&Value::from("RUN"), &Value::from(25)),
                    "{name}: {layer}"
                );
            }
            let sure = at["confidence"].as_str().unwrap();
            assert!(matches!(sure, "exact" | "normalised"), "{name}: {layer}");
        }
        assert_eq!(found, LINES.iter().copied().collect(), "{name}");
        let lines = image["layers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["size"]["files"] == 1003)
            .unwrap();
        assert_eq!(lines["instruction"]["end_line"], 19, "{name}");
    }
}

pub(super) fn sizes_are_those_that_the_engines_report(engines: &Engines) {
    let context = context();
    let files = |image: &Value| -> Vec<u64> {
        image["layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["size"]["files"].as_u64().unwrap())
            .collect()
    };
    for (kind, tag) in [("1", "localhost/buildkit:1"), ("0", "localhost/classic:1")] {
        if engines.docker.is_none() {
            continue;
        }
        let build = ["build", "--quiet", "--network", "host", "--tag", tag, "."];
        let mut command = engines.try_command("docker");
        let output = command
            .env("DOCKER_BUILDKIT", kind)
            .args(build)
            .current_dir(context.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report = engines.measure(context.path(), &["--image", &format!("docker://{tag}")]);
        let image = &report["images"][0];
        let history = engines.command(
            "docker",
            &["history", "--human=false", "--no-trunc", "--format", "{{.Size}}", tag],
        );
        let mut expected: Vec<u64> =
            history.lines().map(|it| it.trim().parse().unwrap()).filter(|it| *it > 0).collect();
        expected.reverse();
        let found: Vec<u64> = files(image).into_iter().filter(|it| *it > 0).collect();
        assert_eq!(found, expected, "{tag}");
        let size =
            engines.command("docker", &["image", "inspect", "--format", "{{.Size}} {{.Id}}", tag]);
        let (size, id) = size.trim().split_once(' ').unwrap();
        assert_eq!(
            (image["size"]["files"].to_string().as_str(), image["id"].as_str().unwrap()),
            (size, id)
        );
        let ids = engines
            .command("docker", &["image", "inspect", "--format", "{{json .RootFS.Layers}}", tag]);
        let ids: Vec<String> = serde_json::from_str(&ids).unwrap();
        let found: Vec<&str> = image["layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["diff_id"].as_str().unwrap())
            .collect();
        assert_eq!(found, ids);
    }
    if !engines.has_buildah {
        return;
    }
    let tag = "localhost/buildah:1";
    engines.command(
        "buildah",
        &["bud", "--quiet", "--layers", "--tag", tag, &context.path().to_string_lossy()],
    );
    let report =
        engines.measure(context.path(), &["--image", &format!("containers-storage:{tag}")]);
    let image = &report["images"][0];
    // The store keeps the size of each layer's tar.
    let text = std::fs::read_to_string(
        engines.path(&format!("store/{}-layers/layers.json", engines.driver)),
    )
    .unwrap();
    let stored: Value = serde_json::from_str(&text).unwrap();
    for layer in image["layers"].as_array().unwrap() {
        let of_store = stored
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["diff-digest"] == layer["diff_id"])
            .unwrap();
        assert_eq!(of_store["diff-size"], layer["size"]["tar"]);
    }
    // And a layout that of each blob.
    let layout = engines.path("layout");
    engines.command("buildah", &["push", "--quiet", tag, &format!("oci:{}:x", layout.display())]);
    let report =
        engines.measure(context.path(), &["--image", &format!("oci:{}", layout.display())]);
    let layers = report["images"][0]["layers"].as_array().unwrap();
    for layer in layers {
        let hex = layer["digest"].as_str().unwrap().trim_start_matches("sha256:");
        let blob = std::fs::metadata(layout.join("blobs/sha256").join(hex)).unwrap();
        assert_eq!(layer["size"]["compressed"], blob.len());
    }
    assert_eq!(layers.len(), image["layers"].as_array().unwrap().len());
}

pub(super) fn images_in_one_layer_are_given_a_range_of_lines(engines: &Engines) {
    if !engines.has_buildah {
        return;
    }
    let context = context();
    let place = context.path().to_string_lossy();
    for (options, tag) in
        [(&["--layers=false"][..], "localhost/one:1"), (&["--squash"], "localhost/squashed:1")]
    {
        let arguments = [&["bud", "--quiet", "--tag", tag], options, &[&*place]].concat();
        engines.command("buildah", &arguments);
        let report =
            engines.measure(context.path(), &["--image", &format!("containers-storage:{tag}")]);
        let layers = report["images"][0]["layers"].as_array().unwrap();
        let ranges: Vec<(u64, u64)> = layers
            .iter()
            .map(|it| &it["instruction"])
            .filter(|it| !it.is_null())
            .map(|it| (it["line"].as_u64().unwrap(), it["end_line"].as_u64().unwrap()))
            .collect();
        // Each stage is a layer; the folder of WORKDIR comes with the layer above it. Squashed, even the base goes in.
        let expected: &[_] = if tag.contains("one") { &[(9, 9), (14, 25)] } else { &[(14, 25)] };
        assert_eq!(ranges, expected, "{options:?}");
    }
    let other = folder(&[(
        "Dockerfile",
        "FROM localhost/base:1\nCOPY x /x\nRUN make all\nRUN make install\n",
    )]);
    let (code, out, err) = engines
        .layerwise(other.path(), &["measure", "--image", "containers-storage:localhost/one:1"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("this image was not built from ./Dockerfile")
            || err.contains("this image was not built from Dockerfile"),
        "{err}"
    );
}

pub(super) fn the_nine_ways_to_waste_are_seen_in_real_images(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let big = "0123456789abcdef".repeat(20_000);
    let cases: &[(&str, &str)] = &[
        ("RUN rm /data/big", "W1"),
        ("RUN rm -r /data", "W1"),
        ("RUN chmod 700 /data/big", "W3"),
        ("RUN mv /data/big /data/new", "W4"),
        ("RUN mv /data /new", "W4"),
        ("RUN rm -r /data && mkdir /data", "W1"),
        ("RUN rm -r /data && echo text > /data", "W1"),
        ("COPY big /copy/big", "W8"),
        ("CMD [\"true\"]", ""),
    ];
    for (second, class) in cases {
        let text = format!("FROM localhost/base:1\nCOPY big /data/big\n{second}\n");
        let context = folder(&[("Dockerfile", &text), ("big", &big)]);
        let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
        let report = engines.measure(context.path(), &[&["--engine", name], options].concat());
        let waste = &report["images"][0]["waste"];
        let items = waste["items"].as_array().unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|it| (it["class"].as_str().unwrap(), it["bytes"].as_u64().unwrap()))
            .collect();
        let expected = if class.is_empty() { Vec::new() } else { vec![(*class, big.len() as u64)] };
        assert_eq!(found, expected, "{second}");
        assert_eq!(waste["bytes"], expected.iter().map(|it| it.1).sum::<u64>(), "{second}");
        // The findings are on the line that should change.
        let code = format!("LM{:03}", class.trim_start_matches('W').parse::<u32>().unwrap_or(0));
        let all = report["findings"].as_array().unwrap();
        let lm = all.iter().find(|it| it["code"] == code.as_str());
        if big.len() >= 1_000_000 && !class.is_empty() {
            assert_eq!(lm.unwrap()["impact"]["bytes"], big.len(), "{second}");
        }
    }
}

/// What is built by us and by an engine: what comes before the instruction, and it.
pub(super) const COPIES: &[&str] = &[
    "COPY a.txt /",
    "COPY a.txt /x/y/",
    "COPY a.txt /x/y",
    "COPY d /d",
    "COPY d /d/",
    "COPY d/ .",
    "COPY . /all",
    "COPY a.txt b.txt /two/",
    "COPY *.txt /w/",
    "COPY d* /w/",
    "COPY ?.txt é.txt /w/",
    "COPY toplink /tl",
    "COPY topdir /td",
    "COPY d/sub /d/sub2/",
    "COPY empty /empty",
    "COPY long /long",
    "COPY d/one d/hard /hl/",
    "COPY [\"spaced name\", \"/sp/\"]",
    "COPY --chown=7:8 d /d",
    "COPY --chown=7 a.txt /q",
    "COPY --chown=7:8 a.txt /x/y/",
    "COPY --chmod=640 a.txt /m/",
    "COPY --chmod=750 d /m",
    "COPY a.txt /etc/",
    "COPY a.txt b.txt /etc/sub/",
    "COPY d /etc",
    "COPY a.txt /etc/passwd",
    "COPY empty /etc/new",
    "COPY a.txt /tmp",
    "ADD t.tar /t/",
    "ADD t.tar.gz /t/",
    "ADD t.tar /etc",
    "ADD a.txt /t/",
    "ADD --chown=7:8 t.tar /t/",
    "COPY t.tar /t/",
    "COPY ignored /i/",
    "ENV TO=/env\nCOPY a.txt ${TO}/b.txt",
    "WORKDIR /etc\nCOPY a.txt ./x/",
];

/// A context with all that can be in one.
pub(super) fn things() -> tempfile::TempDir {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let name = "n".repeat(120);
    let long = format!("long/{name}");
    let work = folder(&[
        ("d/one", "one\n"),
        ("d/sub/two", "two\n"),
        ("d/sub/deep/x", "deep\n"),
        ("a.txt", "a\n"),
        ("b.txt", "b\n"),
        ("é.txt", "é"),
        ("spaced name", "s"),
        ("ignored/yes/no", "1"),
        ("ignored/yes/kept.md", "2"),
        ("ignored/log.tmp", "3"),
        (".dockerignore", "**/*.tmp\nignored/yes\n!ignored/yes/kept.md\nDockerfile*\n"),
        (&long, "l"),
    ]);
    let place = |it: &str| work.path().join(it);
    for (path, mode) in
        [("d/one", 0o600), ("d/sub", 0o750), ("d/sub/two", 0o755), ("d/sub/deep", 0o700)]
    {
        std::fs::set_permissions(place(path), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    std::fs::create_dir(place("empty")).unwrap();
    symlink("one", place("d/link")).unwrap();
    symlink("sub", place("d/dirlink")).unwrap();
    symlink("d/one", place("toplink")).unwrap();
    symlink("d", place("topdir")).unwrap();
    std::fs::hard_link(place("d/one"), place("d/hard")).unwrap();
    let tar = |arguments: &[&str]| {
        assert!(
            Command::new("tar").args(arguments).current_dir(place("d")).status().unwrap().success()
        );
    };
    tar(&["-cf", "../t.tar", "one", "hard", "sub", "link"]);
    tar(&["-czf", "../t.tar.gz", "one", "sub"]);
    work
}

pub(super) fn layers_made_without_an_engine_have_the_digests_of_an_engine(engines: &Engines) {
    if !engines.has_buildah {
        return;
    }
    let base = engines.path("base-image.tar");
    if !base.exists() {
        engines.command(
            "buildah",
            &["push", "--quiet", "localhost/base:1", &format!("docker-archive:{}", base.display())],
        );
    }
    let base = base.to_string_lossy();
    let work = things();
    let last = |report: &Value| {
        let layers = report["images"][0]["layers"].as_array().unwrap();
        layers.last().map(|it| (layers.len(), it["diff_id"].clone()))
    };
    for case in COPIES {
        for from in ["scratch", "localhost/base:1"] {
            let needs_base = ["/etc", "/tmp"].iter().any(|it| case.contains(it));
            if needs_base && from == "scratch" {
                continue;
            }
            std::fs::write(work.path().join("Dockerfile"), format!("FROM {from}\n{case}\n"))
                .unwrap();
            let common = ["--timestamp", "1234567890"];
            let theirs = engines.measure(
                work.path(),
                &[&["--engine", "buildah", "--no-cache"], &common[..]].concat(),
            );
            let base_option = ["--base", &*base];
            let base_option = if from == "scratch" { &[][..] } else { &base_option };
            let ours = engines
                .measure(work.path(), &[&["--engine", "none"], &common[..], base_option].concat());
            assert_eq!(last(&ours), last(&theirs), "FROM {from}\n{case}");
            assert!(last(&ours).is_some_and(|it| it.1.is_string()), "FROM {from}\n{case}");
        }
    }
}
