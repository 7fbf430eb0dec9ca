//! Layouts that are broken.

use super::*;

/// Reads a layout after something was done to it.
pub(super) fn layout(change: impl Fn(&Path)) -> String {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("layout");
    unpack(&picture().oci(gzip), &folder);
    change(&folder);
    let (code, out, err) = run(layerwise(work.path()).args(["image", "layout"]));
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err
}

/// Changes a text in the blobs that have it, and in the names and digests that follow from it not at all.
pub(super) fn replace(folder: &Path, old: &str, new: &str) {
    for blob in std::fs::read_dir(folder.join("blobs/sha256")).unwrap() {
        let path = blob.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if let Ok(text) = String::from_utf8(bytes)
            && text.contains(old)
        {
            std::fs::write(&path, text.replace(old, new)).unwrap();
        }
    }
}

#[test]
fn broken_layouts_are_errors_too() {
    let blob =
        |folder: &Path, bytes: &[u8]| folder.join("blobs").join(digest(bytes).replace(':', "/"));
    let err = layout(|it| std::fs::remove_file(blob(it, &gzip(&layer()))).unwrap());
    assert!(err.contains("its blob is missing"), "{err}");
    let err = layout(|it| std::fs::write(blob(it, &gzip(&layer())), gzip(b"other")).unwrap());
    assert!(err.contains("layer 0"), "{err}");
    let err = layout(|it| std::fs::write(blob(it, &picture().config()), "{}").unwrap());
    assert!(err.contains("its digest is ") && err.contains("configuration sha256:"), "{err}");
    let err = layout(|it| replace(it, "schemaVersion", "schemaversion"));
    assert!(err.contains("manifest sha256:") && err.contains("but should be"), "{err}");
    let err = layout(|it| std::fs::remove_file(it.join("index.json")).unwrap());
    assert!(err.contains("has neither manifest.json nor index.json"), "{err}");
    let index = |text: &str| {
        let text = text.to_owned();
        layout(move |it| std::fs::write(it.join("index.json"), &text).unwrap())
    };
    assert!(index("[]").contains("index.json: is malformed"));
    assert!(index(r#"{"manifests":[]}"#).contains("names no image"));
    let gone = format!(r#"{{"manifests":[{{"digest":"sha256:{}"}}]}}"#, "0".repeat(64));
    assert!(index(&gone).contains("is missing"));
    assert!(index(r#"{"manifests":[{"digest":"sha512:00"}]}"#).contains("is not a SHA-256 digest"));
    assert!(
        index(r#"{"manifests":[{"digest":"sha256:../../../../etc/passwd"}]}"#)
            .contains("is not a SHA-256 digest")
    );
}

#[test]
fn an_index_that_holds_itself_ends() {
    // No digest can be that of a text which holds it, so the chain is long instead.
    let mut files = picture().oci(gzip);
    let mut below = files.iter().find(|it| it.0 == "index.json").unwrap().1.clone();
    for _ in 0..20 {
        let id = digest(&below);
        files.push((format!("blobs/{}", id.replace(':', "/")), below));
        below = format!(r#"{{"manifests":[{{"digest":"{id}"}}]}}"#).into_bytes();
    }
    files.retain(|it| it.0 != "index.json");
    files.push(("index.json".to_owned(), below));
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("x.tar"), archive(&files)).unwrap();
    let (code, _, err) = run(layerwise(work.path()).args(["image", "x.tar"]));
    assert!(code == 2 && err.contains("indexes are nested without end"), "{err}");
}

#[test]
fn an_encrypted_layer_is_named() {
    let work = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let (_, _) = picture().oci_manifest(gzip, &mut files);
    let (_, manifest) = files.pop().unwrap();
    let manifest = String::from_utf8(manifest).unwrap().replace("tar+gzip", "tar+gzip+encrypted");
    let id = digest(manifest.as_bytes());
    files.push((format!("blobs/{}", id.replace(':', "/")), manifest.into_bytes()));
    files.push((
        "index.json".to_owned(),
        format!(r#"{{"manifests":[{{"digest":"{id}"}}]}}"#).into_bytes(),
    ));
    std::fs::write(work.path().join("x.tar"), archive(&files)).unwrap();
    let (code, _, err) = run(layerwise(work.path()).args(["image", "x.tar"]));
    assert!(
        code == 2
            && err.contains("layer 0")
            && err.contains("is encrypted: decrypt the image first"),
        "{err}"
    );
}
