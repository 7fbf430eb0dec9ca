//! `codeAction/resolve`: the edit of an action that was chosen.

use gen_lsp_types::CodeAction;
use lsp_server::ErrorCode;

use super::code_action::resolve;
use crate::lsp::dispatch::{Ask, Failure};

pub(in crate::lsp) fn answer(ask: &Ask, action: &CodeAction) -> Result<CodeAction, Failure> {
    let revision = action.data.as_ref().and_then(|it| it.get("revision")?.as_u64());
    if revision != Some(ask.document.revision) {
        return Err(Failure::new(ErrorCode::ContentModified, "the text has changed"));
    }
    let mut action = action.clone();
    resolve(ask, &mut action)?;
    Ok(action)
}
