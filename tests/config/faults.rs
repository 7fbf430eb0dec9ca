//! What is wrong in a file of settings.

use super::*;

#[test]
fn a_wrong_file_is_never_overlooked() {
    for (content, expected) in [
        (&b"profil: strict\n"[..], "1:1: unknown setting `profil` (did you mean `profile`?)"),
        (
            b"profile: strikt\n",
            "1:10: expected a profile (default, strict, audit), found `strikt` (did you mean `strict`?)",
        ),
        (b"ignore:\n  - DL3015\n  - DL9999\n", "3:5: unknown rule, family or category `DL9999`"),
        (
            b"ignore: [hadlint]\n",
            "1:10: unknown rule, family or category `hadlint` (did you mean `hadolint`?)",
        ),
        (
            b"severity:\n  DL3015: wrning\n",
            "2:11: expected a severity (error, warning, info, style), found `wrning` (did you mean `warning`?)",
        ),
        (
            b"severity: {DL: {}}\n",
            "1:16: expected a severity (error, warning, info, style), found a map",
        ),
        (
            b"fail-on: 3\n",
            "1:10: expected a severity or never (error, warning, info, style, never), found the number 3",
        ),
        (b"exclude:\n- 'a[z-a]'\n", "2:3: `a[z-a]` is not a pattern: invalid range; 'z' > 'a'"),
        (b"strict-labels: 1\n", "1:16: expected true or false, found the number 1"),
        (b"target:\n", "1:8: expected the name of a stage, found nothing"),
        (b"ignore: DL3015\nselect: DL3\nignore: DL3009\n", "3:1: duplicate key `ignore`"),
        (
            b"per-path:\n  - path: a\n    profle: strict\n",
            "3:5: unknown setting `profle` (did you mean `profile`?)",
        ),
        (b"per-path:\n  - ignore: DL3015\n", "2:5: `path` is missing"),
        (b"- a\n", "1:1: expected a map of keys and values, found a list"),
        (b"a: \xff\n", "1:4: not UTF-8 text"),
    ] {
        let expected = format!("error: layerwise.yaml:{expected}\n");
        assert_eq!(fault("layerwise.yaml", content), (2, expected));
    }
    for content in [
        &b"a: [1,\n"[..],
        b"a: 'x\n",
        b"\ta: 1\n",
        b"a: *b\n",
        b"a: 1\n---\nb: 1\n",
        b"? [a]\n: b\n",
        b"a: !x y\n",
        b"\0",
        b"a: &a [*a]\n",
        &[b'['; 100_000],
        &vec![b'#'; 10 << 20],
    ] {
        let (code, err) = fault(".layerwise.yaml", content);
        assert!(code == 2 && err.starts_with("error: .layerwise.yaml:"), "{code}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    for content in ["", "# nothing\n", "---\n", "{}\n", "\u{feff}ignore: ALL\n"] {
        let folder =
            folder(&[("Dockerfile", "FROM scratch\nCOPY a /b\n"), ("layerwise.yaml", content)]);
        let (code, _, err) = run(layerwise(folder.path()).arg("check"));
        assert_eq!((code, err.as_str()), (0, ""), "{content:?}");
    }
}

#[test]
fn what_cannot_be_chosen_is_an_error() {
    let folder = folder(&[
        ("Dockerfile", IMAGE),
        ("two/layerwise.yaml", ""),
        ("two/.layerwise.yaml", ""),
        ("two/Dockerfile", IMAGE),
    ]);
    for (arguments, expected) in [
        (
            &["--config", "nosuch.yaml", "Dockerfile"][..],
            "error: nosuch.yaml: no such file or folder\n",
        ),
        (
            &["--config", "nosuch.hadolint.yaml", "Dockerfile"],
            "error: nosuch.hadolint.yaml: no such",
        ),
        (&["--config", "two", "Dockerfile"], "error: two: "),
        (&["two"], "error: both two/layerwise.yaml and two/.layerwise.yaml exist; remove one\n"),
        (&["--config", "a", "--no-config"], "error: the argument"),
        (
            &["--select", "nosuch", "Dockerfile"],
            "error: unknown rule, family or category `nosuch`\n",
        ),
    ] {
        let (code, _, err) = run(layerwise(folder.path()).arg("check").args(arguments));
        assert!(code == 2 && err.starts_with(expected), "{arguments:?}: {code}: {err}");
    }
    let (code, _, err) =
        run(layerwise(folder.path()).args(["config", "--from-hadolint", "nosuch"]));
    assert_eq!((code, err.as_str()), (2, "error: nosuch: no such file or folder\n"));
}
