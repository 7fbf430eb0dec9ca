//! Real builders miss their caches for reasons that are known, and `cache --explain` names them. `LAYERWISE_SEEDS=all` tries every
//! reason with every builder, and the name of a kind that kind; otherwise each kind is tried with one builder. Where builders are not installed, the test is skipped and
//! says so; CI installs them.

#![cfg(target_os = "linux")]
#![cfg(feature = "cache")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

#[path = "cache/builds.rs"]
mod builds;
mod common;
#[path = "cache/seeds.rs"]
mod seeds;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};

use builds::{apply, build, git};
use common::engines::Engines;
use seeds::{Do, SEEDS, Seed};
use serde_json::Value;

/// The builders in the order of the steps of a seed.
const BUILDERS: [&str; 3] = ["buildkit", "classic", "buildah"];

/// What is compared.
const WAYS: [&str; 3] = ["recorded", "commits", "logs"];

/// A registry from which BuildKit gets bases, so that its logs have their digests.
struct Registry {
    server: Child,
    address: String,
}

impl Registry {
    fn start(engines: &Engines) -> Option<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").ok()?;
        let address = listener.local_addr().ok()?.to_string();
        drop(listener);
        let config = engines.path("registry.yml");
        let folder = engines.path("registry").display().to_string();
        let text = format!(
            "version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}}}}}\nhttp: {{addr: \"{address}\"}}\n"
        );
        std::fs::write(&config, text).unwrap();
        let mut command = engines.try_command("docker-registry");
        command.arg("serve").arg(&config).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().ok()?;
        let registry = Self { server, address };
        for _ in 0..100 {
            if std::net::TcpStream::connect(&registry.address).is_ok() {
                return Some(registry);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        None
    }

    /// Moves an image of the daemon to the registry.
    fn push(&self, engines: &Engines, image: &str, name: &str) -> String {
        let there = format!("{}/{name}", self.address);
        engines.command("docker", &["tag", image, &there]);
        engines.command("docker", &["push", "-q", &there]);
        engines.command("docker", &["rmi", &there]);
        there
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The image on which the builds of a seed are based. `variant` makes another one of the same name.
fn base(engines: &Engines, registry: Option<&Registry>, builder: &str, variant: &str) -> String {
    let name = "localhost/seeded:1";
    let folder = tempfile::tempdir().unwrap();
    let text = format!("FROM localhost/base:1\nRUN echo {variant} > /variant\n");
    std::fs::write(folder.path().join("Dockerfile"), text).unwrap();
    let place = folder.path().display().to_string();
    if builder == "buildah" {
        engines.command("buildah", &["bud", "--quiet", "--pull=never", "-t", name, &place]);
        // The log does not say which image a name stands for.
        let format = "{{.FromImageDigest}}";
        let container = engines.command("buildah", &["from", "--pull-never", name]);
        let digest = engines.command("buildah", &["inspect", "--format", format, container.trim()]);
        engines.command("buildah", &["rm", container.trim()]);
        return format!("localhost/seeded@{}", digest.trim());
    }
    let mut command = engines.try_command("docker");
    command.args(["build", "--network", "host", "-q", "-t", name, &place]);
    let output = command.env("DOCKER_BUILDKIT", "0").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    match registry.filter(|_| builder == "buildkit") {
        Some(registry) => registry.push(engines, name, "seeded:1"),
        None => name.to_owned(),
    }
}

/// Removes what a builder keeps.
fn prune(engines: &Engines, builder: &str) {
    match builder {
        "buildkit" => drop(engines.command("docker", &["builder", "prune", "-af"])),
        "classic" => drop(engines.command("docker", &["rmi", "-f", "seeded-result"])),
        _ => {
            engines.command("buildah", &["rmi", "--force", "localhost/made"]);
            engines.command("buildah", &["rmi", "--prune", "--force"]);
        }
    }
}

/// Builds before and after a change. Gives what is said about it in each way.
fn explained(
    engines: &Engines,
    registry: Option<&Registry>,
    builder: &str,
    seed: &Seed,
    number: usize,
) -> Vec<Value> {
    let work = tempfile::tempdir().unwrap();
    let (folder, repository) = (work.path().join("tree"), work.path().join("git"));
    std::fs::create_dir(&folder).unwrap();
    git(&repository, &folder, &["init", "-q", "-b", "main"]);
    let from = base(engines, registry, builder, &format!("{builder} {number}"));
    let word = format!("{builder}-{number}");
    let text = seed.project.dockerfile.replace("BASE", &from).replace("SEED", &word);
    std::fs::write(folder.join("Dockerfile"), text).unwrap();
    for (path, text) in seed.project.files {
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(path), text).unwrap();
    }
    let path = |name: &str| work.path().join(name).display().to_string();
    let tag: &[&str] = if builder == "classic" { &["-t", "seeded-result"] } else { &[] };
    let step = |name: &str, options: &[&str]| {
        git(&repository, &folder, &["add", "-A"]);
        git(&repository, &folder, &["commit", "-q", "--allow-empty", "-m", name]);
        let arguments: Vec<&str> =
            options.iter().copied().filter(|it| *it != "--no-cache").collect();
        let manifest = path(&format!("{name}.json"));
        let record = ["cache", "--builder", builder, "--record", &manifest];
        let (code, _, err) = engines.layerwise(&folder, &[&record[..], &arguments].concat());
        assert_eq!(code, 0, "{err}");
        let log = build(engines, builder, &folder, "Dockerfile", &[tag, options].concat());
        std::fs::write(path(&format!("{name}.log")), log).unwrap();
    };
    step("old", &[]);
    let mut options: &[&str] = &[];
    match &seed.what {
        Do::Files(changes) => changes.iter().for_each(|it| apply(&folder, it)),
        Do::Argument => options = &["--build-arg", "V=three"],
        Do::Base => drop(base(engines, registry, builder, &format!("{builder} {number} again"))),
        Do::Prune => prune(engines, builder),
        Do::NoCache => options = &["--no-cache"],
    }
    step("new", options);
    let logs = [path("old.log"), path("new.log")];
    let explain = |more: &[&str], place: &Path| {
        let all = ["cache", "--format", "json", "--explain", &logs[0], &logs[1]];
        let (code, out, err) = engines.layerwise(place, &[&all[..], more].concat());
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<Value>(&out).unwrap()["explain"].clone()
    };
    let manifests = [path("old.json"), path("new.json")];
    vec![
        explain(&[&manifests[0], &manifests[1]], work.path()),
        explain(&["--revs", "HEAD~1..HEAD"], &repository),
        explain(&[], work.path()),
    ]
}

/// Whether the right reason is named, listed as possible, or neither.
fn verdict(found: &Value, seed: &Seed, builder: usize, way: &str) -> &'static str {
    let misses = found["misses"].as_array().unwrap();
    let begins = |it: &&Value| it["text"].as_str().unwrap().starts_with(seed.steps[builder]);
    let Some(miss) = misses.iter().find(begins) else { return "lost" };
    let is_right = |it: &Value| {
        let name = it["name"].as_str().unwrap_or_default();
        let files = it["files"].as_array().unwrap();
        let about = seed.about.is_empty()
            || name.split([' ', ',']).any(|it| it == seed.about)
            || name == seed.about
            || files.iter().any(|it| it["path"] == seed.about);
        seed.reasons.iter().any(|kind| it["kind"] == *kind) && about
    };
    let of = |key: &str| miss[key].as_array().unwrap().clone();
    let (because, possible) = (of("because"), of("possible"));
    // What a log of BuildKit shows of a variable is the text.
    let is_shown =
        |it: &Value| way == "logs" && it["kind"] == "text" && seed.reasons.contains(&"variable");
    let is_kind = |it: &Value| seed.reasons.iter().any(|kind| it["kind"] == *kind);
    match (because.is_empty(), because.iter().any(is_right)) {
        (false, true) => "right",
        (false, false) if because.iter().any(is_shown) => "listed",
        (false, false) => "wrong",
        // Without states, no log says which variable it was.
        (true, _) if possible.iter().any(|it| is_kind(it) || it["kind"] == "definition") => {
            "listed"
        }
        (true, _) => "lost",
    }
}

#[test]
fn misses_of_real_builders() {
    let engines = Engines::start();
    let registry = Registry::start(&engines);
    if registry.is_none() {
        eprintln!("no registry: logs of BuildKit do not have digests of bases");
    }
    let wanted = std::env::var("LAYERWISE_SEEDS").unwrap_or_default();
    let has = [engines.docker.is_some(), engines.docker.is_some(), engines.has_buildah];
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let (mut wrong, mut tried, mut last) = (Vec::new(), 0, "");
    for (number, seed) in SEEDS.iter().enumerate() {
        // One of each kind, with one builder after another.
        let is_first = std::mem::replace(&mut last, seed.kind) != seed.kind;
        let builders: Vec<usize> =
            (0..3).filter(|it| has[*it] && !seed.steps[*it].is_empty()).collect();
        let chosen = builders.iter().filter(|it| {
            wanted == "all"
                || wanted == seed.kind
                || (wanted.is_empty()
                    && is_first
                    && Some(*it) == builders.get(number % builders.len().max(1)))
        });
        for &builder in chosen {
            let name = BUILDERS[builder];
            let found = explained(&engines, registry.as_ref(), name, seed, number);
            tried += 1;
            for (way, found) in WAYS.iter().zip(&found) {
                let verdict = verdict(found, seed, builder, way);
                *counts.entry((seed.kind, *way, verdict)).or_default() += 1;
                // A log of BuildKit without a digest of the base leaves that open.
                let may_be_open = *way != "recorded"
                    || (name == "buildkit" && registry.is_none() && seed.what.is_about_cache());
                if verdict == "wrong" || verdict == "lost" || (verdict != "right" && !may_be_open) {
                    wrong
                        .push(format!("{name} {} {number} {way}: {verdict}\n{found:#}", seed.kind));
                }
            }
        }
    }
    for ((kind, way, verdict), count) in &counts {
        eprintln!("{kind:<18} {way:<9} {verdict:<7} {count}");
    }
    for way in WAYS {
        let of = |verdict: &str| -> usize {
            let all = counts.iter().filter(|it| it.0.1 == way && it.0.2 == verdict);
            all.map(|it| it.1).sum()
        };
        eprintln!(
            "{way}: {} right, {} listed, {} wrong of {tried}",
            of("right"),
            of("listed"),
            of("wrong") + of("lost")
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Do {
    /// Whether only logs show it.
    fn is_about_cache(&self) -> bool {
        matches!(self, Self::Base | Self::Prune | Self::NoCache)
    }
}
