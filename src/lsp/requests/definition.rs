//! `textDocument/definition`: where a stage or the value of a variable comes from.

use gen_lsp_types::{DefinitionParams, Location};

use super::references::location;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names, Occurrence};
use crate::model::Model;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &DefinitionParams,
) -> Result<Vec<Location>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| {
        let names = Names::find(model);
        let Some(here) = names.at(offset) else { return Vec::new() };
        definitions(model, &names, here).into_iter().map(|it| location(ask, it)).collect()
    }))
}

/// The definition that counts at a place; all of them where none is known to.
fn definitions<'a>(
    model: &Model<'_>,
    names: &'a Names,
    here: &'a Occurrence,
) -> Vec<&'a Occurrence> {
    let all: Vec<&Occurrence> = names.same(&here.name).filter(|it| it.defines).collect();
    let Name::Variable(name, _) = &here.name else { return all };
    if here.defines {
        // An ARG of a stage without a default takes the value of the one before all stages.
        let others: Vec<&Occurrence> =
            all.iter().filter(|it| it.instruction < here.instruction).copied().collect();
        return if others.is_empty() { all } else { others };
    }
    let seen = model.scopes.look_up(here.instruction, name).map(|it| it.instruction);
    match all.iter().find(|it| Some(it.instruction) == seen) {
        Some(one) => vec![one],
        None => all,
    }
}
