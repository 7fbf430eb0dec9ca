//! `textDocument/references`: where else the same stage or variable is named.

use gen_lsp_types::{Location, ReferenceParams, Uri};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Names, Occurrence};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &ReferenceParams,
) -> Result<Vec<Location>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| {
        let names = Names::find(model);
        let Some(here) = names.at(offset) else { return Vec::new() };
        let all = names.same(&here.name);
        let wanted = all.filter(|it| params.context.include_declaration || !it.defines);
        wanted.map(|it| location(ask, it)).collect()
    }))
}

pub(super) fn location(ask: &Ask, it: &Occurrence) -> Location {
    Location { uri: Uri(ask.document.uri.clone()), range: ask.document.range(it.span) }
}
