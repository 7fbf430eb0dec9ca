//! Folders that are made by hand although a later instruction makes them anyway.

use super::paths::covers;
use super::transfers::names_folder;
use crate::model::Model;
use crate::model::image::state::join;
use crate::shell::Connector;
use crate::syntax::{Form, Instruction, Kind, Transfer, Word};

/// A RUN that only makes folders, all of which later instructions make anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedlessFolder {
    /// The RUN, by its index among the RUNs.
    pub run: usize,
    /// The instruction that makes the last of them, by its index.
    pub maker: usize,
}

impl Model<'_> {
    /// The RUNs that only make folders which the WORKDIR, COPY or ADD that follow make anyway, with the same owner and
    /// mode: WORKDIR and COPY make missing folders as root, with mode 755
    /// (<https://docs.docker.com/reference/dockerfile/#workdir>, `#copy`).
    pub fn needless_folders(&self) -> Vec<NeedlessFolder> {
        let runs = 0..self.runs.len();
        runs.filter_map(|run| Some(NeedlessFolder { run, maker: self.makes_them_anyway(run)? }))
            .collect()
    }

    fn makes_them_anyway(&self, run: usize) -> Option<usize> {
        let mut left = self.folders_made_alone(run)?;
        let id = self.runs[run].id();
        let end = self.stages.get(self.runs[run].stage?)?.instructions.end;
        for later in &self.doc.instructions[id + 1..end] {
            match &later.kind {
                Kind::Workdir(_) | Kind::Copy(_) | Kind::Add(_) => {
                    let (path, is_folder) = self.place_of(later)?;
                    // Where a folder is there, a file goes into it; else it takes its name.
                    if !is_folder && left.contains(&path) {
                        return None;
                    }
                    let made = if is_folder { path.as_str() } else { above(&path) };
                    left.retain(|folder| !covers(folder, made));
                    if left.is_empty() {
                        return Some(later.id);
                    }
                }
                Kind::Env(_)
                | Kind::Label(_)
                | Kind::Arg(_)
                | Kind::Expose(_)
                | Kind::Cmd(_)
                | Kind::Entrypoint(_)
                | Kind::Healthcheck(_)
                | Kind::Stopsignal(_)
                | Kind::Maintainer(_) => {}
                // Somebody may use the folders, or they would belong to another user.
                _ => return None,
            }
        }
        None
    }

    /// The folders that a RUN makes as root, if it does nothing else and all are known.
    fn folders_made_alone(&self, run: usize) -> Option<Vec<String>> {
        let facts = &self.runs[run];
        let is_plain = !facts.onbuild
            && matches!(facts.form, Form::Shell(_))
            && facts.mounts.is_empty()
            && facts.script.pipes.is_empty()
            && self.states[facts.id()].is_root();
        let commands = &facts.script.commands;
        if !is_plain || commands.is_empty() {
            return None;
        }
        let mut folders = Vec::new();
        let directory = self.states[facts.id()].workdir.as_deref();
        for command in commands {
            let is_alone = command.is("mkdir")
                && command.depth == 0
                && command.wrappers.is_empty()
                && command.assignments.is_empty()
                && command.redirects.is_empty()
                && matches!(
                    command.connector,
                    Connector::First | Connector::And | Connector::Sequence
                );
            if !is_alone {
                return None;
            }
            for word in &command.args {
                if matches!(
                    word.text.as_str(),
                    "-p" | "-v" | "-pv" | "-vp" | "--parents" | "--verbose"
                ) {
                    continue;
                }
                let path = self.shell_path(facts.id(), directory, word)?;
                if !path.starts_with('/')
                    || word.text.starts_with('-')
                    || path.contains(['{', '*', '?', '['])
                {
                    return None;
                }
                folders.push(path);
            }
        }
        (!folders.is_empty()).then_some(folders)
    }

    /// Where a WORKDIR, COPY or ADD writes, and whether that is a folder for sure.
    fn place_of(&self, instruction: &Instruction<'_>) -> Option<(String, bool)> {
        let state = self.states.get(instruction.id)?;
        let known = |word| {
            let value = self.scopes.resolve(instruction.id, word);
            value.certain.then(|| value.text.trim_matches(['"', '\'']).to_owned())
        };
        let (word, transfer) = match &instruction.kind {
            Kind::Workdir(word) => (word, None),
            Kind::Copy(it) | Kind::Add(it) => (&it.destination, Some(it)),
            _ => return None,
        };
        let text = known(word)?;
        let path = join(state.workdir.as_deref(), &text)?;
        let is_folder = match transfer {
            None => true,
            // What it makes belongs to somebody else.
            Some(_) if ["chown", "chmod"].iter().any(|flag| instruction.flag(flag).is_some()) => {
                return None;
            }
            Some(transfer) => is_folder(transfer),
        };
        Some((path, is_folder))
    }
}

fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Whether the destination is a folder, whatever is there before.
fn is_folder(transfer: &Transfer<'_>) -> bool {
    let is_one = |word: &Word<'_>| {
        names_folder(word) || matches!(word.text.rsplit('/').next(), Some("." | ".."))
    };
    is_one(&transfer.destination)
        || transfer.sources.len() > 1
        || transfer.sources.iter().any(|it| is_one(&it.word))
}
