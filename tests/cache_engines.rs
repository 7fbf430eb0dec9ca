//! Real builders go through made histories, commit by commit, each with its own cache; what they run again is what `cache` says.
//! Where they are not installed, or may not run, the test is skipped and says so; CI installs them.

#![cfg(target_os = "linux")]
#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "cache/builds.rs"]
mod builds;
mod common;
#[path = "cache/histories.rs"]
mod histories;

use std::collections::BTreeMap;

use builds::{Change, apply, build, command, git};
use common::engines::Engines;
use histories::HISTORIES;
use serde_json::Value;

/// The lines that a builder ran, and whether it took them from its cache.
type Seen = BTreeMap<u64, bool>;

/// The instructions of a Dockerfile without continuation lines: number of the stage, line, keyword.
fn instructions(text: &str) -> Vec<(usize, u64, String)> {
    let mut stage = 0;
    let mut found = Vec::new();
    // The ends of heredocs that are still to come.
    let mut ends: Vec<&str> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(end) = ends.first() {
            if text == *end {
                ends.remove(0);
            }
            continue;
        }
        let marks = text.split_whitespace().filter_map(|it| it.strip_prefix("<<"));
        ends.extend(marks.map(|it| it.trim_matches('"')));
        let Some(word) = text.split_whitespace().next().filter(|it| !it.starts_with('#')) else {
            continue;
        };
        let keyword = word.to_uppercase();
        stage += usize::from(keyword == "FROM");
        found.push((stage - usize::from(stage > 0), line, keyword));
    }
    found
}

fn names(text: &str) -> Vec<Option<String>> {
    let froms = text.lines().filter(|it| it.starts_with("FROM"));
    froms.map(|it| it.split(" AS ").nth(1).map(|it| it.trim().to_lowercase())).collect()
}

/// What BuildKit's plain log says: `#7 [build 2/4] COPY …`, then `#7 CACHED` or `#7 DONE`.
fn of_buildkit(log: &str, text: &str) -> Seen {
    let stages = names(text);
    let all = instructions(text);
    let mut lines = BTreeMap::new();
    let mut seen = Seen::new();
    for row in log.lines() {
        let Some((number, rest)) = row.split_once(' ').filter(|it| it.0.starts_with('#')) else {
            continue;
        };
        if let Some(name) = rest.strip_prefix('[')
            && let Some((place, _)) = name.split_once(']')
            && let Some((at, _)) = place.rsplit(' ').next().and_then(|it| it.split_once('/'))
            && let Ok(at) = at.parse::<usize>()
        {
            let name = place.split(' ').next().filter(|_| place.contains(' '));
            let name = name.filter(|it| !it.is_empty() && !it.contains('/'));
            let stage = match name {
                None => Some(stages.len() - 1),
                Some(name) => stages
                    .iter()
                    .position(|it| it.as_deref() == Some(name))
                    .or_else(|| name.strip_prefix("stage-")?.parse().ok()),
            };
            // A base is shown with the name that it had in an earlier build.
            let Some(stage) = stage else { continue };
            // Only what an image is loaded for is its own step.
            let loads = |line: u64| {
                let base = text.lines().nth(line as usize - 1).unwrap();
                let base = base.split_whitespace().nth(1).unwrap().to_lowercase();
                base != "scratch" && !stages.iter().flatten().any(|it| *it == base)
            };
            let steps = all.iter().filter(|it| {
                it.0 == stage
                    && match it.2.as_str() {
                        "FROM" => loads(it.1),
                        word => ["RUN", "COPY", "ADD", "WORKDIR"].contains(&word),
                    }
            });
            let Some((_, line, _)) = steps.clone().nth(at - 1) else { continue };
            lines.insert(number.to_owned(), *line);
        } else if let Some(line) = lines.get(number) {
            if rest == "CACHED" {
                seen.insert(*line, true);
            } else if rest.starts_with("DONE") {
                seen.entry(*line).or_insert(false);
            }
        }
    }
    seen
}

/// What the classic builder says: `Step 3/9 : COPY …`, then ` ---> Using cache`.
fn of_classic(log: &str, text: &str) -> Seen {
    let all = instructions(text);
    let mut seen = Seen::new();
    let mut line = 0;
    for row in log.lines() {
        if let Some(rest) = row.strip_prefix("Step ") {
            let at: usize = rest.split('/').next().unwrap().parse().unwrap();
            line = all[at - 1].1;
            seen.insert(line, false);
        } else if row.contains("---> Using cache") {
            seen.insert(line, true);
        }
    }
    seen
}

/// What buildah says: `[1/2] STEP 3/9: COPY …` of the first stage, then `--> Using cache`.
fn of_buildah(log: &str, text: &str) -> Seen {
    let all = instructions(text);
    let mut seen = Seen::new();
    let mut line = 0;
    for row in log.lines() {
        if let Some((place, rest)) = row.split_once("STEP ") {
            let at: usize = rest.split('/').next().unwrap().parse().unwrap();
            let stage = place.trim_start_matches('[').split('/').next().unwrap();
            let stage = stage.parse::<usize>().map_or(0, |it| it - 1);
            line = all.iter().filter(|it| it.0 == stage).nth(at - 1).unwrap().1;
            seen.insert(line, false);
        } else if row.contains("Using cache") {
            seen.insert(line, true);
        }
    }
    seen
}

#[test]
fn what_builders_run_again() {
    let engines = Engines::start();
    let mut builders = Vec::new();
    if engines.docker.is_some() {
        builders.extend(["buildkit", "classic"]);
    }
    if engines.has_buildah {
        builders.push("buildah");
    }
    let mut wrong = Vec::new();
    for builder in builders {
        for history in HISTORIES.iter().filter(|it| it.builders.contains(&builder)) {
            match history.needs.filter(|it| !knows(&engines, builder, it)) {
                None => wrong.extend(compare(&engines, builder, history)),
                Some(needed) => eprintln!(
                    "skipped: this {builder} does not know `{}`, so `{}` is not compared",
                    needed.lines().next().unwrap(),
                    history.name
                ),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a builder knows an instruction, which may name the file `f`.
fn knows(engines: &Engines, builder: &str, instruction: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("FROM localhost/base:1\n{instruction}\n");
    std::fs::write(folder.path().join("Dockerfile"), text).unwrap();
    std::fs::write(folder.path().join("f"), "f").unwrap();
    let output = command(engines, builder, folder.path(), "Dockerfile", &[]).output().unwrap();
    output.status.success()
}

/// Gives the base an image that no build has seen.
fn fresh_base(engines: &Engines, builder: &str, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("FROM localhost/base:1\nRUN echo {name} {builder} > /name\n");
    std::fs::write(folder.path().join("Dockerfile"), text).unwrap();
    let folder = folder.path().display().to_string();
    match builder {
        "buildah" => {
            engines.command(
                "buildah",
                &["bud", "--quiet", "--pull=never", "-t", "localhost/base:1", &folder],
            );
        }
        _ => {
            let mut command = engines.try_command("docker");
            command.args(["build", "--network", "host", "-q", "-t", "localhost/base:1", &folder]);
            let output = command.env("DOCKER_BUILDKIT", "0").output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// Goes through a history; gives what differs.
fn compare(engines: &Engines, builder: &str, history: &histories::History) -> Vec<String> {
    let work = tempfile::tempdir().unwrap();
    let (folder, repository) = (work.path().join("tree"), work.path().join("git"));
    std::fs::create_dir(&folder).unwrap();
    git(&repository, &folder, &["init", "-q", "-b", "main"]);
    // On its own base the builder starts with nothing.
    fresh_base(engines, builder, history.name);
    let label = format!("{}-{builder}", history.name);
    let (mut seen, mut file) = (Vec::new(), "Dockerfile".to_owned());
    for (number, changes) in history.commits.iter().enumerate() {
        for change in *changes {
            apply(&folder, change);
            if let Change::Rename(from, to) = change
                && *from == file
            {
                (*to).clone_into(&mut file);
            }
        }
        git(&repository, &folder, &["add", "-A"]);
        git(&repository, &folder, &["commit", "-q", "--allow-empty", "-m", &format!("c{number}")]);
        let text = std::fs::read_to_string(folder.join(&file)).unwrap();
        let log = build(engines, builder, &folder, &file, &[]);
        seen.push(match builder {
            "buildkit" => of_buildkit(&log, &text),
            "classic" => of_classic(&log, &text),
            _ => of_buildah(&log, &text),
        });
    }
    let bare = ["cache", "--format", "json", "--builder", builder, "-f", &file];
    let (code, out, err) = engines.layerwise(&repository, &bare);
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let mut wrong = Vec::new();
    let (mut steps, mut maybe, mut compared) = (0, 0, 0);
    for (number, commit) in report["commits"].as_array().unwrap().iter().enumerate() {
        assert!(commit["error"].is_null(), "{commit}");
        let all = commit["steps"].as_array().unwrap();
        for step in all {
            let line = step["line"].as_u64().unwrap();
            // BuildKit shows a step that stages share once, by the name of any of them.
            let is_merged = builder == "buildkit";
            if is_merged && !step["same_as"].is_null() {
                continue;
            }
            steps += 1;
            let same = all.iter().filter(|it| is_merged && it["same_as"] == line);
            let lines = std::iter::once(line).chain(same.map(|it| it["line"].as_u64().unwrap()));
            let found = lines.into_iter().find_map(|it| seen[number].get(&it));
            let said = step["rebuilt"].as_str().unwrap();
            maybe += usize::from(said == "maybe");
            let Some(cached) = found else { continue };
            compared += 1;
            if said != "maybe" && (said == "yes") == *cached {
                wrong.push(format!(
                    "{label} c{number}: line {line} {}: said {said}, the builder {}; {}",
                    step["keyword"],
                    if *cached { "had it" } else { "ran it" },
                    step["because"]
                ));
            }
        }
    }
    eprintln!(
        "{label}: {steps} steps, {compared} compared, {maybe} maybe, {} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    if maybe * 100 > steps * 12 {
        wrong.push(format!("{label}: {maybe} of {steps} steps are `maybe`"));
    }
    if compared * 10 < steps * 9 {
        wrong.push(format!("{label}: only {compared} of {steps} steps were seen"));
    }
    wrong
}
