//! The settings of hadolint.

use super::*;

pub(super) const NOTE: &str = "note: using settings from .hadolint.yaml; layerwise config --from-hadolint converts them to layerwise.yaml\n";

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
