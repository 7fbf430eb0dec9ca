//! `callHierarchy/outgoingCalls`: the stages that a stage is built on, copies from or mounts.

use std::collections::BTreeMap;

use gen_lsp_types::{CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, Range};

use super::prepare_call_hierarchy::{item, stage_of};
use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};

pub(in crate::lsp) fn answer(
    ask: &Ask,
    params: &CallHierarchyOutgoingCallsParams,
) -> Result<Option<Vec<CallHierarchyOutgoingCall>>, Failure> {
    Ok(ask.with_model(|model| {
        let id = stage_of(model, &params.item)?;
        let mut used: BTreeMap<usize, Vec<Range>> = BTreeMap::new();
        for it in Names::find(model).list.iter().filter(|it| !it.defines) {
            if let Name::Stage(other) = it.name
                && model.stage_of(it.instruction).is_some_and(|it| it.id == id)
            {
                used.entry(other).or_default().push(ask.document.range(it.span));
            }
        }
        let call = |(other, from_ranges)| CallHierarchyOutgoingCall {
            to: item(ask, model, other),
            from_ranges,
        };
        Some(used.into_iter().map(call).collect())
    }))
}
