//! Which settings hold for a file.

use super::*;

#[test]
fn the_nearest_file_counts() {
    let folder = folder(&[
        (".git/HEAD", ""),
        ("layerwise.yaml", "select: DL3007\n"),
        ("Dockerfile", IMAGE),
        ("a/b/Dockerfile", IMAGE),
        ("a/c/.layerwise.yml", "select: DL3015\n"),
        ("a/c/Dockerfile", IMAGE),
        ("a/c/d/Dockerfile", IMAGE),
    ]);
    let found = findings(folder.path(), &[]);
    let found: Vec<_> = found.iter().map(|(path, codes)| (path.as_str(), codes.as_str())).collect();
    let expected = [
        ("Dockerfile", "DL3007/w"),
        ("a/b/Dockerfile", "DL3007/w"),
        ("a/c/Dockerfile", "DL3015/i"),
        ("a/c/d/Dockerfile", "DL3015/i"),
    ];
    assert_eq!(found, expected);
    // Wherever the program is run and however the file is named.
    assert_eq!(one(&folder.path().join("a/b"), &["../c/d/Dockerfile"]), "DL3015/i");
    assert_eq!(one(&folder.path().join("a/b"), &[]), "DL3007/w");
    // One file for all, or none.
    let found = findings(folder.path(), &["--config", "a/c/.layerwise.yml"]);
    assert!(found.values().all(|it| it == "DL3015/i"), "{found:?}");
    assert!(one(folder.path(), &["--no-config"]).contains("DL3007/w DL3015/i"));
}

#[cfg(unix)]
#[test]
fn the_library_finds_settings_as_the_program_does() {
    use layerwise::config::{Layer, Outside, Resolver, Wanted};
    use layerwise::context::Finder;
    use layerwise::lint::{Profile, Selector};

    let folder = folder(&[
        ("layerwise.yaml", "extends: base.yaml\nignore: DL3007\nexclude: old/\n"),
        ("base.yaml", "profile: strict\nignore: DL3015\n"),
        ("other.yaml", "profile: audit\n"),
        ("sub/Dockerfile", IMAGE),
    ]);
    let outside = Outside {
        selector: layerwise::session::selector,
        variable: |name| (name == "HADOLINT_IGNORE").then(|| "DL3009".into()),
    };
    let root = folder.path();
    let find = |wanted, name: &str| {
        let over = Layer { target: Some("x".to_owned()), ..Layer::default() };
        let mut resolver = Resolver::new(over, wanted, Finder::Search, outside).unwrap();
        let settings = resolver.settings_of(&root.join(name), Some(root)).unwrap();
        settings.map(|it| {
            assert_eq!(it.build.target.as_deref(), Some("x"));
            (it.lint.profile, it.lint.selection.ignore.clone())
        })
    };
    let code = |text: &str| Selector::Code(text.to_owned());
    assert_eq!(
        find(Wanted::Nearest, "sub/Dockerfile"),
        Some((Profile::Strict, vec![code("DL3015"), code("DL3007")]))
    );
    assert_eq!(find(Wanted::Nearest, "old/Dockerfile"), None);
    assert_eq!(
        find(Wanted::File(root.join("other.yaml")), "sub/Dockerfile"),
        Some((Profile::Audit, Vec::new()))
    );
    assert_eq!(find(Wanted::Nothing, "sub/Dockerfile"), Some((Profile::Default, Vec::new())));
    std::fs::remove_file(root.join("layerwise.yaml")).unwrap();
    assert_eq!(
        find(Wanted::Nearest, "sub/Dockerfile"),
        Some((Profile::Default, vec![code("DL3009")]))
    );
}

#[test]
fn links_lead_to_the_file_that_is_meant() {
    let folder = folder(&[
        (".git/HEAD", ""),
        ("a/layerwise.yaml", "select: DL3007\nexclude: /x/y/\n"),
        ("a/x/Dockerfile", IMAGE),
        ("a/x/y/Dockerfile", IMAGE),
        ("b/z", ""),
    ]);
    std::os::unix::fs::symlink("../a/x", folder.path().join("b/x")).unwrap();
    let expected = |path: &str| BTreeMap::from([(path.to_owned(), "DL3007/w".to_owned())]);
    assert_eq!(findings(folder.path(), &["b/x"]), expected("b/x/Dockerfile"));
    assert_eq!(findings(folder.path(), &["b/x/Dockerfile"]), expected("b/x/Dockerfile"));
    assert_eq!(findings(&folder.path().join("b"), &["./x/"]), expected("./x/Dockerfile"));
    assert_eq!(findings(&folder.path().join("b/x"), &[]), expected("Dockerfile"));
    assert_eq!(findings(&folder.path().join("a/x/y"), &["../"]), expected("../Dockerfile"));
}

#[test]
fn standard_input_has_the_settings_of_its_name() {
    let folder =
        folder(&[("layerwise.yaml", "select: DL3007\n"), ("a/layerwise.yaml", "select: DL3015\n")]);
    for (name, expected) in [("-", "DL3007"), ("a/Dockerfile", "DL3015"), ("x/y/z", "DL3007")] {
        let mut command = layerwise(folder.path());
        command.args(["check", "-", "--format=concise", "--stdin-filename", name]);
        let (_, out, _) = run(command.write_stdin(IMAGE));
        assert!(out.contains(expected), "{name}: {out}");
        assert_eq!(out.lines().filter(|line| line.starts_with(name)).count(), 1, "{out}");
    }
}

#[test]
fn the_command_line_counts_more() {
    let folder = folder(&[
        (
            "layerwise.yaml",
            "profile: strict\nselect: [DL3007]\nextend-select: [DL3009]\nignore: [DL3015]\nfail-on: never\n",
        ),
        ("Dockerfile", IMAGE),
    ]);
    let check = |arguments: &[&str]| one(folder.path(), arguments);
    assert_eq!(check(&[]), "DL3007/w DL3009/i");
    assert_eq!(check(&["--select", "DL3015,DL3007"]), "DL3007/w");
    assert_eq!(check(&["--extend-select", "DL3002"]), "DL3007/w DL3009/i");
    assert_eq!(check(&["--ignore", "DL3007"]), "DL3009/i");
    let code = |arguments: &[&str]| run(layerwise(folder.path()).arg("check").args(arguments)).0;
    assert_eq!(code(&[]), 0);
    assert_eq!(code(&["--fail-on", "warning"]), 1);
    assert_eq!(code(&["--fail-on", "error"]), 0);
}

#[test]
fn some_files_have_other_settings() {
    let folder = folder(&[
        (
            "layerwise.yaml",
            "select: [DL3007, DL3015]\nper-path:\n\
             - path: legacy/\n  ignore: DL3007\n  fail-on: never\n\
             - path: ['*.dev', 'legacy/old/*']\n  severity: {DL3015: error}\n\
             - path: legacy/old/Dockerfile\n  severity: {DL3015: style}\n",
        ),
        ("Dockerfile", IMAGE),
        ("Dockerfile.dev", IMAGE),
        ("legacy/Dockerfile", IMAGE),
        ("legacy/old/Dockerfile", IMAGE),
        ("legacy/old/x.Dockerfile", IMAGE),
    ]);
    let found = findings(folder.path(), &[]);
    let found: Vec<_> = found.values().map(String::as_str).collect();
    assert_eq!(
        found,
        ["DL3007/w DL3015/i", "DL3007/w DL3015/e", "DL3015/i", "DL3015/s", "DL3015/e"]
    );
    let code = |path: &str| run(layerwise(folder.path()).args(["check", path])).0;
    assert_eq!((code("legacy"), code("Dockerfile"), code(".")), (0, 1, 1));
}

#[test]
fn excluded_files_are_not_searched_but_can_be_named() {
    let folder = folder(&[
        ("layerwise.yaml", "exclude: [vendor, '/a/b/', '*.tmp.Dockerfile', '!a/b/c']\n"),
        ("Dockerfile", IMAGE),
        ("x.tmp.Dockerfile", IMAGE),
        ("x/vendor/Dockerfile", IMAGE),
        // A file inside cannot bring itself back.
        ("vendor/layerwise.yaml", "profile: audit\n"),
        ("vendor/Dockerfile", IMAGE),
        ("a/b/Dockerfile", IMAGE),
        ("x/a/b/Dockerfile", IMAGE),
    ]);
    let found: Vec<_> = findings(folder.path(), &[]).into_keys().collect();
    assert_eq!(found, ["Dockerfile", "x/a/b/Dockerfile"]);
    let found: Vec<_> = findings(folder.path(), &["vendor/Dockerfile"]).into_keys().collect();
    assert_eq!(found, ["vendor/Dockerfile"]);
    let (code, _, err) = run(layerwise(folder.path()).args(["check", "vendor"]));
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn ignore_comments_can_be_left_aside() {
    let text = "# hadolint ignore=DL3007\nFROM debian:latest\n\
                # layerwise ignore=DL3007\nFROM a:latest\n";
    let check = |config: &str| {
        let folder = folder(&[("layerwise.yaml", config), ("Dockerfile", text)]);
        one(folder.path(), &[])
    };
    assert_eq!(check("select: DL3007\n"), "");
    assert_eq!(check("select: DL3007\ndisable-ignore-comments: true\n"), "DL3007/w");
}
