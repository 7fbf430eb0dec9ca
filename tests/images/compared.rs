//! Bases, differences and gates.

use super::*;

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

#[test]
fn images_may_not_outgrow_an_earlier_measurement() {
    let work = tempfile::tempdir().unwrap();
    let write = |name: &str, size: usize| {
        let layer = Tar::new().file("a", &noise(1, size)).end();
        let picture = Picture { name: format!("{name}:1"), ..Picture::new(vec![layer]) };
        std::fs::write(work.path().join(format!("{name}.tar")), picture.docker_archive()).unwrap();
    };
    write("app", 10_000);
    write("other", 12_000);
    let image = |arguments: &[&str]| {
        run(layerwise(work.path()).arg("image").args(arguments).arg("--no-config"))
    };
    let (_, measured, _) = image(&["app.tar", "--format", "json"]);
    std::fs::write(work.path().join("measured.json"), &measured).unwrap();
    let newer = measured.replacen("\"version\":1", "\"version\":2", 1);
    std::fs::write(work.path().join("newer.json"), newer).unwrap();
    for (arguments, code, expected) in [
        (&["app.tar"][..], 0, "pass  +0 bytes in files against the baseline"),
        // One against one, whatever they are called.
        (&["other.tar"], 1, "FAIL  +2.0 kB in files against the baseline by layer 0"),
        (
            &["other.tar", "--max-growth", "2kB"],
            0,
            "pass  +2.0 kB in files against the baseline by layer 0, 2.0 kB allowed",
        ),
        (
            &["app.tar", "other.tar"],
            2,
            "error: other.tar: the baseline has no image of this name\n",
        ),
        (
            &["other.tar", "--baseline=newer.json"],
            2,
            "error: newer.json: is not an output of `layerwise measure --format json`: its version is 2, and 1 is read\n",
        ),
        (&["other.tar", "--baseline=none.json"], 2, "error: none.json: no such file or folder\n"),
    ] {
        let own = arguments.iter().any(|it| it.starts_with("--baseline"));
        let baseline = if own { &[][..] } else { &["--baseline=measured.json"] };
        let (found, out, err) = image(&[arguments, baseline].concat());
        let gate = out.lines().filter(|it| it.contains("aseline")).collect::<Vec<_>>().join("\n");
        assert_eq!((found, format!("{gate}{err}").as_str()), (code, expected), "{arguments:?}");
    }
}
