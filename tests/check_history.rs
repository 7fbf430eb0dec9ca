//! `check --history`: what a replay of the project's history says of findings about the cache.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::git::{commit, repository};
use common::{layerwise, run};
use layerwise::cli::{Histories, Work};
use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::session::{self, Input, Origin};
use serde_json::{Value, json};
use tempfile::TempDir;

const FILE: &str = "\
FROM node:22
WORKDIR /app
ENV BUILD_DATE=a
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
COPY . .
RUN npm ci && npm cache clean --force
CMD [\"node\", \"a.js\"]
";

/// Ten commits: the program changes in each, the manifests in two.
fn project() -> Option<TempDir> {
    let it = repository()?;
    for day in 1..=10 {
        let lock = if day < 6 { "{}" } else { "{\"a\": 1}" };
        let program = day.to_string();
        let files = [("a.js", &*program), ("package.json", "{}"), ("package-lock.json", lock)];
        commit(&it, day, &[&files[..], &[("Dockerfile", FILE)]].concat());
    }
    Some(it)
}

fn check(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    run(layerwise(folder.path()).arg("check").args(arguments))
}

/// The code of each finding with its impact.
fn impacts(folder: &TempDir, arguments: &[&str]) -> Vec<(String, Value)> {
    let (_, out, _) = check(folder, &[arguments, &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&out).unwrap();
    let findings = report["files"][0]["findings"].as_array().unwrap().clone();
    findings
        .iter()
        .map(|it| (it["code"].as_str().unwrap().to_owned(), it["impact"].clone()))
        .collect()
}

fn reruns(reruns: &Value) -> Value {
    json!({"bytes": null, "layers": null, "measured": false, "reruns": reruns})
}

#[test]
fn a_finding_says_what_its_fix_saves() {
    let Some(it) = project() else { return };
    let saved = json!({"line": 6, "commits": 10, "times": 10, "saved": 8, "seconds": 239});
    let expected = vec![("LW201".to_owned(), reruns(&saved))];
    assert_eq!(impacts(&it, &["--select", "LW201", "--history"]), expected);
    let (code, out, error) = check(&it, &["--select", "LW201", "--history"]);
    let text = "        saves 8 of 10 reruns of line 6 in 10 replayed commits, about 4 min\n        (estimated)\n";
    assert!(out.contains(text), "{out}");
    assert_eq!((code, error.as_str()), (1, ""));
    // Other rules say nothing of reruns, not even of those of the same line.
    let text = FILE.replace("RUN npm ci", "RUN cd / && npm ci");
    std::fs::write(it.path().join("Dockerfile"), text).unwrap();
    let other = vec![("DL3003".to_owned(), Value::Null)];
    assert_eq!(impacts(&it, &["--select", "DL3003", "--history"]), other);
    std::fs::write(it.path().join("Dockerfile"), FILE).unwrap();
    // Without the flag nothing is replayed.
    assert_eq!(impacts(&it, &["--select", "LW201"]), [("LW201".to_owned(), Value::Null)]);
}

#[test]
fn the_newest_commits_are_replayed() {
    let Some(it) = project() else { return };
    let saved = json!({"line": 6, "commits": 3, "times": 3, "saved": 2, "seconds": 60});
    let expected = vec![("LW201".to_owned(), reruns(&saved))];
    assert_eq!(impacts(&it, &["--select", "LW201", "--history=3"]), expected);
    let (code, _, error) = check(&it, &["--history=0"]);
    assert_eq!(code, 2);
    assert!(error.contains("--history"), "{error}");
}

#[test]
fn without_a_fix_the_own_line_counts() {
    let Some(it) = project() else { return };
    // What differs from the last commit is replayed as it is on the disk.
    let text = FILE.replace("RUN npm ci &&", "RUN npm ci && npm run build &&");
    std::fs::write(it.path().join("Dockerfile"), text).unwrap();
    let own = json!({"line": 6, "commits": 10, "times": 10, "saved": null, "seconds": 600});
    let expected = vec![("LW201".to_owned(), reruns(&own))];
    assert_eq!(impacts(&it, &["--select", "LW201", "--history"]), expected);
    let (_, out, _) = check(&it, &["--select", "LW201", "--history"]);
    let text = "        line 6 ran again at 10 of 10 replayed commits, about 10 min\n        (estimated)\n";
    assert!(out.contains(text), "{out}");
}

#[test]
fn what_costs_most_comes_first_unless_another_order_is_asked_for() {
    let Some(it) = project() else { return };
    let codes = |arguments: &[&str]| -> Vec<String> {
        let select = ["--select", "LW201,DL4000"];
        let all = impacts(&it, &[&select[..], arguments].concat());
        all.into_iter().map(|it| it.0).collect()
    };
    let text = FILE.replace("WORKDIR", "MAINTAINER me\nWORKDIR");
    std::fs::write(it.path().join("Dockerfile"), text).unwrap();
    assert_eq!(codes(&["--history"]), ["LW201", "DL4000"]);
    assert_eq!(codes(&["--history", "--sort", "place"]), ["DL4000", "LW201"]);
    assert_eq!(codes(&[]), ["DL4000", "LW201"]);
}

#[test]
fn files_without_a_history_are_remarked() {
    let it = tempfile::tempdir().unwrap();
    std::fs::write(it.path().join("Dockerfile"), FILE).unwrap();
    let (code, _, error) = check(&it, &["--select", "LW201", "--history"]);
    assert_eq!(code, 1);
    assert!(error.starts_with("note: Dockerfile: no history to replay: "), "{error}");
    assert_eq!(check(&it, &["--select", "LW201", "--history", "-q"]).2, "");
    let Some(it) = project() else { return };
    std::fs::write(it.path().join("new.Dockerfile"), FILE).unwrap();
    let error = "note: new.Dockerfile: no history to replay: it has no `new.Dockerfile`\n";
    assert_eq!(check(&it, &["--select", "LW201", "--history", "new.Dockerfile"]).2, error);
    // One that has nothing to replay needs none.
    assert_eq!(check(&it, &["--select", "DL3006", "--history"]).2, "");
}

/// Checks the first services of a project of twelve and replays their history; gives what that took.
fn work(folder: &TempDir, services: usize) -> Work {
    let histories = Histories::new(200);
    let files = (0..services).map(|it| folder.path().join(format!("service-{it}/Dockerfile")));
    let input = |path: std::path::PathBuf| Input {
        name: path.display().to_string(),
        origin: Origin::File(path),
        searched: None,
        settings: Settings::default().into(),
    };
    let inputs: Vec<Input> = files.map(input).collect();
    let contexts = Contexts::default();
    let one = |input: &Input, result: Result<session::Checked, _>| {
        let mut checked = result.unwrap();
        histories.add(input, &mut checked);
        let found = checked.findings.iter().find(|it| it.meta.code == "LW201").unwrap();
        found.impact.unwrap().reruns.unwrap()
    };
    let mut found = Vec::new();
    session::check_all(&inputs, Some(1), &contexts, one, |reruns| {
        found.push((reruns.line, reruns.commits, reruns.times, reruns.saved));
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(found, vec![(6, 9, 9, Some(7)); services]);
    assert_eq!(histories.remarks(), [""; 0]);
    histories.work()
}

/// What is counted is exact, and time on a busy machine is not.
#[test]
fn files_of_one_repository_share_what_is_read_of_it() {
    let Some(it) = repository() else { return };
    for day in 1..=9 {
        let lock = if day < 6 { "{}" } else { "{\"a\": 1}" };
        let of = |name: usize, file: &str| format!("service-{name}/{file}");
        let mut files = Vec::new();
        for service in 0..12 {
            files.push((of(service, "a.js"), format!("{service} {day}")));
            files.push((of(service, "package.json"), "{}".to_owned()));
            files.push((of(service, "package-lock.json"), lock.to_owned()));
            files.push((of(service, "Dockerfile"), FILE.to_owned()));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|it| (&*it.0, &*it.1)).collect();
        commit(&it, day, &files);
    }
    let (one, two, all) = (work(&it, 1), work(&it, 2), work(&it, 12));
    for done in [one, two, all] {
        assert_eq!((done.repositories, done.commits), (1, 9));
    }
    // Each further file costs what is its own, and nothing of what all have in common.
    let each = two.objects - one.objects;
    assert_eq!(all.objects, one.objects + 11 * each);
    assert!(each < one.objects / 2, "{one:?} {two:?}");
}
