//! Edits to text: which fixes do not get in each other's way, and what becomes of the file.

use std::collections::BTreeSet;

use crate::lint::{Edit, Fix};
use crate::source::{Span, work};

/// The fixes that can be applied together, by index and in order of place. Of two whose edits overlap or touch, the one
/// that starts earlier is taken, and of two that start at the same place the first. A fix whose own edits overlap, or
/// are not in the text on character boundaries, is never taken.
pub fn choose(text: &str, fixes: &[&Fix]) -> Vec<usize> {
    let mut order: Vec<(u32, usize)> = fixes
        .iter()
        .enumerate()
        .filter(|(_, fix)| is_sound(text, &fix.edits))
        .map(|(index, fix)| (fix.edits[0].span.start, index))
        .collect();
    order.sort_unstable();
    // None of them touches another one of another fix, so that their ends are in order too.
    let mut taken: BTreeSet<Span> = BTreeSet::new();
    let mut chosen = Vec::new();
    for (_, index) in order {
        let spans = || fixes[index].edits.iter().map(|edit| edit.span);
        let is_free = |span: Span| {
            work::count(1);
            let last = taken.range(..=Span { start: span.end, end: u32::MAX }).next_back();
            last.is_none_or(|other| is_apart(span, *other))
        };
        if spans().all(is_free) {
            taken.extend(spans());
            chosen.push(index);
        }
    }
    chosen
}

/// The text after some edits, which must not overlap. Edits that are not in the text are left out.
pub fn apply<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.filter(|edit| lies_in(text, edit.span)).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start < at {
            continue;
        }
        result.push_str(&text[at..range.start]);
        result.push_str(&edit.text);
        at = range.end;
    }
    result.push_str(&text[at..]);
    result
}

/// Whether the edits of a fix can be applied at all.
fn is_sound(text: &str, edits: &[Edit]) -> bool {
    let in_text = edits.iter().all(|edit| lies_in(text, edit.span));
    let in_order = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    let changes = edits.iter().any(|edit| text.get(edit.span.range()) != Some(&edit.text));
    in_text && in_order && changes
}

fn lies_in(text: &str, span: Span) -> bool {
    text.get(span.range()).is_some()
}

/// Whether two edits neither overlap nor touch.
fn is_apart(a: Span, b: Span) -> bool {
    a.end < b.start || b.end < a.start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, text: &str) -> Edit {
        Edit { span: Span { start, end }, text: text.to_owned() }
    }

    fn chosen(fixes: &[Vec<Edit>]) -> Vec<usize> {
        let fixes: Vec<Fix> = fixes.iter().map(|it| Fix::safe("x", it.clone())).collect();
        choose("0123456789é", &fixes.iter().collect::<Vec<_>>())
    }

    #[test]
    fn edits_are_applied_in_order_of_place() {
        let edits = [edit(5, 6, ""), edit(0, 1, "ab"), edit(9, 9, "-")];
        assert_eq!(apply("0123456789", edits.iter()), "ab1234678-9");
        assert_eq!(apply("01", [edit(0, 9, "x")].iter()), "01");
        // Of two that overlap, the second is left out.
        assert_eq!(apply("0123", [edit(1, 3, "b"), edit(0, 2, "a")].iter()), "a23");
        assert_eq!(apply("0123", [edit(2, 3, "b"), edit(0, 2, "a")].iter()), "ab3");
    }

    #[test]
    fn the_earlier_of_two_fixes_in_one_place_is_taken() {
        let (a, b) = (vec![edit(4, 6, "x")], vec![edit(1, 2, "y"), edit(5, 5, "z")]);
        assert_eq!(chosen(&[a.clone(), b.clone()]), [1]);
        assert_eq!(chosen(&[a.clone(), vec![edit(6, 7, "")]]), [0]);
        assert_eq!(chosen(&[a, vec![edit(7, 8, "")]]), [0, 1]);
    }

    #[test]
    fn a_fix_that_cannot_be_applied_is_never_taken() {
        assert_eq!(chosen(&[vec![]]), [0; 0]);
        assert_eq!(chosen(&[vec![edit(11, 12, "e")]]), [0; 0], "inside a character");
        assert_eq!(chosen(&[vec![edit(3, 5, ""), edit(4, 6, "")]]), [0; 0], "overlapping");
        assert_eq!(chosen(&[vec![edit(3, 4, "3")]]), [0; 0], "changes nothing");
    }
}
