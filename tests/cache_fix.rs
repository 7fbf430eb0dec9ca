//! `cache --fix`: the change that was tried is the one that is made, in the file that was replayed.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::git::{commit, repository};
use common::{layerwise, run};
use tempfile::TempDir;

const SLOW: &str = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"a.js\"]\n";

const FAST: &str = "FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"a.js\"]\n";

const TITLE: &str = "copy the manifests first, and everything else after the install";

/// A repository in which a source changes every day.
fn project(path: &str, dockerfile: &str, folder: &str) -> Option<TempDir> {
    let it = repository()?;
    let below = |name: &str| format!("{folder}{name}");
    let manifests = [(below("package.json"), "{}"), (below("package-lock.json"), "{}")];
    let mut files: Vec<(&str, &str)> = manifests.iter().map(|it| (it.0.as_str(), it.1)).collect();
    files.extend([(path, dockerfile), (".dockerignore", ".git\n")]);
    commit(&it, 1, &files);
    for day in 2..=5 {
        commit(&it, day, &[(&below("a.js"), &day.to_string())]);
    }
    Some(it)
}

fn cache(folder: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    run(layerwise(folder).arg("cache").args(arguments))
}

fn read(it: &TempDir, path: &str) -> String {
    std::fs::read_to_string(it.path().join(path)).unwrap()
}

fn is(found: &(i32, String, String), code: i32, out: &str, err: &str) {
    assert_eq!((found.0, found.1.as_str(), found.2.as_str()), (code, out, err));
}

#[test]
fn the_best_order_is_applied_to_the_file() {
    let Some(it) = project("Dockerfile", SLOW, "") else { return };
    let done = cache(it.path(), &["--fix", "--unsafe-fixes"]);
    is(&done, 0, "", &format!("Changed Dockerfile: {TITLE}.\n"));
    assert_eq!(read(&it, "Dockerfile"), FAST);
    // It differs from the commit now, for which the change is still the best.
    let again = cache(it.path(), &["--fix", "--unsafe-fixes"]);
    is(
        &again,
        2,
        "",
        "error: Dockerfile: differs from the commit that was replayed: commit or stash the change first\n",
    );
    commit(&it, 6, &[]);
    let last = cache(it.path(), &["--fix", "--unsafe-fixes"]);
    is(&last, 0, "", "No change would have saved time; nothing was changed.\n");
    assert_eq!(read(&it, "Dockerfile"), FAST);
}

#[test]
fn a_change_that_may_alter_the_image_has_to_be_allowed() {
    let Some(it) = project("Dockerfile", SLOW, "") else { return };
    let expected = format!(
        "error: `{TITLE}` may alter what the image does: look at it with `--diff`, then add `--unsafe-fixes`\n"
    );
    is(&cache(it.path(), &["--fix"]), 2, "", &expected);
    assert_eq!(read(&it, "Dockerfile"), SLOW);
}

#[test]
fn a_file_that_changed_since_its_commit_is_left_alone() {
    let Some(it) = project("Dockerfile", SLOW, "") else { return };
    let changed = format!("{SLOW}USER node\n");
    std::fs::write(it.path().join("Dockerfile"), &changed).unwrap();
    let expected = "error: Dockerfile: differs from the commit that was replayed: commit or stash the change first\n";
    is(&cache(it.path(), &["--fix", "--unsafe-fixes"]), 2, "", expected);
    assert_eq!(read(&it, "Dockerfile"), changed);
}

#[test]
fn the_command_that_is_printed_applies_what_was_tried() {
    let Some(it) = project("web/docker/Dockerfile", SLOW, "web/") else { return };
    let folder = it.path().join("web");
    let (_, out, _) = cache(&folder, &["-f", "docker/Dockerfile"]);
    let printed = out.lines().find(|it| it.contains("--fix")).unwrap().trim();
    assert_eq!(printed, "layerwise cache -f docker/Dockerfile --fix --unsafe-fixes");
    let words: Vec<&str> = printed.split(' ').skip(2).collect();
    let done = cache(&folder, &words);
    is(&done, 0, "", &format!("Changed docker/Dockerfile: {TITLE}.\n"));
    assert_eq!(read(&it, "web/docker/Dockerfile"), FAST);
}

#[test]
fn another_order_has_a_number() {
    let two = format!(
        "{SLOW}FROM node:22 AS other\nWORKDIR /b\nCOPY . .\nRUN npm ci\nCOPY --from=0 /app /a\n"
    );
    let Some(it) = project("Dockerfile", &two, "") else { return };
    let (_, out, _) = cache(it.path(), &[]);
    let printed: Vec<&str> = out.lines().filter(|it| it.contains("--fix")).map(str::trim).collect();
    let expected = [
        "layerwise cache --fix --unsafe-fixes",
        "layerwise cache --order 2 --fix --unsafe-fixes",
        "With `--diff` in place of `--fix --unsafe-fixes`, the command shows the",
    ];
    assert_eq!(printed, expected);
    let none = cache(it.path(), &["--order", "3", "--fix", "--unsafe-fixes"]);
    is(&none, 2, "", "error: `--order 3`: there are only 2 changes\n");
    let done = cache(it.path(), &["--order", "2", "--fix", "--unsafe-fixes"]);
    is(&done, 0, "", &format!("Changed Dockerfile: {TITLE}.\n"));
    let changed = read(&it, "Dockerfile");
    let (first, second) = changed.split_once("FROM node:22 AS other").unwrap();
    // Both save the same; each is applied alone.
    assert_eq!(first, SLOW);
    assert_eq!(
        second,
        "\nWORKDIR /b\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCOPY --from=0 /app /a\n"
    );
}

#[cfg(unix)]
#[test]
fn the_mode_stays_and_a_link_out_of_the_project_is_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let Some(it) = project("Dockerfile", SLOW, "") else { return };
    let file = it.path().join("Dockerfile");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(cache(it.path(), &["--fix", "--unsafe-fixes"]).0, 0);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(read(&it, "Dockerfile"), FAST);
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("other"), SLOW).unwrap();
    std::fs::remove_file(&file).unwrap();
    symlink(elsewhere.path().join("other"), &file).unwrap();
    let expected = "error: Dockerfile: a link out of the project, not followed\n";
    is(&cache(it.path(), &["--fix", "--unsafe-fixes"]), 2, "", expected);
    assert_eq!(std::fs::read_to_string(elsewhere.path().join("other")).unwrap(), SLOW);
}

#[test]
fn a_better_order_is_replayed() {
    let Some(it) = project("Dockerfile", SLOW, "") else { return };
    let orders = || {
        let (code, out, err) = cache(it.path(), &["--format", "json"]);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["orders"].clone()
    };
    let order = orders()[0].clone();
    assert_eq!((&order["code"], &order["line"]), (&"LW201".into(), &4.into()));
    let saves = serde_json::json!({
        "rebuilds": 4, "of": 5, "seconds": 119.5, "seconds_per_month": null, "measured": false
    });
    assert_eq!((&order["saves"], &order["may_save"]), (&saves, &serde_json::Value::Null));
    assert_eq!(order["edits"][0]["content"], "COPY package*.json ./\n");
    let expected = "\
--- Dockerfile
+++ Dockerfile
@@ -1,5 +1,6 @@
 FROM node:22
 WORKDIR /app
-COPY . .
+COPY package*.json ./
 RUN npm ci
+COPY . .
 CMD [\"node\", \"a.js\"]
";
    is(&cache(it.path(), &["--diff"]), 0, expected, "");
    // What is there already is not advised.
    commit(&it, 6, &[("Dockerfile", FAST)]);
    assert_eq!(orders(), serde_json::json!([]));
    is(&cache(it.path(), &["--diff"]), 0, "", "");
}
