//! Real builders: buildah, Docker's classic builder and BuildKit build, and what is measured is what they say themselves.
//! Where they are not installed, or may not run, the tests are skipped and say so; CI installs them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

mod common;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::archives::noise;
use common::engines::Engines;
use common::folder;
use serde_json::Value;

/// What is to hold, one after another: the engines are started once, and stopped at the end whatever happens.
#[test]
fn real_builders() {
    let engines = Engines::start();
    for (name, check) in CHECKS {
        eprintln!("{name}");
        check(&engines);
    }
}

/// A check and its name.
type Check = (&'static str, fn(&Engines));

const CHECKS: &[Check] = &[
    (
        "a_stage_of_its_own_leaves_no_less_than_the_program",
        a_stage_of_its_own_leaves_no_less_than_the_program,
    ),
    ("changed_files_are_verified_by_building_them", changed_files_are_verified_by_building_them),
    ("predictions_hold_when_the_image_is_rebuilt", predictions_hold_when_the_image_is_rebuilt),
    ("stores_are_read_as_their_engines_see_them", stores_are_read_as_their_engines_see_them),
    ("what_images_share_is_what_docker_says", what_images_share_is_what_docker_says),
    ("every_builder_s_layers_are_given_their_lines", every_builder_s_layers_are_given_their_lines),
    ("sizes_are_those_that_the_engines_report", sizes_are_those_that_the_engines_report),
    (
        "images_in_one_layer_are_given_a_range_of_lines",
        images_in_one_layer_are_given_a_range_of_lines,
    ),
    (
        "the_nine_ways_to_waste_are_seen_in_real_images",
        the_nine_ways_to_waste_are_seen_in_real_images,
    ),
    (
        "layers_made_without_an_engine_have_the_digests_of_an_engine",
        layers_made_without_an_engine_have_the_digests_of_an_engine,
    ),
    ("a_failed_build_names_the_line", a_failed_build_names_the_line),
    ("an_interrupted_build_leaves_nothing_behind", an_interrupted_build_leaves_nothing_behind),
    ("a_build_leaves_no_image_that_was_not_there", a_build_leaves_no_image_that_was_not_there),
];

/// Each step writes a file of a size that no other has, so that the layers tell where they come from.
const FILE: &str = r#"ARG TAG=1
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
const LINES: &[(u64, u64)] =
    &[(1002, 9), (1001, 14), (1003, 15), (1004, 20), (1005, 23), (1006, 24)];

fn context() -> tempfile::TempDir {
    folder(&[
        ("Dockerfile", FILE.to_owned()),
        ("one", "x".repeat(1002)),
        ("tree/a/five", "y".repeat(1005)),
    ])
}

fn every_builder_s_layers_are_given_their_lines(engines: &Engines) {
    let context = context();
    for (name, options) in engines.builders() {
        let arguments =
            [&["--engine", name, "--build-arg", "TOKEN=hunter2-hunter2"], options].concat();
        let report = engines.measure(context.path(), &arguments);
        let text = report.to_string();
        assert!(!text.contains("hunter2"), "{name}: a build argument is told");
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

fn sizes_are_those_that_the_engines_report(engines: &Engines) {
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

fn images_in_one_layer_are_given_a_range_of_lines(engines: &Engines) {
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

fn the_nine_ways_to_waste_are_seen_in_real_images(engines: &Engines) {
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

/// What the daemon's interface says: its numbers are not rounded.
fn ask_docker(engines: &Engines, path: &str) -> Value {
    use std::io::{Read, Write};
    let mut socket = std::os::unix::net::UnixStream::connect(engines.path("docker.sock")).unwrap();
    write!(socket, "GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n").unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).unwrap();
    serde_json::from_str(text.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn what_images_share_is_what_docker_says(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    // A base, one on it, and three on that one.
    let files = [
        "RUN dd if=/dev/zero of=/tool bs=1000 count=70",
        "RUN dd if=/dev/zero of=/x bs=1000 count=8",
    ];
    for (tag, from, step) in [
        ("tools", "base:1", files[0]),
        ("one", "tools", files[1]),
        ("two", "tools", "RUN echo two > /two"),
        ("three", "one", "RUN echo three > /three"),
        ("four", "one", "LABEL a=b"),
    ] {
        let text = format!("FROM localhost/{from}\n{step}\n");
        let context = folder(&[("Dockerfile", text)]);
        let place = context.path().to_string_lossy();
        engines.command(
            "docker",
            &["build", "--quiet", "--network", "host", "-t", &format!("localhost/{tag}"), &place],
        );
    }
    let usage = ask_docker(engines, "/system/df");
    let images = usage["Images"].as_array().unwrap();
    assert!(images.len() >= 6, "{usage}");
    let names: Vec<String> =
        images.iter().map(|it| format!("docker://{}", it["Id"].as_str().unwrap())).collect();
    let mut arguments = vec!["image", "--no-config", "--format", "json"];
    arguments.extend(names.iter().map(String::as_str));
    let (code, out, err) = engines.layerwise(engines.work.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    for (of_docker, ours) in images.iter().zip(report["sharing"]["images"].as_array().unwrap()) {
        let (size, shared) =
            (of_docker["Size"].as_u64().unwrap(), of_docker["SharedSize"].as_u64().unwrap());
        assert_eq!(
            (&ours["shared"], &ours["unique"]),
            (&shared.into(), &(size - shared).into()),
            "{of_docker}"
        );
    }
    assert_eq!(report["sharing"]["total_bytes"], usage["LayersSize"]);
}

/// What `du` says of a folder.
fn du(folder: &str) -> u64 {
    let output =
        Command::new("du").args(["--summarize", "--block-size=1", folder]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn store_of(engines: &Engines, root: &str) -> Value {
    let root = engines.path(root);
    let arguments = ["store", "--format", "json", "--root", &*root.to_string_lossy()];
    let (code, out, err) = engines.layerwise(engines.work.path(), &arguments);
    assert_eq!(code, 0, "{err}");
    let store = serde_json::from_str::<Value>(&out).unwrap()["stores"][0].take();
    assert_eq!(
        (&store["faults"], &store["changed"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    for layer in store["layers"].as_array().unwrap() {
        assert_eq!(layer["disk_bytes"], du(layer["folder"].as_str().unwrap()), "{layer}");
    }
    store
}

fn stores_are_read_as_their_engines_see_them(engines: &Engines) {
    // Where overlay2 cannot be mounted Docker keeps layers in another way.
    if engines.path("docker/image/overlay2").is_dir() {
        let store = store_of(engines, "docker");
        let usage = ask_docker(engines, "/system/df");
        let listed = usage["Images"].as_array().unwrap();
        for of_docker in listed {
            let id = of_docker["Id"].as_str().unwrap().trim_start_matches("sha256:");
            let ours =
                store["images"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
            let (size, shared) =
                (of_docker["Size"].as_u64().unwrap(), of_docker["SharedSize"].as_u64().unwrap());
            let expected =
                serde_json::json!({"all": size, "shared": shared, "unique": size - shared});
            assert_eq!(ours["recorded"], expected, "{of_docker}");
            let data = engines.command(
                "docker",
                &["image", "inspect", "--format", "{{json .GraphDriver.Data}}", id],
            );
            let data: Value = serde_json::from_str(&data).unwrap();
            assert_eq!(ours["upper_dir"], data["UpperDir"], "{id}");
            let below: Vec<&str> =
                data["LowerDir"].as_str().unwrap_or("").split_terminator(':').collect();
            assert_eq!(ours["lower_dirs"], serde_json::json!(below), "{id}");
            assert_eq!(
                ours["removal"].is_null(),
                !of_docker["RepoTags"].is_null() || ours["containers"] != 0,
                "{of_docker}"
            );
        }
        let shown =
            store["images"].as_array().unwrap().iter().filter(|it| it["step"] == false).count();
        assert_eq!(shown, listed.len());
    }
    if engines.has_buildah {
        let store = store_of(engines, "store");
        let text = engines.command("buildah", &["images", "--json"]);
        let listed: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert!(!listed.is_empty());
        for of_buildah in listed.iter().filter(|it| it["names"].is_array()) {
            let ours = store["images"]
                .as_array()
                .unwrap()
                .iter()
                .find(|it| {
                    it["id"].as_str().unwrap().starts_with(of_buildah["id"].as_str().unwrap())
                })
                .unwrap();
            assert_eq!(ours["names"], of_buildah["names"]);
            let text = engines.command(
                "buildah",
                &["inspect", "--type", "image", of_buildah["id"].as_str().unwrap()],
            );
            let inspected: Value = serde_json::from_str(&text).unwrap();
            let ids = inspected["OCIv1"]["rootfs"]["diff_ids"].as_array().unwrap();
            assert_eq!(ours["layers"].as_array().unwrap().len(), ids.len());
            let inspect = [
                "image",
                "inspect",
                "--format",
                "{{json .GraphDriver}}",
                of_buildah["id"].as_str().unwrap(),
            ];
            let Ok(output) = engines.try_command("podman").args(inspect).output() else { continue };
            if engines.driver == "overlay" {
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
                let data: Value = serde_json::from_slice(&output.stdout).unwrap();
                assert_eq!(ours["upper_dir"], data["Data"]["UpperDir"]);
                let below: Vec<&str> =
                    data["Data"]["LowerDir"].as_str().unwrap_or("").split_terminator(':').collect();
                assert_eq!(ours["lower_dirs"], serde_json::json!(below));
            }
        }
    }
}

/// A name and the class of the waste, a wasteful Dockerfile and ignore file, and what is left when they are mended.
type Mended = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const MENDED: &[Mended] = &[
    (
        "a clean-up in the same RUN",
        "W1",
        "COPY tools /tools\nRUN mkdir -p /var/lib/apt/lists && cp /tools/a /var/lib/apt/lists/index\nRUN cp /tools/b /usr-b\nRUN rm -r /var/lib/apt/lists\n",
        "",
        "COPY tools /tools\nRUN mkdir -p /var/lib/apt/lists && cp /tools/a /var/lib/apt/lists/index && rm -r /var/lib/apt/lists\nRUN cp /tools/b /usr-b\n",
        "",
    ),
    (
        "COPY --chown",
        "W3",
        "COPY tools /srv\nRUN chmod -R go-w /srv && busybox chown -R 7:8 /srv\n",
        "",
        "COPY --chown=7:8 tools /srv\n",
        "",
    ),
    (
        "merged RUNs",
        "W2",
        "COPY tools/a /in\nRUN cat /in > /out && cat /in >> /out\nRUN echo more >> /out\n",
        "",
        "COPY tools/a /in\nRUN cat /in > /out && cat /in >> /out && echo more >> /out\n",
        "",
    ),
    (
        "an ignore rule",
        "W9",
        "COPY . /srv\n",
        "Dockerfile\n",
        "COPY . /srv\n",
        "Dockerfile\n.git\n",
    ),
    (
        "a cache that is removed",
        "W5",
        "COPY tools /tools\nRUN mkdir -p /var/cache/apk && cat /tools/a /tools/b > /var/cache/apk/x && cp /tools/a /c\n",
        "",
        "COPY tools /tools\nRUN mkdir -p /var/cache/apk && cp /tools/a /c\n",
        "",
    ),
    (
        "a copy to the right place",
        "W4",
        "COPY tools /tmp-tools\nRUN mv /tmp-tools /opt\n",
        "",
        "COPY tools /opt\n",
        "",
    ),
    (
        "a link for a second copy",
        "W8",
        "COPY tools/a /one\nCOPY tools/a /two\n",
        "",
        "COPY tools/a /one\nRUN busybox ln -s one /two\n",
        "",
    ),
];

fn predictions_hold_when_the_image_is_rebuilt(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let build = |steps: &str, ignore: &str| {
        let context = folder(&[
            ("Dockerfile", format!("FROM localhost/base:1\nENV PATH=/bin\n{steps}").into_bytes()),
            (".dockerignore", format!("{ignore}.dockerignore\n").into_bytes()),
            ("tools/a", noise(1, 700_000)),
            ("tools/b", "some words that are said again and again\n".repeat(20_000).into_bytes()),
            (".git/pack", noise(2, 900_000)),
        ]);
        let report =
            engines.measure(context.path(), &[&["--engine", name, "--what-if"], options].concat());
        report["images"][0].clone()
    };
    for (case, class, steps, ignore, mended, mended_ignore) in MENDED {
        let (wasteful, lean) = (build(steps, ignore), build(mended, mended_ignore));
        let number = |it: &Value, key: &str| it[key].as_i64().unwrap();
        let items = wasteful["waste"]["items"].as_array().unwrap();
        let alone = wasteful["what_if"]["alone"].as_array().unwrap();
        let is_it = |it: &&Value| items[it["item"].as_u64().unwrap() as usize]["class"] == *class;
        let predicted = alone.iter().find(is_it).unwrap_or_else(|| panic!("{case}: {items:?}"));
        let rebuilt = &lean["what_if"]["now"];
        let (a, b) = (number(predicted, "compressed"), number(rebuilt, "compressed"));
        eprintln!("  {case}: predicted {a}, rebuilt {b}, by {}", predicted["codes"]);
        assert!((a - b).abs() * 100 <= b, "{case}: predicted {a}, rebuilt {b}");
        // A link counts the bytes of its target.
        let links = if case.contains("link") { 3 } else { 0 };
        assert_eq!(number(predicted, "files") + links, number(rebuilt, "files"), "{case}");
        assert!(number(&wasteful["what_if"]["now"], "compressed") > a, "{case}");
    }
}

fn a_stage_of_its_own_leaves_no_less_than_the_program(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let build = |text: &str| {
        let files = [
            ("Dockerfile", text.as_bytes().to_vec()),
            ("src/a", noise(1, 400_000)),
            ("src/b", noise(2, 900_000)),
        ];
        let context = folder(&files);
        let report =
            engines.measure(context.path(), &[&["--engine", name, "--what-if"], options].concat());
        report["images"][0]["what_if"].clone()
    };
    let steps =
        "ENV PATH=/bin\nCOPY src /src\nRUN cat /src/a /src/a > /opt-app && cp /src/b /scratch\n";
    let one = build(&format!("FROM localhost/base:1\n{steps}CMD [\"/opt-app\", \"--serve\"]\n"));
    let two = build(&format!(
        "FROM localhost/base:1 AS build\n{steps}FROM localhost/base:1\nCOPY --from=build /opt-app /opt-app\nCMD [\"/opt-app\", \"--serve\"]\n"
    ));
    let number = |it: &Value, key: &str| it[key].as_i64().unwrap();
    let (predicted, rebuilt) = (&one["program_alone"], &two["now"]);
    assert_eq!(number(predicted, "files"), number(rebuilt, "files"));
    let (a, b) = (number(predicted, "compressed"), number(rebuilt, "compressed"));
    eprintln!("  a stage of its own: predicted {a}, rebuilt {b}");
    assert!((a - b).abs() * 100 <= b, "{a} {b}");
    assert!(number(&one["together"], "compressed") > a);
}

fn changed_files_are_verified_by_building_them(engines: &Engines) {
    let names: Vec<&str> = engines.builders().iter().map(|it| it.0).collect();
    let Some(name) = ["docker", "buildah"].into_iter().find(|it| names.contains(it)) else {
        return;
    };
    let options = engines.builders().into_iter().find(|it| it.0 == name).unwrap().1;
    let head = "FROM localhost/base:1\nENV PATH=/bin\nCOPY tools /tools\n";
    let verify = |steps: &str, changed: Option<&str>| {
        let context = folder(&[
            ("Dockerfile", format!("{head}{steps}").into_bytes()),
            ("other", format!("{head}{}", changed.unwrap_or_default()).into_bytes()),
            ("layerwise.yaml", b"profile: strict\n".to_vec()),
            (".dockerignore", b"Dockerfile\nother\nlayerwise.yaml\n.dockerignore\n".to_vec()),
            ("tools/a", noise(1, 300_000)),
        ]);
        let mut arguments = vec!["measure", "--format", "json", "--engine", name];
        arguments.extend(options);
        arguments.push(if changed.is_some() { "--verify=other" } else { "--verify" });
        let (code, out, err) = engines.layerwise(context.path(), &arguments);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{err}"));
        (code, report["verified"].clone())
    };
    let wasteful = "RUN cp /tools/a /b\nRUN mv /b /c\nRUN chmod 600 /c\n";
    // Fixed by hand, and right.
    let (code, found) = verify(wasteful, Some("RUN cp /tools/a /c && chmod 600 /c\n"));
    assert_eq!((code, &found["same"]), (0, &Value::from(true)), "{found}");
    // Wrong: the mode is lost, and a file stays that was moved away.
    let (code, found) = verify(wasteful, Some("RUN cp /tools/a /b && cp /b /c\n"));
    assert_eq!((code, &found["same"]), (1, &Value::from(false)), "{found}");
    let different: Vec<_> = found["different"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["path"].as_str().unwrap(), it["change"].as_str().unwrap()))
        .collect();
    assert_eq!(different, [("b", "added"), ("c", "metadata")]);
    // One that does not build is reported with the engine's words.
    let (code, found) = verify(wasteful, Some("RUN false\n"));
    assert_eq!(code, 1);
    assert!(
        found["error"].as_str().unwrap().contains("line 4: the build failed at RUN"),
        "{found}"
    );
    // The fixes of our own rules.
    let (code, found) =
        verify("RUN mkdir /x\nRUN mkdir /y\nRUN mkdir /z\nRUN chmod 700 /x\n", None);
    assert_eq!((code, &found["same"]), (0, &Value::from(true)), "{found}");
    assert!(!found["fixes"].as_array().unwrap().is_empty(), "{found}");
    let (before, after) =
        (found["predicted"]["files"].as_u64(), found["measured"]["files"].as_u64());
    assert!(before.is_none() || before == after, "{found}");
}

/// What is built by us and by an engine: what comes before the instruction, and it.
const COPIES: &[&str] = &[
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
fn things() -> tempfile::TempDir {
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

fn layers_made_without_an_engine_have_the_digests_of_an_engine(engines: &Engines) {
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

fn a_failed_build_names_the_line(engines: &Engines) {
    let text = "FROM localhost/base:1\nRUN true\n\nRUN echo one; \\\n  echo the-last-words >&2; \\\n  false\n";
    let context = folder(&[("Dockerfile", text)]);
    for (name, options) in engines.builders() {
        let arguments = [&["measure", "--engine", name], options].concat();
        let (code, out, err) = engines.layerwise(context.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains("line 4: the build failed at RUN"), "{name}: {err}");
        assert!(err.contains("the-last-words"), "{name}: {err}");
    }
    let none = folder(&[("Dockerfile", "FROM localhost/base:1\nCOPY missing /\n")]);
    let (code, _, err) = engines.layerwise(none.path(), &["measure", "--engine", "none"]);
    assert!(
        code == 2 && err.contains("line 2: a build fails here: `missing` is not in the context"),
        "{err}"
    );
    // A working directory of a base that is not known is a directory all the same.
    let text = "FROM python:3\nWORKDIR /app\nCOPY a.txt /app\nRUN true\nCOPY . /app\n";
    let app = folder(&[("Dockerfile", text), ("a.txt", "a")]);
    let (code, out, err) = engines.layerwise(app.path(), &["measure", "--engine", "none"]);
    assert!(code == 0 && out.contains("COPY . /app"), "{out}{err}");
}

fn an_interrupted_build_leaves_nothing_behind(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    let context = folder(&[("Dockerfile", "FROM localhost/base:1\nRUN sleep 300\n")]);
    let list = || {
        let images = engines.sorted(&["images", "--quiet", "--no-trunc"]);
        let containers = engines.sorted(&["ps", "--all", "--quiet"]);
        let files: Vec<_> = std::fs::read_dir(engines.work.path())
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .filter(|it| it.to_string_lossy().starts_with("layerwise-"))
            .collect();
        (images, containers, files)
    };
    for engine in ["docker", "docker-classic"] {
        let before = list();
        let program = assert_cmd::cargo::cargo_bin("layerwise");
        let mut command = Command::new(program);
        command.env_clear().envs(engines.environment()).current_dir(context.path());
        command.args(["measure", "--engine", engine, "--network", "host", "--no-cache"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs(3));
        let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).unwrap();
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < Duration::from_secs(20), "{engine}: it does not stop");
            std::thread::sleep(Duration::from_millis(50));
        }
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{engine}: {err}");
        assert!(err.contains("was interrupted"), "{engine}: {err}");
        let start = Instant::now();
        while list() != before {
            assert!(start.elapsed() < Duration::from_secs(20), "{engine}: {before:?} {:?}", list());
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    // And one that takes too long.
    let arguments =
        ["measure", "--engine", "docker", "--network", "host", "--timeout", "2", "--no-cache"];
    let (code, _, err) = engines.layerwise(context.path(), &arguments);
    assert!(
        code == 2 && err.contains("took longer than 2 s (`--timeout`) and was stopped"),
        "{err}"
    );
}

fn a_build_leaves_no_image_that_was_not_there(engines: &Engines) {
    if engines.docker.is_none() {
        return;
    }
    let context = folder(&[("Dockerfile", "FROM localhost/base:1\nRUN echo new > /new\n")]);
    let images = || engines.sorted(&["images", "--quiet", "--no-trunc"]);
    let before = images();
    engines.measure(context.path(), &["--engine", "docker", "--network", "host"]);
    engines.measure(context.path(), &["--engine", "docker-classic", "--network", "host"]);
    assert_eq!(images(), before);
    // One that was there stays, even if nobody gave it a name.
    let build = ["build", "--quiet", "--network", "host", &*context.path().to_string_lossy()]
        .map(str::to_owned);
    let output =
        engines.try_command("docker").env("DOCKER_BUILDKIT", "1").args(build).output().unwrap();
    assert!(output.status.success());
    let with_own = images();
    engines.measure(context.path(), &["--engine", "docker", "--network", "host"]);
    assert_eq!(images(), with_own);
}
