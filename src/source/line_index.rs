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
}

impl LineIndex {
    /// Indexes the line feeds of `text`.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "files above 4 GiB are refused before they are parsed"
    )]
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        Self {
            starts: std::iter::once(0).chain(ends.map(|(offset, _)| offset as u32 + 1)).collect(),
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
        let start = self.starts[line as usize - 1] as usize;
        let before =
            text.as_bytes().get(start..(offset as usize).min(text.len())).unwrap_or_default();
        let column = before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32 + 1;
        LineColumn { line, column }
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
}
