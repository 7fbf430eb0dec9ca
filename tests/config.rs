//! Configuration from outside: which file counts, what it changes, and what is said about a wrong one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use common::{folder, layerwise, run};

/// Gives DL3007 (warning), DL3015 (info) and DL3009.
const IMAGE: &str = "FROM debian:latest\nRUN apt-get update && apt-get install -y ffmpeg\nCOPY --from=a:1 /a /b\nUSER a\nEXPOSE 80\nCMD [\"b\"]\n";

/// The codes of each file as `code/severity`, in order, without doubles.
fn findings(folder: &Path, arguments: &[&str]) -> BTreeMap<String, String> {
    let mut command = layerwise(folder);
    let (_, out, err) = run(command.args(["check", "--format=json"]).args(arguments));
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let files = report["files"].as_array().unwrap().iter().map(|file| {
        let findings = file["findings"].as_array().unwrap().iter();
        let mut codes: Vec<String> = findings
            .map(|it| {
                format!(
                    "{}/{}",
                    it["code"].as_str().unwrap(),
                    &it["severity"].as_str().unwrap()[..1]
                )
            })
            .collect();
        codes.sort();
        codes.dedup();
        (file["path"].as_str().unwrap().to_owned(), codes.join(" "))
    });
    files.collect()
}

fn one(folder: &Path, arguments: &[&str]) -> String {
    findings(folder, arguments).into_values().next().unwrap()
}

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

/// Runs `check` with a configuration file and gives the exit code and what is said about it.
fn fault(name: &str, content: &[u8]) -> (i32, String) {
    let folder = folder(&[("Dockerfile", IMAGE)]);
    std::fs::write(folder.path().join(name), content).unwrap();
    let (code, out, err) = run(layerwise(folder.path()).args(["check"]));
    assert_eq!(out, "", "{name}");
    (code, err)
}

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

const NOTE: &str = "note: using settings from .hadolint.yaml; layerwise config --from-hadolint converts them to layerwise.yaml\n";

#[test]
fn the_file_of_hadolint_counts_without_ours() {
    let hadolint = "ignored: [DL3007]\noverride:\n  error: [DL3015]\n  style: [DL3015]\nfailure-threshold: error\n";
    let files = [(".hadolint.yaml", hadolint), ("Dockerfile", IMAGE), ("a/Dockerfile", IMAGE)];
    let both = folder(&files);
    let found = findings(both.path(), &["--select=DL3007,DL3015"]);
    assert!(found.values().all(|it| it == "DL3015/e"), "{found:?}");
    let (_, _, err) = run(layerwise(both.path()).args(["check", "--profile", "default"]));
    assert_eq!(err, NOTE);
    let (_, _, err) = run(layerwise(both.path()).args(["check"]));
    assert!(err.starts_with(NOTE) && err.contains("--profile strict --select hadolint,shellcheck"));
    let (_, _, err) = run(layerwise(both.path()).args(["check", "--quiet"]));
    assert_eq!(err, "");
    // Only in the working directory, as hadolint does.
    assert!(one(&both.path().join("a"), &[]).contains("DL3007/w DL3015/i"));
    let code = |arguments: &[&str]| run(layerwise(both.path()).arg("check").args(arguments)).0;
    assert_eq!((code(&["--ignore=DL3015"]), code(&[]), code(&["--exit-zero"])), (0, 1, 0));

    // Ours goes before it, and then nothing is said.
    std::fs::write(both.path().join("a/layerwise.yaml"), "select: DL3007\n").unwrap();
    let (_, out, err) = run(layerwise(both.path()).args(["check", "a", "--format=concise"]));
    assert!(out.contains("DL3007") && err.is_empty(), "{out}{err}");
}

#[test]
fn registries_and_labels_reach_their_rules() {
    let text = "FROM quay.io/a/b:1\nLABEL url=x other=y\nCOPY --from=ghcr.io/c/d:1 /a /b\n";
    let settings = "trusted-registries: [ghcr.io]\nlabel-schema: {team: text, url: url}\nstrict-labels: true\n";
    let of_hadolint =
        "trustedRegistries: [ghcr.io]\nlabel-schema: {team: text, url: url}\nstrict-labels: true\n";
    for (name, settings) in [("layerwise.yaml", settings), (".hadolint.yaml", of_hadolint)] {
        let folder = folder(&[("Dockerfile", text), (name, settings)]);
        let select = "--select=DL3026,DL3049,DL3050,DL3052";
        assert_eq!(one(folder.path(), &[select]), "DL3026/e DL3049/i DL3050/i DL3052/w", "{name}");
        let without = one(folder.path(), &[select, "--no-config"]);
        assert_eq!(without, "", "{name}");
    }
}

#[test]
fn the_file_of_hadolint_can_be_named() {
    let folder = folder(&[
        ("ci/.hadolint.yml", "ignored:\n  - DL3007\n"),
        ("layerwise.yaml", "select: ALL\n"),
        ("Dockerfile", IMAGE),
    ]);
    let found = one(folder.path(), &["--config", "ci/.hadolint.yml"]);
    assert!(found.contains("DL3015/i") && !found.contains("DL3007"), "{found}");
}

#[test]
fn hadolint_is_searched_where_hadolint_searches() {
    for (place, variable) in [
        (".config/hadolint.yaml", "HOME"),
        (".hadolint/hadolint.yml", "HOME"),
        (".hadolint/config.yaml", "HOME"),
        (".hadolint.yaml", "HOME"),
        ("hadolint.yaml", "XDG_CONFIG_HOME"),
    ] {
        let home = folder(&[(place, "ignored: [DL3007, DL3015]\n")]);
        let work = folder(&[("Dockerfile", IMAGE)]);
        let mut command = layerwise(work.path());
        command.env(variable, home.path()).args(["check", "--format=concise"]);
        let (_, out, err) = run(&mut command);
        assert!(
            !out.contains("DL3007") && err.contains("note: using settings from"),
            "{place}: {out}{err}"
        );
        // The working directory goes first.
        std::fs::write(work.path().join(".hadolint.yml"), "ignored: [DL3015]\n").unwrap();
        let (_, out, _) = run(&mut command);
        assert!(out.contains("DL3007") && !out.contains("DL3015"), "{place}: {out}");
    }
}

#[test]
fn a_wrong_file_of_hadolint_is_an_error() {
    for (content, expected) in [
        (&b"ignored: [DL3015\n"[..], "2:1: cannot be read as YAML"),
        (b"ignored: 3\n", "1:10: expected a list of codes, found the number 3"),
        (b"override: [DL3015]\n", "1:11: expected a map"),
        (b"failure-threshold: wrong\n", "1:20: expected a severity"),
        (b"label-schema: {a: link}\n", "1:19: expected a type of labels"),
        (b"strict-labels: maybe\n", "1:16: expected true or false, found the string `maybe`"),
    ] {
        let (code, err) = fault(".hadolint.yaml", content);
        let expected = format!("error: .hadolint.yaml:{expected}");
        assert!(code == 2 && err.starts_with(&expected), "{code}: {err}");
    }
}

#[test]
fn what_hadolint_overlooks_is_said() {
    let content = "ignore: [DL3015]\nignored: [DL9999]\nformat: codacy\n";
    let folder = folder(&[(".hadolint.yaml", content), ("Dockerfile", IMAGE)]);
    let (code, out, err) = run(layerwise(folder.path()).args(["check"]));
    assert!(code == 1 && out.contains("DL3015"));
    assert!(err.contains(".hadolint.yaml:1:1: `ignore` is not a hadolint setting"), "{err}");
    assert!(
        err.contains(".hadolint.yaml:2:11: unknown rule, family or category `DL9999`"),
        "{err}"
    );
    assert!(err.contains("no equivalent of hadolint's format `codacy`"), "{err}");
}

#[test]
fn formats_and_colours_of_hadolint() {
    let content = "formats: [codacy, json, tty]\nno-color: true\n";
    let folder = folder(&[(".hadolint.yaml", content), ("Dockerfile", IMAGE)]);
    let (_, out, _) = run(layerwise(folder.path()).arg("check"));
    assert!(serde_json::from_str::<Value>(&out).is_ok(), "{out}");
    let (_, out, _) = run(layerwise(folder.path()).args(["check", "--format=concise"]));
    assert!(out.starts_with("Dockerfile:1:"), "{out}");
}

#[test]
fn variables_of_hadolint_count_least() {
    let work = folder(&[("Dockerfile", IMAGE)]);
    let check = |variables: &[(&str, &str)]| {
        let mut command = layerwise(work.path());
        command.args(["check", "--format=concise", "--select=DL3007,DL3015"]);
        let (code, out, err) = run(command.envs(variables.iter().copied()));
        let codes = ["DL3007", "DL3015"].map(|it| out.contains(it));
        (code, codes, err)
    };
    assert_eq!(check(&[]), (1, [true, true], String::new()));
    assert_eq!(check(&[("HADOLINT_IGNORE", "DL3007,DL3015")]), (0, [false, false], String::new()));
    assert_eq!(check(&[("HADOLINT_NOFAIL", "yes")]).0, 0);
    assert_eq!(check(&[("HADOLINT_FAILURE_THRESHOLD", "error")]).0, 0);
    let variables =
        [("HADOLINT_FAILURE_THRESHOLD", "error"), ("HADOLINT_OVERRIDE_ERROR", "DL3015")];
    assert_eq!(check(&variables).0, 1);
    assert!(
        check(&[("HADOLINT_IGNORE", "DL9999")]).2.contains("note: HADOLINT_IGNORE: unknown rule")
    );

    // hadolint's file adds to lists and replaces single values.
    let file = work.path().join(".hadolint.yaml");
    std::fs::write(&file, "ignored: [DL3015]\nfailure-threshold: info\n").unwrap();
    let variables = [("HADOLINT_IGNORE", "DL3007"), ("HADOLINT_FAILURE_THRESHOLD", "error")];
    assert_eq!(check(&variables).1, [false, false]);
    assert_eq!(check(&variables[1..]).0, 1);
    // Our own file is the whole configuration.
    std::fs::write(work.path().join("layerwise.yaml"), "").unwrap();
    assert_eq!(check(&variables), (1, [true, true], String::new()));
    std::fs::remove_file(work.path().join("layerwise.yaml")).unwrap();
    let mut command = layerwise(work.path());
    command.env("HADOLINT_IGNORE", "ALL").args(["check", "--no-config"]);
    assert_eq!(run(&mut command).0, 1);
}

/// A file of the fixtures.
fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/config").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn hadolint_s_file_becomes_ours() {
    let folder = folder(&[("h.yaml", &fixture("hadolint.yaml"))]);
    let (code, out, _) =
        run(layerwise(folder.path()).args(["config", "--from-hadolint", "h.yaml"]));
    assert_eq!((code, out.as_str()), (0, fixture("hadolint.as-ours.yaml").as_str()));
    // What is written can be read and says the same.
    std::fs::write(folder.path().join("layerwise.yaml"), &out).unwrap();
    let (code, again, err) = run(layerwise(folder.path()).arg("config"));
    assert_eq!((code, err.as_str()), (0, ""));
    let settings = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|it| !it.starts_with('#') && !it.starts_with("profile:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(settings(&again), settings(&out));
}

#[test]
fn the_settings_in_force_are_printed() {
    let work = folder(&[("layerwise.yaml", "ignore: DL3015\n"), ("a/x", ""), (".git/HEAD", "")]);
    let (code, out, _) = run(layerwise(work.path().join("a")).arg("config"));
    assert!(code == 0 && out.contains("layerwise.yaml.\nprofile: default\n"), "{out}");
    assert!(out.ends_with("fail-on: info\nignore:\n  - DL3015\n"), "{out}");
    let (_, out, _) = run(layerwise(work.path()).args(["config", "--no-config"]));
    assert_eq!(out, "# No configuration file: the defaults.\nprofile: default\nfail-on: info\n");
    let hadolint = folder(&[(".hadolint.yaml", "no-fail: true\n")]);
    let mut command = layerwise(hadolint.path());
    let (_, out, _) = run(command.env("HADOLINT_IGNORE", "DL3015").arg("config"));
    assert!(out.starts_with("# From .hadolint.yaml, HADOLINT_IGNORE.\n"), "{out}");
    assert!(out.contains("fail-on: never\nignore:\n  - DL3015\n"), "{out}");
}

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

#[test]
fn what_holds_for_a_file_is_printed_with_its_origin() {
    let folder = folder(&[
        ("base.yaml", "ignore: DL3008\nfail-on: error\n"),
        (
            "layerwise.yaml",
            "extends: base.yaml\nignore: [DL3009]\nexclude: old/\nper-path:\n  - path: [old/, x]\n    profile: strict\n",
        ),
        ("a/layerwise.yaml", ""),
    ]);
    let config = |arguments: &[&str]| run(layerwise(folder.path()).arg("config").args(arguments));
    let (code, out, _) = config(&["Dockerfile"]);
    let expected = "# Dockerfile\nprofile: default  # default\nfail-on: error    # base.yaml\n\
                    ignore:\n  - DL3008        # base.yaml\n  - DL3009        # layerwise.yaml\n";
    assert_eq!((code, out.as_str()), (0, expected));
    let (_, out, _) = config(&["old/Dockerfile"]);
    let head = "# old/Dockerfile\n# layerwise.yaml excludes it when folders are searched.\n\
                profile: strict  # layerwise.yaml, per-path old/ x\n";
    assert!(out.starts_with(head), "{out}");
    let (_, out, _) = config(&["a/Dockerfile"]);
    assert_eq!(out, "# a/Dockerfile\nprofile: default  # default\nfail-on: info     # default\n");
    assert_eq!(config(&["Dockerfile", "--schema"]).0, 2);
}

#[test]
fn a_commented_file_can_be_written() {
    let folder = folder(&[("Dockerfile", IMAGE)]);
    let init =
        |arguments: &[&str]| run(layerwise(folder.path()).args(["init", "config"]).args(arguments));
    let (_, text, _) = init(&["--stdout"]);
    let wrote = "Wrote ./layerwise.yaml, with every setting commented out.\n";
    assert_eq!(init(&[]), (0, String::new(), wrote.to_owned()));
    assert_eq!(std::fs::read_to_string(folder.path().join("layerwise.yaml")).unwrap(), text);
    assert_eq!(one(folder.path(), &[]), one(folder.path(), &["--no-config"]));
    let (code, _, err) = init(&[]);
    assert!(code == 2 && err.contains("./layerwise.yaml already exists"), "{err}");
    assert_eq!(init(&["no/such"]).0, 2);
}

/// Whether a value is as a schema says, in the few words of JSON Schema that ours has.
fn validate(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let of_type = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("unknown type {other}"),
    };
    let good = match &schema["type"] {
        Value::String(name) => of_type(name),
        Value::Array(names) => names.iter().any(|name| of_type(name.as_str().unwrap())),
        _ => true,
    };
    let listed = schema["enum"].as_array().is_none_or(|all| all.contains(value));
    if !good || !listed {
        faults.push(format!("{at}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        validate(&schema["items"], item, &format!("{at}/{index}"), faults);
    }
    for (key, item) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{key}");
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => faults.push(at),
            (Value::Null, others) => validate(others, item, &at, faults),
            (own, _) => validate(own, item, &at, faults),
        }
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        if value.get(key.as_str().unwrap()).is_none() {
            faults.push(format!("{at}: no {key}"));
        }
    }
}

#[test]
fn the_schema_is_that_of_the_reader() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/layerwise.schema.json");
    let (_, out, _) =
        run(layerwise(Path::new(env!("CARGO_MANIFEST_DIR"))).args(["config", "--schema"]));
    if common::update() {
        std::fs::write(&path, &out).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert!(committed == out, "docs/layerwise.schema.json is stale; run with UPDATE=1");

    let schema: Value = serde_json::from_str(&out).unwrap();
    let full: Value = serde_yaml::from_str(&fixture("full.yaml")).unwrap();
    let faults = |value: &Value| {
        let mut faults = Vec::new();
        validate(&schema, value, "", &mut faults);
        faults
    };
    assert_eq!(faults(&full), Vec::<String>::new());
    // The example has every key, and the reader takes it.
    let keys = |it: &Value| it.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&full), keys(&schema["properties"]));
    let entries = full["per-path"].as_array().unwrap().iter().flat_map(keys);
    let mut entries: Vec<String> = entries.collect();
    entries.sort();
    entries.dedup();
    assert_eq!(entries, keys(&schema["properties"]["per-path"]["items"]["properties"]));
    let folder = folder(&[("layerwise.yaml", fixture("full.yaml").as_str()), ("base.yaml", "")]);
    let (code, _, err) = run(layerwise(folder.path()).arg("config"));
    assert_eq!((code, err.as_str()), (0, ""));

    for (text, at) in [
        ("profil: strict", "/profil"),
        ("profile: named", "/profile: \"named\""),
        ("strict-labels: 1", "/strict-labels: 1"),
        ("per-path: [{ignore: a}]", "/per-path/0: no \"path\""),
        ("per-path: [{path: a, exclude: b}]", "/per-path/0/exclude"),
        ("extends: [a]", "/extends: [\"a\"]"),
        ("severity: {a: b}", "/severity/a: \"b\""),
    ] {
        assert_eq!(faults(&serde_yaml::from_str(text).unwrap()), [at], "{text}");
    }
}

#[test]
fn the_pages_name_every_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/configuration.md")).unwrap();
    let full: Value = serde_yaml::from_str(&fixture("full.yaml")).unwrap();
    for key in full.as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{key}` |")), "docs/configuration.md lacks `{key}`");
    }
}
