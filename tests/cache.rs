//! `cache` from outside: repositories that git made, what is reported about them, and what is said where something is wrong.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::git::{commit, git, repository};
use common::{folder, layerwise, run};
use serde_json::Value;
use tempfile::TempDir;

const NODE: &str = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"node\", \"src\"]\n";

/// A project whose install runs again with every change of a source.
fn project() -> Option<TempDir> {
    let it = repository()?;
    let ignore = ".git\nDockerfile\n.dockerignore\n";
    commit(
        &it,
        1,
        &[
            ("Dockerfile", NODE),
            (".dockerignore", ignore),
            ("package.json", "1"),
            ("src/a.js", "a"),
        ],
    );
    commit(&it, 2, &[("src/a.js", "b")]);
    commit(&it, 3, &[("src/b.js", "b")]);
    commit(&it, 4, &[("package.json", "2")]);
    commit(&it, 5, &[("src/b.js", "c")]);
    Some(it)
}

fn cache(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(layerwise(folder).arg("cache").args(arguments))
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = cache(folder, &[&["--format", "json"], arguments].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// The steps of each commit as `line keyword rebuilt: causes`.
fn steps(report: &Value) -> Vec<Vec<String>> {
    let step = |it: &Value| {
        let causes = it["because"].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
        let causes = causes.collect::<Vec<_>>().join(" ");
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        format!("{} {} {}: {causes}", it["line"], text("keyword"), text("rebuilt"))
    };
    let commits = report["commits"].as_array().unwrap();
    commits.iter().map(|it| it["steps"].as_array().unwrap().iter().map(step).collect()).collect()
}

#[test]
fn a_history_is_replayed() {
    let Some(it) = project() else { return };
    let report = json(it.path(), &[]);
    assert_eq!(report["version"], 1);
    assert_eq!(
        (&report["builder"], &report["dockerfile"]),
        (&"buildkit".into(), &"Dockerfile".into())
    );
    assert_eq!((&report["context"], &report["target"]), (&".".into(), &Value::Null));
    let rebuilt = |cause: &str| {
        vec![
            "2 WORKDIR no: ".to_owned(),
            format!("3 COPY yes: {cause}"),
            format!("4 RUN yes: {cause}"),
        ]
    };
    let expected = [
        vec!["2 WORKDIR yes: ".to_owned(), "3 COPY yes: ".to_owned(), "4 RUN yes: ".to_owned()],
        rebuilt("src/a.js"),
        rebuilt("src/b.js"),
        rebuilt("package.json"),
        rebuilt("src/b.js"),
    ];
    assert_eq!(steps(&report), expected);
    let commit = &report["commits"][1];
    assert_eq!(
        (&commit["date"], &commit["subject"]),
        (&"2026-01-02T12:00:00Z".into(), &"day 2".into())
    );
    assert_eq!((&commit["error"], &commit["steps"][0]["stage"]), (&Value::Null, &"0".into()));
    assert_eq!(commit["id"], git(it.path(), &["rev-parse", "HEAD~3"]));
    let line = &report["lines"][2];
    let expected = serde_json::json!({
        "line": 4, "keyword": "RUN", "stage": "0", "commits": 5, "rebuilds": 5, "maybe": 0,
        "causes": [{"path": "src", "commits": 3}, {"path": "package.json", "commits": 1}],
        "seconds": {"value": 30.0, "measured": false}, "bytes": null
    });
    assert_eq!(*line, expected);
}

#[test]
fn a_history_is_shown() {
    let Some(it) = project() else { return };
    let (code, out, err) = cache(it.path(), &[]);
    let expected = "\
Dockerfile  buildkit, 5 commits from 2026-01-01 to 2026-01-05
line  instruction                                       rebuilt    each  a month
   2  WORKDIR /app                                       1 of 5   0.1 s        –
      █····
   3  COPY . .                                           5 of 5   0.5 s        –
      █████
      because: src 3, package.json 1
   4  RUN npm ci                                         5 of 5    30 s        –
      █████
      because: src 3, package.json 1

A commit reruns 2.2 steps, about 31 s. Times are estimates from a table.

What would have saved time, with this Dockerfile at every commit
  copy the manifests first, and everything else after the install: saves 3 of 5
  reruns of line 4, about 89 s in all (estimated)
    layerwise cache --fix --unsafe-fixes
  With `--diff` in place of `--fix --unsafe-fixes`, the command shows the
  change.

";
    assert_eq!((code, out.as_str(), err.as_str()), (0, expected, ""));
    assert!(out.lines().take(10).all(|it| it.chars().count() <= 80));
}

#[test]
fn what_a_builder_remembers_is_bounded() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("Dockerfile", "FROM a\nCOPY f /f\n"), ("f", "1")]);
    commit(&it, 2, &[("f", "2")]);
    commit(&it, 12, &[("f", "1")]);
    let last = |arguments: &[&str]| steps(&json(it.path(), arguments)).pop().unwrap();
    assert_eq!(last(&[]), ["2 COPY no: "]);
    assert_eq!(last(&["--cold"]), ["2 COPY yes: f"]);
    assert_eq!(last(&["--cache-commits", "1"]), ["2 COPY yes: f"]);
    assert_eq!(last(&["--cache-commits", "2"]), ["2 COPY no: "]);
    assert_eq!(last(&["--cache-age", "10"]), ["2 COPY yes: f"]);
    assert_eq!(last(&["--cache-age", "11"]), ["2 COPY no: "]);
    assert_eq!(steps(&json(it.path(), &["--commits", "2"])).len(), 2);
    assert_eq!(steps(&json(it.path(), &["--since", "2026-01-02"])).len(), 2);
    assert_eq!(steps(&json(it.path(), &["--branch", "HEAD~1"])).len(), 2);
}

#[test]
fn a_dockerfile_that_was_renamed_is_followed() {
    let Some(it) = repository() else { return };
    let text = "FROM a\nCOPY f /f\nRUN one\nRUN two\n";
    commit(&it, 1, &[("Dockerfile.old", text), ("other/Dockerfile", "FROM b\n"), ("f", "1")]);
    std::fs::rename(it.path().join("Dockerfile.old"), it.path().join("Dockerfile")).unwrap();
    commit(&it, 2, &[("Dockerfile", "FROM a\nCOPY f /f\nRUN one\nRUN three\n")]);
    let found = steps(&json(it.path(), &[]));
    assert_eq!(found[0], ["2 COPY yes: ", "3 RUN yes: ", "4 RUN yes: "]);
    assert_eq!(found[1], ["2 COPY no: ", "3 RUN no: ", "4 RUN yes: Dockerfile:4"]);
}

#[test]
fn commits_that_cannot_be_replayed_are_skipped() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("README", "no Dockerfile yet")]);
    commit(&it, 2, &[("Dockerfile", "FROM a\nCOPY f /f\n"), ("f", "1")]);
    commit(&it, 3, &[("Dockerfile", "FROM a\nCOPI f /f\n")]);
    commit(&it, 4, &[("Dockerfile", "FROM a\nCOPY f /f\n")]);
    commit(&it, 5, &[(".dockerignore", "[\n")]);
    commit(&it, 6, &[(".dockerignore", "x\n")]);
    let report = json(it.path(), &[]);
    let commits = report["commits"].as_array().unwrap();
    let errors: Vec<&str> = commits.iter().map(|it| it["error"].as_str().unwrap_or("-")).collect();
    assert_eq!(
        errors,
        [
            "it has no `Dockerfile`",
            "-",
            "line 2: unknown instruction `COPI`",
            "-",
            ".dockerignore:1: malformed pattern",
            "-"
        ]
    );
    assert_eq!(steps(&report)[5], ["2 COPY no: "]);
    let (_, out, _) = cache(it.path(), &[]);
    assert!(out.contains("3 commits skipped: .dockerignore:1: malformed pattern at "), "{out}");
}

#[test]
fn merges_submodules_and_pointers() {
    let Some(it) = repository() else { return };
    let Some(other) = repository() else { return };
    commit(&other, 1, &[("x", "1")]);
    commit(&it, 1, &[("Dockerfile", "FROM a\nCOPY sub /sub\nCOPY f /f\n"), ("f", "1")]);
    let url = other.path().display().to_string();
    git(it.path(), &["submodule", "--quiet", "add", &url, "sub"]);
    commit(&it, 2, &[]);
    git(it.path(), &["checkout", "-q", "-b", "side"]);
    commit(&it, 3, &[("f", "2")]);
    commit(&it, 4, &[("f", "3")]);
    git(it.path(), &["checkout", "-q", "main"]);
    commit(&it, 5, &[("g", "1")]);
    git(it.path(), &["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let found = steps(&json(it.path(), &[]));
    // What is on the side branch is not looked at commit by commit.
    assert_eq!(found.len(), 4);
    assert_eq!(found[0][0], "2 COPY yes: ");
    assert_eq!(found[3], ["2 COPY no: ", "3 COPY yes: f"]);
}

#[test]
fn bare_and_shallow_repositories() {
    let Some(it) = project() else { return };
    let place = tempfile::tempdir().unwrap();
    let source = format!("file://{}", it.path().display());
    git(place.path(), &["clone", "-q", "--bare", &source, "bare"]);
    git(place.path(), &["clone", "-q", "--depth", "2", &source, "shallow"]);
    let whole = json(it.path(), &[]);
    let bare = json(&place.path().join("bare"), &[]);
    assert_eq!(whole["commits"], bare["commits"]);
    let (code, out, _) = cache(&place.path().join("shallow"), &[]);
    assert_eq!(code, 0);
    assert!(out.contains("2 commits from"), "{out}");
    assert!(out.contains("note: the clone is shallow: older commits are not here"), "{out}");
}

#[test]
fn what_is_wrong_is_said() {
    let nowhere = folder(&[("Dockerfile", "FROM a\n")]);
    let fails = |folder: &Path, arguments: &[&str]| {
        let (code, out, err) = cache(folder, arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err.trim_end().to_owned()
    };
    assert_eq!(fails(nowhere.path(), &[]), "error: .: not in a git repository");
    assert_eq!(fails(nowhere.path(), &["gone"]), "error: gone: no such folder");
    let Some(it) = repository() else { return };
    assert_eq!(fails(it.path(), &[]), "error: `refs/heads/main` has no commit yet");
    commit(&it, 1, &[("a", "1")]);
    assert_eq!(
        fails(it.path(), &[]),
        "error: no commit of 1 could be replayed with `Dockerfile`: it has no `Dockerfile`"
    );
    commit(&it, 2, &[("docker/app.Dockerfile", "FROM a\n")]);
    assert_eq!(
        fails(it.path(), &[]),
        "error: no commit of 2 could be replayed with `Dockerfile`: it has no `Dockerfile`; `-f` names another one, such as \
         `docker/app.Dockerfile`"
    );
    let outside = nowhere.path().join("Dockerfile").display().to_string();
    assert!(fails(it.path(), &["-f", &outside]).ends_with("it lies outside of the repository"));
    commit(&it, 3, &[("Dockerfile", "FROM a AS b\nRUN x\n")]);
    let branch = fails(it.path(), &["--branch", "nope"]);
    assert_eq!(branch, "error: there is no commit, branch or tag `nope`");
    assert!(fails(it.path(), &["--target", "c"]).ends_with("it has no stage `c`"));
    assert!(fails(it.path(), &["--since", "soon"]).contains("expected a day, such as 2026-01-31"));
}

#[test]
fn a_corrupt_object_stops_one_commit() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("Dockerfile", "FROM a\nCOPY d /d\n"), ("d/f", "1")]);
    commit(&it, 2, &[("d/f", "2")]);
    commit(&it, 3, &[("d/f", "3")]);
    let id = git(it.path(), &["rev-parse", "HEAD~1:d"]);
    let object = it.path().join(".git/objects").join(&id[..2]).join(&id[2..]);
    std::fs::remove_file(&object).unwrap();
    std::fs::write(&object, "broken").unwrap();
    let report = json(it.path(), &[]);
    let errors: Vec<bool> = (0..3).map(|at| report["commits"][at]["error"].is_null()).collect();
    assert_eq!(errors, [true, false, true]);
    assert_eq!(report["commits"][1]["error"], format!("object {} is broken", &id[..12]));
}

#[test]
fn the_context_may_be_a_part_of_the_repository() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("app/Dockerfile", "FROM a\nCOPY f /f\n"), ("app/f", "1"), ("f", "1")]);
    commit(&it, 2, &[("f", "2")]);
    commit(&it, 3, &[("app/f", "2")]);
    let found = json(it.path(), &["app"]);
    assert_eq!(
        (&found["context"], &found["dockerfile"]),
        (&"app".into(), &"app/Dockerfile".into())
    );
    let expected = [vec!["2 COPY yes: "], vec!["2 COPY no: "], vec!["2 COPY yes: app/f"]];
    assert_eq!(steps(&found), expected);
    // With the root as context another file is meant.
    let found = steps(&json(it.path(), &["-f", "app/Dockerfile"]));
    assert_eq!(found, [["2 COPY yes: "], ["2 COPY yes: f"], ["2 COPY no: "]]);
    let inside = it.path().join("app");
    assert_eq!(steps(&json(&inside, &[])), expected);
    // A bare repository has no such folder on the disk.
    let bare = it.path().join(".git");
    git(it.path(), &["config", "core.bare", "true"]);
    let found = run(layerwise(&bare).args(["cache", "--format", "json", "--context", "app"]));
    let found: Value = serde_json::from_str(&found.1).unwrap();
    assert_eq!(steps(&found), expected);
}

#[test]
fn a_change_is_explained() {
    let Some(it) = project() else { return };
    let change = |more: &[&str]| cache(it.path(), &[&["--change"], more].concat());
    let (code, out, _) = change(&[]);
    assert_eq!(code, 0);
    assert!(out.contains("none of 3 steps runs again"), "{out}");
    let (_, out, _) = change(&["--format", "markdown"]);
    assert!(out.ends_with("\n\nnone of 3 steps runs again\n"), "{out}");
    // A new file counts, and one that git leaves out does not.
    std::fs::write(it.path().join(".gitignore"), "*.log\n").unwrap();
    std::fs::write(it.path().join("x.log"), "x").unwrap();
    std::fs::write(it.path().join("src/a.js"), "changed").unwrap();
    std::fs::remove_file(it.path().join("src/b.js")).unwrap();
    let (code, out, err) = change(&[]);
    let id = git(it.path(), &["rev-parse", "HEAD"]);
    let expected = format!(
        "\
Dockerfile  buildkit, {} to the working tree
2 of 3 steps run again, about 30 s (estimated)

cached     2  WORKDIR /app
rerun      3  COPY . .                                                    0.5 s
              .gitignore, src/a.js, src/b.js
rerun      4  RUN npm ci                                                   30 s
              follows line 3
",
        &id[..9]
    );
    assert_eq!((code, out, err), (0, expected, String::new()));
    let (code, out, err) = change(&["--format", "github", "--max-rebuilt-seconds", "30"]);
    let expected = "\
::notice file=Dockerfile,line=3,title=layerwise cache::runs again, about 0.5 s: .gitignore, src/a.js, src/b.js
::notice file=Dockerfile,line=4,title=layerwise cache::runs again, about 30 s: follows line 3
::notice file=Dockerfile,title=layerwise cache::2 of 3 steps run again, about 30 s (estimated)
";
    assert_eq!((code, out.as_str()), (1, expected));
    assert!(err.contains("more than the 30 s of `--max-rebuilt-seconds`"), "{err}");
    assert_eq!(change(&["--max-rebuilt-seconds", "31"]).0, 0);
    let (_, out, _) = change(&["--format", "markdown"]);
    let expected = format!(
        "\
### `Dockerfile`: {} to the working tree

2 of 3 steps run again, about 30 s (estimated)

| Line | Instruction | | Takes | Because |
|---:|---|---|---:|---|
| 3 | COPY . . | rerun | 0.5 s | .gitignore, src/a.js, src/b.js |
| 4 | RUN npm ci | rerun | 30 s | follows line 3 |
",
        &id[..9]
    );
    assert_eq!(out, expected);
    let report = json(it.path(), &["--change"]);
    assert_eq!(
        report["change"],
        serde_json::json!({
            "from": id, "to": null, "seconds": {"value": 30.5, "measured": false}
        })
    );
    assert_eq!(report["commits"][1]["id"], Value::Null);
}

#[test]
fn changes_between_commits() {
    let Some(it) = project() else { return };
    let first = |range: &str| {
        let report = json(it.path(), &["--change", range]);
        steps(&report)[1].clone()
    };
    assert_eq!(
        first("HEAD~1..HEAD"),
        ["2 WORKDIR no: ", "3 COPY yes: src/b.js", "4 RUN yes: src/b.js"]
    );
    assert_eq!(first("HEAD~2.."), first("HEAD~2..main"));
    assert_eq!(first("HEAD~2..main")[1], "3 COPY yes: package.json src/b.js");
    assert_eq!(first("HEAD~1")[1], "3 COPY yes: src/b.js");
    git(it.path(), &["checkout", "-q", "-b", "topic", "HEAD~2"]);
    commit(&it, 6, &[("topic", "1")]);
    assert_eq!(first("main...topic")[1], "3 COPY yes: topic");
    let (code, _, err) = cache(it.path(), &["--change", "main..gone"]);
    assert_eq!((code, err.as_str()), (2, "error: there is no commit, branch or tag `gone`\n"));
}

#[test]
fn times_come_from_the_log_of_a_build() {
    let Some(it) = project() else { return };
    let logs = folder(&[
        ("build.log", "#7 [2/4] WORKDIR /app\n#7 DONE 0.2s\n#9 [4/4] RUN npm ci\n#9 DONE 61.3s\n"),
        ("classic.log", "Step 1/2 : FROM a\n"),
    ]);
    let log = |name: &str| logs.path().join(name).display().to_string();
    let report = json(it.path(), &["--cost", &log("build.log")]);
    let seconds = |at: usize| report["lines"][at]["seconds"].clone();
    assert_eq!(seconds(2), serde_json::json!({"value": 61.3, "measured": true}));
    assert_eq!(seconds(1), serde_json::json!({"value": 0.5, "measured": false}));
    let (_, out, _) = cache(it.path(), &["--cost", &log("build.log")]);
    let last = "Times of lines 2, 4 are those of the log; the others are estimates from a table.";
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains(last) && out.contains("about 3 min in all (partly measured)"), "{out}");
    let all = "#7 [2/4] WORKDIR /app\n#7 DONE 0.2s\n#8 [3/4] COPY . .\n#8 DONE 1.5s\n#9 [4/4] RUN npm ci\n#9 DONE 61.3s\n";
    std::fs::write(logs.path().join("all.log"), all).unwrap();
    let (_, out, _) = cache(it.path(), &["--cost", &log("all.log"), "--format", "markdown"]);
    assert_eq!(out, MEASURED);
    let (code, _, err) = cache(it.path(), &["--cost", &log("classic.log")]);
    let text = "it holds no step with a time; `--cost` takes the output of `docker build --no-cache --progress plain`";
    assert_eq!((code, err), (2, format!("error: {}: {text}\n", log("classic.log"))));
}

/// Over a month and a half, so that it is known what a month is like.
#[test]
fn a_long_history_says_what_a_month_takes() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("Dockerfile", NODE), ("package.json", "1"), ("src/a.js", "a")]);
    for day in [9, 17, 25] {
        commit(&it, day, &[("src/a.js", &day.to_string())]);
    }
    let (_, out, _) = cache(it.path(), &[]);
    assert_eq!(out, MONTHLY);
    let (_, out, _) = cache(it.path(), &["--format", "markdown"]);
    let rows = "\
| 2 | WORKDIR /app | 1 of 4 | 0.1 s | 0.1 s |  |
| 3 | COPY . . | 4 of 4 | 0.5 s | 2.5 s | src/a.js 3 |
| 4 | RUN npm ci | 4 of 4 | 30 s | 3 min | src/a.js 3 |
";
    assert!(out.contains(rows), "{out}");
}

const MONTHLY: &str = "\
Dockerfile  buildkit, 4 commits from 2026-01-01 to 2026-01-25
line  instruction                                       rebuilt    each  a month
   2  WORKDIR /app                                       1 of 4   0.1 s    0.1 s
      █···
   3  COPY . .                                           4 of 4   0.5 s    2.5 s
      ████
      because: src/a.js 3
   4  RUN npm ci                                         4 of 4    30 s    3 min
      ████
      because: src/a.js 3

A commit reruns 2.2 steps, about 31 s, and a month takes about 3 min. Times are
estimates from a table.

What would have saved time, with this Dockerfile at every commit
  copy the manifests first, and everything else after the install: saves 3 of 4
  reruns of line 4, about 2 min a month (estimated)
    layerwise cache --fix --unsafe-fixes
  With `--diff` in place of `--fix --unsafe-fixes`, the command shows the
  change.

note: line 3 takes `.git` too, which is not in the ignore file: in a checkout it
runs again at every commit
";

/// The report of a history whose steps were all in the log of a build.
const MEASURED: &str = "\
### `Dockerfile`: 5 commits with buildkit

| Line | Instruction | Reruns | Each | A month | Because |
|---:|---|---:|---:|---:|---|
| 2 | WORKDIR /app | 1 of 5 | 0.2 s | – |  |
| 3 | COPY . . | 5 of 5 | 1.5 s | – | src 3, package.json 1 |
| 4 | RUN npm ci | 5 of 5 | 61 s | – | src 3, package.json 1 |

A commit reruns 2.2 steps, about 63 s. Times are those of the log.
- copy the manifests first, and everything else after the install: saves 3 of 5 reruns of line 4, about 3 min in all (measured)
";
