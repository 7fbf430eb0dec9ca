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
COPY --from=build /app/dist dist
RUN npm ci
";
    let manifests = [("package.json", "{\"name\":\"x\"}"), ("package-lock.json", "{}")];
    // The install stays below what the other stage makes, which may change with each commit.
    let Some(it) = project(&[(5, text)], "app/a.js", &manifests) else { return };
    assert_eq!(report(&it)["orders"], Value::Array(Vec::new()));
    // Without that it is surely saved.
    let text = text.replace("COPY --from=build /app/dist dist\n", "");
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
