//! Images of every format, and what is wasted in them, end to end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::archives::{Entry, Picture, Tar, archive, digest, gzip, noise, unpack, zstd};
use common::{layerwise, run};
use serde_json::Value;

/// What `image --format json` says.
fn measure(folder: &Path, arguments: &[&str]) -> Value {
    let mut command = layerwise(folder);
    command.args(["image", "--format", "json", "--no-config"]).args(arguments);
    let (code, out, err) = run(&mut command);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// What it says of an archive with these layers.
fn layers(layers: Vec<Vec<u8>>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("x.tar"), Picture::new(layers).docker_archive()).unwrap();
    measure(folder.path(), &["x.tar"])["images"][0].take()
}

/// Class and bytes of each item.
fn items(image: &Value) -> Vec<(String, u64)> {
    let items = image["waste"]["items"].as_array().unwrap().iter();
    items
        .map(|it| (it["class"].as_str().unwrap().to_owned(), it["bytes"].as_u64().unwrap()))
        .collect()
}

/// The size of the file in the tables below.
const BIG: usize = 5_000_000;

fn base() -> Vec<u8> {
    Tar::new().directory("bin/").file("bin/busybox", &noise(7, 100_000)).end()
}

fn first(big: &[u8]) -> Vec<u8> {
    Tar::new().directory("data/").file("data/big", big).end()
}

#[test]
fn the_library_measures_a_dockerfile_as_the_program_does() {
    use layerwise::build::{Patience, Request};
    use layerwise::measure::Times;
    use layerwise::measure::session::{Job, Made, Session, Silent, ignored};
    use layerwise::model::{BuildOptions, Model};
    use layerwise::source::Source;

    let work = tempfile::tempdir().unwrap();
    let file = work.path().join("Dockerfile");
    let text = "FROM scratch\nCOPY a /a\nCOPY a /b\n";
    std::fs::write(&file, text).unwrap();
    std::fs::write(work.path().join("a"), noise(1, 5_000)).unwrap();
    let archive = work.path().join("x.tar");
    let layer = |name| Tar::new().file(name, &noise(1, 5_000)).end();
    let mut picture = Picture::new(vec![layer("a"), layer("b")]);
    picture.steps = vec!["COPY a /a # buildkit".to_owned(), "COPY a /b # buildkit".to_owned()];
    std::fs::write(&archive, picture.docker_archive()).unwrap();

    let source = Source::new("Dockerfile", text);
    let doc = layerwise::syntax::parse(&source);
    let options = BuildOptions::default();
    let model = Model::build(&doc, &options);
    let context = work.path().to_owned();
    let request = Request { file, context, ..Request::default() };
    let job = Job { model: &model, options: &options, request: &request };
    let patience = Patience { timeout: None, cancel: std::sync::Arc::default() };
    let session = Session::new(patience, 1 << 30, &Silent);
    let archive = archive.display().to_string();
    for made in [Made::Before(&archive), Made::Here(Times::All(0))] {
        for (pattern, items) in [("/none", vec![(8, 5_000, 1)]), ("/b", Vec::new())] {
            let ignored = ignored([pattern.to_owned()].iter()).unwrap();
            let measured = session.file(job, made, None, &*ignored).unwrap();
            let origins = measured.origins.iter().map(|it| it.map(|it| (it.first, it.last)));
            assert_eq!(origins.collect::<Vec<_>>(), [Some((1, 1)), Some((2, 2))], "{made:?}");
            let found =
                measured.waste.items.iter().map(|it| (it.class.number(), it.bytes, it.made_in));
            assert_eq!(found.collect::<Vec<_>>(), items, "{made:?} {pattern}");
        }
    }
    let error = session.single("./no.tar").map(drop).unwrap_err();
    assert_eq!(error.to_string(), "./no.tar: no such file");
}

#[test]
fn the_nine_ways_to_waste_are_seen_to_the_byte() {
    let big = noise(1, BIG);
    let entry = |path, mode| Entry { path, mode, content: &big, ..Entry::default() };
    let cases: &[(&str, Vec<u8>, &[&str])] = &[
        ("rm FILE", Tar::new().directory("data/").file("data/.wh.big", b"").end(), &["W1"]),
        ("rm -r DIR", Tar::new().file(".wh.data", b"").end(), &["W1"]),
        ("chmod FILE", Tar::new().directory("data/").add(&entry("data/big", 0o700)).end(), &["W3"]),
        (
            "mv FILE",
            Tar::new().directory("data/").file("data/.wh.big", b"").file("data/new", &big).end(),
            &["W4"],
        ),
        (
            "mv DIR",
            Tar::new().file(".wh.data", b"").directory("new/").file("new/big", &big).end(),
            &["W4"],
        ),
        (
            "rm -r DIR && mkdir DIR",
            Tar::new().directory("data/").file("data/.wh..wh..opq", b"").end(),
            &["W1"],
        ),
        ("DIR replaced by a file", Tar::new().file("data", b"text").end(), &["W1"]),
        (
            "the same bytes at two paths",
            Tar::new().directory("copy/").file("copy/big", &big).end(),
            &["W8"],
        ),
    ];
    for (name, second, classes) in cases {
        let image = layers(vec![base(), first(&big), second.clone()]);
        let found = items(&image);
        let expected: Vec<_> = classes.iter().map(|it| ((*it).to_owned(), BIG as u64)).collect();
        assert_eq!(found, expected, "{name}");
        assert_eq!(image["waste"]["bytes"], BIG, "{name}");
    }
    let image = layers(vec![base(), first(&big)]);
    assert_eq!((items(&image), &image["efficiency"]), (Vec::new(), &Value::from(1.0)));
}

#[test]
fn of_copies_that_say_the_same_one_is_of_use() {
    let big = noise(1, 50_000);
    let copy = |mode| {
        Tar::new().add(&Entry { path: "big", mode, content: &big, ..Entry::default() }).end()
    };
    let image = layers(vec![copy(0o644), copy(0o600), copy(0o700)]);
    assert_eq!(items(&image), [("W3".to_owned(), 50_000), ("W3".to_owned(), 50_000)]);
    // And none if it is deleted in the end.
    let gone = Tar::new().file(".wh.big", b"").end();
    let image = layers(vec![copy(0o644), copy(0o600), gone]);
    assert_eq!(image["waste"]["bytes"], 100_000);
    assert_eq!(image["efficiency"], 0.0);
    // What is overwritten twice is wasted twice.
    let image = layers(vec![
        Tar::new().file("log", &noise(1, 10_000)).end(),
        Tar::new().file("log", &noise(2, 20_000)).end(),
        Tar::new().file("log", &noise(3, 30_000)).end(),
    ]);
    assert_eq!(items(&image), [("W2".to_owned(), 20_000), ("W2".to_owned(), 10_000)]);
}

#[test]
fn hard_links_keep_bytes_as_long_as_one_name_is_left() {
    let big = noise(1, 50_000);
    let pair = || Tar::new().file("a", &big).link("b", "a").end();
    assert_eq!(items(&layers(vec![pair()])), []);
    let gone = |name: &str| Tar::new().file(&format!(".wh.{name}"), b"").end();
    assert_eq!(items(&layers(vec![pair(), gone("a")])), []);
    assert_eq!(items(&layers(vec![pair(), gone("a"), gone("b")])), [("W1".to_owned(), 50_000)]);
    // `touch` of one name breaks the link: the copy is wasted.
    let touched = Tar::new().file("a", &big).end();
    assert_eq!(items(&layers(vec![pair(), touched])), [("W3".to_owned(), 50_000)]);
}

#[test]
fn removals_are_of_the_layers_below_alone() {
    let big = noise(1, 50_000);
    // The mark is after what it must not hide, and has a link name, as Docker writes it.
    let mark = Entry { path: "d/.wh..wh..opq", link: "d/.wh.x", ..Entry::default() };
    let second = Tar::new().directory("d/").file("d/new", &noise(2, 70_000)).add(&mark).end();
    let image = layers(vec![Tar::new().directory("d/").file("d/old", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // A whiteout next to a file of the same layer that comes back.
    let second = Tar::new().file("x", &noise(2, 70_000)).file(".wh.x", b"").end();
    let image = layers(vec![Tar::new().file("x", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // What is not there cannot be removed.
    assert_eq!(items(&layers(vec![Tar::new().file(".wh.nothing", b"").end()])), []);
    // On disk, overlayfs has devices for whiteouts.
    let device = Tar::new().add(&Entry { path: "x", kind: b'3', ..Entry::default() }).end();
    let image = layers(vec![Tar::new().file("x", &big).end(), device]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
    // A file on the way removes what was there.
    let second = Tar::new().file("x/y", b"1").end();
    let image = layers(vec![Tar::new().file("x", &big).end(), second]);
    assert_eq!(items(&image), [("W1".to_owned(), 50_000)]);
}

#[test]
fn left_overs_are_told_by_their_place() {
    let key = b"-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n";
    let image = layers(vec![
        Tar::new()
            .file("var/lib/apt/lists/index", &noise(1, 40_000))
            .file("app/.git/objects/pack", &noise(2, 30_000))
            .file("usr/share/doc/x/manual", &noise(3, 20_000))
            .file("root/.ssh/id_rsa", key)
            .file("var/log/lastlog", &vec![0; 400_000 / 4096 * 4096])
            .end(),
        Tar::new().file("root/.ssh/.wh.id_rsa", b"").end(),
    ]);
    let zeros = 400_000 / 4096 * 4096;
    let expected =
        [("W14", zeros), ("W5", 40_000), ("W9", 30_000), ("W10", 20_000), ("W15", key.len())];
    let expected: Vec<_> =
        expected.iter().map(|(class, bytes)| ((*class).to_owned(), *bytes as u64)).collect();
    assert_eq!(items(&image), expected);
    // Documentation may be wanted.
    assert_eq!(image["waste"]["bytes"], zeros + 40_000 + 30_000 + key.len());
}

#[test]
fn packages_are_told_by_their_database() {
    let package = |name: &str, depends: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nInstalled-Size: 100\nVersion: 1\nDepends: {depends}\n\n"
        )
    };
    let auto = "Package: less\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: libc\nArchitecture: amd64\nAuto-Installed: 1\n\n";
    let before = package("base", "");
    let after = before.clone()
        + &package("curl", "libc")
        + &package("libc", "")
        + &package("less", "")
        + &package("gcc", "");
    let image = layers(vec![
        Tar::new().file("var/lib/dpkg/status", before.as_bytes()).end(),
        Tar::new()
            .file("var/lib/dpkg/status", after.as_bytes())
            .file("var/lib/apt/extended_states", auto.as_bytes())
            .end(),
    ]);
    let found = items(&image);
    assert!(found.contains(&("W6".to_owned(), 102_400)), "{found:?}");
    assert!(found.contains(&("W7".to_owned(), 102_400)), "{found:?}");
    let item =
        image["waste"]["items"].as_array().unwrap().iter().find(|it| it["class"] == "W7").unwrap();
    assert_eq!(
        (&item["made_in"], &item["paths"][0]["path"]),
        (&Value::from(1), &Value::from("less"))
    );
}

/// A picture with all that is special in tars.
fn special() -> Picture {
    let long = format!("{}/{}", "d".repeat(90), "n".repeat(90));
    let gnu = format!("{}/{}", "g".repeat(90), "n".repeat(90));
    let one = Tar::new()
        .directory("./")
        .directory("./bin/")
        .file("./bin/sh", &noise(1, 10_000))
        .pax(&[("path", &long)])
        .file("short", b"long")
        .pax(&[("path", "é/ü"), ("SCHILY.xattr.user.a", "b"), ("uid", "3000000")])
        .file("x", b"utf-8")
        .add(&Entry {
            path: "././@LongLink",
            kind: b'L',
            content: format!("{gnu}\0").as_bytes(),
            ..Entry::default()
        })
        .file("cut", b"gnu")
        .add(&Entry {
            path: "pax_global_header",
            kind: b'g',
            content: b"19 comment=abcdefg\n",
            ..Entry::default()
        })
        .symlink("lib", "usr/lib")
        .add(&Entry { path: "fifo", kind: b'6', ..Entry::default() })
        .end();
    let two = Tar::new().file("app", &noise(2, 20_000)).end();
    // A repeated layer.
    Picture::new(vec![one, two.clone(), two])
}

/// What has to come out of it, whatever the format.
fn check_special(report: &Value, name: &str) {
    let image = &report["images"][0];
    let expected = special();
    let ids: Vec<String> = expected.layers.iter().map(|it| digest(it)).collect();
    let layers = image["layers"].as_array().unwrap();
    let found: Vec<&str> = layers.iter().map(|it| it["diff_id"].as_str().unwrap()).collect();
    assert_eq!(found, ids, "{name}");
    assert_eq!(image["id"], digest(&expected.config()), "{name}");
    assert_eq!(image["platform"], "linux/amd64", "{name}");
    assert_eq!(image["size"]["files"], 10_000 + 4 + 5 + 3 + "usr/lib".len() + 40_000, "{name}");
    let tar: usize = expected.layers.iter().map(Vec::len).sum();
    assert_eq!(image["size"]["tar"], tar, "{name}");
    assert_eq!(layers[0]["entries"], 8, "{name}");
    // The same content again, with the same metadata.
    assert_eq!(items(image), [("W3".to_owned(), 20_000)], "{name}");
}

#[test]
fn every_format_is_read_alike() {
    let work = tempfile::tempdir().unwrap();
    let picture = special();
    let write = |name: &str, bytes: &[u8]| std::fs::write(work.path().join(name), bytes).unwrap();
    let plain = picture.docker_archive();
    write("docker.tar", &plain);
    write("docker.tar.gz", &gzip(&plain));
    write("docker.tar.zst", &zstd(&plain));
    let blobs: Vec<_> = picture.layers.iter().map(|it| gzip(it)).collect();
    write("gzip.tar", &picture.docker_archive_of(&blobs));
    // Many members, as parallel compressors and lazily pulled layers have.
    let members = |bytes: &[u8]| bytes.chunks(5000).flat_map(gzip).collect::<Vec<u8>>();
    write("members.tar", &archive(&picture.oci(members)));
    // Many frames, with frames to be skipped between them.
    let frames = |bytes: &[u8]| {
        let frame = |piece: &[u8]| {
            [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3][..], &zstd(piece)].concat()
        };
        bytes.chunks(5000).flat_map(frame).collect::<Vec<u8>>()
    };
    write("frames.tar", &archive(&picture.oci(frames)));
    write("oci.tar", &archive(&picture.oci(<[u8]>::to_vec)));
    unpack(&picture.oci(gzip), &work.path().join("layout"));
    // The folder of `skopeo copy … dir:`.
    let mut flat = Vec::new();
    let (manifest, _) = picture.oci_manifest(gzip, &mut flat);
    for (name, bytes) in &mut flat {
        let hex = name.rsplit('/').next().unwrap().to_owned();
        *name = if manifest.ends_with(&hex) { "manifest.json".to_owned() } else { hex };
        if name == "manifest.json" {
            assert_eq!(digest(bytes), manifest);
        }
    }
    unpack(&flat, &work.path().join("dir"));
    // Docker up to 24: a folder per layer, a link for the repeated one; hard links are links too.
    let manifest = r#"[{"Config":"c.json","RepoTags":["app:1"],"Layers":["a/layer.tar","b/layer.tar","c/layer.tar"]}]"#;
    let old = |kind: u8, link: &str| {
        Tar::new()
            .directory("a/")
            .file("a/VERSION", b"1.0")
            .file("a/layer.tar", &picture.layers[0])
            .file("b/layer.tar", &picture.layers[1])
            .add(&Entry { path: "c/layer.tar", kind, link, ..Entry::default() })
            .file("c.json", &picture.config())
            .file("manifest.json", manifest.as_bytes())
            .end()
    };
    write("old.tar", &old(b'2', "../b/layer.tar"));
    write("hard.tar", &old(b'1', "b/layer.tar"));
    // Docker from 25 on: a layout and a manifest of the old kind, which names the same blobs.
    let mut files = picture.oci(<[u8]>::to_vec);
    let place = |bytes: &[u8]| format!("blobs/{}", digest(bytes).replace(':', "/"));
    let blobs: Vec<String> = picture.layers.iter().map(|it| place(it)).collect();
    let item = serde_json::json!([{"Config": place(&picture.config()), "RepoTags": ["app:1"], "Layers": blobs}]);
    files.push(("manifest.json".to_owned(), item.to_string().into_bytes()));
    files.push(("repositories".to_owned(), b"{}".to_vec()));
    write("docker25.tar", &archive(&files));
    // crane and kaniko: the configuration by its digest, layers compressed.
    let packed: Vec<Vec<u8>> = picture.layers.iter().map(|it| gzip(it)).collect();
    let hex = |bytes: &[u8]| digest(bytes).replace("sha256:", "");
    let names: Vec<String> = packed.iter().map(|it| format!("{}.tar.gz", hex(it))).collect();
    let config = digest(&picture.config());
    let item = serde_json::json!([{"Config": config, "RepoTags": ["app:1"], "Layers": names}]);
    let tar = names.iter().zip(&packed).fold(Tar::new(), |tar, (name, blob)| tar.file(name, blob));
    let tar =
        tar.file(&config, &picture.config()).file("manifest.json", item.to_string().as_bytes());
    write("crane.tar", &tar.end());
    for name in [
        "docker25.tar",
        "crane.tar",
        "docker.tar",
        "docker.tar.gz",
        "docker.tar.zst",
        "gzip.tar",
        "members.tar",
        "frames.tar",
        "oci.tar",
        "layout",
        "dir",
        "old.tar",
        "hard.tar",
        "docker-archive:docker.tar",
        "oci-archive:oci.tar",
        "oci:layout",
        "oci:layout:app:1",
        "docker.tar:app:1",
        "dir:dir",
    ] {
        check_special(&measure(work.path(), &[name]), name);
    }
    let mut command = layerwise(work.path());
    command.args(["image", "--format", "json", "-"]);
    command.pipe_stdin(work.path().join("docker.tar.gz")).unwrap();
    let (code, out, err) = run(&mut command);
    assert_eq!(code, 0, "{err}");
    check_special(&serde_json::from_str(&out).unwrap(), "standard input");
}

#[test]
fn compressed_bytes_are_those_of_the_blobs() {
    let work = tempfile::tempdir().unwrap();
    let picture = special();
    std::fs::write(work.path().join("x.tar"), archive(&picture.oci(gzip))).unwrap();
    let report = measure(work.path(), &["x.tar"]);
    let sizes: usize = picture.layers.iter().map(|it| gzip(it).len()).sum();
    assert_eq!(report["images"][0]["size"]["compressed"], sizes);
    std::fs::write(work.path().join("y.tar"), picture.docker_archive()).unwrap();
    assert!(measure(work.path(), &["y.tar"])["images"][0]["size"]["compressed"].is_null());
}

#[test]
fn files_of_lazy_pulling_are_no_files_of_the_image() {
    let image = layers(vec![
        Tar::new()
            .file(".no.prefetch.landmark", b"\x0f")
            .file("a", b"1234")
            .file("stargz.index.json", b"{}")
            .end(),
    ]);
    assert_eq!(
        (&image["size"]["files"], &image["layers"][0]["entries"]),
        (&Value::from(4), &Value::from(1))
    );
}

#[test]
fn sparse_files_have_their_real_size() {
    // The old GNU kind: two pieces of 512 bytes in a file of a megabyte.
    let mut header = common::archives::header(&Entry {
        path: "hole",
        kind: b'S',
        size: Some(1024),
        ..Entry::default()
    });
    header[257..265].copy_from_slice(b"ustar  \0");
    header[345..500].fill(0);
    header[386..398].copy_from_slice(b"00000000000\0");
    header[398..410].copy_from_slice(b"00000001000\0");
    header[483..495].copy_from_slice(b"00004000000\0");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|it| u32::from(*it)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let old = Tar::new().raw(&header).raw(&noise(1, 1024)).file("next", b"12").end();
    let image = layers(vec![old]);
    assert_eq!(image["size"]["files"], 1_048_576 + 2);
    let new = Tar::new()
        .pax(&[
            ("GNU.sparse.major", "1"),
            ("GNU.sparse.minor", "0"),
            ("GNU.sparse.name", "hole"),
            ("GNU.sparse.realsize", "1048576"),
        ])
        .file("GNUSparseFile.0/hole", &noise(1, 1024))
        .end();
    assert_eq!(layers(vec![new])["size"]["files"], 1_048_576);
}

#[test]
fn one_of_several_images_is_chosen() {
    let work = tempfile::tempdir().unwrap();
    let picture = |name: &str, architecture: &str, seed| Picture {
        name: name.to_owned(),
        architecture: architecture.to_owned(),
        ..Picture::new(vec![Tar::new().file("a", &noise(seed, 1000)).end()])
    };
    let (amd, arm) = (
        picture("docker.io/library/app:1", "amd64", 1),
        picture("docker.io/library/app:1", "arm64", 2),
    );
    let other = picture("other:latest", "amd64", 3);
    let mut files = Vec::new();
    let entry = |picture: &Picture, files: &mut Vec<_>| {
        let (digest, size) = picture.oci_manifest(gzip, files);
        serde_json::json!({"digest": digest, "size": size})
    };
    let list = serde_json::json!({"manifests": [
        entry(&amd, &mut files), entry(&arm, &mut files),
        // The provenance of an image is none.
        {"digest": format!("sha256:{}", "0".repeat(64)), "annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
    ]})
    .to_string();
    files.push((
        format!("blobs/{}", digest(list.as_bytes()).replace(':', "/")),
        list.clone().into_bytes(),
    ));
    let mut one = entry(&other, &mut files);
    one["annotations"] = serde_json::json!({"org.opencontainers.image.ref.name": other.name});
    let index = serde_json::json!({"manifests": [one, {"digest": digest(list.as_bytes()),
        "annotations": {"io.containerd.image.name": amd.name}}]});
    files.push(("index.json".to_owned(), index.to_string().into_bytes()));
    unpack(&files, &work.path().join("layout"));
    let ids = |arguments: &[&str]| -> Vec<Value> {
        let report = measure(work.path(), arguments);
        report["images"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
    };
    let id = |it: &Picture| Value::from(digest(&it.config()));
    assert_eq!(ids(&["layout:other"]), [id(&other)]);
    assert_eq!(ids(&["layout:app:1", "--platform", "linux/arm64"]), [id(&arm)]);
    assert_eq!(ids(&["layout:app:1", "--platform", "linux/amd64"]), [id(&amd)]);
    assert_eq!(ids(&["layout:app:1", "--platform", "all"]), [id(&amd), id(&arm)]);
    let (_, out, _) = run(layerwise(work.path()).args(["image", "layout", "--platform", "all"]));
    for line in [
        "docker.io/libra…  linux/amd64         1.0 kB",
        "docker.io/libra…  linux/arm64         1.0 kB",
        "other:latest      linux/amd64",
    ] {
        assert!(out.lines().take(4).any(|it| it.starts_with(line)), "{out}");
    }
    let (_, out, _) = run(layerwise(work.path()).args([
        "image",
        "layout",
        "--platform",
        "all",
        "--format",
        "markdown",
    ]));
    assert!(out.contains("| docker.io/library/app:1 | linux/arm64 | 1.0 kB |"), "{out}");
    let (code, _, err) = run(layerwise(work.path()).args(["image", "layout:no"]));
    assert_eq!(code, 2);
    assert!(err.contains("has no image `no`; it has other:latest (linux/amd64), docker.io/library/app:1 (linux/amd64)"), "{err}");
}

#[test]
fn a_base_is_told_apart() {
    let work = tempfile::tempdir().unwrap();
    let write = |name: &str, picture: &Picture| {
        std::fs::write(work.path().join(name), picture.docker_archive()).unwrap();
    };
    let below = vec![base(), Tar::new().file("old", &noise(2, 30_000)).end()];
    let above =
        [below.clone(), vec![Tar::new().file(".wh.old", b"").file("new", &noise(3, 10_000)).end()]]
            .concat();
    write("base.tar", &Picture::new(below.clone()));
    write("app.tar", &Picture::new(above.clone()));
    let report = measure(work.path(), &["app.tar", "--base", "base.tar"]);
    let image = &report["images"][0];
    assert_eq!(image["base"]["layers"], 2);
    assert_eq!(
        (&image["waste"]["bytes"], &image["waste"]["inherited_bytes"]),
        (&Value::from(0), &Value::from(30_000))
    );
    assert_eq!(image["efficiency"], 1.0);
    // A stranger is not a base.
    write("other.tar", &Picture::new(vec![Tar::new().file("x", b"1").end()]));
    let (code, _, err) =
        run(layerwise(work.path()).args(["image", "app.tar", "--base", "other.tar"]));
    assert!(code == 2 && err.contains("is not built on the image of `--base`"), "{err}");
    // Two images share what is below.
    let report = measure(work.path(), &["app.tar", "base.tar"]);
    assert_eq!(report["sharing"]["shared_bytes"], 130_000);
    assert_eq!(report["sharing"]["images"][0]["unique"], 10_000);
    // buildah names the base in the history.
    let mut picture = Picture::new(above);
    picture.comment = "FROM 0123456789ab".to_owned();
    let text = String::from_utf8(picture.config()).unwrap();
    let marked = text.replacen("FROM 0123456789ab", "", 2).replacen(
        "FROM 0123456789ab",
        "FROM localhost/base:1",
        1,
    );
    let names = r#"[{"Config":"c.json","RepoTags":[],"Layers":["0","1","2"]}]"#;
    let tar = (0..3).fold(Tar::new(), |tar, it| tar.file(&it.to_string(), &picture.layers[it]));
    let tar = tar.file("c.json", marked.as_bytes()).file("manifest.json", names.as_bytes()).end();
    std::fs::write(work.path().join("buildah.tar"), tar).unwrap();
    let report = measure(work.path(), &["buildah.tar"]);
    assert_eq!(
        (&report["images"][0]["base"]["layers"], &report["images"][0]["base"]["evidence"]),
        (&Value::from(2), &Value::from("named in the history"))
    );
}

#[test]
fn layers_that_differ_by_times_or_owners_alone_are_named() {
    let work = tempfile::tempdir().unwrap();
    let big = noise(1, 50_000);
    let layer = |time: u8, owner: u32| {
        let mut tar =
            Tar::new().add(&Entry { path: "a", owner, content: &big, ..Entry::default() }).0;
        // The last digit of the time, and its part of the checksum.
        tar[146] += time;
        let sum: u32 = tar[..512]
            .iter()
            .enumerate()
            .map(|(at, it)| if (148..156).contains(&at) { 32 } else { u32::from(*it) })
            .sum();
        tar[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        Tar(tar).end()
    };
    for (name, layer) in
        [("a", layer(0, 0)), ("b", layer(1, 0)), ("c", layer(0, 7)), ("d", layer(0, 0))]
    {
        let archive = Picture::new(vec![layer]).docker_archive();
        std::fs::write(work.path().join(name).with_extension("tar"), archive).unwrap();
    }
    for (other, expected) in [("b.tar", "times"), ("c.tar", "owners"), ("d.tar", "")] {
        let report = measure(work.path(), &["a.tar", other]);
        let twins = report["sharing"]["twins"].as_array().unwrap();
        let found: Vec<_> = twins
            .iter()
            .map(|it| (it["differ"].as_str().unwrap(), it["bytes"].as_u64().unwrap()))
            .collect();
        let expected = if expected.is_empty() { Vec::new() } else { vec![(expected, 50_000)] };
        assert_eq!(found, expected, "{other}");
    }
    let (_, out, _) = run(layerwise(work.path()).args(["image", "a.tar", "b.tar"]));
    assert!(
        out.contains("50.0 kB  W13 by times alone differ layer 0 of a.tar and layer 0 of b.tar"),
        "{out}"
    );
}

#[test]
fn an_image_on_another_takes_only_what_it_adds() {
    let work = tempfile::tempdir().unwrap();
    let base = Tar::new().file("base", &vec![1; 70_000_000]).end();
    let own = Tar::new().file("app", &vec![2; 8_000_000]).end();
    let write = |name: &str, layers| {
        std::fs::write(work.path().join(name), Picture::new(layers).docker_archive()).unwrap();
    };
    write("base.tar", vec![base.clone()]);
    write("app.tar", vec![base, own]);
    let (code, out, err) = run(layerwise(work.path()).args(["image", "base.tar", "app.tar"]));
    assert_eq!(code, 0, "{err}");
    let end = "\nTogether 78.0 MB in files, not 148.0 MB: 70.0 MB are in shared layers\n   70.0 MB shared     0 bytes unique  base.tar\n   70.0 MB shared      8.0 MB unique  app.tar\n";
    assert!(out.ends_with(end), "{out}");
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains(end.trim()), "the README shows it as it is");
}

#[test]
fn two_images_are_compared_path_by_path() {
    let work = tempfile::tempdir().unwrap();
    let write = |name: &str, layers| {
        std::fs::write(work.path().join(name), Picture::new(layers).docker_archive()).unwrap();
    };
    let base = Tar::new()
        .file("same", &noise(1, 5000))
        .file("old", &noise(2, 7000))
        .symlink("l", "same")
        .end();
    let other = Tar::new()
        .file("gone", &noise(3, 3000))
        .add(&Entry { path: "mode", ..Entry::default() })
        .end();
    let next = Tar::new()
        .file("old", &noise(4, 9000))
        .file("new", &noise(5, 40_000))
        .symlink("l", "new")
        .add(&Entry { path: "mode", mode: 0o600, ..Entry::default() })
        .file("hidden", &noise(6, 1000))
        .end();
    let gone = Tar::new().file(".wh.hidden", b"").end();
    write("a.tar", vec![base.clone(), other]);
    write("b.tar", vec![base, next, gone]);
    let report = measure(work.path(), &["a.tar", "b.tar", "--diff"]);
    let diff = &report["diff"];
    assert_eq!((&diff["before"], &diff["after"]), (&Value::from(15_004), &Value::from(62_007)));
    let paths = diff["paths"].as_array().unwrap().iter();
    let found: Vec<_> = paths
        .map(|it| {
            let number = |key: &str| it[key].as_u64().unwrap();
            let (path, change) = (it["path"].as_str().unwrap(), it["change"].as_str().unwrap());
            (path, change, number("before"), number("after"), number("layer"))
        })
        .collect();
    let expected = [
        ("new", "added", 0, 40_000, 1),
        ("gone", "removed", 3000, 0, 1),
        ("old", "changed", 7000, 9000, 1),
        ("l", "changed", 0, 0, 1),
        ("mode", "metadata", 0, 0, 1),
    ];
    assert_eq!(found, expected);
    let (_, out, _) = run(layerwise(work.path()).args(["image", "a.tar", "b.tar", "--diff"]));
    assert!(out.starts_with("a.tar → b.tar\n15.0 kB → 62.0 kB in files: +47.0 kB\n1 added (40.0 kB), 1 removed (3.0 kB), 2 changed (2.0 kB), 1 metadata\n"), "{out}");
    assert!(
        out.contains("   +40.0 kB  added    new\n                      layer 1: RUN step 1\n"),
        "{out}"
    );
    let (_, out, _) = run(layerwise(work.path()).args(["image", "a.tar", "a.tar", "--diff"]));
    assert!(out.contains("no path differs"), "{out}");
    let (_, out, _) =
        run(layerwise(work.path())
            .args(["image", "a.tar", "b.tar", "--diff", "--format", "markdown"]));
    assert!(out.contains("| +40.0 kB | added | new | layer 1: RUN step 1 |"), "{out}");
    let (code, _, err) = run(layerwise(work.path()).args(["image", "a.tar", "--diff"]));
    assert!(code == 2 && err.contains("`--diff` compares two images, but 1 were given"), "{err}");
}

#[test]
fn gates_decide_the_exit_code() {
    let work = tempfile::tempdir().unwrap();
    let write = |name: &str, layers: Vec<Vec<u8>>| {
        std::fs::write(work.path().join(name), Picture::new(layers).docker_archive()).unwrap();
    };
    let gone = Tar::new().file(".wh.a", b"").end();
    write(
        "x.tar",
        vec![
            Tar::new().file("a", &noise(1, 60_000)).file("b", &noise(2, 40_000)).end(),
            gone.clone(),
        ],
    );
    write(
        "y.tar",
        vec![Tar::new().file("a", &noise(1, 60_000)).file("b", &noise(3, 70_000)).end(), gone],
    );
    let code = |arguments: &[&str]| run(layerwise(work.path()).arg("image").args(arguments));
    for (arguments, expected) in [
        (&["--max-waste", "60kB"][..], 0),
        (&["--max-waste", "59kB"], 1),
        (&["--max-waste", "61%"], 0),
        (&["--max-waste", "59%"], 1),
        (&["--max-waste", "59%", "--ignore-path", "/a"], 0),
        (&["--max-size", "100kB"], 0),
        (&["--max-size", "99kB"], 1),
        (&["--min-efficiency", "0.4"], 0),
        (&["--min-efficiency", "41%"], 1),
        (&["--max-layers", "2"], 0),
        (&["--max-layers", "1"], 1),
        (&["--max-size", "many"], 2),
    ] {
        let (found, out, err) = code(&[&["x.tar"], arguments].concat());
        assert_eq!(found, expected, "{arguments:?}\n{out}{err}");
    }
    code(&["x.tar", "--format", "json", "--output", "before.json"]);
    assert_eq!(code(&["x.tar", "--baseline", "before.json"]).0, 0);
    let (found, out, _) = code(&["y.tar", "--baseline", "before.json"]);
    assert!(
        found == 1 && out.contains("FAIL  +30.0 kB in files against the baseline by layer 0"),
        "{out}"
    );
    assert_eq!(code(&["y.tar", "--baseline", "before.json", "--max-growth", "30kB"]).0, 0);
    std::fs::write(work.path().join("before.json"), "{}").unwrap();
    let (found, _, err) = code(&["y.tar", "--baseline", "before.json"]);
    assert!(
        found == 2
            && err.contains("before.json: is not an output of `layerwise measure --format json`"),
        "{err}"
    );
    // What the configuration says holds too.
    std::fs::write(work.path().join("layerwise.yaml"), "max-waste: 1%\nignore-paths: b\n").unwrap();
    assert_eq!(code(&["x.tar"]).0, 1);
    std::fs::write(work.path().join("layerwise.yaml"), "max-waste: 1%\nignore-paths: /a\n")
        .unwrap();
    assert_eq!(code(&["x.tar"]).0, 0);
    assert_eq!(code(&["x.tar", "--no-config"]).0, 0);
}

#[test]
fn one_image_that_cannot_be_read_does_not_hide_the_others() {
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("x.tar"), special().docker_archive()).unwrap();
    std::fs::write(work.path().join("bad.tar"), "no archive").unwrap();
    let (code, out, err) =
        run(layerwise(work.path()).args(["image", "bad.tar", "x.tar", "./none.tar"]));
    assert_eq!(code, 2);
    assert!(out.contains("x.tar  sha256:"), "{out}");
    assert!(
        err.contains("error: bad.tar: is not an image archive")
            && err.contains("error: ./none.tar: no such file"),
        "{err}"
    );
}

#[test]
fn gates_need_something_that_was_measured() {
    let folder = common::folder(&[
        ("Dockerfile", "FROM debian:12\nCOPY a /a\nRUN make\n"),
        ("base", "FROM debian:12\nCOPY a /a\n"),
        ("whole", "FROM scratch\nCOPY a /a\n"),
        ("a", "12345"),
    ]);
    let gate = |file: &str, gate: &[&str]| {
        let command = ["measure", "--no-config", "--engine=none", "-f", file];
        let (code, out, err) = run(layerwise(folder.path()).args(command).args(gate));
        (code, out.lines().last().unwrap().to_owned(), err)
    };
    for limit in [
        "--max-size=1GB",
        "--max-waste=5%",
        "--max-waste=1GB",
        "--min-efficiency=10%",
        "--max-layers=9",
    ] {
        let (code, out, err) = gate("Dockerfile", &[limit]);
        assert_eq!(code, 2, "{limit}: {out}");
        assert!(out.starts_with("n/a   not measured: "), "{out}");
        assert!(err.contains("not measured: "), "{err}");
        let (code, out, _) = gate("whole", &[limit]);
        assert_eq!((code, &out[..4]), (0, "pass"), "{limit}: {out}");
    }
    // What is there already is too much.
    let (code, out, _) = gate("Dockerfile", &["--max-size=4"]);
    assert_eq!((code, out.as_str()), (1, "FAIL  5 bytes in files, 4 bytes allowed"));
    // Of a base that is not known, no size is.
    assert_eq!(gate("base", &["--max-size=1GB"]).0, 2);
    assert_eq!(gate("base", &["--max-layers=1"]).0, 0);
    let (_, out, _) = gate("whole", &["--max-waste=5%"]);
    assert_eq!(out, "pass  0 bytes (0.0 %) wasted by the own layers, 5.0 % allowed");
}
