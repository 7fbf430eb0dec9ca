//! What only the layers of an image can show: one rule per class of waste. `measure` puts the facts into the model.

mod baggage_shipped;
mod build_tools_kept;
mod cache_kept;
mod copied_for_metadata;
mod deleted_later;
mod documentation_kept;
mod moved_later;
mod overwritten_later;
mod recommended_kept;
mod same_content_twice;
mod secret_shipped;
mod tiny_layers;
mod unstripped_kept;
mod zeros_shipped;

use crate::lint::prelude::*;
use crate::model::MeasuredWaste;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    deleted_later::RULE,
    overwritten_later::RULE,
    copied_for_metadata::RULE,
    moved_later::RULE,
    cache_kept::RULE,
    build_tools_kept::RULE,
    recommended_kept::RULE,
    same_content_twice::RULE,
    baggage_shipped::RULE,
    documentation_kept::RULE,
    unstripped_kept::RULE,
    tiny_layers::RULE,
    zeros_shipped::RULE,
    secret_shipped::RULE,
];

/// Fewer bytes are only shown in `audit`.
const WORTH_A_WORD: u64 = 1_000_000;

/// How many paths are named.
const PATHS: usize = 3;

/// Reports what was measured of a class of waste, at the line that should change. `say` makes message and help.
fn report(
    cx: &Context<'_>,
    findings: &mut Findings,
    class: u8,
    say: impl Fn(&MeasuredWaste) -> (String, String),
) {
    for it in cx.model.measured.iter().filter(|it| it.class == class) {
        let Some(instruction) = cx.model.doc.instructions.get(it.fix) else { continue };
        let (message, help) = say(it);
        let finding = findings.report(instruction.keyword_span, message);
        let largest: Vec<&str> = it.paths.iter().take(PATHS).map(|it| it.0.as_str()).collect();
        let more = if it.paths.len() > PATHS { " …" } else { "" };
        finding.help(format!("{help}; largest: {}{more}", largest.join(", ")));
        if it.made != it.fix
            && let Some(made) = cx.model.doc.instructions.get(it.made)
        {
            finding.label(made.keyword_span, "the bytes are in this layer");
        }
        finding.impact(Impact { bytes: Some(it.bytes), measured: true, ..Impact::default() });
        if it.bytes < WORTH_A_WORD && finding.severity != Severity::Error {
            finding.only_in(Profile::Audit);
        }
    }
}

/// The keyword of an instruction.
fn keyword(cx: &Context<'_>, instruction: usize) -> &'static str {
    cx.model.doc.instructions.get(instruction).map_or("instruction", |it| it.keyword.name())
}
