//! `textDocument/completion`.

use gen_lsp_types::{CompletionItem, CompletionParams};

use crate::lsp::completion;
use crate::lsp::dispatch::{Ask, Failure};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &CompletionParams,
) -> Result<Vec<CompletionItem>, Failure> {
    let offset = ask.document.offset(params.text_document_position_params.position);
    Ok(ask.with_model(|model| completion::at(ask, model, offset)))
}
