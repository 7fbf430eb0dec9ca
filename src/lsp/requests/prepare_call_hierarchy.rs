//! `textDocument/prepareCallHierarchy`: the stage at a place. A stage calls those that it is built on or copies from.

use gen_lsp_types::{CallHierarchyItem, CallHierarchyPrepareParams, SymbolKind, Uri};
use serde_json::json;

use crate::lint::shorten;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::Model;
use crate::source::Span;

/// How long the words of a FROM may be next to the name.
const MOST_DETAIL: usize = 80;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &CallHierarchyPrepareParams,
) -> Result<Option<Vec<CallHierarchyItem>>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| {
        let names = Names::find(model);
        let id = match names.at(offset).map(|it| &it.name) {
            Some(Name::Stage(id)) => *id,
            _ => stage_at(model, offset)?,
        };
        Some(vec![item(ask, model, id)])
    }))
}

/// The stage whose FROM is at a place.
fn stage_at(model: &Model<'_>, offset: u32) -> Option<usize> {
    let touches = |span: Span| span.start <= offset && offset <= span.end;
    model.stages.iter().find(|it| touches(it.instruction.span)).map(|it| it.id)
}

/// A stage as an item of the hierarchy.
pub(super) fn item(ask: &Ask, model: &Model<'_>, id: usize) -> CallHierarchyItem {
    let stage = &model.stages[id];
    let list = &model.doc.instructions[stage.instructions.clone()];
    let whole = list.iter().fold(stage.instruction.span, |whole, it| whole.cover(it.span));
    let alias = stage.from.alias.as_ref();
    CallHierarchyItem {
        name: name(model, id),
        kind: SymbolKind::Module,
        tags: None,
        detail: Some(format!("FROM {}", shorten(&stage.from.image.text, MOST_DETAIL))),
        uri: Uri(ask.document.uri.clone()),
        range: ask.document.range(whole),
        selection_range: ask.document.range(alias.map_or(stage.from.image.span, |it| it.name.span)),
        data: Some(json!({ "uri": ask.document.uri, "stage": id })),
    }
}

fn name(model: &Model<'_>, id: usize) -> String {
    let alias = model.stages[id].from.alias.as_ref();
    alias.map_or_else(|| format!("stage {id}"), |it| it.name.text.to_string())
}

/// The stage that an item is about, by its number where that still has the name, else by the name.
pub(super) fn stage_of(model: &Model<'_>, item: &CallHierarchyItem) -> Option<usize> {
    let number = item.data.as_ref()?.get("stage")?.as_u64()?;
    let is_it = |id: &usize| name(model, *id) == item.name;
    let by_number = usize::try_from(number).ok().filter(|it| *it < model.stages.len());
    by_number.filter(is_it).or_else(|| (0..model.stages.len()).find(is_it))
}
