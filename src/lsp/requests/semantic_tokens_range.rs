//! `textDocument/semanticTokens/range`: the tokens that a range touches.

use gen_lsp_types::{SemanticTokens, SemanticTokensRangeParams};

use super::semantic_tokens::{encode, tokens};
use crate::lsp::dispatch::{Ask, Failure};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &SemanticTokensRangeParams,
) -> Result<SemanticTokens, Failure> {
    let wanted = ask.document.span(params.range);
    let data = ask.with_model(|model| {
        let mut tokens = tokens(model);
        tokens.retain(|it| it.0.start < wanted.end && wanted.start < it.0.end);
        encode(ask, tokens)
    });
    Ok(SemanticTokens { result_id: None, data })
}
