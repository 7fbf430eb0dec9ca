//! Suppression comments, baselines and fixes, with the program from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

use common::{folder, layerwise, run};

/// Runs `check` in a folder: exit code, standard output, standard error.
fn check(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(layerwise(folder).args(["check", "--format=concise"]).args(arguments))
}

/// The findings of one file, as `line:CODE`.
fn found(content: &str, arguments: &[&str]) -> String {
    let folder = folder(&[("Dockerfile", content)]);
    let (_, out, _) = check(folder.path(), &[arguments, &["--quiet"]].concat());
    let lines = out.lines().map(|line| {
        let mut parts = line.split([':', ' ']);
        let line = parts.nth(1).unwrap();
        format!("{line}:{}", parts.nth(3).unwrap())
    });
    lines.collect::<Vec<_>>().join(" ")
}

fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn what_suppresses_nothing_is_reported() {
    assert_eq!(found("# layerwise ignore=DL3007\nFROM debian:latest\nUSER a\n", &[]), "");
    assert_eq!(
        found("# layerwise ignore=DL3007,DL3006\nFROM debian:latest\nUSER a\n", &[]),
        "1:LW001"
    );
    assert_eq!(found("# layerwise ignore=DL9999\nFROM debian:12\n", &[]), "1:LW001");
    assert_eq!(found("# layerwise ignore=DL3007\n\nFROM debian:latest\n", &[]), "1:LW001 3:DL3007");
    assert_eq!(found("# layerwise file-ignore=LW001,DL3007\nFROM debian:12\n", &[]), "");
}

#[test]
fn a_suppression_ends_with_its_last_day() {
    let text = |comment: &str| format!("# {comment}\nFROM debian:latest\nUSER a\n");
    let ignore = "layerwise ignore=DL3007";
    for (expires, expected) in [
        ("expires=9999-12-31", ""),
        ("expires=9999-12-31: until the vendor has tags", ""),
        ("expires=2001-01-31", "1:27:1:45 this suppression expired on 2001-01-31|2 DL3007"),
        ("expires=2001-01-31 why", "1:27:1:45 this suppression expired on 2001-01-31|2 DL3007"),
        ("expires=2027-02-30 why", "1:27:1:45 `expires=2027-02-30` does not name a day|2 DL3007"),
        ("expires=soon", "1:27:1:39 `expires=soon` does not name a day|2 DL3007"),
        // In the reason, it is only a word.
        ("why expires=2001-01-31", ""),
    ] {
        let folder = folder(&[("Dockerfile", &text(&format!("{ignore} {expires}")))]);
        let arguments = ["check", "--format=json"];
        let (_, out, _) = run(layerwise(folder.path()).args(arguments));
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let shown = json["files"][0]["findings"].as_array().unwrap().iter().map(|it| {
            let (start, end) = (&it["range"]["start"], &it["range"]["end"]);
            if it["code"] == "DL3007" {
                return format!("{} DL3007", start["line"]);
            }
            assert_eq!((&it["code"], &it["severity"]), (&"LW001".into(), &"warning".into()));
            let place = [&start["line"], &start["column"], &end["line"], &end["column"]];
            let place = place.map(ToString::to_string).join(":");
            format!("{place} {}", it["message"].as_str().unwrap())
        });
        assert_eq!(shown.collect::<Vec<_>>().join("|"), expected, "{expires}");
    }
    assert_eq!(
        found(&text("layerwise file-ignore=DL3007 expires=2001-01-31"), &[]),
        "1:LW001 2:DL3007"
    );
    assert_eq!(
        found(&text("layerwise stage-ignore=DL3007 expires=2001-01-31"), &[]),
        "1:LW001 2:DL3007"
    );
    assert_eq!(found(&text("hadolint ignore=DL3007 expires=2001-01-31"), &[]), "");
}

#[test]
fn comments_that_can_only_be_meant_are_taken() {
    for comment in [
        "layerwise ignore DL3007",
        "layerwise: ignore=DL3007",
        "layerwise-ignore DL3007",
        "layerwise ignore = DL3007",
        "layerwise ignore: DL3007 the newest one",
        "Layerwise: ignore DL3007, DL3006",
        "layerwise file ignore=DL3007",
    ] {
        let text = format!("# {comment}\nFROM debian:latest\nUSER a\n");
        assert_eq!(found(&text, &["--ignore=LW001"]), "", "{comment}");
    }
}

#[test]
fn comments_that_cannot_be_understood_are_reported() {
    for (comment, message, help) in [
        (
            "layerwise ignore",
            "1:1: this suppression does not name a rule",
            "`# layerwise ignore=CODE`",
        ),
        (
            "layerwise ignore=",
            "1:1: this suppression does not name a rule",
            "`# layerwise ignore=CODE`",
        ),
        (
            "layerwise-ignore",
            "1:1: this suppression does not name a rule",
            "`# layerwise ignore=CODE`",
        ),
        (
            "layerwise: disable=DL3007",
            "1:14: `disable` is not a suppression",
            "`# layerwise ignore=CODE`",
        ),
    ] {
        let folder =
            folder(&[("Dockerfile", format!("# {comment}\nFROM debian:latest\nUSER a\n"))]);
        let (code, out, _) =
            run(layerwise(folder.path()).args(["check", "--format=json", "--select=LW001"]));
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let finding = &report["files"][0]["findings"][0];
        let start = &finding["range"]["start"];
        let shown = format!(
            "{}:{}: {}",
            start["line"],
            start["column"],
            finding["message"].as_str().unwrap()
        );
        assert_eq!((code, shown.as_str()), (1, message), "{comment}");
        assert!(finding["help"].as_str().unwrap().contains(help), "{finding}");
    }
    let text = "# layerwise is a linter; layerwise ignores nothing\n# layerwise.yaml: ignore=x\nFROM debian:12\n";
    assert_eq!(found(text, &["--select=LW001"]), "");
}

#[test]
fn rules_that_did_not_run_leave_their_suppressions_alone() {
    // DL3059 and SC2086 are the strict profile's; DL3007 is not selected.
    let text = "# layerwise file-ignore=DL3059,SC2086\nFROM debian:12\n# layerwise ignore=DL3007\nUSER 1\n";
    assert_eq!(found(text, &["--select", "layerwise"]), "");
    assert_eq!(found(text, &["--profile", "strict"]), "1:LW001 1:LW001 3:LW001");
}

#[test]
fn comments_of_other_tools_are_left_alone() {
    let text = "# hadolint ignore=DL3007\nFROM debian:12\n# check=skip=StageNameCasing\nUSER 1\n";
    assert_eq!(found(text, &[]), "");
    assert_eq!(
        found(text, &["--profile", "audit", "--select", "DEFAULT,LW001"]),
        "1:LW001 3:LW001"
    );
}

/// What each of some texts gives, all with the same flags.
fn all_silent(texts: &[&str], flags: &[&str]) {
    for text in texts {
        assert_eq!(found(text, flags), "", "{text}{flags:?}");
    }
}

#[test]
fn either_name_of_a_fault_silences_it_from_a_comment() {
    all_silent(
        &[
            "FROM debian:12\n# layerwise ignore=MaintainerDeprecated\nMAINTAINER me\n",
            "FROM debian:12\n# hadolint ignore=DL4000\nMAINTAINER me\n",
            "FROM debian:12\n# hadolint ignore=DL3025\nCMD serve\n",
            "FROM debian:12\n# layerwise ignore=JSONArgsRecommended\nCMD serve\n",
            "FROM debian:12\n# layerwise ignore=json-args-recommended\nCMD serve\n",
            "FROM debian:12\n# check=skip=JSONArgsRecommended\nCMD serve\n",
            "# hadolint global ignore=DL3025\nFROM debian:12\nCMD serve\n",
            "# layerwise file-ignore=JSONArgsRecommended\nFROM debian:12\nCMD serve\n",
            "FROM debian:12\n# check=skip=WorkdirRelativePath\nWORKDIR app\n",
            "FROM a:1\n# check=skip=JSONArgsRecommended // why\n\nENTRYPOINT serve\n",
            // hadolint reports the later command, BuildKit the earlier.
            "FROM a:1\n# check=skip=MultipleInstructionsDisallowed\nCMD [\"a\"]\nCMD [\"b\"]\n",
            "FROM a:1\nCMD [\"a\"]\n# hadolint ignore=DL4003\nCMD [\"b\"]\n",
            // The narrower codes of a cache that is left are the strict profile's, and names all the same.
            "FROM python:3.12\n# hadolint ignore=DL3042\nRUN pip install flask==3.0.0\n",
            "FROM python:3.12\nRUN pip install \\\n  # hadolint ignore=DL3042\n  flask==3.0.0\n",
        ],
        &[],
    );
}

#[test]
fn either_name_of_a_fault_silences_it_from_the_check_directive() {
    let faults = "FROM --platform=$TARGETPLATFORM debian:12\nMAINTAINER me\nENV DB_PASSWORD=hunter2\nCMD [\"a\"]\nCMD serve\n";
    let too = "--extend-select=DL3065,DL3064";
    assert_eq!(found(faults, &[too]), "1:DL3065 2:DL4000 3:DL3064 5:DL4003 5:DL3025");
    all_silent(&[&format!("# check=skip=all\n{faults}")], &[too]);
    all_silent(&[faults], &[too, "--build-arg=BUILDKIT_DOCKERFILE_CHECK=skip=all"]);
    let names = "JSONArgsRecommended,MaintainerDeprecated,SecretsUsedInArgOrEnv";
    let text = format!("# check=skip={names}\n{faults}");
    assert_eq!(found(&text, &["--extend-select=DL3065"]), "2:DL3065 6:DL4003");
}

#[test]
fn either_name_of_a_fault_silences_it_from_settings() {
    let serve = "FROM debian:12\nCMD serve\n";
    all_silent(&[serve], &["--ignore=DL3025"]);
    all_silent(&[serve], &["--ignore=JSONArgsRecommended"]);
    all_silent(&[serve], &["--ignore=json-args-recommended", "--profile=strict"]);
    // Families and prefixes leave out rules, and say nothing of faults.
    assert_eq!(found(serve, &["--ignore=hadolint"]), "2:JSONArgsRecommended");
    assert_eq!(found(serve, &["--ignore=DL3"]), "2:JSONArgsRecommended");
    assert_eq!(found(serve, &["--ignore=buildkit"]), "2:DL3025");
    // What is selected by its own name is wanted under it.
    let named = ["--ignore=DL3025", "--extend-select=JSONArgsRecommended"];
    assert_eq!(found(serve, &named), "2:JSONArgsRecommended");
    // Names of families that are not selected have no part in it.
    let skipped = "FROM debian:12\n# check=skip=JSONArgsRecommended\nCMD serve\n";
    assert_eq!(found(skipped, &["--profile=strict", "--select=hadolint"]), "3:DL3025");
    assert_eq!(found(skipped, &["--profile=strict"]), "");
    let secret = "FROM debian:12\nENV DB_PASSWORD=hunter2\n";
    for (name, text) in [
        (".hadolint.yaml", "ignored: [DL3064]\n"),
        ("layerwise.yaml", "ignore: [DL3064]\n"),
        ("layerwise.yaml", "ignore: [SecretsUsedInArgOrEnv]\n"),
    ] {
        let folder = folder(&[("Dockerfile", secret), (name, text)]);
        assert_eq!(check(folder.path(), &["--quiet"]).1, "", "{name}: {text}");
    }
}

#[test]
fn a_name_of_another_fault_does_not_silence() {
    // DL3059 would be moot next to LW103; it is not a name of it.
    let text =
        "FROM debian:12\nCOPY app /app\nRUN ls\n# hadolint ignore=DL3059\nRUN chown -R 1000 /app\n";
    assert!(found(text, &[]).contains("5:LW103"), "{}", found(text, &[]));
    assert!(found(text, &["--ignore=DL3059"]).contains("5:LW103"));
    // A cache of one manager is not a cache of another.
    let text = "FROM python:3.12\nRUN pip install flask==3.0.0\n";
    assert_eq!(found(text, &["--ignore=DL3019"]), "2:LW104");
    assert_eq!(found(text, &["--ignore=DL3042"]), "");
    // Only that place is silent.
    let text = "FROM a:1\n# hadolint ignore=DL3025\nENTRYPOINT serve\nUSER a\nCMD serve\n";
    assert_eq!(found(text, &[]), "5:DL3025");
}

#[test]
fn a_name_that_silences_is_used() {
    let text = "FROM python:3.12\n# layerwise ignore=DL3042\nRUN pip install flask==3.0.0\n# layerwise ignore=JSONArgsRecommended,DL3025\nCMD serve\n";
    for flags in [&[][..], &["--profile=strict"], &["--profile=audit"]] {
        assert!(!found(text, flags).contains("LW001"), "{}", found(text, flags));
    }
    let unused = "FROM debian:12\n# layerwise ignore=JSONArgsRecommended\nCMD [\"serve\"]\n";
    assert_eq!(found(unused, &[]), "2:LW001");
}

#[test]
fn repeats_are_one_finding() {
    let text = "FROM debian:12\nADD a /a/\nADD b /b/\nADD c /c/\nADD d /d/\nADD e /e/\n";
    let folder = folder(&[("Dockerfile", text)]);
    let flags = ["--select=DL3020", "--quiet"];
    let (_, out, _) = check(folder.path(), &flags);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("Dockerfile:2:1: info DL3020 "), "{out}");
    assert!(out.ends_with(" (and 4 more)\n"), "{out}");
    // Every place in the profile that is the peer's.
    assert_eq!(found(text, &["--select=DL3020", "--profile=strict"]).split(' ').count(), 5);
    // A place that is suppressed is not counted.
    let silent = text.replace("ADD a", "# layerwise ignore=DL3020\nADD a");
    std::fs::write(folder.path().join("Dockerfile"), silent).unwrap();
    let (_, out, _) = check(folder.path(), &flags);
    assert!(out.starts_with("Dockerfile:4:1:") && out.ends_with(" (and 3 more)\n"), "{out}");
    // A baseline knows every place.
    check(folder.path(), &["--select=DL3020", "--write-baseline=known.json"]);
    let with = ["--select=DL3020", "--quiet", "--baseline=known.json"];
    assert_eq!(check(folder.path(), &with).1, "");
    let first_fixed = read(&folder, "Dockerfile").replace("ADD b", "COPY b");
    std::fs::write(folder.path().join("Dockerfile"), &first_fixed).unwrap();
    assert_eq!(check(folder.path(), &with).1, "");
    let one_new = first_fixed + "ADD new /new/\n";
    std::fs::write(folder.path().join("Dockerfile"), one_new).unwrap();
    let (_, out, _) = check(folder.path(), &with);
    assert!(out.starts_with("Dockerfile:8:1:") && !out.contains("more)"), "{out}");
    // The fix changes all places.
    let (_, _, err) = check(folder.path(), &["--select=DL3020", "--fix", "--unsafe-fixes"]);
    assert_eq!(read(&folder, "Dockerfile").matches("ADD").count(), 1, "{err}");
}

#[test]
fn repeats_are_counted_by_stage_where_each_stage_counts() {
    let text = "FROM debian:12\nCOPY a b/\nCOPY c d/\nFROM debian:12\nCOPY a b/\n";
    assert_eq!(found(text, &["--select=DL3045"]), "2:DL3045 5:DL3045");
    assert_eq!(found(text, &["--select=DL3045", "--profile=strict"]).split(' ').count(), 3);
}

#[test]
fn reasons_can_be_required() {
    let text = "# layerwise ignore=DL3007\nFROM debian:latest\n# hadolint ignore=DL3002 # why\nUSER root\n";
    assert_eq!(found(text, &[]), "");
    assert_eq!(found(text, &["--require-reason"]), "1:LW004");
    let folder = folder(&[("Dockerfile", text), ("layerwise.yaml", "require-reason: true\n")]);
    assert!(check(folder.path(), &[]).1.contains("LW004"));
}

#[test]
fn comments_can_be_set_aside() {
    let text = "# hadolint ignore=DL3007\nFROM debian:latest\n";
    assert_eq!(found(text, &["--disable-ignore-comments"]), "2:DL3007");
}

#[test]
fn the_check_directive_is_heeded_whole() {
    let text = "FROM debian:12 AS Build\n# about something else\nARG NAME\nRUN echo \"$NAME\"\n";
    let with = |directive: &str, arguments: &[&str]| {
        found(
            &format!("# check={directive}\n{text}"),
            &[&["--profile", "strict"], arguments].concat(),
        )
    };
    assert_eq!(with("skip=none", &[]), "2:StageNameCasing");
    assert_eq!(with("skip=all", &[]), "");
    assert_eq!(with("skip=all;experimental=all", &[]), "4:InvalidDefinitionDescription");
    let argument = "--build-arg=BUILDKIT_DOCKERFILE_CHECK=skip=all";
    assert_eq!(with("experimental=all", &[argument]), "");
    assert_eq!(with("skp=all", &[]), "1:LW000 2:StageNameCasing");
    let folder = folder(&[("Dockerfile", &format!("# check=error=true\n{text}"))]);
    let (_, out, _) = check(folder.path(), &["--profile=strict"]);
    assert!(out.contains("error StageNameCasing"), "{out}");
}

#[test]
fn checks_of_the_whole_file_are_not_reached_at_an_instruction() {
    let text = "FROM debian:12 AS scratch\n";
    assert_eq!(found(text, &["--select=buildkit"]), "1:ReservedStageName");
    let text = format!("FROM a:1\n# check=skip=ReservedStageName\n{text}");
    assert_eq!(found(&text, &["--select=buildkit"]), "3:ReservedStageName");
}

#[test]
fn ignores_are_written_for_all_that_is_found() {
    let text = "# escape=`\r\nFROM debian:latest\r\nRUN sudo make `\r\n  a\r\n";
    let folder = folder(&[("a/Dockerfile", text), ("b/Dockerfile", "FROM scratch\nCOPY a /\n")]);
    let (code, _, err) = check(folder.path(), &["--add-ignores"]);
    assert_eq!((code, err.as_str()), (0, "Wrote 2 comments into 1 file.\n"));
    let expected = "# escape=`\r\n# layerwise ignore=DL3007\r\nFROM debian:latest\r\n\
                    # layerwise ignore=DL3004\r\nRUN sudo make `\r\n  a\r\n";
    assert_eq!(read(&folder, "a/Dockerfile"), expected);
    assert_eq!(check(folder.path(), &[]).0, 0);
    assert_eq!(check(folder.path(), &["--add-ignores"]).2, "Wrote 0 comments into 0 files.\n");
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let folder = folder(&[("x/Dockerfile", "FROM debian:latest\nUSER a\n")]);
    let (code, _, err) = check(folder.path(), &["--write-baseline", "known.json"]);
    assert_eq!((code, err.as_str()), (0, "Wrote 1 findings to known.json.\n"));
    assert_eq!(check(folder.path(), &["--baseline", "known.json"]).0, 0);
    // Lines that move make nothing new, and the folder it is run in does not matter.
    let text = "\n\nFROM debian:latest\nUSER a\nMAINTAINER me\n";
    std::fs::write(folder.path().join("x/Dockerfile"), text).unwrap();
    let (code, out, _) = check(&folder.path().join("x"), &["--baseline=../known.json", "--quiet"]);
    assert!(code == 1 && out.lines().count() == 1 && out.contains("DL4000"), "{out}");
    std::fs::write(folder.path().join("x/Dockerfile"), "FROM debian:12\n").unwrap();
    let (code, _, err) = check(folder.path(), &["--baseline", "known.json"]);
    assert_eq!(code, 0);
    assert!(err.starts_with("1 known findings are gone"), "{err}");
}

#[test]
fn a_baseline_that_cannot_be_used_is_an_error() {
    let files = [
        ("Dockerfile", "FROM debian:12\n"),
        ("old.json", "{\"version\": 9, \"findings\": []}"),
        ("broken.json", "{\"version\": 1, "),
    ];
    let folder = folder(&files);
    for (name, part) in [
        ("old.json", "version 9"),
        ("broken.json", "not a baseline"),
        ("none.json", "no such file"),
    ] {
        let (code, out, err) = check(folder.path(), &["--baseline", name]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(part) && err.contains(name), "{err}");
    }
    let (code, _, err) = check(folder.path(), &["--write-baseline", "no/such.json"]);
    assert!(code == 2 && err.contains("no/such.json"), "{err}");
}

const FIXABLE: &str = "FROM alpine:3.20\nRUN apk add curl=8 \\\n    jq=1\nUSER a\n";
const FIXED: &str = "FROM alpine:3.20\nRUN apk add --no-cache curl=8 \\\n    jq=1\nUSER a\n";

#[test]
fn safe_fixes_are_applied() {
    let folder = folder(&[("Dockerfile", FIXABLE)]);
    let (code, out, err) = check(folder.path(), &["--fix"]);
    assert_eq!((code, err.as_str()), (0, "Fixed 1 finding in 1 file: LW104 1.\n"), "{out}");
    assert_eq!(read(&folder, "Dockerfile"), FIXED);
    assert_eq!(check(folder.path(), &["--fix"]).2, "Fixed 0 findings in 0 files.\n");
}

#[test]
fn nothing_is_fixed_where_the_report_cannot_be_made() {
    for arguments in [
        &["--baseline", "none.json"][..],
        &["--baseline", "broken.json"],
        &["--write-baseline", "no/such.json"],
        &["--output", "no/such.txt"],
        &["--format=json", "--output=no/such.txt"],
        &["--output", "folder"],
    ] {
        let folder = folder(&[("Dockerfile", FIXABLE), ("broken.json", "{"), ("folder/x", "")]);
        let (code, _, err) =
            run(layerwise(folder.path()).args(["check", "Dockerfile", "--fix"]).args(arguments));
        assert!(code == 2 && err.starts_with("error: "), "{arguments:?}: {err}");
        assert_eq!(read(&folder, "Dockerfile"), FIXABLE, "{arguments:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "{arguments:?}");
    }
}

#[test]
fn a_baseline_can_be_named_in_the_configuration() {
    const IMAGE: &str =
        "FROM debian:latest\nCOPY --from=busybox:1 /bin/sh /b\nUSER a\nCMD [\"b\"]\n";
    let folder = folder(&[
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("layerwise.yaml", "baseline: ci/known.json\n"),
        ("ci/x", ""),
        ("x/Dockerfile", IMAGE),
        ("y/layerwise.yaml", ""),
        ("y/Dockerfile", IMAGE),
    ]);
    let (code, _, err) = check(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (2, "error: ci/known.json: no such file or folder\n"));
    assert_eq!(check(folder.path(), &["--write-baseline", "ci/known.json", "x"]).0, 0);
    let (code, out, _) = check(folder.path(), &["--quiet"]);
    assert_eq!((code, out.lines().count()), (1, 1), "{out}");
    assert!(out.starts_with("y/Dockerfile:1:"), "{out}");
    assert_eq!(check(&folder.path().join("x"), &[]).0, 0);
    assert_eq!(check(&folder.path().join("x"), &["--no-config"]).0, 1);
}

#[test]
fn a_diff_shows_fixes_and_changes_nothing() {
    let folder = folder(&[("Dockerfile", FIXABLE)]);
    let (code, out, err) = check(folder.path(), &["--diff"]);
    assert_eq!((code, err.as_str()), (1, "Would fix 1 finding in 1 file: LW104 1.\n"));
    assert!(out.contains("-RUN apk add curl=8 \\\n+RUN apk add --no-cache curl=8 \\\n"), "{out}");
    assert_eq!(read(&folder, "Dockerfile"), FIXABLE);
}

#[test]
fn unsafe_fixes_have_to_be_asked_for() {
    let text = "FROM node:20\nWORKDIR /app\nRUN cd src && make\n";
    let folder = folder(&[("Dockerfile", text)]);
    let select = "--select=DL3003";
    assert_eq!(check(folder.path(), &[select, "--fix"]).0, 1);
    assert_eq!(read(&folder, "Dockerfile"), text);
    assert_eq!(check(folder.path(), &[select, "--fix", "--unsafe-fixes"]).0, 0);
    assert!(read(&folder, "Dockerfile").contains("WORKDIR /app/src\nRUN make\n"));
    assert_eq!(check(folder.path(), &["--unsafe-fixes"]).0, 2);
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let mut command = Command::cargo_bin("layerwise").unwrap();
    let output =
        command.env_clear().args(["check", "-", "--fix"]).write_stdin(FIXABLE).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), FIXED);
}
