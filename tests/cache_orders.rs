//! `cache`: which line is which over time, what counts as saved, and each cause once.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::git::{commit, repository};
use common::{layerwise, run};
use serde_json::Value;
use tempfile::TempDir;

/// A repository in which each Dockerfile has some days, and one file changes every day; after the first day's other files.
fn project(
    dockerfiles: &[(u32, &str)],
    changing: &str,
    others: &[(&str, &str)],
) -> Option<TempDir> {
    let it = repository()?;
    commit(&it, 1, others);
    let mut day = 1;
    for (days, text) in dockerfiles {
        for _ in 0..*days {
            commit(&it, day, &[("Dockerfile", text), (changing, &day.to_string())]);
            day += 1;
        }
    }
    Some(it)
}

fn report(folder: &TempDir) -> Value {
    let (code, out, err) = run(layerwise(folder.path()).args(["cache", "--format", "json"]));
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// Line, commits that have it, commits at which it ran, and causes.
fn rows(report: &Value) -> Vec<(u64, u64, u64, Vec<String>)> {
    let number = |it: &Value| it.as_u64().unwrap();
    let cause = |it: &Value| format!("{} {}", it["path"].as_str().unwrap(), it["commits"]);
    let lines = report["lines"].as_array().unwrap().iter();
    lines
        .map(|it| {
            let causes = it["causes"].as_array().unwrap().iter().map(cause).collect();
            (number(&it["line"]), number(&it["commits"]), number(&it["rebuilds"]), causes)
        })
        .collect()
}

#[test]
fn a_run_that_may_happen_is_not_saved() {
    let text = "\
FROM node AS build
WORKDIR /app
COPY . .
RUN npm run build
FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
COPY app app
COPY --from=build /app/dist patches
RUN npm ci
";
    let manifests = [("package.json", "{\"name\":\"x\"}"), ("package-lock.json", "{}")];
    // The install needs what the other stage makes, which may change with each commit.
    let Some(it) = project(&[(5, text)], "app/a.js", &manifests) else { return };
    assert_eq!(report(&it)["orders"], Value::Array(Vec::new()));
    // Without that it is surely saved.
    let text = text.replace("COPY --from=build /app/dist patches\n", "");
    let Some(it) = project(&[(5, &text)], "app/a.js", &manifests) else { return };
    let orders = &report(&it)["orders"];
    assert_eq!(
        (&orders[0]["saves"]["rebuilds"], &orders[0]["saves"]["of"]),
        (&4.into(), &5.into())
    );
}

#[test]
fn a_line_that_changed_is_the_one_that_is_most_alike() {
    let old = "FROM node\nRUN npm i -g npm\nCOPY . .\nRUN npm ci && npm run build\n";
    let new = "FROM node\nCOPY . .\nRUN CI=1 npm ci && npm run build\n";
    let Some(it) = project(&[(4, old), (1, new)], "a.js", &[("b", "")]) else { return };
    let causes = || vec!["a.js 4".to_owned(), "Dockerfile 1".to_owned()];
    // The first commit has no Dockerfile.
    assert_eq!(rows(&report(&it)), [(2, 5, 5, causes()), (3, 5, 5, causes())]);
}

#[test]
fn a_line_that_is_alike_no_other_is_new() {
    let old = "FROM node\nWORKDIR /a\nCOPY . .\nRUN npm ci\n";
    let new = "FROM node\nWORKDIR /b\nCOPY package.json ./\nRUN npm ci\n";
    let Some(it) = project(&[(3, old), (2, new)], "a.js", &[("package.json", "{}")]) else {
        return;
    };
    let found = rows(&report(&it));
    let counts: Vec<_> = found.iter().map(|it| (it.0, it.1, it.2)).collect();
    // A directory is the same one whatever it is called.
    assert_eq!(counts, [(2, 5, 2), (3, 2, 1), (4, 5, 4)]);
}

#[test]
fn a_dockerfile_is_a_cause_once() {
    let text = |option: &str| format!("FROM a\nCOPY . /a\nRUN make{option}\n");
    let (old, new) = (text(""), text(" -j"));
    let Some(it) = project(&[(2, &old), (1, &new)], "b/c", &[("x", "")]) else { return };
    let found = rows(&report(&it));
    assert_eq!(found[1], (3, 3, 3, vec!["b/c 2".to_owned(), "Dockerfile 1".to_owned()]));
}

#[test]
fn notes_are_those_of_the_newest_dockerfile() {
    let old = "FROM a\nCOPY dist/app /app\nCOPY dist/old /old\n";
    let new = "FROM a\nENV X=1\nCOPY dist/app /app\n";
    let Some(it) = project(&[(2, old), (2, new)], "b", &[(".dockerignore", ".git\n")]) else {
        return;
    };
    let unknown = "is not in the repository: nobody knows when it changes";
    let expected = [
        format!("line 3: `dist/app` {unknown}"),
        format!("in an older Dockerfile, line 3: `dist/old` {unknown}"),
    ];
    assert_eq!(report(&it)["notes"], Value::from(expected.to_vec()));
}

#[test]
fn what_leads_out_of_the_context_is_taken_from_its_root() {
    let text = "FROM a\nCOPY ../b /b\nCOPY c/../../d /d\n";
    let Some(it) = project(&[(3, text)], "b", &[(".dockerignore", ".git\n"), ("d", "")]) else {
        return;
    };
    let found = rows(&report(&it));
    assert_eq!(found[0], (2, 3, 3, vec!["b 2".to_owned()]));
    assert_eq!(report(&it)["notes"], Value::Array(Vec::new()));
}

#[test]
fn no_change_is_proposed_for_a_commit_that_is_not_checked_out() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    let others = [(".dockerignore", ".git\n"), ("package.json", "{}"), ("package-lock.json", "{}")];
    let Some(it) = project(&[(5, text)], "a.js", &others) else { return };
    let orders = |branch: &str| {
        let command = ["cache", "--format", "json", "--branch", branch];
        let (_, out, _) = run(layerwise(it.path()).args(command));
        let report: Value = serde_json::from_str(&out).unwrap();
        (report["orders"].as_array().unwrap().len(), report["notes"].clone())
    };
    assert_eq!(orders("HEAD"), (1, Value::Array(Vec::new())));
    let note = "another commit is checked out, so no change is proposed: what an install reads is looked up on the disk";
    assert_eq!(orders("HEAD~1"), (0, Value::from(vec![note])));
}

/// What the best order saves, and what it may save.
fn saves(it: &TempDir) -> (Value, Value) {
    let report = report(it);
    let best = &report["orders"][0];
    (best["saves"].clone(), best["may_save"].clone())
}

fn saving(rebuilds: u64, of: u64, seconds: f64) -> Value {
    let month = Value::Null;
    serde_json::json!({"rebuilds": rebuilds, "of": of, "seconds": seconds, "seconds_per_month": month, "measured": false})
}

const OLD_AND_NEW: [(u32, &str); 2] = [
    (4, "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN true\n"),
    (3, "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\n"),
];

#[test]
fn a_commit_without_the_manifest_saves_nothing() {
    // The manifest comes with the install, which could not have been built before.
    let Some(it) = repository() else { return };
    for day in 1..=4 {
        commit(&it, day, &[("Dockerfile", OLD_AND_NEW[0].1), ("a.js", &day.to_string())]);
    }
    for day in 5..=7 {
        let day_text = day.to_string();
        commit(
            &it,
            day,
            &[("Dockerfile", OLD_AND_NEW[1].1), ("a.js", &day_text), ("package.json", "{}")],
        );
    }
    // Two runs of 30 s, less the half second for the COPY of the manifest that is new.
    assert_eq!(saves(&it), (saving(2, 3, 59.5), Value::Null));
}

#[test]
fn a_commit_with_the_manifest_counts_whatever_the_install_was() {
    let Some(it) = project(&OLD_AND_NEW, "a.js", &[("package.json", "{}")]) else { return };
    assert_eq!(saves(&it), (saving(6, 7, 179.5), Value::Null));
}

#[test]
fn a_lock_file_that_came_later_is_not_there_before() {
    let text = OLD_AND_NEW[1].1.replace("npm install", "yarn install --frozen-lockfile");
    let Some(it) = project(&[(4, &text)], "a.js", &[("package.json", "{}")]) else { return };
    commit(&it, 5, &[("yarn.lock", "")]);
    commit(&it, 6, &[("a.js", "6")]);
    assert_eq!(saves(&it), (saving(1, 2, 29.5), Value::Null));
}

#[test]
fn a_file_that_is_made_before_the_build_may_be_missing() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCOPY dist /dist\n";
    let others = [("package.json", "{}"), ("package-lock.json", "{}")];
    let Some(it) = project(&[(4, text)], "a.js", &others) else { return };
    assert_eq!(saves(&it), (saving(3, 4, 89.5), Value::Null));
}

const PRODUCT: &str = "\
FROM ubuntu AS c
COPY dist /f/w
RUN sh -c true
FROM ubuntu
COPY --from=c /f /k
RUN apt-get update && apt-get install -y curl
";

#[test]
fn runs_that_only_may_have_happened_may_be_saved() {
    let Some(it) = project(&[(4, PRODUCT)], "a.py", &[(".gitignore", "dist\n")]) else { return };
    assert_eq!(saves(&it), (saving(0, 0, 0.0), saving(3, 4, 60.0)));
    let (_, out, _) = run(layerwise(it.path()).arg("cache"));
    let advice = "
  install before the `COPY`: may save up to 3 of 4 possible reruns of line 6, at
  most 60 s in all (estimated)
";
    assert!(out.contains(advice), "{out}");
}

#[test]
fn what_is_saved_for_sure_comes_first() {
    let text = format!(
        "FROM node:22 AS d\nWORKDIR /app\nCOPY . .\nRUN pip install -r r.txt\n{PRODUCT}COPY --from=d /app /b\n"
    );
    let others = [(".gitignore", "dist\n"), ("r.txt", "a")];
    let Some(it) = project(&[(4, &text)], "a.py", &others) else { return };
    let report = report(&it);
    let codes: Vec<_> = report["orders"].as_array().unwrap().iter().collect();
    let codes: Vec<_> = codes.iter().map(|it| (&it["code"], &it["saves"]["rebuilds"])).collect();
    assert_eq!(codes, [(&"LW201".into(), &3.into()), (&"LW214".into(), &0.into())]);
}

/// How many changes are proposed if an install of 5 s could have been saved once in so many commits.
fn proposed(commits: u32) -> Option<usize> {
    let text = "FROM alpine\nCOPY a /srv/a\nRUN apk add curl\n";
    let it = project(&[(commits, text)], "b", &[("a", "")])?;
    commit(&it, commits + 1, &[("a", "1")]);
    Some(report(&it)["orders"].as_array().unwrap().len())
}

#[test]
fn less_than_half_a_second_for_each_commit_is_not_worth_a_change() {
    // The first commit builds everything.
    assert!(proposed(9).is_none_or(|it| it == 1));
    assert!(proposed(12).is_none_or(|it| it == 0));
}
