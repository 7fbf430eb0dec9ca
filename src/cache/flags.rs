//! What the flags of COPY and ADD mean to a builder.

use super::facts::Facts;
use super::key::Mixer;
use crate::syntax::{Instruction, Keyword, Transfer};

impl Facts<'_> {
    /// Whether a flag without a value is set.
    pub(super) fn is_set(&self, at: usize, name: &str) -> bool {
        let flag = self.model.doc.instructions[at].flag(name);
        flag.is_some_and(|it| it.value.as_ref().is_none_or(|it| it.text != "false"))
    }

    /// Whether `--link` is in force: BuildKit does not link what it gives other permissions.
    pub(super) fn is_linked(&self, at: usize) -> bool {
        let chmod = self.model.doc.instructions[at].flag("chmod");
        let chmod = chmod.and_then(|it| it.value.as_ref());
        self.is_set(at, "link") && chmod.is_none_or(|it| self.text(at, it).is_empty())
    }

    /// Whether archives are unpacked: those of an ADD from the context are, unless a flag says otherwise.
    pub(super) fn unpacks(&self, at: usize, transfer: &Transfer<'_>) -> bool {
        let instruction = &self.model.doc.instructions[at];
        let is_far = |path: String| path.contains("://") || path.starts_with("git@");
        let is_local = !transfer.sources.iter().any(|it| is_far(self.text(at, &it.word)));
        match instruction.flag("unpack") {
            Some(_) => self.is_set(at, "unpack"),
            None => instruction.keyword == Keyword::Add && is_local,
        }
    }

    /// The flags of a COPY or ADD.
    pub(super) fn flags(&self, instruction: &Instruction<'_>, as_written: bool, mixer: &mut Mixer) {
        let at = instruction.id;
        let is_written = self.traits.written_flags;
        let mut flags: Vec<_> = instruction.flags.iter().collect();
        if !is_written {
            flags.sort_by(|a, b| a.name.cmp(&b.name));
        }
        for flag in flags {
            let value = flag.value.as_ref().map(|it| self.text(at, it)).unwrap_or_default();
            match &*flag.name {
                // It says what the step is built on, and nothing else.
                "link" if !as_written || self.traits.links => {}
                "link" => mixer.number(0),
                "parents" if !self.is_set(at, "parents") => {}
                "unpack" if !is_written => {}
                "chmod" if !is_written && value.is_empty() => {}
                // It is a part of the instruction, but not of what is in the image.
                "exclude" if !as_written => {}
                // A stage counts by what is in it, whatever its name.
                "from" if self.is_stage(at, &value) => {}
                "chown" if !self.traits.chown_root && is_root(&value) => {}
                "chown" if !is_written => {
                    mixer.text("chown");
                    mixer.text(&numbered(&value));
                }
                "chmod" if !is_written => {
                    mixer.text("chmod");
                    let bare = value.trim_start_matches('0');
                    mixer.text(if bare.bytes().all(|it| it.is_ascii_digit()) {
                        bare
                    } else {
                        &value
                    });
                }
                name => {
                    mixer.text(name);
                    mixer.text(&value);
                }
            }
        }
    }
}

/// An owner with the number of `root` in place of the name.
pub(super) fn numbered(owner: &str) -> String {
    let parts: Vec<&str> = owner.split(':').map(|it| if it == "root" { "0" } else { it }).collect();
    parts.join(":")
}

/// Whether an owner is user 0 of group 0.
fn is_root(owner: &str) -> bool {
    let (user, group) = owner.split_once(':').unwrap_or((owner, owner));
    [user, group].iter().all(|it| matches!(*it, "0" | "root"))
}
