//! What is made in a mount and used where the mount is not: it is in no layer.

use std::collections::HashSet;

use super::paths::covers;
use crate::model::image::state::join;
use crate::model::{Base, Manager, Model, Run};
use crate::shell::Command;
use crate::source::{Span, work};
use crate::syntax::{Kind, Mount, MountType};

/// Something that is made in a mount and used without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Where it is used.
    pub used: Span,
    /// The mount in which it was made.
    pub mount: Span,
    /// The folder that is mounted.
    pub target: String,
    /// How it is used.
    pub by: Use,
}

/// How something is used that is in a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// `COPY --from` takes it from the stage.
    Copy,
    /// A later command takes or runs it.
    Command,
    /// A container of the image runs it, or needs it for what it runs.
    Entry,
    /// An install or build that may not download.
    Offline,
}

/// Commands that take files, so that they fail where there are none.
const TAKERS: &[&str] = &["chmod", "chown", "cp", "install", "ldd", "mv", "strip", "upx"];

/// More folders of one file are not asked about: for each, all of its stage is looked at. Real files have a few.
const MOST_FOLDERS: usize = 50;

impl Model<'_> {
    /// What is made in mounts and used without them, one for each mounted folder of a stage.
    pub fn lost_in_mounts(&self) -> Vec<Lost> {
        let mut found = Vec::new();
        let mut seen: HashSet<(usize, String)> = HashSet::new();
        for (index, run) in self.runs.iter().enumerate().filter(|(_, it)| !it.onbuild) {
            let Some(stage) = run.stage.filter(|_| run.script.complete) else { continue };
            for mount in run.mounts {
                let Some(target) = self.mount_folder(run, mount) else { continue };
                if seen.len() >= MOST_FOLDERS || !seen.insert((stage, target.clone())) {
                    continue;
                }
                let place = Place { run: index, stage, mount: mount.span, target };
                let lost = self.offline_without(&place).or_else(|| {
                    let alone = self.is_own(&place) && !self.is_filled_otherwise(&place);
                    let used = || {
                        let copy = self.copied_from(&place).map(|it| (it, Use::Copy));
                        copy.or_else(|| self.taken_later(&place).map(|it| (it, Use::Command)))
                            .or_else(|| self.needed_by_entry(&place).map(|it| (it, Use::Entry)))
                    };
                    used().filter(|_| alone)
                });
                found.extend(lost.map(|(used, by)| Lost {
                    used,
                    mount: place.mount,
                    target: place.target,
                    by,
                }));
            }
        }
        found
    }

    /// The folder over which a mount is whose writes stay out of the layer.
    fn mount_folder(&self, run: &Run<'_>, mount: &Mount<'_>) -> Option<String> {
        matches!(mount.kind, MountType::Cache | MountType::Tmpfs | MountType::Bind)
            .then(|| mount.option("target")?.literal())
            .flatten()
            .and_then(|it| join(self.states[run.id()].workdir.as_deref(), &it))
            .filter(|it| it != "/")
    }

    /// Whether a mount of a RUN is over a folder.
    fn is_mounted(&self, run: &Run<'_>, folder: &str) -> bool {
        run.mounts
            .iter()
            .filter_map(|it| self.mount_folder(run, it))
            .any(|it| covers(&it, folder) || covers(folder, &it))
            || run
                .mounts
                .iter()
                .any(|it| it.option("target").is_some_and(|target| target.literal().is_none()))
    }

    /// Whether the folder is the project's or one that a tool makes in the home folder, so that no base image brings it.
    fn is_own(&self, place: &Place) -> bool {
        let run = &self.runs[place.run];
        let workdir = self.states[run.id()].workdir.as_deref().filter(|it| *it != "/");
        workdir.is_some_and(|it| covers(it, &place.target))
            || place.target.starts_with(&format!("{}/.", self.home(run.id())))
    }

    /// Whether something else of the stage may fill the folder in a layer: a COPY, a command that does what those under
    /// the mount do, or a program that nobody can look into.
    fn is_filled_otherwise(&self, place: &Place) -> bool {
        let Some(stage) = self.stages.get(place.stage) else { return true };
        let name = place.target.rsplit('/').next().unwrap_or("");
        let under: HashSet<String> = self
            .stage_runs(place.stage)
            .filter(|(_, it)| self.is_mounted(it, &place.target))
            .flat_map(|(index, it)| {
                (0..it.script.commands.len()).map(move |at| self.deed(index, at))
            })
            .collect();
        let last = stage.instructions.end - 1;
        let beneath = self.beneath(last);
        let copied = beneath.iter().chain([last]).any(|id| match &self.doc.instructions[id].kind {
            Kind::Copy(it) | Kind::Add(it) => {
                let state = self.states[id].workdir.as_deref();
                let to = join(state, &it.destination.text).unwrap_or_default();
                covers(&place.target, &to)
                    || it.sources.iter().any(|source| source.word.text.contains(name))
            }
            _ => false,
        });
        copied
            || beneath
                .runs()
                .chain(self.run_at(last).map(|it| (it, &self.runs[it])))
                .filter(|(_, it)| !self.is_mounted(it, &place.target))
                .any(|(index, it)| {
                    let commands = it.script.commands.iter().enumerate();
                    !it.script.complete
                        || commands.into_iter().any(|(at, command)| {
                            under.contains(&self.deed(index, at))
                                || fills(command, name)
                                || is_unknown(command)
                        })
                })
    }

    /// What a command does, to compare: an install by its manager's family, another by its name and verb.
    fn deed(&self, run: usize, command: usize) -> String {
        if let Some(install) = self.install_of(run, command) {
            return format!("install {}", install.manager.family());
        }
        let it = &self.runs[run].script.commands[command];
        let quick = ["", "cd", "set", "export", "echo", "mkdir", "true", "rm", "cp", "mv", "ls"];
        if quick.contains(&it.name.as_str()) {
            return format!("#{run} {command}");
        }
        format!("{} {}", it.name, it.verb().map_or("", |verb| verb.text.as_str()))
    }

    pub(in crate::model) fn stage_runs(
        &self,
        stage: usize,
    ) -> impl Iterator<Item = (usize, &Run<'_>)> {
        let start = self.runs.partition_point(|it| it.stage < Some(stage));
        let runs = self.runs.iter().enumerate().skip(start);
        let own = runs.take_while(move |(_, it)| it.stage == Some(stage));
        own.inspect(|_| work::count(1)).filter(|(_, it)| !it.onbuild)
    }

    /// The first source of a `COPY --from` that is in the folder of the stage.
    fn copied_from(&self, place: &Place) -> Option<Span> {
        self.doc.instructions.iter().find_map(|instruction| {
            let Kind::Copy(copy) = &instruction.kind else { return None };
            let from = instruction.flag("from")?.value.as_ref()?.text.to_lowercase();
            let stage = self.last_stage_called(&from, usize::MAX)?;
            if !self.is_built_on(stage, place.stage) {
                return None;
            }
            let inside = |text: &str| {
                let path = join(Some("/"), text).unwrap_or_default();
                !text.contains(['$', '*', '?']) && covers(&place.target, &path)
            };
            copy.sources.iter().find(|it| inside(&it.word.text)).map(|it| it.word.span)
        })
    }

    fn is_built_on(&self, stage: usize, base: usize) -> bool {
        let mut now = stage;
        loop {
            if now == base {
                return true;
            }
            match self.stages.get(now).map(|it| &it.base) {
                Some(Base::Stage(next)) if *next < now => now = *next,
                _ => return false,
            }
        }
    }

    /// The first word of a later RUN without the mount that takes or runs a file of the folder.
    fn taken_later(&self, place: &Place) -> Option<Span> {
        let runs = self.stage_runs(place.stage).filter(|(index, _)| *index > place.run);
        runs.filter(|(_, it)| !self.is_mounted(it, &place.target)).find_map(|(index, run)| {
            run.script.commands.iter().enumerate().find_map(|(at, command)| {
                let directory = self.directory_at(index, at)?;
                let inside = |text: &str| {
                    let path = join(Some(directory), text).unwrap_or_default();
                    !text.contains(['$', '*'])
                        && path != place.target
                        && covers(&place.target, &path)
                };
                let program = self.doc.source.slice(command.name_span);
                if program.contains('/') && inside(program) {
                    return Some(command.name_span);
                }
                let last = usize::from(matches!(command.name.as_str(), "cp" | "mv" | "install"));
                let sources = command.operands().count().saturating_sub(last);
                TAKERS
                    .contains(&command.name.as_str())
                    .then(|| command.operands().take(sources).find(|it| inside(&it.text)))
                    .flatten()
                    .map(|it| it.span)
            })
        })
    }

    /// The CMD or ENTRYPOINT of the final image that runs what is in the folder.
    fn needed_by_entry(&self, place: &Place) -> Option<Span> {
        let last = self.final_stage.filter(|it| self.is_built_on(*it, place.stage))?;
        let entry = self.entry(last);
        let under = self.installs.iter().filter(|it| {
            self.runs[it.run].stage == Some(place.stage)
                && self.is_mounted(&self.runs[it.run], &place.target)
        });
        let filled = under.clone().filter(|it| !self.command_of(it).has_flag("g")).find_map(|it| {
            let fills = it.manager.fills?;
            let target = place.target.strip_suffix(fills.folder)?;
            target.ends_with('/').then_some(fills.programs)
        });
        let user = place.target.ends_with("/.local")
            && under.clone().any(|it| {
                let option = it.manager.user_option;
                option.is_some_and(|option| self.command_of(it).has_flag(option))
            });
        let used = entry.iter().find(|it| {
            let name = it.command.name.as_str();
            let path = join(self.states[it.instruction.id].workdir.as_deref(), &it.program);
            it.program.contains('/') && path.is_some_and(|it| covers(&place.target, &it))
                || filled.is_some_and(|programs| programs.contains(&name))
                || user && !it.program.contains('/')
        })?;
        Some(used.instruction.keyword_span)
    }

    /// The first command of a later RUN that may not download what was fetched into the mount, where nothing else fetches it.
    fn offline_without(&self, place: &Place) -> Option<(Span, Use)> {
        let home = self.home(self.runs[place.run].id());
        let holds = |manager: &Manager| {
            let mut folders = manager.cache_folders(&home);
            folders.extend(self.moved_downloads(place.run, *manager));
            folders.iter().any(|it| covers(&place.target, it))
        };
        let mut fetchers = Manager::ALL.iter().filter(|it| it.cache.is_fetched_apart);
        let manager = fetchers.find(|it| holds(it))?;
        let mut runs = self.stage_runs(place.stage);
        let ours = |command: &Command| {
            let sets = command.verb().is_some_and(|it| it.text == "config");
            manager.programs.contains(&command.name.as_str()) && !sets
        };
        // What ran without the mount has its own copy in a layer.
        let mut fetched = false;
        let offline = runs.find_map(|(_, run)| {
            let mounted = self.is_mounted(run, &place.target);
            for command in run.script.commands.iter().filter(|it| ours(it)) {
                let mut offline = manager.cache.offline.iter();
                match (mounted, offline.find_map(|it| it.word(command))) {
                    (true, None) => fetched = true,
                    (false, Some(word)) => return Some(fetched.then_some(word.span)),
                    (false, None) => return Some(None),
                    (true, Some(_)) => {}
                }
            }
            None
        });
        offline.flatten().map(|it| (it, Use::Offline))
    }
}

/// Whether a command puts something into a folder of that name.
fn fills(command: &Command, name: &str) -> bool {
    match command.name.as_str() {
        "cp" | "mv" | "ln" | "rsync" | "install" => {
            command.operands().last().is_some_and(|it| it.text.contains(name))
        }
        "tar" | "git" | "unzip" | "python" | "python3" | "virtualenv" | "curl" | "wget" => {
            command.words().any(|it| it.text.contains(name))
        }
        _ => false,
    }
}

/// Whether it is not known what a command writes: a script, or `make`.
fn is_unknown(command: &Command) -> bool {
    let name = command.name.as_str();
    name.is_empty() && command.assignments.is_empty()
        || name.ends_with(".sh")
        || matches!(name, "sh" | "bash" | "make" | "just" | "task" | "source" | ".")
}

/// A mounted folder.
struct Place {
    run: usize,
    stage: usize,
    mount: Span,
    target: String,
}

#[cfg(test)]
mod tests {
    use super::{TAKERS, Use};
    use crate::model::tests::of;

    fn uses(text: &str) -> Vec<Use> {
        of(text, |model| model.lost_in_mounts().into_iter().map(|it| it.by).collect())
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(TAKERS.is_sorted());
    }

    #[test]
    fn what_is_made_in_a_mount_is_not_in_the_layer() {
        let cargo = |rest: &str| {
            format!(
                "FROM rust:1.80 AS build\nWORKDIR /src\nCOPY . .\n\
                 RUN --mount=type=cache,target=/src/target cargo build --release{rest}\n"
            )
        };
        let from = "FROM debian:12\nCOPY --from=build /src/target/release/app /usr/bin/app\n";
        assert_eq!(uses(&cargo(&format!("\n{from}"))), [Use::Copy]);
        assert_eq!(
            uses(&cargo(&format!("\nFROM build AS b2\n{}", from.replace("=build", "=b2")))),
            [Use::Copy]
        );
        assert_eq!(uses(&cargo("\nRUN cp target/release/app /usr/bin/")), [Use::Command]);
        assert_eq!(uses(&cargo("\nRUN ./target/release/app --version")), [Use::Command]);
        assert_eq!(uses(&cargo("\nCMD [\"/src/target/release/app\"]")), [Use::Entry]);
        for rest in [
            " && cp target/release/app /app\nFROM debian:12\nCOPY --from=build /app /app",
            "\nRUN --mount=type=cache,target=/src/target cp target/release/app /app",
            "\nRUN cargo build\nFROM debian:12\nCOPY --from=build /src/target/release/app /app",
            "\nRUN make\nFROM debian:12\nCOPY --from=build /src/target/release/app /app",
            "\nCOPY target target\nFROM debian:12\nCOPY --from=build /src/target/release/app /app",
        ] {
            assert!(uses(&cargo(rest)).is_empty(), "{rest}");
        }
    }

    #[test]
    fn modules_in_a_mount_are_not_in_the_image() {
        let node = |mounted: &str, rest: &str| {
            format!(
                "FROM node:22\nWORKDIR /app\nCOPY package.json .\n\
                 RUN --mount=type=cache,target={mounted} npm install{rest}\nCMD [\"npm\", \"start\"]\n"
            )
        };
        assert_eq!(uses(&node("/app/node_modules", "")), [Use::Entry]);
        assert_eq!(uses(&node("node_modules", "\nCOPY . .")), [Use::Entry]);
        assert!(uses(&node("/root/.npm", "")).is_empty());
        assert!(uses(&node("/app/node_modules", "\nRUN yarn install")).is_empty());
        let pip = "FROM python:3.12\nRUN --mount=type=cache,target=/root/.local pip install --user flask\n";
        assert_eq!(uses(&format!("{pip}CMD [\"flask\", \"run\"]\n")), [Use::Entry]);
        let copy = "FROM python:3.12 AS b\nRUN --mount=type=cache,target=/root/.local pip install --user flask\nFROM python:3.12\nCOPY --from=b /root/.local /root/.local\n";
        assert_eq!(uses(copy), [Use::Copy]);
    }

    #[test]
    fn an_offline_step_needs_the_cache_of_the_download() {
        let maven = |second: &str| {
            format!(
                "FROM maven:3\nWORKDIR /src\nCOPY pom.xml .\n\
                 RUN --mount=type=cache,target=/root/.m2 mvn -B dependency:go-offline\n{second}\n"
            )
        };
        assert_eq!(uses(&maven("RUN mvn -o package")), [Use::Offline]);
        assert!(uses(&maven("RUN mvn package")).is_empty());
        assert!(uses(&maven("RUN --mount=type=cache,target=/root/.m2 mvn -o package")).is_empty());
        assert!(uses(&maven("RUN mvn validate\nRUN mvn -o package")).is_empty());
        let pnpm = "FROM node:22\nWORKDIR /app\nRUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm fetch\nRUN pnpm install --offline\n";
        assert_eq!(uses(pnpm), [Use::Offline]);
    }
}
