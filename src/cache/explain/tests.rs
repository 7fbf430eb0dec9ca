//! Reasons of misses, from logs alone and with states of the project.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::*;
use crate::cache::builder::Builder;
use crate::cache::log::read;
use crate::cache::manifest::{FileRecord, Manifest, Recorded, Text};
use crate::cache::tree::MadeTree;
use crate::model::BuildOptions;

fn log(text: &str) -> Build {
    read(text.as_bytes()).unwrap().pop().unwrap()
}

/// A log of BuildKit: `stage index/of TEXT`, each with `=` before it if it came from the cache.
fn buildkit(steps: &[&str]) -> Build {
    let mut text = String::new();
    for (number, step) in (1..).zip(steps) {
        let (step, end) = match step.strip_prefix('=') {
            Some(step) => (step, "CACHED"),
            None => (*step, "DONE 0.1s"),
        };
        text += &format!("#{number} {step}\n#{number} {end}\n");
    }
    log(&format!("{text}#99 exporting to image\n"))
}

/// Each reason as `kind name old>new files`.
fn shown(list: &[Reason]) -> Vec<String> {
    let one = |it: &Reason| {
        let files: Vec<String> =
            it.files.iter().map(|it| format!("{}:{:?}", it.path, it.how)).collect();
        let change = it.old.iter().zip(&it.new).map(|(a, b)| format!("{a} > {b}"));
        let line = it.line.map(|it| format!("line {it}"));
        let parts = [Some(format!("{:?}", it.why)), it.name.clone(), line];
        let parts = parts.into_iter().flatten().chain(change).chain(files);
        parts.collect::<Vec<_>>().join("|")
    };
    list.iter().map(one).collect()
}

/// Each miss with its certain or possible reasons, from two logs alone.
fn of_logs(old: &Build, new: &Build) -> Vec<(String, Vec<String>, Vec<String>)> {
    let found = explain(&asked(Some(old), Some(new))).unwrap();
    let miss = |it: &Miss| (it.text.clone(), shown(&it.because), shown(&it.possible));
    found.misses.iter().map(miss).collect()
}

fn asked<'a>(old: Option<&'a Build>, new: Option<&'a Build>) -> Asked<'a> {
    Asked {
        old,
        new,
        states: None,
        is_git: false,
        known_args: Vec::new(),
        inspects: None,
        builder: Builder::Buildkit,
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|it| (*it).to_owned()).collect()
}

const BASE: &str = "[1/4] FROM docker.io/library/node:22@sha256:aa";

#[test]
fn a_linked_copy_below_a_missed_step_may_be_cached() {
    let build = |first: &str, linked: &str| {
        buildkit(&[BASE, first, &format!("[3/4] {linked}"), "[4/4] RUN x"])
    };
    let old = build("[2/4] COPY a /a", "COPY --link b /b");
    let of = |first: &str, linked: &str| {
        let found = explain(&asked(Some(&old), Some(&build(first, linked)))).unwrap();
        let miss = |it: &Miss| format!("{} and {} more", it.text, it.followers);
        found.misses.iter().map(miss).collect::<Vec<_>>()
    };
    assert_eq!(of("[2/4] COPY a /a", "COPY --link b /b"), ["COPY a /a and 2 more"]);
    assert_eq!(of("=[2/4] COPY a /a", "COPY --link b /b"), ["COPY --link b /b and 1 more"]);
    // Another text is a reason of its own, and other permissions are not linked.
    let both = ["COPY a /a and 0 more", "COPY --link=true b /c and 1 more"];
    assert_eq!(of("[2/4] COPY a /a", "COPY --link=true b /c"), both);
    let follows = ["COPY a /a and 2 more"];
    assert_eq!(of("[2/4] COPY a /a", "COPY --link --chmod=600 b /c"), follows);
}

#[test]
fn texts_of_logs() {
    let old = buildkit(&[BASE, "[2/4] WORKDIR /w", "[3/4] RUN one", "[4/4] RUN two"]);
    let of = |steps: &[&str]| of_logs(&old, &buildkit(steps));
    let changed = of(&[BASE, "=[2/4] WORKDIR /w", "[3/4] RUN uno", "[4/4] RUN two"]);
    assert_eq!(changed, [("RUN uno".to_owned(), texts(&["Shown|RUN one > RUN uno"]), vec![])]);
    let added = of(&[BASE, "=[2/5] WORKDIR /w", "[3/5] RUN new", "[4/5] RUN one", "[5/5] RUN two"]);
    assert_eq!(added, [("RUN new".to_owned(), texts(&["New|RUN new"]), vec![])]);
    let gone = of(&[BASE, "=[2/3] WORKDIR /w", "[3/3] RUN two"]);
    assert_eq!(gone, [("RUN two".to_owned(), texts(&["Gone|RUN one"]), vec![])]);
    let moved = of(&[BASE, "=[2/4] WORKDIR /w", "[3/4] RUN two", "[4/4] RUN one"]);
    assert_eq!(moved, [("RUN two".to_owned(), texts(&["Order"]), vec![])]);
    // The older log lacks its end.
    let cut = buildkit(&[BASE, "[2/4] WORKDIR /w"]);
    let cut = Build { partial: vec!["it ends".to_owned()], ..cut };
    let new = buildkit(&[BASE, "=[2/4] WORKDIR /w", "[3/4] RUN one", "[4/4] RUN two"]);
    assert_eq!(of_logs(&cut, &new)[0].2, ["Definition", "Cache"]);
    let none = of(&[BASE, "=[2/4] WORKDIR /w", "=[3/4] RUN one", "=[4/4] RUN two"]);
    assert_eq!(none, []);
}

#[test]
fn images_of_logs() {
    let steps = ["[2/3] WORKDIR /w", "[3/3] RUN one"];
    let with = |base: &str| buildkit(&[base, steps[0], steps[1]]);
    let old = with("[1/3] FROM node:22@sha256:aa");
    let of = |base: &str| of_logs(&old, &with(base)).remove(0);
    let changed = of("[1/3] FROM node:22@sha256:bb");
    assert_eq!(changed.1, ["Base|node:22|sha256:aa > sha256:bb"]);
    assert_eq!(of("[1/3] FROM node:24@sha256:aa").1, ["Base|node:24|node:22 > node:24"]);
    // The same image, and a step that takes nothing else.
    assert_eq!(of("[1/3] FROM node:22@sha256:aa").1, ["Cache"]);
    // Nobody knows.
    let open = of_logs(&with("[1/3] FROM node:22"), &with("[1/3] FROM node:22")).remove(0);
    assert_eq!((open.1, open.2), (vec![], texts(&["Cache", "Base|node:22"])));
}

#[test]
fn what_logs_do_not_show_is_possible() {
    let old = buildkit(&[BASE, "[2/4] WORKDIR /w", "[3/4] COPY a b", "[4/4] RUN one"]);
    let new = buildkit(&[BASE, "=[2/4] WORKDIR /w", "[3/4] COPY a b", "[4/4] RUN one"]);
    let found = of_logs(&old, &new);
    assert_eq!(found, [("COPY a b".to_owned(), vec![], texts(&["Files", "Cache"]))]);
    let new = buildkit(&[BASE, "=[2/4] WORKDIR /w", "=[3/4] COPY a b", "[4/4] RUN one"]);
    assert_eq!(of_logs(&old, &new)[0].2, ["Definition", "Cache"]);
    // A mount shows files, and other mounts do not.
    let of = |run: &str| {
        let run = format!("[2/2] RUN {run}");
        let steps = ["[1/2] FROM a@sha256:aa", &run];
        of_logs(&buildkit(&steps), &buildkit(&steps)).remove(0).2
    };
    assert_eq!(of("--mount=type=bind,target=/m x"), ["Cache", "Files", "Definition"]);
    assert_eq!(of("--mount=target=/m x"), ["Cache", "Files", "Definition"]);
    assert_eq!(of("--mount=type=cache,target=/m x"), ["Cache", "Definition"]);
    let other = ["[1/2] FROM a@sha256:aa", "[2/2] COPY --from=nginx /x /x"];
    assert_eq!(of_logs(&buildkit(&other), &buildkit(&other))[0].2, ["Cache", "Base|nginx"]);
    let remote = ["[1/2] FROM a@sha256:aa", "[2/2] ADD https://a.io/x /x"];
    assert_eq!(of_logs(&buildkit(&remote), &buildkit(&remote))[0].2, ["Cache", "Network"]);
}

#[test]
fn stages_of_logs() {
    let steps = |mark: &str, copy: &str| {
        let copy = format!("{copy}[stage-1 2/2] COPY --from=build /x /x");
        buildkit(&[
            "[build 1/2] FROM a@sha256:aa",
            &format!("[build 2/2] RUN {mark}"),
            "[stage-1 1/2] FROM b@sha256:bb",
            &copy,
        ])
    };
    let found = of_logs(&steps("1", ""), &steps("2", ""));
    assert_eq!(found[0].1, ["Shown|RUN 1 > RUN 2"]);
    assert_eq!((&found[1].1, &found[1].2), (&vec![], &texts(&["Cache", "Stage|build"])));
    // The same output: nothing is said about what hits.
    assert_eq!(of_logs(&steps("1", ""), &steps("2", "=")).len(), 1);
}

#[test]
fn definitions_of_logs() {
    let of = |workdir: char, run: char, cached: &str| {
        let id = |it: char| format!("sha256:{}", it.to_string().repeat(64));
        log(&format!(
            "#1 [1/3] FROM a\n#1 DONE 0.0s\n#2 [2/3] WORKDIR /w\n#2 {}\n#2 {cached}\n\
             #3 [3/3] RUN x\n#3 {}\n#3 DONE 0.1s\n#4 exporting to image\n",
            id(workdir),
            id(run)
        ))
    };
    let found = |new: &Build| of_logs(&of('a', 'b', "DONE 0.1s"), new).remove(0);
    assert_eq!(found(&of('a', 'c', "CACHED")).1, ["Definition"]);
    assert_eq!(found(&of('a', 'b', "CACHED")).1, ["Cache"]);
}

const CLASSIC: &str = "\
Step 1/4 : FROM base
 ---> aaaaaaaaaaaa
Step 2/4 : ARG V=1
 ---> Using cache
 ---> bbbbbbbbbbbb
Step 3/4 : COPY a b
 ---> Using cache
 ---> cccccccccccc
Step 4/4 : RUN x
 ---> Running in dddddddddddd
 ---> eeeeeeeeeeee
Successfully built eeeeeeeeeeee
";

#[test]
fn the_classic_builder() {
    let found = of_logs(&log(CLASSIC), &log(CLASSIC));
    assert_eq!(found, [("RUN x".to_owned(), vec![], texts(&["Variable|ARG V", "Cache"]))]);
    let other = CLASSIC.replace("Using cache\n", "Running in 1\n");
    let base = other.replace("aaaaaaaaaaaa", "abababababab");
    let found = of_logs(&log(&other), &log(&base));
    assert_eq!(found[0].0, "ARG V=1");
    assert_eq!(found[0].1, ["Base|base|aaaaaaaaaaa > abababababa"]);
    assert_eq!(of_logs(&log(&other), &log(&other))[0].1, ["Cache"]);
    let error = explain(&asked(Some(&buildkit(&[BASE])), Some(&log(CLASSIC)))).unwrap_err();
    assert!(error.starts_with("the logs are of two builders, buildkit and classic, "), "{error}");
    let default = other.replace("ARG V=1", "ARG V=2");
    assert_eq!(of_logs(&log(CLASSIC), &log(&default))[0].1, ["Text|ARG V=1 > ARG V=2"]);
}

/// A Dockerfile, build arguments, and files with their modes and contents.
type Given<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [(&'a str, &'a str, &'a str)]);

/// Two states, and the log of the newer one.
fn of_states(old: Given<'_>, new: Given<'_>, log: Option<&Build>) -> Explanation {
    of_states_and_logs(old, new, None, log)
}

fn of_states_and_logs(
    (old, old_args, old_files): Given<'_>,
    (new, new_args, new_files): Given<'_>,
    old_log: Option<&Build>,
    new_log: Option<&Build>,
) -> Explanation {
    let mut tree = MadeTree::default();
    let mut state = |text: &str, args: &[(&str, &str)], files: &[(&str, &str, &str)]| {
        let text = Text { path: "Dockerfile".to_owned(), text: text.to_owned() };
        let build_args = args.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let recorded = Recorded {
            builder: Builder::Buildkit,
            dockerfile: text,
            ignore: Some(Text { path: ".dockerignore".to_owned(), text: "ignored\n".to_owned() }),
            options: BuildOptions { build_args, ..BuildOptions::default() },
            revision: None,
        };
        let file = |(path, mode, content): &(&str, &str, &str)| FileRecord {
            path: (*path).to_owned(),
            kind: "file".to_owned(),
            mode: (*mode).to_owned(),
            id: Some(content.repeat(40)),
            target: None,
            owner: None,
            attributes: None,
        };
        let manifest = Manifest::new(&recorded, files.iter().map(file).collect()).unwrap();
        let again = Manifest::read(manifest.write().unwrap().as_bytes()).unwrap();
        assert_eq!(manifest, again);
        again.state(Builder::Buildkit, &mut tree).unwrap()
    };
    let (old, new) = (state(old, old_args, old_files), state(new, new_args, new_files));
    explain(&Asked { states: Some((&old, &new, &tree)), ..asked(old_log, new_log) }).unwrap()
}

const FILE: &str =
    "FROM a\nARG V=1\nENV E=1\nWORKDIR /w\nCOPY src ./src\nUSER u\nRUN x $V\nRUN <<X\nbody\nX\n";

const FILES: &[(&str, &str, &str)] =
    &[("src/a", "644", "a"), ("src/b", "644", "b"), ("ignored", "644", "c")];

/// The line of the first miss, and its reasons, after a change.
fn first(text: &str, args: &[(&str, &str)], files: &[(&str, &str, &str)]) -> (u32, Vec<String>) {
    let found = of_states((FILE, &[], FILES), (text, args, files), None);
    let miss = found.misses.first().unwrap();
    assert_eq!(miss.possible, []);
    (miss.line.unwrap(), shown(&miss.because))
}

#[test]
fn states_say_what_changed() {
    let with = |from: &str, to: &str| first(&FILE.replacen(from, to, 1), &[], FILES);
    assert_eq!(with("RUN x", "RUN y"), (7, texts(&["Text|line 7|RUN x $V > RUN y $V"])));
    assert_eq!(with("V=1", "V=2"), (7, texts(&["Variable|ARG V|line 2"])));
    assert_eq!(with("E=1", "E=2"), (7, texts(&["Variable|ENV E|line 3"])));
    assert_eq!(with("USER u", "USER v"), (7, texts(&["Setting|USER|line 6"])));
    assert_eq!(with("body", "other"), (8, texts(&["Heredoc|line 8"])));
    assert_eq!(with("FROM a", "FROM b"), (4, texts(&["Base|line 1"])));
    assert_eq!(
        with("WORKDIR /w", "WORKDIR /v"),
        (4, texts(&["Text|line 4|WORKDIR /w > WORKDIR /v"]))
    );
    let (line, reasons) = with("RUN x $V\n", "");
    assert_eq!((line, reasons), (7, texts(&["Gone|RUN x $V"])));
    let moved = "FROM a\nRUN two\nRUN one\n";
    let before = ("FROM a\nRUN one\nRUN two\n", &[][..], FILES);
    let found = of_states(before, (moved, &[], FILES), None);
    assert_eq!(shown(&found.misses[0].because), ["Order"]);
    let args = first(FILE, &[("V", "2")], FILES);
    assert_eq!(args, (7, texts(&["Variable|ARG V|line 2"])));
    let files = |files: &[(&str, &str, &str)]| first(FILE, &[], files).1;
    let changed = files(&[("src/a", "644", "d"), ("src/b", "644", "b")]);
    assert_eq!(changed, ["Files|src/a:Content"]);
    let mode = files(&[("src/a", "755", "a"), ("src/c", "644", "b")]);
    assert_eq!(mode, ["Files|src/a:Mode|src/c:Added|src/b:Removed"]);
}

#[test]
fn a_secret_is_recorded_by_its_digest() {
    let text =
        Text { path: "Dockerfile".to_owned(), text: "FROM a\nARG NPM_TOKEN\nRUN x\n".to_owned() };
    let record = |value: &str| {
        let build_args = vec![("NPM_TOKEN".to_owned(), value.to_owned())];
        let recorded = Recorded {
            builder: Builder::Buildkit,
            dockerfile: text.clone(),
            ignore: None,
            options: BuildOptions { build_args, ..BuildOptions::default() },
            revision: None,
        };
        Manifest::new(&recorded, Vec::new()).unwrap().write().unwrap()
    };
    assert!(!record("hunter2").contains("hunter2"));
    assert_ne!(record("hunter2"), record("hunter3"));
    // What a manifest says may be recorded again.
    let manifest = Manifest::read(record("hunter2").as_bytes()).unwrap();
    let value = manifest.options().build_args.remove(0).1;
    assert_eq!(record(&value), record("hunter2"));
}

#[test]
fn a_log_decides_what_missed() {
    let same = (FILE, &[][..], FILES);
    let log = buildkit(&[
        "[1/5] FROM a@sha256:aa",
        "=[2/5] WORKDIR /w",
        "=[3/5] COPY src ./src",
        "[4/5] RUN x 1",
        "[5/5] RUN <<X (body)",
    ]);
    let found = of_states(same, same, Some(&log));
    let miss = &found.misses[0];
    assert_eq!((miss.line, shown(&miss.because), miss.followers), (Some(7), texts(&["Cache"]), 1));
    assert_eq!((found.steps, found.cached, found.ran), (4, 2, 2));
    // A value that BuildKit shows, and a variable of the shell next to it.
    let looped = FILE.replace("RUN x $V", "RUN for i in $V; do echo $i; done");
    let state = (looped.as_str(), &[][..], FILES);
    let shown_with = |value: char| {
        buildkit(&[
            "[1/5] FROM a@sha256:aa",
            "=[2/5] WORKDIR /w",
            "=[3/5] COPY src ./src",
            &format!("[4/5] RUN for i in {value}; do echo $i; done"),
        ])
    };
    let (old, new) = (shown_with('1'), shown_with('2'));
    let found = of_states_and_logs(state, state, Some(&old), Some(&new));
    let because = &found.misses[0].because[0];
    assert_eq!((because.why, because.name.as_deref()), (Why::Variable, Some("V")));
    let other = buildkit(&["[1/3] FROM b", "[2/3] RUN q", "[3/3] COPY z z"]);
    let found = of_states(same, same, Some(&other));
    assert!(found.partial[0].starts_with("its steps are not those of the Dockerfile"));
}

#[test]
fn broken_manifests_are_refused() {
    let fails = |text: &str| Manifest::read(text.as_bytes()).unwrap_err();
    assert!(fails("{}").starts_with("it is not a manifest that can be read: "));
    let text = Text { path: "Dockerfile".to_owned(), text: "FROM a\nCOPY . .\n".to_owned() };
    let recorded = Recorded {
        builder: Builder::Buildkit,
        dockerfile: text,
        ignore: None,
        options: BuildOptions::default(),
        revision: None,
    };
    let manifest = Manifest::new(&recorded, Vec::new()).unwrap().write().unwrap();
    let later = manifest.replace("\"version\": 1", "\"version\": 2");
    assert_eq!(fails(&later), "it is a manifest of version 2, and version 1 is read");
    for path in ["../a", "a//b", "", &"a/".repeat(300), &"a".repeat(5000)] {
        let file = FileRecord {
            path: path.to_owned(),
            kind: "file".to_owned(),
            mode: "644".to_owned(),
            id: Some("a".repeat(40)),
            target: None,
            owner: None,
            attributes: None,
        };
        let found = Manifest::new(&recorded, vec![file]).unwrap_err();
        assert!(found.starts_with("it is broken: the entry of "), "{found}");
    }
}

#[test]
fn records_of_builds() {
    let record = |value: &str, digest: &str| {
        let text = format!(
            r#"{{"Name":"a","Ref":"b/c/d","NumTotalSteps":4,"NumCachedSteps":1,"Labels":null,"BuildArgs":[{{"Name":"V","Value":"{value}"}}],
                "Materials":[{{"URI":"pkg:docker/node@22?platform=linux%2Famd64","Digests":["{digest}"]}}]}}"#
        );
        Inspect::read(text.as_bytes()).unwrap()
    };
    let steps = |cached: &str| {
        let workdir = format!("{cached}[2/3] WORKDIR /w");
        buildkit(&["[1/3] FROM docker.io/library/node:22", &workdir, "[3/3] RUN x 1"])
    };
    let of = |new: &Inspect, log: &Build| {
        let old = record("1", "sha256:aa");
        let asked = Asked { inspects: Some((&old, new)), ..asked(Some(log), Some(log)) };
        shown(&explain(&asked).unwrap().misses[0].because)
    };
    let base = "Base|docker.io/library/node:22|sha256:aa > sha256:bb";
    assert_eq!(of(&record("1", "sha256:bb"), &steps("")), [base]);
    assert_eq!(Inspect::read(b"{}"), None);
}
