//! `textDocument/selectionRange`: word, part, instruction, stage, file.

use gen_lsp_types::{SelectionRange, SelectionRangeParams};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::words;
use crate::lsp::words::word_at;
use crate::model::Model;
use crate::source::Span;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &SelectionRangeParams,
) -> Result<Vec<SelectionRange>, Failure> {
    Ok(ask.with_model(|model| {
        let offsets = params.positions.iter().map(|it| ask.document.offset(*it));
        offsets.map(|offset| chain(ask, model, offset)).collect()
    }))
}

/// All that holds a place, from the whole file inwards.
fn chain(ask: &Ask, model: &Model<'_>, offset: u32) -> SelectionRange {
    let mut spans = vec![model.doc.source.span()];
    let holds = |it: &Span| it.start <= offset && offset <= it.end;
    spans.extend(around(model, offset).into_iter().filter(holds));
    spans.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let mut chosen: Vec<Span> = Vec::new();
    for span in spans {
        if chosen.last().is_none_or(|last| last.contains(span) && *last != span) {
            chosen.push(span);
        }
    }
    let ranges = chosen.into_iter().map(|it| ask.document.range(it));
    let nested = ranges.fold(None, |parent: Option<Box<SelectionRange>>, range| {
        Some(Box::new(SelectionRange { range, parent }))
    });
    nested.map(|it| *it).unwrap_or_default()
}

fn around(model: &Model<'_>, offset: u32) -> Vec<Span> {
    let text = &model.doc.source.text;
    let mut spans = vec![
        word_at(text, offset, |it| it.is_alphanumeric() || it == '_'),
        word_at(text, offset, |it| !it.is_whitespace()),
    ];
    spans.extend(model.doc.comments.iter().map(|it| it.span));
    spans.extend(model.stages.iter().map(|it| {
        let list = &model.doc.instructions[it.instructions.clone()];
        list.iter().fold(it.instruction.span, |whole, it| whole.cover(it.span))
    }));
    let at = model.doc.instructions.partition_point(|it| it.span.start <= offset);
    let Some(instruction) = at.checked_sub(1).map(|at| &model.doc.instructions[at]) else {
        return spans;
    };
    spans.extend([instruction.span, instruction.keyword_span, instruction.body.span]);
    spans.extend(instruction.flags.iter().map(|it| it.span));
    spans.extend(instruction.heredocs.iter().map(|it| it.body));
    spans.extend(words(instruction).iter().map(|it| it.span));
    let run = model.run_at(instruction.id).map(|it| &model.runs[it]);
    spans.extend(run.into_iter().flat_map(|it| it.script.commands.iter().map(|it| it.span)));
    spans.retain(|it| !it.is_empty());
    spans
}
