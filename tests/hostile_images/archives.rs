//! Archives that are broken.

use super::*;

/// Name, bytes and what the error has to say.
pub(super) fn archives() -> Vec<(&'static str, Vec<u8>, &'static str)> {
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
        ("a manifest that is not JSON", texts("[{", &config()), "manifest.json: is malformed"),
        (
            "a manifest of the wrong shape",
            texts(r#"[{"Layers":3}]"#, &config()),
            "manifest.json: is malformed",
        ),
        ("a manifest without images", texts("[]", &config()), "names no image"),
        ("a configuration that is not JSON", texts(MANIFEST, "{"), "c.json: is malformed"),
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
            "a size that is not a number",
            field(124, b"99999999999"),
            "entry `bad`: has a size that is not a number",
        ),
        ("a negative size", field(124, &[0xff; 12]), "has a size that is not a number"),
        (
            "an owner that is not a number",
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
            "a PAX size that is not a number",
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
