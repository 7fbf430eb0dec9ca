//! `textDocument/documentSymbol`: stages with their instructions.

use gen_lsp_types::{DocumentSymbol, DocumentSymbolParams, Location, SymbolKind, Uri};
use serde_json::{Value, json};

use crate::lint::shorten;
use crate::lsp::dispatch::{Ask, Failure};
use crate::model::{Model, Stage};
use crate::source::Span;
use crate::syntax::{Instruction, Keyword, Kind};

/// How long the text of an instruction may be in a list.
const MOST_DETAIL: usize = 80;

pub(in crate::lsp) fn answer(ask: &Ask, _: &DocumentSymbolParams) -> Result<Value, Failure> {
    let tree = ask.with_model(|model| symbols(ask, model));
    if ask.client.nests_symbols {
        return Ok(json!(tree));
    }
    let mut flat = Vec::new();
    tree.iter().for_each(|it| flatten(ask, it, None, &mut flat));
    Ok(json!(flat))
}

fn symbols(ask: &Ask, model: &Model<'_>) -> Vec<DocumentSymbol> {
    let end = model.stages.first().map_or(model.doc.instructions.len(), |it| it.instructions.start);
    let globals = model.doc.instructions[..end].iter().map(|it| symbol(ask, it));
    globals.chain(model.stages.iter().map(|it| stage_symbol(ask, model, it))).collect()
}

#[allow(deprecated, reason = "the structure has a field that is, and no way around it")]
fn stage_symbol(ask: &Ask, model: &Model<'_>, stage: &Stage<'_>) -> DocumentSymbol {
    let list = &model.doc.instructions[stage.instructions.clone()];
    let whole = list.iter().fold(stage.instruction.span, |whole, it| whole.cover(it.span));
    let alias = stage.from.alias.as_ref();
    let name = alias.map_or_else(|| format!("stage {}", stage.id), |it| it.name.text.to_string());
    DocumentSymbol {
        name,
        detail: Some(format!("FROM {}", shorten(&stage.from.image.text, MOST_DETAIL))),
        kind: SymbolKind::Module,
        range: ask.document.range(whole),
        selection_range: ask.document.range(alias.map_or(stage.from.image.span, |it| it.name.span)),
        children: Some(list.iter().skip(1).map(|it| symbol(ask, it)).collect()),
        tags: None,
        deprecated: None,
    }
}

#[allow(deprecated, reason = "the structure has a field that is, and no way around it")]
fn symbol(ask: &Ask, instruction: &Instruction<'_>) -> DocumentSymbol {
    let body = &instruction.body.value;
    let detail = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, kind) = match &instruction.kind {
        Kind::Arg(_) | Kind::Env(_) => {
            let names = instruction.variable_names();
            let names: Vec<&str> = names.iter().map(|it| it.text.as_ref()).collect();
            (format!("{} {}", instruction.keyword.name(), names.join(" ")), SymbolKind::Variable)
        }
        _ if instruction.keyword == Keyword::Unknown => {
            (instruction.word.to_string(), SymbolKind::Null)
        }
        _ => (instruction.keyword.name().to_owned(), kind_of(instruction.keyword)),
    };
    DocumentSymbol {
        name,
        detail: (!detail.is_empty()).then(|| shorten(&detail, MOST_DETAIL).into_owned()),
        kind,
        range: ask.document.range(instruction.span),
        selection_range: ask.document.range(Span {
            start: instruction.keyword_span.start,
            end: instruction.keyword_span.end,
        }),
        children: None,
        tags: None,
        deprecated: None,
    }
}

fn kind_of(keyword: Keyword) -> SymbolKind {
    match keyword {
        Keyword::Run | Keyword::Onbuild => SymbolKind::Function,
        Keyword::Copy | Keyword::Add | Keyword::Volume | Keyword::Workdir => SymbolKind::File,
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => SymbolKind::Event,
        Keyword::From => SymbolKind::Module,
        _ => SymbolKind::Property,
    }
}

/// For clients that know no symbols within symbols.
fn flatten(ask: &Ask, symbol: &DocumentSymbol, holder: Option<&str>, list: &mut Vec<Value>) {
    let location = Location { uri: Uri(ask.document.uri.clone()), range: symbol.range };
    let mut value = json!({ "name": symbol.name, "kind": symbol.kind, "location": location });
    if let Some(holder) = holder {
        value["containerName"] = holder.into();
    }
    list.push(value);
    let children = symbol.children.iter().flatten();
    children.for_each(|it| flatten(ask, it, Some(&symbol.name), list));
}
