//! Build stages and what each brings to the image.

mod build_packages_left;
mod build_packages_unused;
mod copies_whole_stage;
mod copy_from_itself;
mod dev_dependencies_copied;
mod dev_dependencies_in_final_stage;
mod duplicate_stage_name;
mod final_stage_on_build_platform;
mod misleading_stage_name;
mod missing_multi_stage;
mod platform_on_stage;
mod repeated_stage_name;
mod repeated_stage_prefix;
mod reserved_stage_name;
mod sdk_image_in_final_stage;
mod shadowed_platform_arg;
mod stage_name_casing;
mod static_binary_on_full_system;
mod unknown_copy_source;
mod unset_variable;
mod unused_stage;
mod whole_root_copied;

use crate::lint::prelude::{Context, Findings, Rule};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    build_packages_left::RULE,
    build_packages_unused::RULE,
    copies_whole_stage::RULE,
    copy_from_itself::RULE,
    dev_dependencies_copied::RULE,
    dev_dependencies_in_final_stage::RULE,
    duplicate_stage_name::RULE,
    final_stage_on_build_platform::RULE,
    misleading_stage_name::RULE,
    missing_multi_stage::RULE,
    platform_on_stage::RULE,
    repeated_stage_name::RULE,
    repeated_stage_prefix::RULE,
    reserved_stage_name::RULE,
    sdk_image_in_final_stage::RULE,
    shadowed_platform_arg::RULE,
    stage_name_casing::RULE,
    static_binary_on_full_system::RULE,
    unknown_copy_source::RULE,
    unset_variable::RULE,
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
            .report(
                alias.name.span,
                format!("the stage name `{}` already means {meaning}", alias.name.text),
            )
            .help("rename the stage");
    }
}
