//! What `cache` blames for a rerun: the line or file at the root, and nothing that is the same as before.

#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::git::{commit, repository};
use common::{layerwise, run};
use serde_json::{Value, json};

fn cache(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = run(layerwise(folder).arg("cache").args(arguments));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    out
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&cache(folder, &[&["--format", "json"], arguments].concat())).unwrap()
}

/// What the rows of `--change` say: `line: why` for what runs again.
fn change(old: &str, new: &str) -> Vec<String> {
    let Some(it) = repository() else { return Vec::new() };
    commit(&it, 1, &[("Dockerfile", old), ("a", "1"), ("b", "1")]);
    std::fs::write(it.path().join("Dockerfile"), new).unwrap();
    let out = cache(it.path(), &["--change"]);
    let (mut found, mut line) = (Vec::new(), "");
    for row in out.lines().skip(3) {
        if let Some(rest) = row.strip_prefix("rerun ").or(row.strip_prefix("maybe ")) {
            line = rest.split_whitespace().next().unwrap();
        } else if let Some(why) = row.strip_prefix("              ") {
            found.push(format!("{line}: {why}"));
        }
    }
    found
}

/// Compares what runs again after a change of a Dockerfile; where there is no git, there is nothing to compare.
fn check(old: &str, new: &str, expected: &[&str]) {
    let found = change(old, new);
    if repository().is_some() {
        assert_eq!(found, expected, "{old}\n{new}");
    }
}

#[test]
fn the_first_step_is_gone_or_new_or_moved() {
    let three = "FROM node\nRUN zero\nRUN one\nRUN two\n";
    let two = "FROM node\nRUN one\nRUN two\n";
    check(three, two, &["2: Dockerfile:2", "3: follows line 2"]);
    check(two, three, &["2: Dockerfile:2", "3: follows line 2", "4: follows line 2"]);
    let note = "FROM node\n# RUN zero\nRUN one\nRUN two\n";
    check(three, note, &["3: Dockerfile:3", "4: follows line 3"]);
    let swapped = "FROM node\nRUN one\nRUN zero\nRUN two\n";
    check(three, swapped, &["2: Dockerfile:2", "3: follows line 2", "4: follows line 2"]);
    let other = "FROM node\nRUN else\nRUN two\n";
    check(two, other, &["2: Dockerfile:2", "3: follows line 2"]);
    let app = "FROM node\nWORKDIR /app\nCOPY a ./\nRUN one\nRUN two\n";
    let gone = "FROM node\nCOPY a ./\nRUN one\nRUN two\n";
    check(app, gone, &["2: Dockerfile:2", "3: follows line 2", "4: follows line 2"]);
}

#[test]
fn another_image() {
    let of = |line: &str| format!("{line}\nRUN one\nRUN two\n");
    let image = ["2: Dockerfile:1", "3: follows line 2"];
    check(&of("FROM node:1"), &of("FROM node:2"), &image);
    let platform = |name: &str| of(&format!("FROM --platform=linux/{name} node"));
    check(&platform("amd64"), &platform("arm64"), &image);
    // The line that sets the variable, not the FROM that uses it.
    let arg = ["3: Dockerfile:1", "4: follows line 3"];
    check(&of("ARG V=1\nFROM node:$V"), &of("ARG V=2\nFROM node:$V"), &arg);
    let through = "ARG V=$U\nFROM node:$V";
    let old = of(&format!("ARG U=1\n{through}"));
    check(&old, &old.replace("U=1", "U=2"), &["4: Dockerfile:1", "5: follows line 4"]);
    // A stage without a step hands its image on.
    let base = "FROM node:1 AS base\nFROM base\nRUN one\nFROM base\nCOPY --from=1 /x /x\n";
    check(base, &base.replace(":1", ":2"), &["3: Dockerfile:1", "5: Dockerfile:1"]);
    let tool = "FROM tool:1 AS t\nFROM node\nCOPY --from=t /x /x\nRUN one\n";
    check(tool, &tool.replace(":1", ":2"), &["3: Dockerfile:1", "4: follows line 3"]);
    let stage = "FROM node AS d\nRUN dep\nFROM node\nRUN one\nCOPY --from=d /x /x\n";
    let on = stage.replace("FROM node\n", "FROM d\n");
    check(stage, &on, &["4: Dockerfile:3", "5: follows line 4"]);
}

#[test]
fn a_renamed_stage_runs_nothing_again() {
    let old = "FROM node AS s\nRUN one\nFROM node\nCOPY --from=s /a /a\nRUN two\n";
    check(old, &old.replace("AS s", "AS t").replace("=s", "=t"), &[]);
    let moved = "FROM node AS t\nRUN zero\nRUN one\nFROM node\nCOPY --from=t /a /a\nRUN two\n";
    let last = ["5: follows line 2", "6: follows line 2"];
    check(old, moved, &[&["2: Dockerfile:2", "3: follows line 2"][..], &last].concat());
}

#[test]
fn variables_and_settings() {
    let copy = "FROM node\nARG F=a\nCOPY $F /x\n";
    check(copy, &copy.replace("F=a", "F=b"), &["3: Dockerfile:2"]);
    let env = "FROM node\nARG A=1\nENV B=$A\nRUN one\n";
    check(env, &env.replace("A=1", "A=2"), &["4: Dockerfile:2"]);
    check(env, &env.replace("B=$A", "B=x"), &["4: Dockerfile:3"]);
    check(env, &env.replace("ENV B=$A\n", ""), &["3: Dockerfile:3"]);
    let global = "ARG A=1\nFROM node\nARG A\nRUN one\n";
    check(global, &global.replace("A=1", "A=2"), &["4: Dockerfile:1"]);
    let user = "FROM node\nUSER a\nRUN one\n";
    check(user, &user.replace("USER a", "USER b"), &["3: Dockerfile:2"]);
    let inner = "FROM node\nWORKDIR /a\nWORKDIR b\nCOPY a ./\n";
    let all = ["2: Dockerfile:2", "3: Dockerfile:2", "4: Dockerfile:2"];
    check(inner, &inner.replace("/a", "/c"), &all);
    let stage = "FROM node AS s\nWORKDIR /a\nFROM s\nRUN one\n";
    check(stage, &stage.replace("/a", "/c"), &["2: Dockerfile:2", "4: Dockerfile:2"]);
}

#[test]
fn what_precedes_a_link_counts_for_what_follows_it() {
    let old = "FROM node:1\nCOPY --link a /a\nRUN one\n";
    check(old, &old.replace(":1", ":2"), &["3: Dockerfile:1"]);
    let old = "FROM node\nRUN zero\nCOPY --link a /a\nRUN one\n";
    check(old, &old.replace("zero", "none"), &["2: Dockerfile:2", "4: follows line 2"]);
}

const SHARED: &str = "FROM node AS a\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nFROM node AS b\nWORKDIR /app\n\
                      COPY package.json ./\nRUN npm ci --omit=dev\nFROM alpine\nCOPY --from=a /app /a\nCOPY --from=b /app /b\n";

#[test]
fn a_step_that_stages_share_runs_once_and_is_a_cause_for_both() {
    let Some(it) = repository() else { return };
    let ignore = (".dockerignore", ".git\n");
    commit(&it, 1, &[("Dockerfile", SHARED), ("package.json", "1"), ignore]);
    commit(&it, 2, &[("package.json", "2")]);
    commit(&it, 3, &[("package.json", "3")]);
    assert_eq!(cache(it.path(), &[]), SHOWN);
    let found = report(it.path(), &[]);
    let step = |line: u32, keyword: &str, stage: &str, rebuilt: &str, because: &[&str]| {
        json!({
            "line": line, "keyword": keyword, "stage": stage, "rebuilt": rebuilt, "because": because
        })
    };
    let shared = |line: u32, keyword: &str, same: u32| {
        let mut step = step(line, keyword, "b", "no", &[]);
        step["same_as"] = same.into();
        step
    };
    let cause = &["package.json"];
    let steps = json!([
        step(2, "WORKDIR", "a", "no", &[]),
        step(3, "COPY", "a", "yes", cause),
        step(4, "RUN", "a", "yes", cause),
        shared(6, "WORKDIR", 2),
        shared(7, "COPY", 3),
        step(8, "RUN", "b", "yes", cause),
        step(10, "COPY", "2", "yes", cause),
        step(11, "COPY", "2", "yes", cause)
    ]);
    assert_eq!(found["commits"][2]["steps"], steps);
    let line = json!({
        "line": 7, "keyword": "COPY", "stage": "b", "commits": 3, "rebuilds": 0, "maybe": 0, "same_as": 3, "causes": [],
        "seconds": {"value": 0.5, "measured": false}, "bytes": null
    });
    assert_eq!(found["lines"][4], line);
    let out = cache(it.path(), &["--change", "HEAD~1..HEAD"]);
    assert_eq!(out.lines().skip(3).collect::<Vec<_>>().join("\n"), CHANGED);
    let table = cache(it.path(), &["--format", "markdown"]);
    let row = "| 7 | COPY package.json ./ | 0 of 3 | 0.5 s | – | same step as line 3 |\n\
               | 8 | RUN npm ci --omit=dev | 3 of 3 | 30 s | – | package.json 2 |\n";
    assert!(table.contains(row), "{table}");
    cache(it.path(), &["--html", "page.html"]);
    let page = std::fs::read_to_string(it.path().join("page.html")).unwrap();
    let story = "The same step as line 3, and run once for both. Ran again at 0 of 3 commits.";
    assert!(page.contains(story) && page.contains("\"follows line 3\""), "{page}");
}

const SHOWN: &str = "\
Dockerfile  buildkit, 3 commits from 2026-01-01 to 2026-01-03
line  instruction                                       rebuilt    each  a month

stage a
   2  WORKDIR /app                                       1 of 3   0.1 s        –
      █··
   3  COPY package.json ./                               3 of 3   0.5 s        –
      ███
      because: package.json 2
   4  RUN npm ci                                         3 of 3    30 s        –
      ███
      because: package.json 2

stage b
   6  WORKDIR /app                                       0 of 3   0.1 s        –
      ···
      same step as line 2
   7  COPY package.json ./                               0 of 3   0.5 s        –
      ···
      same step as line 3
   8  RUN npm ci --omit=dev                              3 of 3    30 s        –
      ███
      because: package.json 2

stage 2
  10  COPY --from=a /app /a                              3 of 3   0.5 s        –
      ███
      because: package.json 2
  11  COPY --from=b /app /b                              3 of 3   0.5 s        –
      ███
      because: package.json 2

A commit reruns 5.3 steps, about 62 s. Times are estimates from a table.
";

const CHANGED: &str = "\
cached     2  WORKDIR /app
rerun      3  COPY package.json ./                                        0.5 s
              package.json
rerun      4  RUN npm ci                                                   30 s
              follows line 3
cached     6  WORKDIR /app
cached     7  COPY package.json ./
              same step as line 3
rerun      8  RUN npm ci --omit=dev                                        30 s
              follows line 3
rerun     10  COPY --from=a /app /a                                       0.5 s
              follows line 3
rerun     11  COPY --from=b /app /b                                       0.5 s
              follows line 3";

/// A source that git does not have: the steps as `line rebuilt`, and the notes.
fn lacking(source: &str) -> (Vec<String>, Value) {
    let Some(it) = repository() else { return (Vec::new(), json!([])) };
    let text = format!("FROM node\nCOPY {source} /x/\nRUN one\n");
    let files =
        [("Dockerfile", text.as_str()), ("have/a.txt", "1"), (".dockerignore", "**/*.log\n")];
    commit(&it, 1, &[&files[..], &[("have/b.log", "1"), ("c.txt", "1")]].concat());
    commit(&it, 2, &[("have/b.log", "2")]);
    let found = report(it.path(), &[]);
    let steps = found["commits"][1]["steps"].as_array().unwrap();
    let shown = |it: &Value| format!("{} {}", it["line"], it["rebuilt"].as_str().unwrap());
    (steps.iter().map(shown).collect(), found["notes"].clone())
}

#[test]
fn sources_that_git_does_not_have() {
    if repository().is_none() {
        return;
    }
    let maybe = |what: &str| {
        let note = format!("line 2: {what} in the repository: nobody knows when it changes");
        (vec!["2 maybe".to_owned(), "3 maybe".to_owned()], json!([note]))
    };
    let sure = || (vec!["2 no".to_owned(), "3 no".to_owned()], json!([]));
    assert_eq!(lacking("out/y.tgz"), maybe("`out/y.tgz` is not"));
    assert_eq!(lacking("out/*.tgz"), maybe("`out/*.tgz` matches nothing"));
    assert_eq!(lacking("have/*.tgz"), maybe("`have/*.tgz` matches nothing"));
    assert_eq!(lacking("have/a.txt out/y.tgz"), maybe("`out/y.tgz` is not"));
    assert_eq!(lacking("have/a.txt out/*.tgz"), maybe("`out/*.tgz` matches nothing"));
    // What the ignore file leaves out is not there for a builder.
    assert_eq!(lacking("have/b.log"), maybe("`have/b.log` is not"));
    assert_eq!(lacking("have/*.log"), maybe("`have/*.log` matches nothing"));
    // A file that may be there or not: a build goes on without it.
    assert_eq!(lacking("have/a.txt have/*.tgz"), sure());
    assert_eq!(lacking("c.txt yarn.lock*"), sure());
    assert_eq!(lacking("have/*"), sure());
}

/// What a COPY from a stage is at a commit that changes `src/main` or `conf`.
fn copied(stage: &str, path: &str, changed: &str) -> String {
    let Some(it) = repository() else { return String::new() };
    let text = format!("FROM node AS b\n{stage}\nFROM node\nCOPY --from=b {path} /out\n");
    let ignore = (".dockerignore", "Dockerfile\n.dockerignore\n");
    commit(&it, 1, &[("Dockerfile", &text), ("src/main", "1"), ("conf", "1"), ignore]);
    commit(&it, 2, &[(changed, "2")]);
    let found = report(it.path(), &[]);
    let steps = found["commits"][1]["steps"].as_array().unwrap();
    steps.last().unwrap()["rebuilt"].as_str().unwrap().to_owned()
}

#[test]
fn what_commands_replace_is_not_certain() {
    if repository().is_none() {
        return;
    }
    let all = |runs: &str| {
        let stage = format!("COPY . /app\n{runs}");
        ["src/main", "conf"].map(|it| copied(&stage, "/app", it))
    };
    assert_eq!(all("RUN make"), ["yes", "yes"]);
    assert_eq!(all("RUN rm -rf /app/src"), ["maybe", "yes"]);
    assert_eq!(all("RUN cd /app && rm -rf src"), ["maybe", "yes"]);
    assert_eq!(all("RUN mv /app/src /src"), ["maybe", "yes"]);
    assert_eq!(all("RUN sed -i s/1/0/ /app/conf"), ["yes", "maybe"]);
    assert_eq!(all("RUN echo x > /app/conf"), ["yes", "maybe"]);
    assert_eq!(all("RUN echo x >> /app/conf"), ["yes", "yes"]);
    assert_eq!(all("RUN cp /dist/conf /app/"), ["yes", "maybe"]);
    assert_eq!(all("RUN rm -rf $SOMETHING"), ["maybe", "maybe"]);
    assert_eq!(all("RUN rm -rf /app/*"), ["maybe", "maybe"]);
    assert_eq!(all("RUN mkdir /app/dist && rm -rf /var/lib/apt/lists/*"), ["yes", "yes"]);
    // What was removed before the COPY is there again after it.
    let before = "RUN rm -rf /app\nCOPY . /app";
    assert_eq!(copied(before, "/app", "conf"), "yes");
    // A stage that is built on the one that copied.
    let below =
        "COPY . /app\nFROM b AS c\nRUN rm -rf /app/src\nFROM node AS d\nCOPY --from=c /app /app";
    assert_eq!(copied(below, "/app", "src/main"), "yes");
    assert_eq!(copied("COPY conf /app/conf\nRUN echo > /app/conf", "/app", "conf"), "maybe");
    assert_eq!(copied("COPY conf /app/\nRUN rm /app/*.log", "/app", "conf"), "yes");
}
