//! `textDocument/inlayHint`: the image that a FROM with variables comes to, the stage that a number means, and what a line adds to a
//! measured image.

use gen_lsp_types::{InlayHint, InlayHintParams, Label};

use crate::lint::size;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::Model;
use crate::source::Span;
use crate::syntax::Instruction;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &InlayHintParams,
) -> Result<Vec<InlayHint>, Failure> {
    let wanted = ask.document.span(params.range);
    let hints = ask.with_model(|model| hints(ask, model));
    let shown = hints.into_iter().filter(|it| wanted.start <= it.0 && it.0 <= wanted.end);
    let hint = |(at, text): (u32, String)| InlayHint {
        position: ask.document.position(at),
        label: Label::String(text),
        padding_left: Some(true),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_right: None,
        data: None,
    };
    Ok(shown.map(hint).collect())
}

fn hints(ask: &Ask, model: &Model<'_>) -> Vec<(u32, String)> {
    let mut found = sizes(ask, model);
    for stage in &model.stages {
        let image = &stage.from.image;
        let text = model.scopes.with_defaults(image).filter(|it| !it.is_empty());
        if let Some(text) = text.filter(|_| !image.variables().is_empty()) {
            found.push((image.span.end, format!("= {text}")));
        }
    }
    for it in Names::find(model).list {
        let Name::Stage(id) = it.name else { continue };
        let is_number = model.doc.source.slice(it.span).parse::<usize>().is_ok();
        if let Some(alias) = model.stages[id].from.alias.as_ref().filter(|_| is_number) {
            let Span { end, .. } = it.span;
            found.push((end, format!("= {}", alias.name.text)));
        }
    }
    found.sort();
    found
}

/// What each layer of a measured image holds, at the end of the instruction that made it.
fn sizes(ask: &Ask, model: &Model<'_>) -> Vec<(u32, String)> {
    let measured = ask.engine.measured(&ask.document);
    let hint = |it: &Instruction<'_>| {
        let line = ask.document.line(it.span.start) + 1;
        let own = measured.iter().find(|it| it.line == line)?;
        let written = model.doc.source.slice(it.span).trim_end().len();
        Some((it.span.start + u32::try_from(written).ok()?, size(own.bytes)))
    };
    model.doc.instructions.iter().filter_map(hint).collect()
}
