//! `textDocument/inlayHint`: the image that a FROM with variables comes to, and the stage that a number means.

use gen_lsp_types::{InlayHint, InlayHintParams, Label};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::Model;
use crate::source::Span;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &InlayHintParams,
) -> Result<Vec<InlayHint>, Failure> {
    let wanted = ask.document.span(params.range);
    let hints = ask.with_model(hints);
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

fn hints(model: &Model<'_>) -> Vec<(u32, String)> {
    let mut found = Vec::new();
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
