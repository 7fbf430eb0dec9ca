//! Build stages and what each brings to the image.

mod copy_from_itself;
mod duplicate_stage_name;
mod misleading_stage_name;
mod missing_multi_stage;
mod repeated_stage_name;
mod reserved_stage_name;
mod stage_name_casing;
mod unknown_copy_source;
mod unused_stage;
mod whole_root_copied;

use crate::lint::prelude::{Context, Findings, Rule};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    copy_from_itself::RULE,
    duplicate_stage_name::RULE,
    misleading_stage_name::RULE,
    missing_multi_stage::RULE,
    repeated_stage_name::RULE,
    reserved_stage_name::RULE,
    stage_name_casing::RULE,
    unknown_copy_source::RULE,
    unused_stage::RULE,
    whole_root_copied::RULE,
];

/// Reports the stages whose name means something else to the builder.
fn report_reserved_names(cx: &Context<'_>, findings: &mut Findings) {
    for stage in cx.stages() {
        let Some(alias) = &stage.from.alias else { continue };
        let meaning = match stage.name.as_deref() {
            Some("scratch") => "the empty image",
            Some("context") => "the build context",
            _ => continue,
        };
        findings
            .report(alias.name.span, format!("stage name `{}` means {meaning}", alias.name.text))
            .help("give the stage another name");
    }
}
