//! Stores on a disk that are broken, of another kind, or in use.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{folder, layerwise, run};
use serde_json::Value;

/// A store of podman with two images on one base.
fn podman() -> tempfile::TempDir {
    let layer =
        |id: &str, parent: &str| serde_json::json!({"id": id, "parent": parent, "diff-size": 2048});
    let image = |id: &str, name: &str, layer: &str| serde_json::json!({"id": id, "names": [name], "layer": layer});
    let layers = serde_json::json!([
        layer("base", ""),
        layer("one", "base"),
        layer("two", "base"),
        layer("top", "two")
    ]);
    let mut images = vec![image("i-one", "one:1", "one"), image("i-two", "two:1", "two")];
    images.push(serde_json::json!({"id": "0123456789abcdef", "layer": "top"}));
    let containers = serde_json::json!([{"id": "c", "image": "i-one", "layer": "one"}]);
    folder(&[
        ("overlay-layers/layers.json", layers.to_string()),
        ("overlay-images/images.json", serde_json::json!(images).to_string()),
        ("overlay-containers/containers.json", containers.to_string()),
        ("overlay/base/diff/file", "x".repeat(100_000)),
        ("overlay/one/diff/file", "x".repeat(10_000)),
        ("overlay/two/diff/file", "x".repeat(20_000)),
        ("overlay/top/diff/file", String::new()),
        ("overlay/left-over/diff/file", "x".repeat(5000)),
        ("overlay/l/LINK", String::new()),
    ])
}

fn read(root: &std::path::Path) -> (i32, Value, String) {
    let (code, out, err) = run(layerwise(root).args(["store", "--format", "json", "--root", "."]));
    let report: Value = serde_json::from_str(&out).unwrap_or_default();
    (code, report.pointer("/stores/0").cloned().unwrap_or_default(), err)
}

#[test]
fn images_share_what_is_below_them() {
    let store = podman();
    let (code, report, err) = read(store.path());
    assert_eq!(code, 0, "{err}");
    let disk = |name: &str| {
        report["layers"].as_array().unwrap().iter().find(|it| it["id"] == name).unwrap()["disk_bytes"].as_u64().unwrap()
    };
    assert!(disk("base") >= 100_000 && disk("one") >= 10_000);
    let image =
        |id: &str| report["images"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap();
    let one = image("i-one");
    assert_eq!(
        (&one["disk"]["shared"], &one["disk"]["unique"]),
        (&disk("base").into(), &disk("one").into())
    );
    assert_eq!(one["recorded"], serde_json::json!({"all": 4096, "shared": 2048, "unique": 2048}));
    assert!(one["upper_dir"].as_str().unwrap().ends_with("overlay/one/diff"));
    assert_eq!(report["disk_bytes"], disk("base") + disk("one") + disk("two") + disk("top"));
    assert_eq!(
        report["listed_bytes"],
        3 * disk("base") + disk("one") + 2 * disk("two") + disk("top")
    );
    // A container keeps its image.
    assert_eq!(report["reclaimable_bytes"], disk("two") + disk("top"));
    assert_eq!(image("0123456789abcdef")["removal"], "podman image rm 0123456789ab");
    assert!(one["removal"].is_null());
    let unknown = &report["unreferenced"][0];
    assert!(
        unknown["folder"].as_str().unwrap().ends_with("overlay/left-over")
            && unknown["disk_bytes"].as_u64().unwrap() >= 5000
    );
    let (code, out, _) = run(layerwise(store.path()).args(["store", "--root", ".", "--layers"]));
    assert_eq!(code, 0);
    for line in [
        "3 images, 4 layers, 1 container",
        "one:1",
        "overlay/base/diff",
        "  podman image rm 0123456789ab",
        "1 folder with",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn what_is_broken_is_told_and_the_rest_is_read() {
    let store = podman();
    std::fs::remove_dir_all(store.path().join("overlay/one")).unwrap();
    let path = store.path().join("overlay-layers/layers.json");
    let text = std::fs::read_to_string(&path)
        .unwrap()
        .replace("\"parent\":\"two\"", "\"parent\":\"gone\"");
    std::fs::write(&path, text).unwrap();
    let (code, report, err) = read(store.path());
    assert_eq!(code, 0, "{err}");
    let faults: Vec<&str> =
        report["faults"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(faults.iter().any(|it| it.contains("layer one has no folder")), "{faults:?}");
    assert!(
        faults
            .iter()
            .any(|it| it.contains("image 0123456789ab names layer gone, which does not exist")),
        "{faults:?}"
    );
    // A circle of parents ends.
    let text = r#"[{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]"#;
    std::fs::write(&path, text).unwrap();
    std::fs::write(
        store.path().join("overlay-images/images.json"),
        r#"[{"id": "i", "layer": "a"}]"#,
    )
    .unwrap();
    assert_eq!(read(store.path()).0, 0);
}

#[test]
fn stores_that_are_not_read_say_why() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("x", "")], "is not a store of Docker, podman or buildah"),
        (
            &[("btrfs-layers/layers.json", "[]")],
            "keeps layers with `btrfs`, but only overlay and vfs are supported",
        ),
        (&[("image/zfs/x", "")], "keeps layers with zfs, but only overlay2 is supported"),
        (
            &[("io.containerd.metadata.v1.bolt/meta.db", "")],
            "is a containerd store, which is not supported; save its images and measure them",
        ),
        (
            &[("overlay-layers/layers.json", "{\"version\": 9}")],
            "layers.json: its layout is not known",
        ),
        (&[("image/overlay2/repositories.json", "{\"Repositories\": 3}")], "repositories.json: "),
    ];
    for (files, expected) in cases {
        let store = folder(files);
        let (code, _, err) = read(store.path());
        assert!(code == 2 && err.contains(expected), "{expected}: {err}");
    }
    let (code, _, err) = run(layerwise(".").args(["store", "--root", "/no/such/place"]));
    assert!(code == 2 && err.contains("/no/such/place: no such folder"), "{err}");
}

#[test]
fn only_files_of_a_store_are_read() {
    for (name, target, reason) in [
        ("overlay-layers/layers.json", "/dev/zero", "not a regular file"),
        ("overlay-images/images.json", "/dev/zero", "not a regular file"),
        ("overlay-images/images.json", "large", "larger than the limit of 64 MB"),
    ] {
        let store = podman();
        let path = store.path().join(name);
        std::fs::remove_file(&path).unwrap();
        if target == "large" {
            std::fs::File::create(&path).unwrap().set_len(65 << 20).unwrap();
        } else {
            std::os::unix::fs::symlink(target, &path).unwrap();
        }
        let (code, _, err) = read(store.path());
        assert_eq!((code, err.contains(&format!("{name}: {reason}"))), (2, true), "{err}");
    }
}

#[test]
fn sizes_that_a_store_makes_up_do_not_wrap_around() {
    let store = podman();
    let layer = |id: &str, parent: &str| serde_json::json!({"id": id, "parent": parent, "diff-size": i64::MAX});
    let layers = serde_json::json!([
        layer("base", ""),
        layer("one", "base"),
        layer("two", "base"),
        layer("top", "two")
    ]);
    std::fs::write(store.path().join("overlay-layers/layers.json"), layers.to_string()).unwrap();
    let (code, report, err) = read(store.path());
    assert_eq!(code, 0, "{err}");
    let images = report["images"].as_array().unwrap();
    let one = images.iter().find(|it| it["id"] == "i-one").unwrap();
    assert_eq!(one["recorded"]["all"], 2_u64 << 50);
}
