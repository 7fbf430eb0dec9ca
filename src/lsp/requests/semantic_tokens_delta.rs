//! `textDocument/semanticTokens/full/delta`: what has changed since an earlier answer; all tokens where that is not known.

use gen_lsp_types::{
    SemanticToken, SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensEdit,
};
use serde_json::{Value, json};

use super::semantic_tokens::whole;
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::position::narrow;

/// The numbers of a token.
const NUMBERS: usize = 5;

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &SemanticTokensDeltaParams,
) -> Result<Value, Failure> {
    let before = ask.engine.tokens.take(&ask.document.uri, &params.previous_result_id);
    let now = whole(ask);
    Ok(match before {
        Some(before) => json!(SemanticTokensDelta {
            edits: edits(&before, &now.data),
            result_id: now.result_id,
        }),
        None => json!(now),
    })
}

/// The one edit that makes the tokens of now of those before; none where they are the same.
fn edits(before: &[SemanticToken], now: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let same = |it: &(&SemanticToken, &SemanticToken)| it.0 == it.1;
    let first = before.iter().zip(now).take_while(same).count();
    let (before, now) = (&before[first..], &now[first..]);
    let last = before.iter().rev().zip(now.iter().rev()).take_while(same).count();
    let (gone, new) = (before.len() - last, &now[..now.len() - last]);
    if gone == 0 && new.is_empty() {
        return Vec::new();
    }
    let numbers = |it: &SemanticToken| {
        [it.delta_line, it.delta_start, it.length, it.token_type, it.token_modifiers_bitset]
    };
    vec![SemanticTokensEdit {
        start: narrow(first * NUMBERS),
        delete_count: narrow(gone * NUMBERS),
        data: (!new.is_empty()).then(|| new.iter().flat_map(numbers).collect()),
    }]
}
