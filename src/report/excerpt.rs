//! The few lines of a file that a finding is about, cut to the width of the terminal.
//!
//! An excerpt is its own text: what is cut away or cannot be shown is not in it, and places in it are
//! not places in the file.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::escape;
use crate::source::{LineColumn, Source, Span};

/// A place of the file that is to be marked.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) span: Span,
    pub(super) message: Option<String>,
}

/// Lines with marks.
#[derive(Debug, Clone)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// Runs of lines that follow each other in the file; the one with the first mark comes first.
    pub(super) groups: Vec<Group>,
    /// In the order in which they were given.
    pub(super) marks: Vec<Marked>,
}

/// Lines that follow each other.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) range: Range<usize>,
    pub(super) first_line: u32,
    pub(super) line_count: usize,
}

/// A mark in an excerpt.
#[derive(Debug, Clone)]
pub(super) struct Marked {
    pub(super) range: Range<usize>,
    pub(super) message: Option<String>,
    /// Where it is in the file.
    pub(super) position: LineColumn,
}

/// What stands for text that is cut away.
const CUT: &str = "…";

/// What stands for a tab.
const TAB: &str = "    ";

/// The byte order mark, which may begin a file.
const BOM: char = '\u{FEFF}';

impl Excerpt {
    /// Cuts out the lines on which the marks begin; a mark that goes on in the next line ends with its first.
    /// `room` is the number of columns for the text.
    pub(super) fn new(source: &Source, marks: &[Mark], room: usize) -> Self {
        let mut by_line: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, mark) in marks.iter().enumerate() {
            by_line.entry(source.line(mark.span.start)).or_default().push(index);
        }
        let mut excerpt = Self {
            text: String::new(),
            groups: Vec::new(),
            marks: marks
                .iter()
                .map(|mark| Marked {
                    range: 0..0,
                    message: mark.message.clone(),
                    position: source.position(mark.span.start),
                })
                .collect(),
        };
        let own = marks.first().map_or(0, |it| source.line(it.span.start));
        let lines: Vec<u32> = by_line.keys().copied().collect();
        let mut runs: Vec<&[u32]> = lines.chunk_by(|a, b| a + 1 == *b).collect();
        runs.sort_by_key(|run| !run.contains(&own));
        for line in runs.into_iter().flatten().copied() {
            let indices = &by_line[&line];
            excerpt.open_group(line);
            let ranges = indices.iter().map(|&index| marks[index].span);
            for (index, range) in indices.iter().zip(excerpt.add_line(source, line, ranges, room)) {
                excerpt.marks[*index].range = range;
            }
        }
        excerpt
    }

    /// Starts a group, unless the line follows the last one.
    fn open_group(&mut self, line: u32) {
        match self.groups.last_mut() {
            Some(group) if group.first_line + group.line_count as u32 == line => {
                group.line_count += 1;
            }
            _ => {
                let range = self.text.len()..self.text.len();
                self.groups.push(Group { range, first_line: line, line_count: 1 });
            }
        }
    }

    /// Adds a line, as much of it as fits, and says where the spans are in the excerpt.
    fn add_line(
        &mut self,
        source: &Source,
        line: u32,
        spans: impl Iterator<Item = Span> + Clone,
        room: usize,
    ) -> Vec<Range<usize>> {
        let whole = source.line_span(line);
        let shown = window(source, whole, spans.clone(), room);
        if shown.start > whole.start {
            self.text.push_str(CUT);
        }
        // Where each byte of the shown part is in the excerpt.
        let mut places = Vec::with_capacity(shown.len() as usize + 1);
        for (at, character) in source.slice(shown).char_indices() {
            places.extend(std::iter::repeat_n(self.text.len(), character.len_utf8()));
            // A byte order mark takes no column.
            if character == BOM && at == 0 && shown.start == 0 {
                continue;
            }
            match character {
                '\t' => self.text.push_str(TAB),
                it if escape::is_live_at(source.slice(shown), at, it) => {
                    self.text.push_str(&escape::seen(it));
                }
                it => self.text.push(it),
            }
        }
        places.push(self.text.len());
        if shown.end < whole.end {
            self.text.push_str(CUT);
        }
        let end = self.text.len();
        self.text.push('\n');
        if let Some(group) = self.groups.last_mut() {
            group.range.end = self.text.len();
        }
        let place = |offset: u32| match offset.checked_sub(shown.start) {
            None => places[0],
            Some(index) => places.get(index as usize).copied().unwrap_or(end),
        };
        spans
            .map(|span| place(span.start)..place(span.end.min(whole.end)).max(place(span.start)))
            .collect()
    }
}

/// The columns of what stands for the parts that are left out.
const CUTS: usize = 2;

/// The part of a line that is shown: all of it if it fits, else what is around the first span.
fn window(source: &Source, line: Span, spans: impl Iterator<Item = Span>, room: usize) -> Span {
    // A character has at most four bytes, so a longer line cannot fit; it is not read to its end.
    let fits = line.len() as usize <= room * 4 && columns(source.slice(line)) <= room;
    if fits {
        return line;
    }
    let Some(mark) = spans.min() else { return line };
    let mark_end = mark.end.clamp(mark.start, line.end);
    let text = &source.text;
    let near_start = (mark_end - line.start) as usize <= room * 4
        && columns(&text[line.start as usize..mark_end as usize]) < room - CUTS;
    let start = if near_start {
        line.start
    } else {
        let before = &text[line.start as usize..mark.start as usize];
        let after = text[mark.start as usize..line.end as usize].chars().take(room).count();
        let n_before = (room / 4).max(room.saturating_sub(after + CUT.len()));
        let kept: usize = before.chars().rev().take(n_before).map(char::len_utf8).sum();
        mark.start - kept as u32
    };
    let mut left = room - CUTS;
    let shown = text[start as usize..line.end as usize].chars().take_while(|it| {
        left = left.saturating_sub(columns(it.encode_utf8(&mut [0; 4])));
        left > 0
    });
    let length: usize = shown.map(char::len_utf8).sum();
    Span::new(start as usize, start as usize + length)
}

/// How many columns text takes; a tab takes four.
fn columns(text: &str) -> usize {
    let width = |it: char| match it {
        '\t' => TAB.len(),
        it if escape::is_live(it) => escape::seen(it).len(),
        _ => 1,
    };
    text.chars().map(width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, start: usize, end: usize, room: usize) -> (String, String) {
        let source = Source::new("x", text);
        let mark = Mark { span: Span::new(start, end), message: None };
        let excerpt = Excerpt::new(&source, &[mark], room);
        let marked = excerpt.text[excerpt.marks[0].range.clone()].to_owned();
        (excerpt.text, marked)
    }

    #[test]
    fn short_lines_are_whole_and_tabs_are_blanks() {
        assert_eq!(cut("a\n\tb c\n", 3, 4, 20), ("    b c\n".to_owned(), "b".to_owned()));
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = format!("{} HERE {}", "a".repeat(100), "b".repeat(100));
        let (shown, marked) = cut(&text, 101, 105, 20);
        assert_eq!((shown.as_str(), marked.as_str()), ("…aaaa HERE bbbbbbb…\n", "HERE"));
        // The start of the line is shown if there is room for all of the mark.
        for (end, expected) in [(17, "aaaaaaaaaaaaaHERE…\n"), (18, "…aaaaaHEREbbbbbbbb…\n")] {
            let text = format!("{}HERE{}", "a".repeat(end - 4), "b".repeat(30));
            let (shown, marked) = cut(&text, end - 4, end, 20);
            assert_eq!((shown.as_str(), marked.as_str()), (expected, "HERE"));
        }
    }

    #[test]
    fn marks_of_many_lines_end_with_the_first() {
        assert_eq!(cut("ab \\\ncd\n", 1, 7, 20).1, "b \\");
    }

    #[test]
    fn lines_that_follow_each_other_are_one_group() {
        let source = Source::new("x", "a\nb\nc\nd\n");
        let marks = [0, 2, 6].map(|at| Mark { span: Span::new(at, at + 1), message: None });
        let excerpt = Excerpt::new(&source, &marks, 20);
        let groups: Vec<_> =
            excerpt.groups.iter().map(|it| (it.first_line, it.line_count)).collect();
        assert_eq!(groups, [(1, 2), (4, 1)]);
    }

    #[test]
    fn control_characters_are_not_obeyed() {
        assert_eq!(cut("a\x1b[31mb\u{9b}", 0, 1, 20).0, "a\\u{1b}[31mb\\u{9b}\n");
    }

    #[test]
    fn a_byte_order_mark_takes_no_column_at_the_start_of_the_file_alone() {
        assert_eq!(cut("\u{feff}FROM a\n", 3, 7, 20), ("FROM a\n".to_owned(), "FROM".to_owned()));
        assert_eq!(cut("a\n\u{feff}FROM a\n", 5, 9, 20).0, "\\u{feff}FROM a\n");
    }
}
