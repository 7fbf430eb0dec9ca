//! Commands that move files, or rewrite them in place.

use crate::model::Model;
use crate::model::files::downloads::for_each;
use crate::shell::ShellWord;
use crate::source::Span;

/// A file or folder that a command moves or rewrites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// The path, absolute where the working directory is known.
    pub path: String,
    /// Whether it is moved; else it stays where it is with other bytes.
    pub moves: bool,
    /// Where the path is.
    pub span: Span,
}

/// Programs that replace the files they are given. Sorted.
const IN_PLACE: &[&str] = &["bzip2", "gzip", "strip", "upx", "xz", "zstd"];

impl Model<'_> {
    /// The files that commands move or rewrite, in order; ONBUILD is left out.
    pub fn rewrites(&self) -> Vec<Rewrite> {
        let mut found = Vec::new();
        for_each(self, |run, index, command, directory| {
            if self.runs[run].onbuild || command.inside.function {
                return;
            }
            let id = self.runs[run].id();
            let mut words: Vec<&ShellWord> = command.operands().collect();
            let moves = command.is("mv");
            let into = command.has_flag("t") || command.has_flag("target-directory");
            if moves && !into {
                words.pop();
            } else if !IN_PLACE.contains(&command.name.as_str()) {
                return;
            }
            for word in words {
                if let Some(path) = self.shell_path(id, directory, word) {
                    found.push(Rewrite { run, command: index, path, moves, span: word.span });
                }
            }
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn sources_are_told_and_destinations_are_not() {
        of("FROM a\nWORKDIR /w\nRUN mv a /b /c && strip /d && cp x y\n", |model| {
            let found: Vec<_> =
                model.rewrites().into_iter().map(|it| (it.path, it.moves)).collect();
            let expected = [("/w/a", true), ("/b", true), ("/d", false)];
            assert_eq!(found, expected.map(|(path, moves)| (path.to_owned(), moves)));
        });
    }
}
