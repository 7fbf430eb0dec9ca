//! Archives and layouts of every format.

use super::*;

/// A picture with all that is special in tars.
pub(super) fn special() -> Picture {
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
pub(super) fn check_special(report: &Value, name: &str) {
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
