//! Offsets to lines and columns.

use super::Span;

/// A 1-based line and a 1-based column in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, counted in Unicode scalar values.
    pub column: u32,
}

/// The offsets at which lines start.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// For every block of the text, how many bytes before it are not the first of a character: so that
    /// a column far to the right in a very long line is found without reading the line.
    continuations: Vec<u32>,
}

/// How many bytes a block has.
const BLOCK: usize = 1024;

/// How many bytes are not the first of a character.
#[allow(clippy::cast_possible_truncation, reason = "there are at most as many as bytes")]
fn continuations(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 == 0x80).count() as u32
}

impl LineIndex {
    /// Indexes the line feeds of `text`.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "files above 4 GiB are refused before they are parsed"
    )]
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let mut sum = 0;
        let counts = text.as_bytes().chunks(BLOCK).map(|block| {
            sum += continuations(block);
            sum
        });
        Self {
            starts: std::iter::once(0).chain(ends.map(|(offset, _)| offset as u32 + 1)).collect(),
            continuations: std::iter::once(0).chain(counts).collect(),
        }
    }

    /// The 1-based line that holds the byte at `offset`.
    #[allow(clippy::cast_possible_truncation, reason = "there are at most as many lines as bytes")]
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The line and column of the byte at `offset`; an offset past the end gives the end.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a line has at most as many characters as the file bytes"
    )]
    pub fn position(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1];
        let offset = offset.min(text.len() as u32);
        let before = |offset| self.continuations_before(text, offset);
        let column = offset.saturating_sub(start) - (before(offset) - before(start)) + 1;
        LineColumn { line, column }
    }

    /// How many bytes before `offset` are not the first of a character.
    fn continuations_before(&self, text: &str, offset: u32) -> u32 {
        let block = offset as usize / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset as usize).unwrap_or_default();
        self.continuations[block] + continuations(rest)
    }

    /// The span of the 1-based `line` without its line end (`\n` or `\r\n`).
    pub fn line_span(&self, text: &str, line: u32) -> Span {
        let Some(&start) = (line as usize).checked_sub(1).and_then(|index| self.starts.get(index))
        else {
            return Span::new(text.len(), text.len());
        };
        let end = self.starts.get(line as usize).map_or(text.len(), |&next| next as usize);
        let content = text[start as usize..end].trim_end_matches('\n').trim_end_matches('\r');
        Span::new(start as usize, start as usize + content.len())
    }

    /// How many lines there are; an empty last line does not count.
    #[allow(clippy::cast_possible_truncation, reason = "there are at most as many lines as bytes")]
    pub fn count(&self, text: &str) -> u32 {
        self.starts.len() as u32 - u32::from(text.is_empty() || text.ends_with('\n'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "añb\r\nc\n";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 3), LineColumn { line: 1, column: 3 });
        assert_eq!(index.position(text, 6), LineColumn { line: 2, column: 1 });
        assert_eq!(index.line_span(text, 1), Span::new(0, 4));
        assert_eq!(index.count(text), 2);
    }

    #[test]
    fn columns_are_right_in_any_block() {
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text = format!("x\n{}", "ñ".repeat(length));
            let index = LineIndex::new(&text);
            for n in [0, 1, length / 2, length] {
                let column = u32::try_from(n).unwrap() + 1;
                let offset = 2 + 2 * (column - 1);
                assert_eq!(index.position(&text, offset), LineColumn { line: 2, column });
            }
        }
    }
}
