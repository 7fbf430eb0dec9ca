//! Build stages and what each brings to the image.

mod build_packages_left;
mod copies_whole_stage;
mod copy_from_itself;
mod dev_dependencies_in_final_stage;
mod duplicate_stage_name;
mod misleading_stage_name;
mod missing_multi_stage;
mod repeated_stage_name;
mod repeated_stage_prefix;
mod reserved_stage_name;
mod sdk_image_in_final_stage;
mod stage_name_casing;
mod static_binary_on_full_system;
mod unknown_copy_source;
mod unused_stage;
mod whole_root_copied;

use crate::lint::prelude::{Context, Findings, Rule};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    build_packages_left::RULE,
    copies_whole_stage::RULE,
    copy_from_itself::RULE,
    dev_dependencies_in_final_stage::RULE,
    duplicate_stage_name::RULE,
    misleading_stage_name::RULE,
    missing_multi_stage::RULE,
    repeated_stage_name::RULE,
    repeated_stage_prefix::RULE,
    reserved_stage_name::RULE,
    sdk_image_in_final_stage::RULE,
    stage_name_casing::RULE,
    static_binary_on_full_system::RULE,
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
