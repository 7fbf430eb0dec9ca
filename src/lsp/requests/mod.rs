//! The answers, one file per request.

pub(super) mod call_hierarchy_incoming;
pub(super) mod call_hierarchy_outgoing;
pub(super) mod code_action;
pub(super) mod code_action_resolve;
pub(super) mod code_lens;
pub(super) mod completion;
pub(super) mod definition;
pub(super) mod diagnostic;
pub(super) mod document_highlight;
pub(super) mod document_link;
pub(super) mod document_symbol;
pub(super) mod folding_range;
pub(super) mod hover;
pub(super) mod inlay_hint;
pub(super) mod prepare_call_hierarchy;
pub(super) mod references;
pub(super) mod rename;
pub(super) mod selection_range;
pub(super) mod semantic_tokens;
pub(super) mod semantic_tokens_delta;
pub(super) mod semantic_tokens_range;
pub(super) mod signature_help;
pub(super) mod workspace_diagnostic;
pub(super) mod workspace_symbol;
