//! The names of heredocs.

use super::{Name, Occurrence};
use crate::model::Model;
use crate::source::{Source, Span};
use crate::syntax::{Heredoc, Instruction, Kind};

/// Those of an instruction: in each marker, and in the line that ends the heredoc. A name with quotes inside is left out.
pub(super) fn names(source: &Source, instruction: &Instruction<'_>) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for heredoc in of(instruction) {
        let name = Name::Heredoc(heredoc.marker_span.start);
        let id = instruction.id;
        let mut push = |span: Span, defines: bool| {
            found.push(Occurrence { name: name.clone(), span, instruction: id, defines });
        };
        let Some(marker) = written(source, heredoc.marker_span, &heredoc.name) else { continue };
        push(marker, true);
        if let Some(end) = written(source, heredoc.terminator, &heredoc.name) {
            push(end, false);
        }
    }
    found
}

/// The heredocs of an instruction, or of the one that it wraps.
fn of<'a, 's>(instruction: &'a Instruction<'s>) -> &'a [Heredoc<'s>] {
    match &instruction.kind {
        Kind::Onbuild(inner) => &inner.heredocs,
        _ => &instruction.heredocs,
    }
}

/// The heredoc that a name is of.
pub(in crate::lsp) fn heredoc_of<'a, 's>(
    model: &'a Model<'s>,
    it: &Occurrence,
) -> Option<&'a Heredoc<'s>> {
    let Name::Heredoc(start) = it.name else { return None };
    let instruction = model.doc.instructions.get(it.instruction)?;
    of(instruction).iter().find(|it| it.marker_span.start == start)
}

/// Where a name is in a place that holds it.
fn written(source: &Source, place: Span, name: &str) -> Option<Span> {
    let at = source.slice(place).rfind(name)?;
    let start = place.start as usize + at;
    (!name.is_empty()).then(|| Span::new(start, start + name.len()))
}
