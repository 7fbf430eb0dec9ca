//! The edits of several fixes in order of place: which of them touch a part of a file, and how far they move it.

use crate::lint::{Edit, Effect, Fix};
use crate::source::{Span, work};

/// The edits of several fixes.
pub(super) struct Edits<'f> {
    /// In order of place, each with what its fix may change.
    list: Vec<(&'f Edit, Effect)>,
    /// The furthest end of each edit and all before it.
    furthest: Vec<u32>,
    /// The ends in order, each with by how much the text behind it moves.
    moves: Vec<(u32, i64)>,
}

impl<'f> Edits<'f> {
    /// Those of some fixes.
    pub(super) fn of(fixes: &[&'f Fix]) -> Self {
        let edits = fixes.iter().flat_map(|fix| fix.edits.iter().map(|it| (it, fix.effect)));
        let mut list: Vec<(&Edit, Effect)> = edits.collect();
        list.sort_by_key(|it| it.0.span);
        let mut most = 0;
        let furthest = list.iter().map(|it| {
            most = it.0.span.end.max(most);
            most
        });
        let furthest = furthest.collect();
        let mut moves: Vec<(u32, i64)> = list
            .iter()
            .map(|(edit, _)| {
                let length = i64::try_from(edit.text.len()).unwrap_or(i64::MAX);
                (edit.span.end, length - i64::from(edit.span.len()))
            })
            .collect();
        moves.sort_by_key(|it| it.0);
        let mut sum = 0;
        for it in &mut moves {
            sum += it.1;
            it.1 = sum;
        }
        Self { list, furthest, moves }
    }

    /// The edits that start at or before the end of a span and end at or behind its start, the last one first.
    fn near(&self, span: Span) -> impl Iterator<Item = (&'f Edit, Effect)> {
        let end = self.list.partition_point(|it| it.0.span.start <= span.end);
        let near = self.list[..end].iter().zip(&self.furthest[..end]).rev();
        let near = near.take_while(move |it| *it.1 >= span.start).map(|it| *it.0);
        near.inspect(|_| work::count(1))
    }

    /// What the fixes may change that change bytes of a span, or put text in inside it or at its end (also in place of
    /// what follows). What is put in before the first byte is not part of what is there.
    pub(super) fn effects(&self, span: Span) -> Vec<Effect> {
        let touching = self.near(span).filter(|(edit, _)| {
            let (start, end) = (edit.span.start, edit.span.end);
            if start == end || start == span.end && !edit.text.is_empty() {
                span.start < start && start <= span.end
            } else {
                start < span.end && span.start < end
            }
        });
        touching.map(|it| it.1).collect()
    }

    /// Whether an edit takes away the start of an instruction, so that the one before it goes on.
    pub(super) fn join(&self, span: Span) -> bool {
        self.near(Span::at(span.start))
            .any(|(edit, _)| edit.span.start < span.start && span.start < edit.span.end)
    }

    /// Where an offset of the old text is in the new one. What is put in at the offset itself comes before it.
    pub(super) fn translate(&self, offset: u32) -> u32 {
        let before = self.moves.partition_point(|it| it.0 <= offset);
        let moved = before.checked_sub(1).map_or(0, |it| self.moves[it].1);
        u32::try_from(i64::from(offset) + moved).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(effect: Effect, edits: &[(u32, u32, &str)]) -> Fix {
        let edits = edits.iter().map(|it| Edit::replace(Span { start: it.0, end: it.1 }, it.2));
        Fix::safe("x", edits.collect()).effect(effect)
    }

    #[test]
    fn a_span_is_touched_by_what_changes_it() {
        let (words, join) =
            (fix(Effect::Words, &[(4, 4, "x"), (20, 20, "y")]), fix(Effect::Join, &[(8, 12, "")]));
        let edits = Edits::of(&[&join, &words]);
        let effects = |start, end| edits.effects(Span { start, end });
        assert_eq!(effects(0, 3), []);
        assert_eq!(effects(0, 4), [Effect::Words], "put in at its end");
        assert_eq!(effects(4, 7), [], "put in before it");
        assert_eq!(effects(3, 9), [Effect::Join, Effect::Words]);
        assert_eq!(effects(10, 11), [Effect::Join]);
        assert_eq!(effects(12, 19), []);
        assert!(edits.join(Span { start: 10, end: 19 }));
        assert!(
            !edits.join(Span { start: 8, end: 19 }) && !edits.join(Span { start: 12, end: 19 })
        );
    }

    #[test]
    fn offsets_move_with_what_stands_before_them() {
        let one = fix(Effect::Words, &[(4, 4, "xx"), (8, 12, "")]);
        let edits = Edits::of(&[&one]);
        let moved: Vec<u32> = [0, 3, 4, 8, 12, 20].map(|it| edits.translate(it)).to_vec();
        assert_eq!(moved, [0, 3, 6, 10, 10, 18]);
        assert_eq!(Edits::of(&[]).translate(7), 7);
    }
}
