//! `callHierarchy/incomingCalls`: the stages that are built on a stage, copy from it or mount it.

use std::collections::BTreeMap;

use gen_lsp_types::{CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, Range};

use super::prepare_call_hierarchy::{item, stage_of};
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &CallHierarchyIncomingCallsParams,
) -> Result<Option<Vec<CallHierarchyIncomingCall>>, Failure> {
    Ok(ask.with_model(|model| {
        let id = stage_of(model, &params.item)?;
        let mut users: BTreeMap<usize, Vec<Range>> = BTreeMap::new();
        let names = Names::find(model);
        for it in names.same(&Name::Stage(id)).filter(|it| !it.defines) {
            if let Some(user) = model.stage_of(it.instruction) {
                users.entry(user.id).or_default().push(ask.document.range(it.span));
            }
        }
        let call = |(user, from_ranges)| CallHierarchyIncomingCall {
            from: item(ask, model, user),
            from_ranges,
        };
        Some(users.into_iter().map(call).collect())
    }))
}
