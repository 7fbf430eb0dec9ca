//! `textDocument/foldingRange`: stages, long instructions, heredocs and blocks of comments.

use gen_lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::lsp::dispatch::{Ask, Failure};
use crate::model::Model;
use crate::source::Span;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    _: &FoldingRangeParams,
) -> Result<Vec<FoldingRange>, Failure> {
    Ok(ask.with_model(|model| {
        let mut list: Vec<FoldingRange> = Vec::new();
        let mut push = |span: Span, kind: FoldingRangeKind| {
            let last = span.end.saturating_sub(1).max(span.start);
            let (start_line, end_line) = (ask.document.line(span.start), ask.document.line(last));
            if start_line < end_line {
                let kind = Some(kind);
                list.push(FoldingRange { start_line, end_line, kind, ..FoldingRange::default() });
            }
        };
        for span in parts(model) {
            push(span, FoldingRangeKind::Region);
        }
        for span in comment_blocks(ask, model) {
            push(span, FoldingRangeKind::Comment);
        }
        list.sort_by_key(|it| (it.start_line, std::cmp::Reverse(it.end_line)));
        list.dedup_by_key(|it| (it.start_line, it.end_line));
        list
    }))
}

fn parts<'m>(model: &'m Model<'_>) -> impl Iterator<Item = Span> + 'm {
    let stages = model.stages.iter().map(|it| {
        let list = &model.doc.instructions[it.instructions.clone()];
        list.iter().fold(it.instruction.span, |whole, it| whole.cover(it.span))
    });
    let instructions = model.doc.instructions.iter();
    let heredocs = instructions.clone().flat_map(|it| it.heredocs.iter());
    let bodies = heredocs.map(|it| it.marker_span.cover(it.terminator).cover(it.body));
    stages.chain(instructions.map(|it| it.span)).chain(bodies)
}

/// Comments in lines that follow each other.
fn comment_blocks(ask: &Ask, model: &Model<'_>) -> Vec<Span> {
    let mut blocks: Vec<Span> = Vec::new();
    for comment in model.doc.comments.iter().filter(|it| it.inside.is_none()) {
        match blocks.last_mut() {
            Some(last)
                if ask.document.line(last.end) + 1 == ask.document.line(comment.span.start) =>
            {
                last.end = comment.span.end;
            }
            _ => blocks.push(comment.span),
        }
    }
    blocks
}
