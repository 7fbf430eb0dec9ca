//! Archives that are broken, or made to harm: each is an error that says what and where, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::archives::{Entry, Picture, Tar, archive, digest, gzip, unpack, zstd};
use common::{layerwise, run};

/// A tar of one small file.
fn layer() -> Vec<u8> {
    Tar::new().file("a", b"1").end()
}

fn picture() -> Picture {
    Picture::new(vec![layer()])
}

/// An archive whose second layer is this.
fn with(second: Vec<u8>) -> Vec<u8> {
    Picture::new(vec![layer(), second]).docker_archive()
}

/// An archive with a layer of one entry.
fn entry(it: &Entry<'_>) -> Vec<u8> {
    with(Tar::new().file("before", b"1").add(it).end())
}

/// An archive with these texts for manifest and configuration.
fn texts(manifest: &str, config: &str) -> Vec<u8> {
    Tar::new()
        .file("l.tar", &layer())
        .file("c.json", config.as_bytes())
        .file("manifest.json", manifest.as_bytes())
        .end()
}

const MANIFEST: &str = r#"[{"Config":"c.json","RepoTags":["a:1"],"Layers":["l.tar"]}]"#;

fn config() -> String {
    format!(r#"{{"rootfs":{{"diff_ids":["{}"]}}}}"#, digest(&layer()))
}

/// Zeros that unpack to a thousand times their size.
fn bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![0; 1 << 20];
    for _ in 0..64 {
        std::io::Write::write_all(&mut encoder, &piece).unwrap();
    }
    encoder.finish().unwrap()
}

/// A layer with sparse files that say they have these sizes.
fn sparse(sizes: &[&str]) -> Vec<u8> {
    let add = |tar: Tar, (number, size): (usize, &&str)| {
        let records = [("GNU.sparse.major", "1"), ("GNU.sparse.realsize", *size)];
        tar.pax(&records).file(&format!("f{number}"), b"0\n")
    };
    sizes.iter().enumerate().fold(Tar::new(), add).end()
}

/// An archive that names one layer again and again.
fn many_layers() -> Vec<u8> {
    let names = vec!["\"l.tar\""; 1001].join(",");
    let ids = vec![format!("\"{}\"", digest(&layer())); 1001].join(",");
    let manifest = format!(r#"[{{"Config":"c.json","RepoTags":["a:1"],"Layers":[{names}]}}]"#);
    texts(&manifest, &format!(r#"{{"rootfs":{{"diff_ids":[{ids}]}}}}"#))
}

/// An archive that names so many images, each with its own configuration or all with one.
fn many_images(count: usize, is_one: bool) -> Vec<u8> {
    let name = |number: usize| format!("c{}.json", if is_one { 0 } else { number });
    let tar = (0..if is_one { 1 } else { count }).fold(Tar::new(), |tar, number| {
        let text = config().replacen('{', &format!(r#"{{"os":"os{number}","#), 1);
        tar.file(&name(number), text.as_bytes())
    });
    let item = |number| {
        let config = name(number);
        format!(r#"{{"Config":"{config}","RepoTags":["a:{number}"],"Layers":["l.tar"]}}"#)
    };
    let items: Vec<String> = (0..count).map(item).collect();
    let manifest = format!("[{}]", items.join(","));
    tar.file("l.tar", &layer()).file("manifest.json", manifest.as_bytes()).end()
}

fn checksum(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// A layer whose header has these bytes at a place.
fn field(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = common::archives::header(&Entry { path: "bad", ..Entry::default() });
    block[at..at + bytes.len()].copy_from_slice(bytes);
    with(Tar::new().raw(&checksum(block)).end())
}

/// Name, bytes and what the error has to say.
fn archives() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let good = picture().docker_archive();
    let big = Picture::new(vec![Tar::new().file("big", &vec![7; 100_000]).end()]);
    let cut_layer = {
        let bytes = Tar::new().file("big", &vec![7; 10_000]).end();
        bytes[..5000].to_vec()
    };
    let mut flipped = big.docker_archive();
    flipped[10_000] ^= 1;
    let mut cut_gzip = picture();
    let blob = gzip(&layer());
    cut_gzip.name = "cut".to_owned();
    let oversized = Entry { path: "big", size: Some(1 << 32), ..Entry::default() };
    let long_name = "n".repeat(5000);
    let long_name = long_name.as_str();
    let many_pax = "x".repeat(2 << 20);
    vec![
        ("an empty file", Vec::new(), "has neither manifest.json nor index.json"),
        ("text", b"just some text\n".to_vec(), "is not an image archive"),
        ("text of a block and more", vec![b'x'; 2000], "there is no tar header at byte 0"),
        (
            "a tar of something else",
            layer(),
            "has neither manifest.json nor index.json: this is not an image",
        ),
        (
            "an archive that was cut in a layer",
            big.docker_archive()[..50_000].to_vec(),
            "ends too early: it was cut off",
        ),
        (
            "an archive that was cut before its manifest",
            good[..1536].to_vec(),
            "ends too early: it was cut off",
        ),
        ("gzip that was cut", gzip(&big.docker_archive())[..60].to_vec(), "cut off"),
        (
            "gzip with a broken body",
            [&gzip(&good)[..40], &[0xff; 200][..]].concat(),
            "broken.tar: ",
        ),
        ("zstd that was cut", zstd(&good)[..100].to_vec(), "broken.tar: "),
        (
            "an archive packed with xz",
            b"\xfd7zXZ\0\0\x04rest".to_vec(),
            "is compressed with xz, which is not supported; run `unxz` first",
        ),
        (
            "an archive packed with bzip2",
            b"BZh91AY&SY".to_vec(),
            "is compressed with bzip2, which is not supported; run `bunzip2` first",
        ),
        ("a flipped bit in a layer", flipped, "layer 0 (layer0.tar): its DiffID is sha256:"),
        (
            "a layer that ends in a file",
            with(cut_layer),
            "layer 1 (layer1.tar): entry `big`: ends too early",
        ),
        (
            "a layer of gzip that was cut",
            picture().docker_archive_of(&[blob[..blob.len() - 9].to_vec()]),
            "layer 0 (layer0.tar): ",
        ),
        (
            "a layer of xz",
            picture().docker_archive_of(&[b"\xfd7zXZ\0\0\x04".to_vec()]),
            "layer 0 (layer0.tar): is compressed with xz",
        ),
        (
            "a layer that is text",
            with(vec![b'x'; 1024]),
            "layer 1 (layer1.tar): there is no tar header at byte 0",
        ),
        ("a manifest that is no JSON", texts("[{", &config()), "manifest.json: is malformed"),
        (
            "a manifest of the wrong shape",
            texts(r#"[{"Layers":3}]"#, &config()),
            "manifest.json: is malformed",
        ),
        ("a manifest without images", texts("[]", &config()), "names no image"),
        ("a configuration that is no JSON", texts(MANIFEST, "{"), "c.json: is malformed"),
        (
            "a configuration that is missing",
            texts(&MANIFEST.replace("c.json", "no.json"), "{}"),
            "configuration no.json: is missing",
        ),
        (
            "a layer that is missing",
            texts(&MANIFEST.replace("l.tar", "no.tar"), &config()),
            "layer 0 (no.tar): its blob is missing",
        ),
        (
            "more layers than digests",
            texts(MANIFEST, r#"{"rootfs":{"diff_ids":[]}}"#),
            "names 1 layers, and its configuration has 0",
        ),
        (
            "a digest of another kind",
            texts(MANIFEST, r#"{"rootfs":{"diff_ids":["md5:00"]}}"#),
            "but should be md5:00",
        ),
        (
            "a path out of the image",
            entry(&Entry { path: "a/../../etc/passwd", ..Entry::default() }),
            "layer 1 (layer1.tar): entry `a/../../etc/passwd`: leads out of the image",
        ),
        (
            "a hard link out of the image",
            entry(&Entry { path: "x", kind: b'1', link: "../../etc/shadow", ..Entry::default() }),
            "entry `../../etc/shadow`: leads out of the image",
        ),
        (
            "a hard link to nothing",
            entry(&Entry { path: "x", kind: b'1', ..Entry::default() }),
            "entry `x`: is a hard link to nothing",
        ),
        (
            "a whiteout of nothing",
            entry(&Entry { path: "d/.wh.", ..Entry::default() }),
            "entry `d/.wh.`: is a whiteout of nothing",
        ),
        (
            "a whiteout of the folder above",
            entry(&Entry { path: "d/.wh...", ..Entry::default() }),
            "is a whiteout of nothing",
        ),
        (
            "a kind that nobody knows",
            entry(&Entry { path: "x", kind: b'Q', ..Entry::default() }),
            "entry `x`: has the unknown type `Q`",
        ),
        (
            "a size beyond the archive",
            with(Tar::new().add(&oversized).end()),
            "entry `big`: ends too early",
        ),
        (
            "a size that is no number",
            field(124, b"99999999999"),
            "entry `bad`: has a size that is not a number",
        ),
        ("a negative size", field(124, &[0xff; 12]), "has a size that is not a number"),
        (
            "an owner that is no number",
            field(108, b"owner  "),
            "entry `bad`: has an owner that is not a number",
        ),
        (
            "a wrong checksum",
            with(Tar::new().raw(&[b'z'; 512]).end()),
            "layer 1 (layer1.tar): there is no tar header at byte 0",
        ),
        (
            "a name without an end",
            with(
                Tar::new()
                    .add(&Entry {
                        path: "L",
                        kind: b'L',
                        content: long_name.as_bytes(),
                        ..Entry::default()
                    })
                    .file("x", b"")
                    .end(),
            ),
            "a name is 5000 bytes long",
        ),
        (
            "a long name of four gigabytes",
            with(
                Tar::new()
                    .add(&Entry { path: "L", kind: b'L', size: Some(1 << 32), ..Entry::default() })
                    .end(),
            ),
            "a name is 4294967296 bytes long",
        ),
        (
            "a PAX name without an end",
            with(Tar::new().pax(&[("path", long_name)]).file("x", b"").end()),
            "a name is 5000 bytes long",
        ),
        (
            "a PAX header of two megabytes",
            with(Tar::new().pax(&[("comment", &many_pax)]).file("x", b"").end()),
            "a PAX header is ",
        ),
        (
            "a PAX header that is malformed",
            with(
                Tar::new()
                    .add(&Entry {
                        path: "P",
                        kind: b'x',
                        content: b"999 path=x\n",
                        ..Entry::default()
                    })
                    .file("x", b"")
                    .end(),
            ),
            "a PAX header is malformed",
        ),
        (
            "a PAX size that is no number",
            with(Tar::new().pax(&[("size", "-5")]).file("x", b"").end()),
            "`size` in a PAX header is not a number: `-5`",
        ),
        (
            "a PAX size beyond all",
            with(Tar::new().pax(&[("size", "9223372036854775807")]).file("x", b"").end()),
            "entry `x`: makes its layer larger than 1 PiB",
        ),
        (
            "a sparse file of eight exbibytes",
            with(sparse(&["9223372036854775807"])),
            "layer 1 (layer1.tar): entry `f0`: makes its layer larger than 1 PiB",
        ),
        (
            "sparse files that wrap around together",
            with(sparse(&["600000000000000", "9223372036854775807", "9223372036854775807"])),
            "entry `f1`: makes its layer larger than 1 PiB",
        ),
        (
            "sparse files of a pebibyte together",
            with(sparse(&["600000000000000", "600000000000000"])),
            "entry `f1`: makes its layer larger than 1 PiB",
        ),
        ("more layers than any engine makes", many_layers(), "has more than 1000 layers"),
        (
            "more images than an archive may name",
            many_images(1001, false),
            "manifest.json: names more than 1000 images",
        ),
        (
            "more images than are read at once",
            many_images(101, false),
            "holds 101 images, and 100 are the most that are read at once: choose one by its name",
        ),
        (
            "a bomb for a layer",
            picture().docker_archive_of(&[bomb()]),
            "layer 0 (layer0.tar): unpacks to more than 30000000 bytes; allow more with `--max-unpacked`",
        ),
        ("a bomb for an archive", bomb(), "unpacks to more than 30000000 bytes"),
        (
            "a bomb of JSON",
            gzip(
                &Tar::new()
                    .file("manifest.json", &[b"[", &vec![b' '; 17 << 20][..]].concat())
                    .end(),
            ),
            "has neither manifest.json nor index.json",
        ),
        (
            "a link to itself",
            texts(&MANIFEST.replace("l.tar", "loop"), &config())
                .strip_suffix(&[0; 1024][..])
                .map(|it| Tar(it.to_vec()).symlink("loop", "loop").end())
                .unwrap(),
            "layer 0 (loop): its blob is missing",
        ),
    ]
}

#[test]
fn broken_archives_are_errors_that_say_what_and_where() {
    let cases = archives();
    assert!(cases.len() >= 30, "{}", cases.len());
    for (name, bytes, expected) in cases {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("broken.tar"), &bytes).unwrap();
        for input in ["broken.tar", "-"] {
            let mut command = layerwise(work.path());
            command.args(["image", "--max-unpacked", "30MB", input]).env("TMPDIR", work.path());
            if input == "-" {
                command.pipe_stdin(work.path().join("broken.tar")).unwrap();
            }
            let (code, out, err) = run(&mut command);
            assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
            assert!(!err.contains("panicked") && err.starts_with("error: "), "{name}: {err}");
            let said = if expected.starts_with("broken.tar") { input } else { expected };
            assert!(err.contains(said), "{name} ({input}): {err}");
            let left = std::fs::read_dir(work.path()).unwrap().count();
            assert_eq!(left, 1, "{name}: something is left behind");
        }
    }
}

/// Reads a layout after something was done to it.
fn layout(change: impl Fn(&Path)) -> String {
    let work = tempfile::tempdir().unwrap();
    let folder = work.path().join("layout");
    unpack(&picture().oci(gzip), &folder);
    change(&folder);
    let (code, out, err) = run(layerwise(work.path()).args(["image", "layout"]));
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    err
}

/// Changes a text in the blobs that have it, and in the names and digests that follow from it not at all.
fn replace(folder: &Path, old: &str, new: &str) {
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

#[test]
fn odd_archives_are_read_all_the_same() {
    let one = |layer: Vec<u8>| {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("x.tar"), Picture::new(vec![layer]).docker_archive())
            .unwrap();
        let (code, out, err) =
            run(layerwise(work.path()).args(["image", "x.tar", "--format", "json"]));
        assert_eq!(code, 0, "{err}");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["images"][0]["size"]["files"].as_u64().unwrap()
    };
    // Absolute paths are those of the image.
    assert_eq!(one(Tar::new().file("/etc/passwd", b"123").end()), 3);
    // Of names that come twice the last counts; both ship.
    assert_eq!(one(Tar::new().file("a", b"123").file("a", b"12").end()), 5);
    // Some writers leave out the blocks at the end, others add many.
    assert_eq!(one(Tar::new().file("a", b"123").0), 3);
    assert_eq!(one(Tar::new().file("a", b"123").raw(&[0; 10_240]).end()), 3);
    // A link of a link, and one to a file that is not there.
    assert_eq!(
        one(Tar::new().file("a", b"123").link("b", "a").link("c", "b").link("d", "none").end()),
        3
    );
}

#[test]
fn an_image_that_is_named_again_and_again_is_one_of_many_names() {
    let read = |count, is_one, words: &[&str]| {
        let work = tempfile::tempdir().unwrap();
        std::fs::write(work.path().join("x.tar"), many_images(count, is_one)).unwrap();
        let mut command = layerwise(work.path());
        let (code, out, err) = run(command.args(["image", "--format", "json"]).args(words));
        assert_eq!(code, 0, "{err}");
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        report["images"].as_array().unwrap().len()
    };
    assert_eq!(read(2000, true, &["x.tar"]), 1);
    assert_eq!(read(100, false, &["x.tar"]), 100);
    assert_eq!(read(200, false, &["x.tar:a:7"]), 1);
}

#[test]
fn what_an_archive_says_cannot_move_the_cursor() {
    let layer = Tar::new().file("a\u{1b}[31m\nb", &vec![1; 9000]).end();
    let mut picture = Picture::new(vec![layer.clone(), layer, Tar::new().file(".wh.x", b"").end()]);
    picture.steps = vec!["RUN \u{1b}[2J".to_owned(), "RUN\nfalse".to_owned(), "RUN c".to_owned()];
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("x.tar"), picture.docker_archive()).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "x.tar"]));
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains('\u{1b}') && out.contains("\\u{1b}[31m\\nb"), "{out}");
}

#[test]
fn no_gate_passes_for_a_size_that_wraps_around() {
    let work = tempfile::tempdir().unwrap();
    let huge = "9223372036854775807";
    let image = Picture::new(vec![layer(), sparse(&[huge, huge, "2"])]).docker_archive();
    std::fs::write(work.path().join("a.tar"), image).unwrap();
    let (code, out, err) =
        run(layerwise(work.path()).args(["image", "--max-size", "1MB", "a.tar"]));
    assert_eq!((code, &*out), (2, ""), "{err}");
    // What a disk may hold is measured: `/var/log/lastlog` says so on systems with large user numbers.
    let image = Picture::new(vec![layer(), sparse(&["300000000000"])]).docker_archive();
    std::fs::write(work.path().join("b.tar"), image).unwrap();
    let (code, out, _) = run(layerwise(work.path()).args(["image", "--max-size", "1MB", "b.tar"]));
    assert_eq!((code, out.contains("300.0 GB in files")), (1, true), "{out}");
}

#[test]
fn an_archive_with_more_members_than_an_image_has_is_none() {
    let work = tempfile::tempdir().unwrap();
    let block = common::archives::header(&Entry::default());
    std::fs::write(work.path().join("a.tar"), block.repeat(100_001)).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "a.tar"]));
    let expected = "error: a.tar: has more than 100000 members: this is not an image\n";
    assert_eq!((code, &*out, &*err), (2, "", expected));
}

#[test]
fn attributes_and_names_may_hold_line_breaks() {
    let capability = "\u{1}\0\0\u{2}\n\0\0\n\0\0\0\0";
    let layer = Tar::new()
        .pax(&[("SCHILY.xattr.security.capability", capability), ("mtime", "1.5")])
        .file("ping", &[7; 2000])
        .pax(&[("path", "line\nbreak"), ("comment", "\n\n")])
        .file("x", &[8; 4000])
        .pax(&[("linkpath", "to\n=\n")])
        .symlink("link", "x")
        .end();
    let work = tempfile::tempdir().unwrap();
    std::fs::write(work.path().join("a.tar"), Picture::new(vec![layer]).docker_archive()).unwrap();
    let (code, out, err) = run(layerwise(work.path()).args(["image", "--format", "json", "a.tar"]));
    assert_eq!((code, &*err), (0, ""), "{out}");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["images"][0]["size"]["files"], 2000 + 4000 + 5, "{report:#}");
}

#[cfg(unix)]
#[test]
fn the_first_signal_ends_the_wait_for_standard_input() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    for flags in [&[][..], &["--what-if"]] {
        let work = tempfile::tempdir().unwrap();
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("layerwise"))
            .args(["image", "-"])
            .args(flags)
            .env("TMPDIR", work.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Until it waits, the system would end it.
        std::thread::sleep(Duration::from_millis(1000));
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let start = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if start.elapsed() > Duration::from_secs(10) {
                child.kill().unwrap();
                panic!("it goes on");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("interrupted"), "{err}");
        assert_eq!(std::fs::read_dir(work.path()).unwrap().count(), 0);
    }
}
