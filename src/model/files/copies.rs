//! COPY and ADD instructions in a row that one would do.

use crate::context::EntryKind;
use crate::model::Model;
use crate::model::files::transfers::{Origin, is_plain_source, names_folder};
use crate::model::files::writes::Shape;
use crate::model::image::state::join;
use crate::syntax::{Instruction, Kind, Transfer};

/// Instructions in a row that copy single files into one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyGroup {
    /// The instructions, by index, in order; two or more.
    pub instructions: Vec<usize>,
    /// The folder as the first of them names it, with a `/` at its end.
    pub folder: String,
    /// Whether one instruction with all the sources surely does the same: of what is copied under a full name, all are
    /// files. A folder among them would lose its name.
    pub only_files: bool,
}

/// Where an instruction copies files under their own names.
struct Target {
    path: String,
    /// The folder as it is written, with a `/` at its end.
    written: String,
    /// Whether nothing that is copied there would lose its name next to others.
    is_sure: bool,
}

impl Model<'_> {
    /// The COPY and ADD instructions in a row, of one kind and with the same flags, that copy files under their own
    /// names into one folder. Sources that may be folders are left out: what is in them would land elsewhere, and
    /// they may be apart for the sake of their layers.
    pub fn mergeable_copies(&self) -> Vec<CopyGroup> {
        let mut found: Vec<CopyGroup> = Vec::new();
        let mut last: Option<(usize, String)> = None;
        for instruction in &self.doc.instructions {
            let Some(target) = self.folder_of_files(instruction) else { continue };
            let Target { path, written, is_sure } = target;
            let follows = last.take().filter(|(id, folder)| {
                id + 1 == instruction.id && *folder == path && self.are_alike(*id, instruction.id)
            });
            match found.last_mut().filter(|_| follows.is_some()) {
                Some(group) => {
                    group.instructions.push(instruction.id);
                    group.only_files &= is_sure;
                }
                None => {
                    let instructions = vec![instruction.id];
                    found.push(CopyGroup { instructions, folder: written, only_files: is_sure });
                }
            }
            last = Some((instruction.id, path));
        }
        found.retain(|it| it.instructions.len() > 1);
        found
    }

    /// The folder into which an instruction copies files under their own names.
    fn folder_of_files(&self, instruction: &Instruction<'_>) -> Option<Target> {
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else { return None };
        let plain = instruction.heredocs.is_empty()
            && !transfer.json
            && instruction.flag("checksum").is_none();
        if !plain || transfer.destination.literal().is_none() {
            return None;
        }
        let destination = transfer.destination.text.as_ref();
        let (written, is_sure) = self.written_folder(instruction, transfer, destination)?;
        let directory = self.states[instruction.id].workdir.as_deref();
        let path = join(directory, written.trim_end_matches('/'))
            .or_else(|| (!written.starts_with('/')).then(|| written.clone()));
        let path = if written == "/" { Some("/".to_owned()) } else { path };
        Some(Target { path: path?, written, is_sure })
    }

    /// The folder as it is written, with a `/` at its end, and whether what is copied there is surely no folder that
    /// would lose its name next to others.
    fn written_folder(
        &self,
        instruction: &Instruction<'_>,
        transfer: &Transfer<'_>,
        destination: &str,
    ) -> Option<(String, bool)> {
        let from = instruction.flag("from").is_some();
        let is_file = |text: &str| {
            let shape = Shape::of(text);
            let kind = if from { None } else { self.kind_in_context(text) };
            match kind {
                Some(kind) => kind != EntryKind::Folder,
                None => matches!(shape, Shape::File | Shape::BigFile) && !text.ends_with('/'),
            }
        };
        let is_plain = transfer.sources.iter().all(|it| {
            let text = it.word.text.as_ref();
            it.heredoc.is_none()
                && it.word.literal().is_some()
                && !text.contains("://")
                // `file.tx[t]` is there so that the file may be missing.
                && !text.contains('[')
                && Origin::of(it, text) == Origin::Local
        });
        if !is_plain {
            return None;
        }
        if names_folder(&transfer.destination) || destination == "." {
            let folder = if destination == "." { "./" } else { destination };
            return transfer
                .sources
                .iter()
                .all(|it| is_file(&it.word.text))
                .then(|| (folder.to_owned(), true));
        }
        // One file that keeps its name.
        let [source] = transfer.sources.as_slice() else { return None };
        let text = source.word.text.as_ref();
        let (folder, name) = destination.rsplit_once('/').unwrap_or(("", destination));
        let keeps_name = text.rsplit('/').next() == Some(name) && !text.contains(['*', '?', '[']);
        let program = folder.ends_with("/bin") || folder.ends_with("/sbin");
        let fits = keeps_name && (is_file(text) || program && from);
        // What another stage or image has is not known: also among programs there may be a folder.
        let is_sure = !from
            && match self.kind_in_context(text) {
                Some(kind) => kind == EntryKind::File,
                None => program || is_plain_source(text),
            };
        let written = match (folder, destination.starts_with('/')) {
            ("", true) => "/".to_owned(),
            ("", false) => "./".to_owned(),
            (folder, _) => format!("{folder}/"),
        };
        fits.then_some((written, is_sure))
    }

    /// Whether two instructions are of one kind and have the same flags.
    fn are_alike(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.doc.instructions[one], &self.doc.instructions[other]);
        let flags = |it: &Instruction<'_>| {
            let mut flags: Vec<&str> =
                it.flags.iter().map(|flag| self.doc.source.slice(flag.span)).collect();
            flags.sort_unstable();
            flags.join(" ")
        };
        one.keyword == other.keyword && flags(one) == flags(other)
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    /// How many instructions each group has, and its folder.
    fn groups(lines: &str) -> Vec<(usize, String)> {
        of(&format!("FROM a\n{lines}\n"), |model| {
            model
                .mergeable_copies()
                .into_iter()
                .map(|it| (it.instructions.len(), it.folder))
                .collect()
        })
    }

    #[test]
    fn files_that_keep_their_names_go_together() {
        assert_eq!(groups("COPY a.sh /bin/\nCOPY x/b.sh /bin/b.sh"), [(2, "/bin/".to_owned())]);
        assert_eq!(groups("COPY a.sh .\nCOPY b.sh ./\nCOPY c.sh c.sh"), [(3, "./".to_owned())]);
        assert_eq!(groups("COPY a.sh /\nCOPY b.sh /b.sh"), [(2, "/".to_owned())]);
        let from = "COPY --from=x /go/bin/a /bin/a\nCOPY --from=x /go/bin/b /usr/bin/b\n";
        assert!(groups(from).is_empty());
        let from = "COPY --from=x /go/bin/a /usr/bin/a\nCOPY --from=x /go/bin/b /usr/bin/b\n";
        assert_eq!(groups(from), [(2, "/usr/bin/".to_owned())]);
    }

    #[test]
    fn folders_that_look_like_files_would_lose_their_names() {
        let sure = |lines: &str| {
            of(&format!("FROM a\n{lines}\n"), |model| {
                model.mergeable_copies().iter().map(|it| it.only_files).collect::<Vec<_>>()
            })
        };
        assert_eq!(sure("COPY a.conf /etc/x/a.conf\nCOPY b.conf /etc/x/b.conf"), [true]);
        assert_eq!(sure("COPY a.x /etc/x/\nCOPY b.x /etc/x/"), [true]);
        assert_eq!(sure("COPY a.x /etc/x/a.x\nCOPY b.conf /etc/x/b.conf"), [false]);
        let from = "COPY --from=b /a.conf /etc/x/a.conf\nCOPY --from=b /b.conf /etc/x/b.conf";
        assert_eq!(sure(from), [false]);
        let from = "COPY --from=b /a.conf /etc/x/\nCOPY --from=b /b.conf /etc/x/";
        assert_eq!(sure(from), [true]);
        let from = "COPY --from=b /x/a /usr/bin/a\nCOPY --from=b /x/b /usr/bin/b";
        assert_eq!(sure(from), [false]);
        assert!(sure("COPY conf.d /etc/x/conf.d\nCOPY a.conf /etc/x/a.conf").is_empty());
    }

    #[test]
    fn others_do_not() {
        for lines in [
            "COPY a.sh /bin/\nCOPY src /bin/",
            "COPY a.sh /bin/\nRUN x\nCOPY b.sh /bin/",
            "COPY --chmod=755 a.sh /bin/\nCOPY b.sh /bin/",
            "COPY a.sh /bin/c\nCOPY b.sh /bin/d",
            "COPY a.s[h] /bin/\nCOPY b.s[h] /bin/",
            "ADD a.tar.gz /x/\nADD b.tar.gz /x/",
            "ADD https://e.org/a.sh /x/\nADD https://e.org/b.sh /x/",
        ] {
            assert!(groups(lines).is_empty(), "{lines}");
        }
    }
}
