//! `textDocument/documentHighlight`: the same stage or variable, distinguished by whether it is set or used.

use gen_lsp_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::Names;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &DocumentHighlightParams,
) -> Result<Vec<DocumentHighlight>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| {
        let names = Names::find(model);
        let Some(here) = names.at(offset) else { return Vec::new() };
        let highlight = |it: &crate::lsp::names::Occurrence| DocumentHighlight {
            range: ask.document.range(it.span),
            kind: Some(match it.defines {
                true => DocumentHighlightKind::Write,
                false => DocumentHighlightKind::Read,
            }),
        };
        names.same(&here.name).map(highlight).collect()
    }))
}
