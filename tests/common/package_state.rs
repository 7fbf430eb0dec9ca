//! A simulation of package managers: which index or cache is there when each install of a file runs.
//!
//! It knows nothing of what the program under test knows about caches: it walks the commands of each stage in order, and keeps
//! for each manager whether what it fetched is in the image. A fix must not take away what an install found before.

use std::collections::{BTreeMap, BTreeSet};

use layerwise::model::{Base, BuildOptions, Model};
use layerwise::shell::Command;
use layerwise::source::Source;
use layerwise::syntax;

/// Whether a manager's index is in the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// It was fetched.
    There,
    /// Nothing fetched it: it is there only if the base image has it.
    FromBase,
    /// It was deleted.
    Deleted,
}

/// An install, and whether its manager's index was in the image when it ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// The manager and the packages.
    pub(crate) what: String,
    /// Whether what it needs was there.
    pub(crate) index: Index,
    /// Whether it fetches for itself.
    pub(crate) fetches: bool,
    /// The manager.
    manager: &'static str,
    /// The stage that is on an image from elsewhere, beneath the install.
    root: usize,
}

/// What is known of the index of each manager; nothing of those that no command touched.
#[derive(Debug, Clone, Default)]
struct State {
    root: usize,
    indexes: BTreeMap<&'static str, Index>,
}

impl State {
    fn fetch(&mut self, manager: &'static str) {
        self.indexes.insert(manager, Index::There);
    }

    fn delete(&mut self, manager: &'static str) {
        self.indexes.insert(manager, Index::Deleted);
    }

    fn of(&self, manager: &str) -> Index {
        self.indexes.get(manager).copied().unwrap_or(Index::FromBase)
    }
}

/// The installs of a file in order.
pub(crate) fn events(text: &str) -> Vec<Event> {
    let source = Source::new("Dockerfile", text);
    let doc = syntax::parse(&source);
    let model = Model::build(&doc, &BuildOptions::default());
    let mut found = Vec::new();
    let mut ends: BTreeMap<usize, State> = BTreeMap::new();
    for stage in &model.stages {
        let mut state = match stage.base {
            Base::Stage(base) => ends.get(&base).cloned().unwrap_or_default(),
            _ => State { root: stage.id, ..State::default() },
        };
        for run in model.runs.iter().filter(|it| it.stage == Some(stage.id) && !it.onbuild) {
            // What is in a mount is another matter.
            let mounted = |folder: &str| {
                run.mounts.iter().filter_map(|it| it.option("target")).any(|it| {
                    folder.starts_with(&*it.text)
                        || it.text.starts_with(folder)
                        || it.text.contains('$')
                })
            };
            let mut outside = ["/var/lib/apt", "/var/cache/apk", "/root/.npm"].map(mounted);
            // apk keeps its index there where the folder exists (apk(8)).
            outside[1] |= mounted("/etc/apk/cache");
            for command in &run.script.commands {
                step(command, &mut state, outside, &mut found);
            }
        }
        ends.insert(stage.id, state);
    }
    found
}

/// What one command does to the state, and which install it is.
fn step(command: &Command, state: &mut State, outside: [bool; 3], found: &mut Vec<Event>) {
    let words: Vec<&str> = command.args.iter().map(|it| it.text.as_str()).collect();
    let has = |word: &str| words.contains(&word);
    let plain: Vec<&str> = words.iter().filter(|it| !it.starts_with('-')).copied().collect();
    let mut install = |manager: &'static str, state: &State, fetches: bool| {
        let what = format!("{manager} {}", plain.join(" "));
        found.push(Event { what, index: state.of(manager), fetches, manager, root: state.root });
    };
    match command.name.as_str() {
        "apt-get" | "apt" | "aptitude" if !outside[0] => {
            if has("update") || has("-U") || has("--update") {
                state.fetch("apt");
            } else if has("distclean") || has("dist-clean") {
                state.delete("apt");
            }
            let needs =
                ["install", "upgrade", "dist-upgrade", "full-upgrade", "build-dep", "source"];
            if needs.iter().any(|it| has(it)) {
                install("apt", state, false);
            }
        }
        // Another root has its own index.
        "apk" if !outside[1] && !has("--root") && !has("-p") => {
            if has("update") || has("-U") || has("--update") || has("--update-cache") {
                state.fetch("apk");
            }
            if has("add") || has("upgrade") {
                install("apk", state, has("--no-cache"));
            }
            if has("--no-cache") {
                // It neither reads nor leaves its own index.
            } else if has("add") {
                state.fetch("apk");
            }
        }
        "npm" if !outside[2] => {
            if has("cache") && (has("clean") || has("clear") || has("rm")) {
                state.delete("npm");
            } else if has("ci") || has("install") || has("i") {
                if has("--offline") {
                    install("npm", state, false);
                }
                state.fetch("npm");
            }
        }
        "dnf" | "yum" | "microdnf" => {
            if has("clean") {
                state.delete("dnf");
            } else if has("install") || has("update") || has("upgrade") || has("makecache") {
                if has("-C") || has("--cacheonly") {
                    install("dnf", state, false);
                } else {
                    state.fetch("dnf");
                }
            }
        }
        "rm" | "find" => {
            let deletes = |folder: &str| {
                command.name == "rm" && words.iter().any(|it| it.starts_with(folder))
                    || has("-delete") && words.first().is_some_and(|it| it.starts_with(folder))
            };
            for (folder, manager) in [
                ("/var/lib/apt", "apt"),
                ("/var/cache/apk", "apk"),
                ("/root/.npm", "npm"),
                ("/var/cache/dnf", "dnf"),
                ("/var/cache/yum", "dnf"),
            ] {
                if deletes(folder) {
                    state.delete(manager);
                }
            }
        }
        _ => {}
    }
}

/// What came of a comparison.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Every install finds what it found.
    Same,
    /// There are other installs than before, so that they cannot be compared one by one.
    Other,
    /// This one lacks what it had.
    Lost(String),
}

/// Whether each install of the text after a fix finds what it found before.
pub(crate) fn compare(before: &str, after: &str) -> Verdict {
    let (old, new) = (events(before), events(after));
    let names = |events: &[Event]| events.iter().map(|it| it.what.clone()).collect::<Vec<_>>();
    if names(&old) != names(&new) {
        return Verdict::Other;
    }
    // What once went well with no more than the base image has, goes well again.
    let mut enough = BTreeSet::new();
    for (old, new) in old.iter().zip(&new) {
        if old.index == Index::FromBase && !old.fetches {
            enough.insert((old.manager, old.root));
        }
        let keeps = match (old.index, new.index) {
            (Index::There | Index::FromBase, Index::Deleted) => false,
            (Index::There, Index::FromBase) => enough.contains(&(new.manager, new.root)),
            _ => true,
        };
        if !keeps && !new.fetches {
            return Verdict::Lost(new.what.clone());
        }
    }
    Verdict::Same
}
