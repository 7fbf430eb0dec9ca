//! Archives that COPY brings and a later RUN of the stage unpacks.

use std::collections::HashMap;

use super::paths::path_in;
use super::transfers::{Origin, is_archive_name, is_tar_name};
use super::writes::unpacks;
use crate::model::{Download, Manager, Model};
use crate::shell::{Command, ShellWord};
use crate::source::Span;
use crate::syntax::{Instruction, Kind, Transfer, TransferSource};

/// An archive that is copied and then unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpackedCopy {
    /// Where the COPY names it.
    pub source: Span,
    /// The command that unpacks it.
    pub command: Span,
    /// Whether all of it is unpacked as it is: ADD can do no more than that.
    pub as_it_is: bool,
}

/// Programs that decompress a file, or a tar archive with that ending.
const DECOMPRESSORS: &[&str] =
    &["bunzip2", "gunzip", "gzcat", "uncompress", "unlzma", "unxz", "unzip", "zcat", "zgz"];

/// A command that unpacks archives, by index of its instruction.
#[derive(Debug, Clone, Copy)]
struct Unpacking {
    instruction: usize,
    command: Span,
    as_it_is: bool,
}

impl Model<'_> {
    /// The archives that a COPY brings from the build context and a RUN of the same stage unpacks.
    pub fn unpacked_copies(&self) -> Vec<UnpackedCopy> {
        // As it is written: on Windows a backslash separates, whatever the builder makes of it.
        let written = |span| file_name(self.doc.source.slice(span));
        let mut found = Vec::new();
        for (index, stage) in self.stages.iter().enumerate() {
            let unpackings = self.unpackings(index);
            if unpackings.is_empty() {
                continue;
            }
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let Kind::Copy(copy) = &instruction.kind else { continue };
                if instruction.flag("from").is_some() {
                    continue;
                }
                let target = written(copy.destination.span);
                for source in copy.sources.iter().filter(|it| it.heredoc.is_none()) {
                    // A target with the name of an archive is the archive's new name.
                    let name =
                        if is_archive_name(target) { target } else { written(source.word.span) };
                    let all = unpackings.get(name).map_or(&[][..], Vec::as_slice);
                    if let Some(it) = all.iter().find(|it| it.instruction > instruction.id) {
                        let (source, command) = (source.word.span, it.command);
                        found.push(UnpackedCopy { source, command, as_it_is: it.as_it_is });
                    }
                }
            }
        }
        found
    }

    /// What the RUNs of a stage unpack, by the archives' names.
    fn unpackings(&self, stage: usize) -> HashMap<&str, Vec<Unpacking>> {
        let mut found: HashMap<&str, Vec<Unpacking>> = HashMap::new();
        for (_, run) in self.stage_runs(stage) {
            for command in &run.script.commands {
                let is_tar = matches!(command.name.as_str(), "tar" | "bsdtar") && unpacks(command);
                if !is_tar && !DECOMPRESSORS.contains(&command.name.as_str()) {
                    continue;
                }
                let it = Unpacking {
                    instruction: run.id(),
                    command: command.span,
                    as_it_is: !command.args.iter().any(selects),
                };
                for word in &command.args {
                    let name = file_name(self.doc.source.slice(word.span));
                    if (is_tar && is_archive_name(name)) || is_tar_name(name) {
                        found.entry(name).or_default().push(it);
                    }
                }
            }
        }
        found
    }
}

/// An archive or package that a RUN or ADD downloads and a RUN unpacks, and that nothing removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveLeft {
    /// Where the download names it.
    pub download: Span,
    /// The command that unpacks it.
    pub unpacked: Span,
    /// The RUN, by index in [`Model::runs`]; none for an ADD.
    pub run: Option<usize>,
    /// Whether the same RUN unpacks it, so that it can remove it too.
    pub in_same_run: bool,
    /// Whether it is a package to install, which no pipe can give.
    pub is_package: bool,
    /// Its path, where the working directory is known.
    pub path: Option<String>,
}

/// Programs that read an archive or a package and leave it where it is, as managers of the system's packages do.
const UNPACKERS: &[&str] = &["7z", "bsdtar", "dpkg", "gdebi", "jar", "rpm", "tar", "unzip"];

/// Programs after which nobody knows what is still there.
const MOVERS: &[&str] = &["find", "mv", "rename", "shred", "unlink", "xargs"];

impl Model<'_> {
    /// The downloaded archives that are unpacked by the same RUN or a later one of the stage and stay in their layer, as
    /// far as the text says for sure.
    pub fn archives_left(&self) -> Vec<ArchiveLeft> {
        let mut used = HashMap::new();
        let mut found: Vec<_> =
            self.downloads.iter().filter_map(|it| self.archive_left(it, &mut used)).collect();
        for stage in &self.stages {
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let Kind::Add(add) = &instruction.kind else { continue };
                if instruction.flag("unpack").is_some() {
                    continue;
                }
                let uses = used.entry(stage.id).or_insert_with(|| self.uses_of_archives(stage.id));
                let sources = add.sources.iter();
                found.extend(
                    sources.filter_map(|it| self.added_archive(instruction, add, it, uses)),
                );
            }
        }
        found
    }

    /// An archive that ADD fetches: it unpacks only local ones.
    fn added_archive(
        &self,
        instruction: &Instruction<'_>,
        add: &Transfer<'_>,
        source: &TransferSource<'_>,
        uses: &Uses<'_>,
    ) -> Option<ArchiveLeft> {
        let url = self.doc.source.slice(source.word.span);
        let target = file_name(self.doc.source.slice(add.destination.span));
        let by_url = file_name(url.split(['?', '#']).next().unwrap_or(url));
        let name = if is_package_name(target) { target } else { by_url };
        if Origin::of(source, url) != Origin::Url || !is_package_name(name) || adds_repository(name)
        {
            return None;
        }
        let after = |at: &Place| self.runs[at.0].id() > instruction.id;
        let named = uses.unpacked.get(name).map_or(&[][..], Vec::as_slice);
        let &(_, unpacked) = named.iter().find(|it| after(&it.0))?;
        // A removal is its own fault.
        let mut removing = uses.removing.iter().filter(|it| after(&it.0));
        if removing.any(|(_, it)| it.is("rm") && may_remove(it, name)) {
            return None;
        }
        let download = source.word.span;
        let is_package = is_system_package(name);
        Some(ArchiveLeft {
            download,
            unpacked,
            run: None,
            in_same_run: false,
            is_package,
            path: None,
        })
    }

    fn archive_left<'m>(
        &'m self,
        download: &Download,
        used: &mut HashMap<usize, Uses<'m>>,
    ) -> Option<ArchiveLeft> {
        let run = &self.runs[download.run];
        let name = file_name(download.output.as_deref()?);
        if run.onbuild || !run.mounts.is_empty() || !is_package_name(name) || adds_repository(name)
        {
            return None;
        }
        let stage = run.stage?;
        let uses = used.entry(stage).or_insert_with(|| self.uses_of_archives(stage));
        let own = (download.run, download.command);
        let after = |at: &Place| *at > own;
        let named = uses.unpacked.get(name).map_or(&[][..], Vec::as_slice);
        let &(at, unpacked) = named.iter().find(|it| after(&it.0))?;
        // What is gone stays in this layer if a later RUN removes it, but then that is the fault to report.
        let mut may_be_gone = uses.removing.iter().filter(|it| after(&it.0));
        if may_be_gone.any(|(place, it)| may_remove(it, name) && (it.is("rm") || place.0 == own.0))
        {
            return None;
        }
        let command = &run.script.commands[download.command];
        let elsewhere =
            ["P", "directory-prefix", "output-dir"].iter().any(|it| command.has_flag(it));
        let directory = self.directory_at(download.run, download.command);
        let output = download.output.as_deref().filter(|it| !elsewhere && !it.contains('$'));
        let path = output.map(|it| path_in(directory, it));
        let path =
            path.filter(|it| it.starts_with('/') && !it.contains([' ', '\'', '"', '*', '?']));
        Some(ArchiveLeft {
            download: download.span,
            unpacked,
            run: Some(download.run),
            in_same_run: at.0 == download.run,
            is_package: is_system_package(name),
            path,
        })
    }

    /// What the RUNs of a stage do to archives.
    fn uses_of_archives(&self, stage: usize) -> Uses<'_> {
        let mut uses = Uses::default();
        for (index, run) in self.runs.iter().enumerate() {
            if run.stage != Some(stage) || run.onbuild {
                continue;
            }
            for (at, command) in run.script.commands.iter().enumerate() {
                if UNPACKERS.contains(&command.name.as_str())
                    || Manager::is_system_program(&command.name)
                {
                    for word in &command.args {
                        let name = file_name(self.doc.source.slice(word.span));
                        if name.contains('.') {
                            uses.unpacked
                                .entry(name)
                                .or_default()
                                .push(((index, at), command.span));
                        }
                    }
                }
                if may_remove(command, "") || command.is("rm") {
                    uses.removing.push(((index, at), command));
                }
            }
        }
        uses
    }
}

/// Whether a name is that of an archive, or of a package that a program installs.
fn is_package_name(name: &str) -> bool {
    is_archive_name(name) || [".deb", ".rpm", ".zip"].iter().any(|ending| name.ends_with(ending))
}

/// The indices of a RUN and of a command in it.
type Place = (usize, usize);

/// Whether a file is a package of a system's manager, which installs it from where it is.
fn is_system_package(name: &str) -> bool {
    [".apk", ".deb", ".rpm"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a package only adds a repository or its keys, a few kilobytes.
fn adds_repository(name: &str) -> bool {
    let Some((name, "deb" | "rpm")) = name.rsplit_once('.') else { return false };
    let lower = name.to_ascii_lowercase();
    let mut words = lower.split(|it: char| !it.is_ascii_alphanumeric());
    let by_word = words.any(|it| {
        matches!(it, "keyring" | "prod" | "release" | "releases" | "repo" | "repos" | "repository")
    });
    by_word || lower.contains("-keyring") || lower.contains("apt-config")
}

/// What the RUNs of a stage do to archives.
#[derive(Default)]
struct Uses<'m> {
    /// Where files of a name are unpacked or installed.
    unpacked: HashMap<&'m str, Vec<(Place, Span)>>,
    /// The commands that may remove or rename files.
    removing: Vec<(Place, &'m Command)>,
}

/// Whether a command may remove or rename a file of that name.
fn may_remove(command: &Command, name: &str) -> bool {
    let removes = |word: &&ShellWord| {
        let is_cache =
            ["/var/lib/apt/", "/var/cache/"].iter().any(|folder| word.text.starts_with(folder));
        let is_other =
            word.is_static && file_name(&word.text).contains('.') && !word.text.ends_with(name);
        !is_cache && !is_other
    };
    match command.name.as_str() {
        "rm" => command.operands().any(|word| removes(&word)),
        // A name that is not known may be that of any program.
        it => it.is_empty() && command.assignments.is_empty() || MOVERS.contains(&it),
    }
}

/// Whether an option of tar has it leave out or rename something.
fn selects(word: &ShellWord) -> bool {
    let flags = ["--strip", "--transform", "--xform", "--exclude", "--wildcards"];
    flags.iter().any(|flag| word.text.starts_with(flag))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path).trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// The archives found to be unpacked, each with whether ADD could do the same.
    fn found(lines: &str) -> Vec<bool> {
        of(&format!("FROM a\n{lines}\n"), |model| {
            model.unpacked_copies().into_iter().map(|it| it.as_it_is).collect()
        })
    }

    #[test]
    fn archives_are_followed_by_name() {
        assert_eq!(found("COPY a/b.tgz /tmp/\nRUN tar xzf /tmp/b.tgz -C /opt"), [true]);
        assert_eq!(found("COPY b-1.tgz /tmp/c.tar.gz\nRUN tar -xf /tmp/c.tar.gz"), [true]);
        assert_eq!(found("COPY b.tar.gz /\nRUN tar -x --strip-components=1 -f b.tar.gz"), [false]);
        assert_eq!(found("COPY b.tar.gz /\nRUN zcat /b.tar.gz | tar x"), [true]);
    }

    #[test]
    fn other_uses_are_none() {
        for lines in [
            "COPY b.tgz /",
            "COPY b.tgz /\nRUN tar -tf b.tgz",
            "COPY b.sql.gz /\nRUN gunzip b.sql.gz",
            "COPY --from=x b.tgz /\nRUN tar xf b.tgz",
            "RUN tar xf b.tgz\nCOPY b.tgz /",
            "COPY b.tgz /\nRUN tar xf c.tgz",
            "COPY b.tgz /\nFROM a\nRUN tar xf b.tgz",
        ] {
            assert!(found(lines).is_empty(), "{lines}");
        }
    }
}
