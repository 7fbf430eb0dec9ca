//! `cache --explain` and `cache --record` from outside: what is shown, what is read, and what is said about what cannot be read.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::git::{commit, git, repository};
use common::{folder, layerwise, run};
use serde_json::{Value, json};

const FILE: &str = "FROM node:22 AS build\nARG V=1\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci --tag $V\nCOPY src ./src\nRUN npm run build\n\
                    FROM nginx:1\nCOPY --from=build /app/dist /srv\n";

/// The steps of a log of BuildKit, each cached if it begins with `=`.
fn plain(steps: [&str; 6]) -> String {
    let mut text = "#1 [internal] load build definition from Dockerfile\n#1 DONE 0.0s\n".to_owned();
    text += "#2 [build 1/6] FROM docker.io/library/node:22@sha256:aa\n#2 DONE 0.0s\n";
    text += "#3 [stage-1 1/2] FROM docker.io/library/nginx:1@sha256:bb\n#3 DONE 0.0s\n";
    for (number, step) in (4..).zip(steps) {
        let (step, end) = match step.strip_prefix('=') {
            Some(step) => (step, "CACHED"),
            None => (step, "DONE 1.0s"),
        };
        let place =
            if number == 9 { "stage-1 2/2".to_owned() } else { format!("build {}/6", number - 2) };
        text += &format!("#{number} [{place}] {step}\n#{number} {end}\n");
    }
    text + "#10 exporting to image\n#10 DONE 0.1s\n"
}

const STEPS: [&str; 6] = [
    "WORKDIR /app",
    "COPY package.json ./",
    "RUN npm ci --tag 1",
    "COPY src ./src",
    "RUN npm run build",
    "COPY --from=build /app/dist /srv",
];

/// The log of a build of which the first steps were cached.
fn cached(count: usize) -> String {
    let steps: Vec<String> = STEPS
        .iter()
        .enumerate()
        .map(|(at, it)| if at < count { format!("={it}") } else { (*it).to_owned() })
        .collect();
    plain(std::array::from_fn(|at| steps[at].as_str()))
}

fn cache(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    run(layerwise(folder).arg("cache").args(arguments))
}

fn explain(folder: &Path, arguments: &[&str]) -> Value {
    let (code, out, err) = cache(folder, &[&["--format", "json", "--explain"], arguments].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn logs_alone() {
    let it = folder(&[("old.log", cached(0).as_str()), ("new.log", &cached(1))]);
    let (code, out, err) = cache(it.path(), &["--explain", "old.log", "new.log"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, ALONE, ""));
    assert!(out.lines().all(|it| it.chars().count() <= 80), "{out}");
    let (_, out, _) =
        cache(it.path(), &["--explain", "old.log", "new.log", "--format", "markdown"]);
    assert_eq!(out, ALONE_IN_MARKDOWN);
}

const ALONE_IN_MARKDOWN: &str = "\
### buildkit: `old.log` to `new.log`

5 of 6 steps missed the cache

| Stage | Line | Step | Because |
|---|---:|---|---|
| build |  | COPY package.json ./ | possibly files that it takes from the context changed; possibly nothing changed: the cache did not have it |
| stage-1 |  | COPY --from=build /app/dist /srv | possibly stage `build`, which it is built from, ran again; possibly nothing changed: the cache did not have it |

only `WORKDIR` came from the cache, which BuildKit keeps even with `--no-cache`: the build had `--no-cache` or another `--platform`, ran on another builder or machine, in CI without `--cache-from`, or after the cache was pruned

`--revs OLD..NEW` compares the files and the Dockerfile of the two commits that were built

`layerwise cache --record FILE` before each build, with its `--build-arg`s, makes the next explanation exact
";

const ALONE: &str = "\
buildkit  old.log to new.log
5 of 6 steps missed the cache

step 3/6, stage build
  COPY package.json ./
      possible reasons:
      - files that it takes from the context changed
      - nothing changed: the cache did not have it
      3 steps after it ran again too

step 2/2, stage stage-1
  COPY --from=build /app/dist /srv
      possible reasons:
      - stage `build`, which it is built from, ran again
      - nothing changed: the cache did not have it

help: only `WORKDIR` came from the cache, which BuildKit keeps even with
`--no-cache`: the build had `--no-cache` or another `--platform`, ran on another
builder or machine, in CI without `--cache-from`, or after the cache was pruned
help: `--revs OLD..NEW` compares the files and the Dockerfile of the two commits
that were built
help: `layerwise cache --record FILE` before each build, with its
`--build-arg`s, makes the next explanation exact
";

#[test]
fn logs_and_commits() {
    let Some(it) = repository() else { return };
    commit(&it, 1, &[("Dockerfile", FILE), ("package.json", "1"), ("src/a.js", "a")]);
    commit(&it, 2, &[("package.json", "2"), ("src/b.js", "b")]);
    let logs = folder(&[
        ("old.log", cached(0).as_str()),
        ("new.log", &cached(1)),
        ("same.log", &cached(2)),
    ]);
    let log = |name: &str| logs.path().join(name).display().to_string();
    let (old, new, same) = (log("old.log"), log("new.log"), log("same.log"));
    let found = explain(it.path(), &[&old, &new, "--revs", "HEAD~1..HEAD"]);
    assert_eq!((&found["version"], &found["builder"]), (&1.into(), &"buildkit".into()));
    let expected = json!({
        "stage": "build", "step": 3, "of": 6, "line": 4, "text": "COPY package.json ./", "certain": true,
        "because": [{
            "kind": "files", "name": null, "line": null, "old": null, "new": null,
            "files": [{"path": "package.json", "change": "content"}],
            "message": "files changed: package.json (content)"
        }],
        "possible": [], "followers": 3
    });
    assert_eq!(found["explain"]["misses"][0], expected);
    let second = &found["explain"]["misses"][1];
    assert_eq!((&second["line"], &second["because"][0]["kind"]), (&9.into(), &"stage".into()));
    // Nothing of the step changed, and its value may have come from outside.
    let found = explain(it.path(), &[&old, &same, "--revs", "HEAD~1..HEAD"]);
    let miss = &found["explain"]["misses"][0];
    assert_eq!((&miss["line"], &miss["because"][0]["kind"]), (&5.into(), &"cache".into()));
    // BuildKit shows another value of the variable.
    let steps =
        STEPS.map(|it| if it.starts_with("RUN npm ci") { "RUN npm ci --tag 2" } else { it });
    let with_value = plain([
        &format!("={}", steps[0]),
        &format!("={}", steps[1]),
        steps[2],
        steps[3],
        steps[4],
        steps[5],
    ]);
    std::fs::write(logs.path().join("value.log"), with_value).unwrap();
    let found = explain(it.path(), &[&old, &log("value.log"), "--revs", "HEAD~1..HEAD"]);
    let because = &found["explain"]["misses"][0]["because"];
    assert_eq!((&because[0]["kind"], &because[0]["name"]), (&"variable".into(), &"V".into()));
    // Nobody knows whether an argument without a value got one.
    commit(&it, 3, &[("Dockerfile", "FROM a\nARG W\nRUN x\n")]);
    commit(&it, 4, &[("other", "1")]);
    let log_of_one = "#1 [1/2] FROM a@sha256:aa\n#1 DONE 0.0s\n#2 [2/2] RUN x\n#2 DONE 0.1s\n#3 exporting to image\n";
    std::fs::write(logs.path().join("one.log"), log_of_one).unwrap();
    let one_log = log("one.log");
    let kinds = |more: &[&str]| {
        let all = [&[one_log.as_str(), &one_log, "--revs", "HEAD~1..HEAD"], more].concat();
        let miss = explain(it.path(), &all)["explain"]["misses"][0].clone();
        let list = |key: &str| {
            let reasons = miss[key].as_array().unwrap();
            reasons.iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        (list("because"), list("possible"))
    };
    assert_eq!(kinds(&[]), (vec![], vec!["cache".to_owned(), "variable".to_owned()]));
    assert_eq!(kinds(&["--build-arg", "W=1"]), (vec!["cache".to_owned()], vec![]));
    git(it.path(), &["reset", "-q", "--hard", "HEAD~2"]);
    // One log says what missed, and commits say why.
    let one = explain(it.path(), &[&new, "--revs", "HEAD~1..HEAD"]);
    assert_eq!(one["explain"]["misses"][0]["because"][0]["kind"], "files");
    let (code, _, err) = cache(it.path(), &["--explain", &old, &new, "--revs", "HEAD..gone"]);
    assert_eq!((code, err.as_str()), (2, "error: there is no commit, branch or tag `gone`\n"));
}

#[test]
fn manifests_need_no_repository() {
    let it = folder(&[
        ("Dockerfile", FILE),
        (".dockerignore", "**/*.md\nnode_modules\n"),
        ("package.json", "1"),
        ("src/a.js", "a"),
        ("src/read.md", "a"),
        ("node_modules/x", "x"),
        ("other", "o"),
    ]);
    let record = |name: &str, more: &[&str]| {
        let (code, out, err) = cache(it.path(), &[&["--record", name], more].concat());
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
        let text = std::fs::read_to_string(it.path().join(name)).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let manifest = record("old.json", &[]);
    let paths: Vec<&str> = manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["package.json", "src", "src/a.js"]);
    assert_eq!(
        (&manifest["manifest"], &manifest["version"]),
        (&"layerwise-cache".into(), &1.into())
    );
    std::fs::write(it.path().join("src/a.js"), "b").unwrap();
    std::fs::write(it.path().join("src/read.md"), "b").unwrap();
    std::fs::write(it.path().join("other"), "b").unwrap();
    record("new.json", &["--build-arg", "V=2"]);
    let (code, out, err) = cache(it.path(), &["--explain", "old.json", "new.json"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, RECORDED, ""));
    // A log of the newer build, and the files on the disk.
    std::fs::write(it.path().join("new.log"), cached(3)).unwrap();
    let found = explain(it.path(), &["old.json", "new.log"]);
    let miss = &found["explain"]["misses"][0];
    assert_eq!(
        (&miss["line"], &miss["because"][0]["files"][0]["path"]),
        (&6.into(), &"src/a.js".into())
    );
    assert_eq!(found["explain"]["to"], "the files on the disk");
}

const RECORDED: &str = "\
buildkit  old.json to new.json
files: old.json to new.json
3 of 6 steps missed the cache; 1 unknown

line 5, stage build
  RUN npm ci --tag $V
      the value of `ARG V` changed (line 2)
      2 steps after it ran again too

note: whether what is copied from another stage differs is not known without a
build: lines that may run again: 9
";

#[test]
fn a_commit_is_recorded_as_it_is_on_the_disk() {
    let Some(it) = repository() else { return };
    commit(
        &it,
        1,
        &[
            ("Dockerfile", FILE),
            ("package.json", "1"),
            ("src/a.js", "a"),
            (".dockerignore", ".git\n"),
        ],
    );
    for (name, more) in [("disk.json", &[][..]), ("commit.json", &["--branch", "HEAD"])] {
        let (code, _, err) = cache(it.path(), &[&["--record", name], more].concat());
        assert_eq!(code, 0, "{err}");
    }
    let found = explain(it.path(), &["disk.json", "commit.json"]);
    assert_eq!(found["explain"]["misses"], json!([]), "{found:#}");
}

/// A checkout has another `.git` after each commit, and `COPY . .` takes it if no ignore file leaves it out.
#[test]
fn the_folder_of_git_is_recorded() {
    let Some(it) = repository() else { return };
    let out = folder(&[("x", "")]);
    let record = |name: &str| {
        let path = out.path().join(name).display().to_string();
        assert_eq!(cache(it.path(), &["--record", &path]), (0, String::new(), String::new()));
        path
    };
    commit(&it, 1, &[("Dockerfile", "FROM a\nCOPY . .\n"), ("b", "1")]);
    let old = record("old.json");
    assert_eq!(std::fs::read(&old).unwrap(), std::fs::read(record("again.json")).unwrap());
    commit(&it, 2, &[]);
    let found = explain(it.path(), &[&old, &record("new.json")]);
    let files = found["explain"]["misses"][0]["because"][0]["files"].as_array().unwrap().clone();
    let paths: Vec<&str> = files.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert!(paths.contains(&".git/objects") && paths.contains(&".git/logs/HEAD"), "{paths:?}");
    assert!(paths.iter().all(|it| it.starts_with(".git/")), "{paths:?}");
    std::fs::write(it.path().join(".dockerignore"), ".git\n.dockerignore\n").unwrap();
    let left_out = std::fs::read_to_string(record("left-out.json")).unwrap();
    assert!(!left_out.contains("\"path\": \".git"), "{left_out}");
}

#[test]
fn what_cannot_be_read_is_said() {
    let it = folder(&[
        ("old.log", cached(0).as_str()),
        ("empty", ""),
        ("text", "make: nothing to do\n"),
        ("wide", "\u{0}"),
        ("broken.json", "{\"manifest\": \"layerwise-cache\", \"version\": 1}"),
        ("inspect.json", "{\"Ref\": \"a/b/c\", \"NumTotalSteps\": 3}"),
    ]);
    std::fs::write(it.path().join("wide"), [0xff, 0xfe, b'#', 0]).unwrap();
    let fails = |arguments: &[&str]| {
        let (code, out, err) = cache(it.path(), &[&["--explain"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        err.trim_end().trim_start_matches("error: ").to_owned()
    };
    assert_eq!(fails(&["gone", "old.log"]), "gone: no such file or folder");
    assert_eq!(fails(&["old.log", "empty"]), "empty: it is empty");
    assert_eq!(fails(&[".", "old.log"]), ".: it is a folder; `--context` names that of the build");
    assert_eq!(
        fails(&["old.log", "text"]),
        "text: it is neither a build log nor a manifest of `--record`; a build log is the output of `docker build` with \
         `--progress plain` or `rawjson`, of the classic builder, or of buildah"
    );
    assert_eq!(
        fails(&["wide"]),
        "wide: it is in UTF-16, as `>` of Windows PowerShell writes it; save it as UTF-8"
    );
    assert!(
        fails(&["broken.json"]).starts_with("broken.json: it is not a manifest that can be read: ")
    );
    assert_eq!(
        fails(&["old.log"]),
        "one log alone does not say what changed: add the log of the build before it, `--revs` or a manifest"
    );
    assert!(
        fails(&["inspect.json", "inspect.json"])
            .starts_with("records of builds have no steps: add the logs")
    );
    assert_eq!(
        fails(&["old.log", "old.log", "old.log"]),
        "`--explain` compares two builds: more than two files of a kind are named"
    );
    let (code, _, err) =
        cache(it.path(), &["--explain", "old.log", "old.log", "--format", "github"]);
    assert_eq!((code, err.as_str()), (2, "error: `--format github` is for `--change`\n"));
    let (code, _, err) = cache(it.path(), &["--record", "new.json"]);
    assert_eq!(
        (code, err.as_str()),
        (2, "error: .: it has no Dockerfile; `-f` names another file\n")
    );
    assert!(cache(it.path(), &["--revs", "a..b"]).2.contains("--explain"));
}

#[test]
fn partial_logs_are_marked() {
    let old = cached(0);
    let new = cached(1);
    let cut = &new[..new.find("#7 [").unwrap()];
    let two = format!("{old}{new}");
    let it = folder(&[("old.log", old.as_str()), ("cut.log", cut), ("two.log", two.as_str())]);
    let found = explain(it.path(), &["old.log", "cut.log"]);
    assert_eq!(found["explain"]["partial"], json!(["cut.log: it ends before the build does"]));
    assert_eq!(found["explain"]["misses"].as_array().unwrap().len(), 1);
    let found = explain(it.path(), &["old.log", "two.log"]);
    assert_eq!(found["explain"]["notes"], json!(["two.log has 2 builds; number 2 is compared"]));
    let other = plain(["WORKDIR /x", "COPY a b", "RUN c", "COPY d e", "RUN f", "COPY g h"]);
    std::fs::write(it.path().join("other.log"), other).unwrap();
    let found = explain(it.path(), &["old.log", "other.log"]);
    let expected = "the logs have no step in common: they may be of different Dockerfiles";
    assert_eq!(found["explain"]["partial"], json!([expected]));
}

#[cfg(unix)]
#[test]
fn control_characters_are_shown() {
    let old = cached(0)
        .replace("npm ci", "npm \u{1b}[31mci\u{202e}\u{9b}")
        .replace("build", "bu\u{7}ild");
    let new = old.replace("--tag 1", "--tag \u{1b}]0;x\u{7}2");
    let it = folder(&[("o\u{1b}ld.log", &old), ("new.log", &new)]);
    for format in ["text", "json", "markdown"] {
        let (code, out, err) =
            cache(it.path(), &["--format", format, "--explain", "o\u{1b}ld.log", "new.log"]);
        assert_eq!(code, 0, "{err}");
        let is_live = |it: char| it != '\n' && layerwise::escape::is_live(it);
        assert!(!out.chars().any(is_live), "{out:?}");
    }
}

/// Fifty megabytes take a bounded time and little memory.
#[test]
fn huge_logs_are_read() {
    let mut new = cached(1);
    let output = "#6 0.5 a line of the output of a command, as long as such lines are\n";
    let at = new.find("#6 DONE").unwrap();
    new.insert_str(at, &output.repeat((10 << 20) / output.len()));
    let it = folder(&[("old.log", cached(0).as_str()), ("new.log", &new)]);
    let found = explain(it.path(), &["old.log", "new.log"]);
    assert_eq!(
        (&found["explain"]["missed"], &found["explain"]["partial"]),
        (&5.into(), &json!([]))
    );
}
