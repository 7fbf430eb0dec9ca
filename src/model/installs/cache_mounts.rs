//! Cache mounts: where one is missing, and where one is of no use.

use super::cleanups::cleans;
use crate::model::files::paths::covers;
use crate::model::packages::{KeptEmpty, Known};
use crate::model::{Install, Manager, Model, Run};
use crate::shell::{Command, Connector, Inside};
use crate::source::Span;
use crate::syntax::{Kind, Mount, MountType, Word};

/// A cache mount whose cache does not outlive the RUN, or is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defeated {
    /// The RUN, by index.
    pub run: usize,
    /// The mount.
    pub mount: Span,
    /// What defeats it.
    pub at: Span,
    /// How.
    pub how: Defeat,
    /// What to take out, where that is all there is to do.
    pub drop: Option<Span>,
}

/// How a cache mount is defeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defeat {
    /// A command of the RUN deletes what is in it.
    Deleted,
    /// A command deletes what Debian's images delete as well, after each package.
    DeletedTwice,
    /// An option of the install keeps it empty.
    SwitchedOff,
    /// A variable keeps it empty.
    SwitchedOffByVariable,
    /// Debian's images delete each package after it is installed.
    DockerClean,
    /// The user that installs keeps its cache in another home.
    OtherHome,
}

impl Model<'_> {
    /// Whether an install's own options keep its cache empty.
    pub fn avoids_cache(&self, install: &Install) -> bool {
        let manager = install.manager;
        manager.is_avoided_by(self.command_of(install))
            || manager.cache.switch.is_some_and(|name| {
                self.scopes.look_up(self.runs[install.run].id(), name).is_some()
            })
    }

    /// The first cache mount of the file that takes the cache of a manager.
    pub fn cache_mount_of(&self, manager: Manager) -> Option<Span> {
        let mounts = self.runs.iter().flat_map(|run| run.mounts);
        let caches = mounts.filter(|it| it.kind == MountType::Cache);
        let is_its = |mount: &&Mount<'_>| {
            mount.option("target").and_then(Word::literal).is_some_and(|it| takes(manager, &it))
        };
        caches.into_iter().find(is_its).map(|it| it.span)
    }

    /// Whether the same manager worked before an install, in its RUN or beneath it: it found its downloads there.
    pub fn is_fed_before(&self, install: &Install) -> bool {
        let own = self.installs_of(install.run).iter().filter(|it| it.command < install.command);
        self.beneath(self.runs[install.run].id()).installs().chain(own).any(|it| {
            it.manager == install.manager
                && !it.packages.iter().any(|package| package.name == install.manager.name)
        })
    }

    /// Whether what an install downloads is used in a later RUN of its stage that has no cache mount: in a mount it would be
    /// missing there.
    pub fn is_used_unmounted(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let tool = self.command_of(install).name.as_str();
        let uses = |it: &Command| {
            it.name.is_empty() && it.assignments.is_empty()
                || it.is(tool)
                || it.is("make")
                || it.name.ends_with(".sh")
        };
        let home = self.home(run.id());
        let is_kept = |it: &Run<'_>| {
            install.manager.cache.folders.last().is_none_or(|cache| {
                let own = cache.path.strip_prefix("/root").map(|rest| format!("{home}{rest}"));
                it.is_scratch(own.as_deref().unwrap_or(cache.path))
            })
        };
        install.manager.cache.is_used_later
            && self.runs[install.run + 1..]
                .iter()
                .take_while(|it| it.stage == run.stage)
                .filter(|it| !is_kept(it))
                .any(|it| it.script.commands.iter().any(uses))
    }

    /// The folders for cache mounts of an install that root runs; empty where it is not known.
    pub fn mount_targets(&self, install: &Install) -> Vec<String> {
        let run = &self.runs[install.run];
        let image = run.stage.and_then(|it| self.root_image(it)).map_or("", |it| it.name());
        let mounts = &install.manager.mounts;
        let fits = match mounts.known {
            Known::Everywhere => true,
            Known::In(name) => image == name,
            Known::Nowhere => false,
        };
        // A mount belongs to root unless it has a number, which nobody knows here.
        if !fits || !self.states[run.id()].is_root() {
            return Vec::new();
        }
        let home = self.home(run.id());
        install
            .manager
            .mounted_folders()
            .map(|path| match path.strip_prefix("/root") {
                Some(rest) => format!("{home}{rest}"),
                None => path.to_owned(),
            })
            .collect()
    }

    /// The cache mounts that are of no use, in order.
    pub fn defeated_mounts(&self) -> Vec<Defeated> {
        let mut found: Vec<Defeated> = Vec::new();
        for (index, run) in self.runs.iter().enumerate().filter(|(_, it)| !it.onbuild) {
            let caches = run.mounts.iter().filter(|it| it.kind == MountType::Cache);
            for mount in caches {
                let Some(target) = mount.option("target").and_then(Word::literal) else {
                    continue;
                };
                found.extend(self.defeated(index, run, mount, target.trim_end_matches('/')));
            }
        }
        found
    }

    fn defeated(
        &self,
        index: usize,
        run: &Run<'_>,
        mount: &Mount<'_>,
        target: &str,
    ) -> Option<Defeated> {
        let found = |at, how, drop| Some(Defeated { run: index, mount: mount.span, at, how, drop });
        let commands = &run.script.commands;
        let installs: Vec<&Install> = self
            .installs
            .iter()
            .filter(|it| it.run == index && takes(it.manager, target))
            .collect();
        // An install after the deletion fills it again.
        let last = installs.iter().map(|it| it.command).max()?;
        let deletion = self.deletions_of(index).iter().find(|it| {
            it.command > last
                && it.recursive
                && (covers(&it.path, target) || it.path.starts_with(&format!("{target}/lists")))
        });
        if let Some(it) = deletion {
            return found(it.span, Defeat::Deleted, self.droppable(run, it.command));
        }
        let manager = installs[0].manager;
        let kept_empty = manager.cache.kept_empty.filter(|it| target.starts_with(it.folder));
        if let Some((at, how, drop)) = self.defeated_by_command(run, manager, last, kept_empty) {
            return found(at, how, drop);
        }
        let avoiding = |it: &&&Install| it.manager.is_avoided_by(self.command_of(it));
        let fills = |it: &Command| {
            Manager::of_program(&it.name) == Some(manager)
                && it.verb().is_some_and(|it| manager.commands.fills.contains(&it.text.as_str()))
                && !manager.is_avoided_by(it)
        };
        // One that does not avoid it fills it.
        let all_avoid = installs.iter().all(|it| avoiding(&it)) && !commands.iter().any(fills);
        if let Some(it) = installs.iter().find(avoiding) {
            if !all_avoid {
                return None;
            }
            let command = self.command_of(it);
            let word = command.args.iter().find(|it| it.text.starts_with("--no-cache"))?;
            let before = self.doc.source.text[..word.span.start as usize].ends_with(' ');
            let drop = Span { start: word.span.start - u32::from(before), end: word.span.end };
            return found(
                word.span,
                Defeat::SwitchedOff,
                Some(drop).filter(|_| self.takes_words(run, command)),
            );
        }
        let (at, how) = self.defeated_by_state(run, mount, target, &installs, kept_empty)?;
        found(at, how, None)
    }

    /// The command behind the last install that empties the cache of its manager, and what can be dropped.
    fn defeated_by_command(
        &self,
        run: &Run<'_>,
        manager: Manager,
        last: usize,
        kept_empty: Option<KeptEmpty>,
    ) -> Option<(Span, Defeat, Option<Span>)> {
        let partly =
            |it: &Command| manager.commands.cleans_partly.iter().any(|option| it.has_flag(option));
        let empties = |it: &Command| {
            let verbs = kept_empty.map_or(&[][..], |it| it.verbs);
            Manager::of_program(&it.name) == Some(manager)
                && it.operands().any(|word| verbs.contains(&word.text.as_str()))
        };
        let (at, command) = run
            .script
            .commands
            .iter()
            .enumerate()
            .skip(last)
            .find(|(_, it)| cleans(it) == Some(manager) && !partly(it) || empties(it))?;
        if empties(command) && kept_empty.is_some_and(|it| self.is_kept_empty(run, it)) {
            return Some((command.span, Defeat::DeletedTwice, None));
        }
        Some((command.span, Defeat::Deleted, self.droppable(run, at)))
    }

    /// What the state of the image does to a cache mount: a variable, apt's own configuration, or a user with another home.
    fn defeated_by_state(
        &self,
        run: &Run<'_>,
        mount: &Mount<'_>,
        target: &str,
        installs: &[&Install],
        kept_empty: Option<KeptEmpty>,
    ) -> Option<(Span, Defeat)> {
        let manager = installs[0].manager;
        let switch = manager.cache.switch;
        if let Some(it) = switch.and_then(|it| self.scopes.look_up(run.id(), it)) {
            let at = self.doc.instructions[it.instruction].keyword_span;
            let value = it.value.as_deref();
            let is_off = value.is_some_and(|it| !matches!(it, "" | "0" | "false" | "off" | "no"));
            return is_off.then_some((at, Defeat::SwitchedOffByVariable));
        }
        if kept_empty.is_some_and(|it| self.is_kept_empty(run, it)) {
            return Some((mount.span, Defeat::DockerClean));
        }
        let state = &self.states[run.id()];
        let is_other = !state.is_root()
            && target.starts_with("/root/")
            && self.scopes.look_up(run.id(), "HOME").is_none()
            && !run.script.sets("HOME")
            && state.user.as_deref().is_some_and(|it| !it.contains('$'));
        let is_wrapped = |it: &&Install| !self.command_of(it).wrappers.is_empty();
        let is_configured =
            || self.cache_is_configured(run, manager) || installs.iter().any(is_wrapped);
        (is_other && !is_configured()).then_some((mount.span, Defeat::OtherHome))
    }

    /// Whether the image's own setting, by which each package is deleted after it is installed, is still in force: in
    /// Debian's and Ubuntu's official images it is `/etc/apt/apt.conf.d/docker-clean`.
    fn is_kept_empty(&self, run: &Run<'_>, by: KeptEmpty) -> bool {
        let image = run.stage.and_then(|it| self.root_image(it));
        let is_known = image.is_some_and(|it| by.images.iter().any(|name| it.is_official(name)));
        is_known && !self.settles(run, by.marks)
    }

    /// Whether the RUN or what is beneath it touches such settings, in whatever way.
    fn settles(&self, run: &Run<'_>, marks: &[&str]) -> bool {
        let beneath = self.beneath(run.id());
        let is_told = |text: &str| marks.iter().any(|it| text.contains(it));
        let copied = beneath.iter().any(|id| match &self.doc.instructions[id].kind {
            Kind::Copy(it) | Kind::Add(it) => is_told(&it.destination.text),
            _ => false,
        });
        let runs = beneath.runs().map(|it| it.1).chain([run]);
        let mut commands = runs.flat_map(|it| &it.script.commands);
        copied || commands.any(|it| it.words().any(|word| is_told(&word.text)))
    }

    /// The command with what joins it to the one before, where it is at the end of a row of `&&`.
    fn droppable(&self, run: &Run<'_>, command: usize) -> Option<Span> {
        let commands = &run.script.commands;
        let (before, it) = (commands.get(command.checked_sub(1)?)?, commands.get(command)?);
        let is_plain = |it: &Command| it.depth == 0 && it.inside == Inside::default() && !it.piped;
        let only = it.operands().count() <= 1 || !it.is("rm");
        let fits = command + 1 == commands.len()
            && it.connector == Connector::And
            && is_plain(before)
            && is_plain(it)
            && only;
        (fits && self.tail(run).is_some())
            .then_some(Span { start: before.span.end, end: it.span.end })
    }
}

/// Whether a mount at the target takes a part of the manager's cache.
fn takes(manager: Manager, target: &str) -> bool {
    let hidden = |path: &str| path.strip_prefix("/root").is_some_and(|rest| target.ends_with(rest));
    manager.mounts.targets.iter().any(|it| covers(it, target))
        || manager
            .cache
            .folders
            .iter()
            .any(|it| covers(target, it.path) || covers(it.path, target) || hidden(it.path))
}

#[cfg(test)]
mod tests {
    use super::Defeat;
    use crate::model::tests::of;

    fn how(text: &str) -> Option<Defeat> {
        of(text, |model| model.defeated_mounts().first().map(|it| it.how))
    }

    #[test]
    fn what_empties_or_misses_the_cache_defeats_it() {
        let pip = |rest: &str| {
            format!(
                "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install {rest}\n"
            )
        };
        assert_eq!(how(&pip("flask")), None);
        assert_eq!(how(&pip("--no-cache-dir flask")), Some(Defeat::SwitchedOff));
        let uv = |rest: &str| {
            format!(
                "FROM a\nRUN --mount=type=cache,target=/root/.cache/uv uv sync && uv cache {rest}\n"
            )
        };
        assert_eq!(how(&uv("prune --ci")), None);
        assert_eq!(how(&uv("clean")), Some(Defeat::Deleted));
        assert_eq!(how(&pip("flask && rm -rf /root/.cache")), Some(Defeat::Deleted));
        assert_eq!(how(&pip("wheel && pip install --no-cache-dir flask")), None);
        let apk = |commands: &str| {
            format!("FROM alpine:3.20\nRUN --mount=type=cache,target=/var/cache/apk {commands}\n")
        };
        assert_eq!(how(&apk("apk add --no-cache git")), Some(Defeat::SwitchedOff));
        let twice = apk("apk --no-cache upgrade && apk add --no-cache git && apk del git");
        assert_eq!(how(&twice), Some(Defeat::SwitchedOff));
        assert_eq!(how(&apk("apk upgrade && apk add --no-cache git")), None);
        assert_eq!(how(&apk("apk update; apk --no-cache add git")), None);
        assert_eq!(how(&apk("apk add git && apk add --no-cache jq")), None);
        let user = pip("flask").replace("\nRUN", "\nUSER app\nRUN");
        assert_eq!(how(&user), Some(Defeat::OtherHome));
        let variable = pip("flask").replace("\nRUN", "\nENV PIP_NO_CACHE_DIR=1\nRUN");
        assert_eq!(how(&variable), Some(Defeat::SwitchedOffByVariable));
        let apt =
            "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y x\n";
        assert_eq!(how(apt), Some(Defeat::DockerClean));
        let cleaned = apt.replace(" apt-get", " rm -f /etc/apt/apt.conf.d/docker-clean; apt-get");
        assert_eq!(how(&cleaned), None);
    }
}
