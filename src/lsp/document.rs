//! A document as the client has it. Clones are snapshots: they share the text until it is edited.

use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types::{Position, Range, TextDocumentContentChangeEvent as Change};

use super::position::{Encoding, Lines};
use super::uri;
use crate::source::Span;

/// One version of a document.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// Its name, as the client writes it.
    pub(super) uri: String,
    /// Where its file is, if it has one.
    pub(super) path: Option<PathBuf>,
    /// The text.
    pub(super) text: Arc<String>,
    lines: Arc<Lines>,
    /// The client's number of this version.
    pub(super) version: i32,
    /// Our own, which never repeats.
    pub(super) revision: u64,
    encoding: Encoding,
}

impl Document {
    /// A document that was opened.
    pub(super) fn new(uri: String, text: String, version: i32, encoding: Encoding) -> Self {
        let path = uri::to_path(&uri);
        let lines = Arc::new(Lines::new(&text));
        Self { uri, path, text: Arc::new(text), lines, version, revision: 0, encoding }
    }

    /// Applies changes in their order, each to what the one before it made.
    pub(super) fn apply(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::TextDocumentContentChangePartial(change) => {
                    self.replace(change.range, &change.text);
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => {
                    self.lines = Arc::new(Lines::new(&whole.text));
                    self.text = Arc::new(whole.text);
                }
            }
        }
    }

    fn replace(&mut self, range: Range, new: &str) {
        let bytes = self.lines.bytes(&self.text, range, self.encoding);
        let text = Arc::make_mut(&mut self.text);
        text.replace_range(bytes.clone(), new);
        Arc::make_mut(&mut self.lines).edit(text, bytes, new.len());
    }

    /// The byte at a position.
    pub(super) fn offset(&self, position: Position) -> u32 {
        super::position::narrow(self.lines.offset(&self.text, position, self.encoding))
    }

    /// The bytes of a range.
    pub(super) fn span(&self, range: Range) -> Span {
        let bytes = self.lines.bytes(&self.text, range, self.encoding);
        Span::new(bytes.start, bytes.end)
    }

    /// The position of a byte.
    pub(super) fn position(&self, offset: u32) -> Position {
        self.lines.position(&self.text, offset as usize, self.encoding)
    }

    /// The range of some bytes.
    pub(super) fn range(&self, span: Span) -> Range {
        self.lines.range(&self.text, span, self.encoding)
    }

    /// The 0-based line that holds a byte.
    pub(super) fn line(&self, offset: u32) -> u32 {
        super::position::narrow(self.lines.line(offset as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::TextDocumentContentChangePartial as Partial;

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        let range = Range { start: at(from), end: at(to) };
        Change::from(Partial { range, text: text.to_owned(), ..Partial::default() })
    }

    #[test]
    fn changes_build_on_each_other() {
        let text = "FROM a\nRUN b\n".to_owned();
        let mut document = Document::new("untitled:1".to_owned(), text, 1, Encoding::Utf16);
        let before = document.clone();
        document.apply(vec![
            change((0, 5), (0, 6), "é😀\nUSER x"),
            change((1, 5), (1, 6), "y"),
            change((9, 0), (9, 9), "CMD c"),
        ]);
        assert_eq!(*document.text, "FROM é😀\nUSER y\nRUN b\nCMD c");
        assert_eq!(*before.text, "FROM a\nRUN b\n", "a snapshot stays as it is");
        assert_eq!(document.position(11), Position { line: 0, character: 8 });
    }
}
