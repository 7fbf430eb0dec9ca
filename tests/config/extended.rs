//! Files that add to others, and the versions that they require.

use super::*;

#[test]
fn a_file_can_add_to_another() {
    let folder = folder(&[
        (
            "base.yaml",
            "profile: strict\nselect: [DL3007, DL3015]\nexclude: made/\nseverity: {DL3007: error}\n",
        ),
        ("a/layerwise.yaml", "extends: ../middle.yml\nignore: DL3015\nexclude: old/\n"),
        ("middle.yml", "extends: base.yaml\nseverity: {DL3007: info}\n"),
        ("a/Dockerfile", IMAGE),
        ("a/old/Dockerfile", IMAGE),
        // Patterns are about the folder of the file that is found.
        ("a/made/Dockerfile", IMAGE),
        ("made/layerwise.yaml", "extends: ../base.yaml\n"),
        ("made/Dockerfile", IMAGE),
    ]);
    let expected = |path: &str, codes: &str| (path.to_owned(), codes.to_owned());
    assert_eq!(
        findings(folder.path(), &[]),
        BTreeMap::from([
            expected("a/Dockerfile", "DL3007/i"),
            expected("made/Dockerfile", "DL3007/e DL3015/i")
        ])
    );
}

#[test]
fn a_file_may_require_versions() {
    let version = env!("CARGO_PKG_VERSION");
    for (required, expected) in [
        ("'>=0.1'", None),
        ("'>=0.1, <100'", None),
        ("0.1", None),
        ("'*'", None),
        ("'>=99'", Some(format!("2:19: this needs layerwise >=99, and this is {version}"))),
        ("99", Some(format!("2:19: this needs layerwise ^99, and this is {version}"))),
        (
            "new",
            Some("2:19: expected versions of layerwise, such as \">=0.2, <0.3\", found the string `new`".to_owned()),
        ),
        (
            "[1]",
            Some("2:19: expected versions of layerwise, such as \">=0.2, <0.3\", found a list".to_owned()),
        ),
    ] {
        // The version is looked at before a key that this version does not know.
        let unknown = if expected.is_some() { "unknown: 1" } else { "profile: default" };
        let text = format!("{unknown}\nrequired-version: {required}\n");
        let folder = folder(&[("layerwise.yaml", text.as_str()), ("Dockerfile", IMAGE)]);
        let (code, _, err) = run(layerwise(folder.path()).args(["check", "--exit-zero"]));
        match expected {
            None => assert_eq!((code, err.as_str()), (0, ""), "{required}"),
            Some(it) => assert_eq!((code, err), (2, format!("error: layerwise.yaml:{it}\n"))),
        }
    }
}

#[test]
fn what_cannot_be_extended_is_an_error() {
    for (files, expected) in [
        (
            &[("layerwise.yaml", "extends: none.yaml\n")][..],
            "layerwise.yaml: `extends: none.yaml` does not exist",
        ),
        (
            &[("layerwise.yaml", "extends: ./layerwise.yaml\n")],
            "layerwise.yaml: `extends: ./layerwise.yaml` forms a cycle",
        ),
        (
            &[
                ("layerwise.yaml", "extends: b.yml\n"),
                ("b.yml", "extends: c.yml\n"),
                ("c.yml", "extends: b.yml\n"),
            ],
            "c.yml: `extends: b.yml` forms a cycle",
        ),
        (
            &[("layerwise.yaml", "extends: secret\n"), ("secret", "password: 1\n")],
            "layerwise.yaml: `extends: secret` does not end with .yaml or .yml",
        ),
        (
            &[("layerwise.yaml", "extends: b.yml\n"), ("b.yml", "profil: strict\n")],
            "b.yml:1:1: unknown setting `profil` (did you mean `profile`?)",
        ),
        (
            &[("layerwise.yaml", "extends: [a.yaml]\n")],
            "layerwise.yaml:1:10: expected the path of a file, found a list",
        ),
        (
            &[("layerwise.yaml", "per-path: [{path: a, extends: b}]\n")],
            "layerwise.yaml:1:22: `extends` cannot be set per path",
        ),
        (
            &[("layerwise.yaml", "include: 'a['\n")],
            "layerwise.yaml:1:10: `a[` is not a pattern: unclosed character class; missing ']'",
        ),
    ] {
        let folder = folder(files);
        std::fs::write(folder.path().join("Dockerfile"), IMAGE).unwrap();
        let (code, out, err) = run(layerwise(folder.path()).arg("check"));
        assert_eq!((code, out.as_str(), err), (2, "", format!("error: {expected}\n")));
    }
    let long = format!("exclude: ['{}']\n", "?".repeat(131_070));
    let (code, err) = fault("layerwise.yaml", long.as_bytes());
    assert_eq!(code, 2);
    assert!(err.ends_with("is not a pattern: longer than 4096 bytes\n"), "{err}");
}
