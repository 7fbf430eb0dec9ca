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
#[path = "cache/seen.rs"]
mod seen;
#[path = "cache/walks.rs"]
mod walks;

use builds::{Change, apply, build, command, git};
use common::engines::Engines;
use histories::{HISTORIES, History};
use seen::{of_buildah, of_buildkit, of_classic, of_rawjson};
use serde_json::Value;

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
    let wrong: Vec<_> =
        builders.iter().flat_map(|it| compare_all(&engines, it, HISTORIES.iter())).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `LAYERWISE_WALKS` is the number of walks through each project.
#[test]
fn what_a_newer_buildkit_runs_again() {
    let engines = Engines::start_buildkit();
    let Some(buildkit) = &engines.buildkit else { return };
    eprintln!("{}", buildkit.version);
    let walks = std::env::var("LAYERWISE_WALKS").map_or(1, |it| it.parse().unwrap());
    let projects = [&walks::CHOSEN, &walks::STAGED, &walks::WRITTEN];
    let tours = projects.map(walks::tour);
    let walks = (1..=walks).flat_map(|seed| projects.map(|it| walks::walk(it, seed, 25)));
    let made: Vec<_> = tours.into_iter().chain(walks).collect();
    let wrong = compare_all(&engines, "newer", HISTORIES.iter().chain(&made));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Goes through all histories that a builder knows, or those with `LAYERWISE_HISTORY` in their names; gives what differs.
fn compare_all<'h>(
    engines: &Engines,
    builder: &str,
    histories: impl Iterator<Item = &'h History>,
) -> Vec<String> {
    let only = std::env::var("LAYERWISE_HISTORY").unwrap_or_default();
    let mut all = Tally::default();
    for history in histories.filter(|it| it.builders.contains(&builder) && it.name.contains(&only))
    {
        match history.needs.filter(|it| !knows(engines, builder, it)) {
            None => all.add(compare(engines, builder, history)),
            Some(needed) => eprintln!(
                "skipped: this {builder} does not know `{}`, so `{}` is not compared",
                needed.lines().next().unwrap(),
                history.name
            ),
        }
    }
    eprintln!("{builder} in all: {all}");
    all.wrong
}

/// What a comparison found.
#[derive(Default)]
struct Tally {
    commits: usize,
    steps: usize,
    compared: usize,
    maybe: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.commits += other.commits;
        self.steps += other.steps;
        self.compared += other.compared;
        self.maybe += other.maybe;
        self.wrong.extend(other.wrong);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { commits, steps, compared, maybe, wrong } = self;
        let wrong = wrong.len();
        write!(
            f,
            "{commits} commits, {steps} steps, {compared} compared, {maybe} maybe, {wrong} wrong"
        )
    }
}

/// The builder of `layerwise cache` that a builder is.
fn model(builder: &str) -> &str {
    if builder == "newer" { "buildkit" } else { builder }
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
    if let Some(buildkit) = engines.buildkit.as_ref().filter(|_| builder == "newer") {
        buildkit.make_base(folder.path());
        buildkit.prune();
        return;
    }
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

/// Goes through a history.
fn compare(engines: &Engines, builder: &str, history: &History) -> Tally {
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
            "newer" => of_rawjson(&log, &text),
            "classic" => of_classic(&log, &text),
            _ => of_buildah(&log, &text),
        });
    }
    let bare = ["cache", "--format", "json", "--builder", model(builder), "-f", &file];
    let (code, out, err) = engines.layerwise(&repository, &bare);
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    let mut found = Tally { commits: seen.len(), ..Tally::default() };
    for (number, commit) in report["commits"].as_array().unwrap().iter().enumerate() {
        assert!(commit["error"].is_null(), "{commit}");
        let all = commit["steps"].as_array().unwrap();
        for step in all {
            let line = step["line"].as_u64().unwrap();
            // BuildKit shows a step that stages share once, by the name of any of them.
            let is_merged = model(builder) == "buildkit";
            if is_merged && !step["same_as"].is_null() {
                continue;
            }
            found.steps += 1;
            let same = all.iter().filter(|it| is_merged && it["same_as"] == line);
            let lines = std::iter::once(line).chain(same.map(|it| it["line"].as_u64().unwrap()));
            let cached = lines.into_iter().find_map(|it| seen[number].get(&it));
            let said = step["rebuilt"].as_str().unwrap();
            found.maybe += usize::from(said == "maybe");
            let Some(cached) = cached else { continue };
            found.compared += 1;
            if said != "maybe" && (said == "yes") == *cached {
                found.wrong.push(format!(
                    "{label} c{number}: line {line} {}: said {said}, the builder {}; {}",
                    step["keyword"],
                    if *cached { "had it" } else { "ran it" },
                    step["because"]
                ));
            }
        }
    }
    eprintln!("{label}: {found}\n{}", found.wrong.join("\n"));
    let Tally { steps, compared, maybe, .. } = found;
    if maybe * 100 > steps * 12 {
        found.wrong.push(format!("{label}: {maybe} of {steps} steps are `maybe`"));
    }
    if compared * 10 < steps * 9 {
        found.wrong.push(format!("{label}: only {compared} of {steps} steps were seen"));
    }
    found
}
