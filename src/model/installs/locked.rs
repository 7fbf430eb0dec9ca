//! Installs of npm that need not follow the lock file which was copied for them.

use std::collections::HashSet;

use crate::context::clean;
use crate::model::files::paths::path_in;
use crate::model::{How, Install, Manager, Model, Write};
use crate::shell::Command;
use crate::source::Span;

/// An install that may take other versions than the lock file next to its manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlocked {
    /// The install, by index in [`Model::installs`].
    pub install: usize,
    /// The name of the lock file.
    pub lock: &'static str,
    /// Where the copy of it is named.
    pub copied: Span,
    /// Whether `npm ci` takes its options too, and needs no files but the manifest and the lock file.
    pub replaceable: bool,
}

/// The lock files of npm.
const LOCKS: [&str; 2] = ["package-lock.json", "npm-shrinkwrap.json"];

/// Options with which the lock file does not count, or is elsewhere.
const OTHERS: &[&str] = &[
    "C",
    "D",
    "E",
    "O",
    "S",
    "dry-run",
    "g",
    "global",
    "location",
    "no-package-lock",
    "no-save",
    "package-lock",
    "package-lock-only",
    "prefix",
    "save",
    "save-dev",
    "save-exact",
    "w",
    "workspace",
    "workspaces",
];

/// Options that `npm ci` takes in the same sense.
const COMMON: &[&str] = &[
    "audit",
    "cache",
    "force",
    "foreground-scripts",
    "fund",
    "ignore-scripts",
    "include",
    "legacy-peer-deps",
    "loglevel",
    "no-audit",
    "no-fund",
    "no-optional",
    "no-progress",
    "offline",
    "omit",
    "only",
    "prefer-offline",
    "production",
    "progress",
    "quiet",
    "registry",
    "silent",
    "strict-peer-deps",
    "unsafe-perm",
    "verbose",
];

/// More copies are not looked at for one file.
const MOST_COPIES: usize = 200;

impl Model<'_> {
    /// The installs of npm without named packages beneath which a lock file is copied next to their manifest.
    pub fn unlocked_installs(&self) -> Vec<Unlocked> {
        let counts = |it: &Install| {
            it.manager == Manager::NPM
                && matches!(it.verb_name, "install" | "i")
                && it.packages.is_empty()
                && self.follows_a_lock(it)
        };
        let installs: Vec<usize> =
            (0..self.installs.len()).filter(|it| counts(&self.installs[*it])).collect();
        if installs.is_empty() {
            return Vec::new();
        }
        let local =
            |it: &&Write| it.command.is_none() && matches!(it.how, How::Copied { from: false, .. });
        let copies: Vec<&Write> = self.writes().iter().filter(local).take(MOST_COPIES).collect();
        let mut seen = HashSet::new();
        installs
            .into_iter()
            // One command per RUN says it all.
            .filter(|it| seen.insert(self.installs[*it].run))
            .filter_map(|it| self.unlocked(it, &copies))
            .collect()
    }

    /// Whether an install would follow a lock file: nothing in its image touches the lock file or the manifest, and no
    /// option or setting says that it does not count.
    fn follows_a_lock(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let own = self.command_of(install);
        let names_it = |command: &Command| {
            let reads = matches!(command.name.as_str(), "cat" | "chown" | "echo" | "ls" | "test");
            let words = command.args.iter().map(|it| it.text.as_str());
            !reads
                && words.into_iter().any(|it| {
                    it.contains("package-lock")
                        || it.contains("shrinkwrap")
                        || it.contains("package.json")
                })
                || command.is("npm")
                    && command
                        .verb()
                        .is_some_and(|it| matches!(it.text.as_str(), "ci" | "pkg" | "version"))
        };
        let setting = "NPM_CONFIG_PACKAGE_LOCK";
        let set = [setting.to_owned(), setting.to_ascii_lowercase()];
        !run.onbuild
            && run.script.complete
            && !own.inside.conditional
            && !OTHERS.iter().any(|it| own.has_flag(it))
            && !run.script.commands.iter().any(names_it)
            && !set.iter().any(|it| self.scopes.look_up(run.id(), it).is_some())
    }

    fn unlocked(&self, at: usize, copies: &[&Write]) -> Option<Unlocked> {
        let install = &self.installs[at];
        let run = &self.runs[install.run];
        let beneath = self.beneath(run.id());
        let folder = self.known_directory(install)?;
        let mut below = copies.iter().rev().filter(|it| beneath.contains(it.instruction));
        let (lock, copied, project) = below.find_map(|it| {
            let (lock, project) = self.brings_lock(it, &folder)?;
            Some((lock, it.span, project))
        })?;
        let command = self.command_of(install);
        let mut flags = command.args.iter().filter(|it| it.text.starts_with('-'));
        let known =
            flags.all(|it| COMMON.iter().any(|name| it.text.starts_with("--") && it.is_flag(name)));
        let manifest = project.map(|it| path_in(Some(&it), "package.json"));
        let text = |path: String| self.context.as_ref().and_then(|it| it.text(&path));
        let has_members = manifest.and_then(text).is_some_and(|it| it.contains("\"workspaces\""));
        Some(Unlocked { install: at, lock, copied, replaceable: known && !has_members })
    }

    /// The lock file that a copy brings into a folder of the image, and the folder of the build context where it is, if
    /// that is known.
    fn brings_lock(&self, copy: &Write, folder: &str) -> Option<(&'static str, Option<String>)> {
        let source = self.doc.source.slice(copy.span).trim_matches(['"', '\'']);
        if source.contains(['$', '<']) {
            return None;
        }
        let source = clean(&format!("/{source}"));
        let source = source.trim_start_matches('/');
        let (parent, name) = source.rsplit_once('/').unwrap_or(("", source));
        let target = relative(&copy.path);
        let folder = relative(folder);
        if let Some(lock) = LOCKS.into_iter().find(|it| *it == name) {
            let beside = target == join(&folder, lock) || target == folder;
            return beside.then(|| (lock, Some(parent.to_owned())));
        }
        let is_there = |path: &str| !self.paths_in_context(path).is_empty();
        if name.contains('*') {
            let found = self.paths_in_context(source);
            let brings = |lock: &&str| found.iter().any(|it| it.rsplit('/').next() == Some(lock));
            let lock = LOCKS.into_iter().find(|it| target == folder && brings(it))?;
            return Some((lock, Some(parent.to_owned())));
        }
        let rest =
            if target.is_empty() { Some(folder.as_str()) } else { folder.strip_prefix(&target) };
        let rest = rest.filter(|it| target.is_empty() || it.is_empty() || it.starts_with('/'))?;
        let project = join(source, rest.trim_matches('/'));
        let lock = LOCKS.into_iter().find(|it| is_there(&join(&project, it)))?;
        Some((lock, Some(project)))
    }
}

/// A path without what means the working directory itself.
fn relative(path: &str) -> String {
    let path = clean(path);
    path.trim_start_matches("./").trim_end_matches('.').trim_end_matches('/').to_owned()
}

fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", _) => name.to_owned(),
        (_, "") => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}
