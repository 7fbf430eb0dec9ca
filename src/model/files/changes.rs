//! Paths that commands change: what they make, change or write to.

use super::downloads::for_each;
use crate::model::Model;
use crate::source::Span;

/// A path that a command of a RUN changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The path, absolute where the working directory is known.
    pub path: String,
    /// The words that say so.
    pub span: Span,
}

/// Commands whose operands are all paths that they change. Sorted.
const CHANGE_ALL: &[&str] = &["mkdir", "touch", "truncate"];

/// Commands that write to their last operand. Sorted.
const CHANGE_LAST: &[&str] = &["cp", "install", "ln", "mv", "rsync"];

impl Model<'_> {
    /// The paths that commands change, in the order of RUNs; ONBUILD is left out.
    pub fn changes(&self) -> Vec<Change> {
        let mut found = Vec::new();
        for_each(self, |run, _, command, directory| {
            if self.runs[run].onbuild {
                return;
            }
            let id = self.runs[run].id();
            let mut add = |word| {
                if let Some(path) = self.shell_path(id, directory, word) {
                    found.push(Change { run, path, span: command.span });
                }
            };
            let name = command.name.as_str();
            if CHANGE_ALL.contains(&name) {
                command.operands().for_each(&mut add);
            } else if CHANGE_LAST.contains(&name) {
                command.operands().skip(1).last().into_iter().for_each(&mut add);
            }
            let output = command.redirects.iter().filter(|it| it.operator.contains('>'));
            output.for_each(|it| add(&it.target));
        });
        let permissions = self.permission_changes().into_iter().flat_map(|it| {
            let span = self.runs[it.run].script.commands[it.command].span;
            it.targets.into_iter().map(move |(path, _)| Change { run: it.run, path, span })
        });
        found.extend(permissions);
        let written = self.writes().iter().filter(|it| it.command.is_some());
        found.extend(written.filter_map(|it| {
            let (path, span) = (it.path.clone(), it.span);
            Some(Change { run: self.run_at(it.instruction)?, path, span })
        }));
        found.sort_by_key(|it| (it.run, it.span));
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn what_is_made_changed_and_written_to_is_told() {
        let text =
            "FROM a\nWORKDIR /w\nRUN mkdir x && cp a /b && echo 1 > c && chown me /d && cat e\n";
        of(text, |model| {
            let found: Vec<_> = model.changes().into_iter().map(|it| it.path).collect();
            assert_eq!(found, ["/w/x", "/b", "/w/c", "/d"]);
        });
    }
}
