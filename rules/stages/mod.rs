//! Stages.

mod copy_from_itself;
mod duplicate_stage_name;
mod repeated_stage_name;
mod reserved_stage_name;
mod stage_name_casing;
mod unknown_copy_source;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    copy_from_itself::RULE,
    duplicate_stage_name::RULE,
    repeated_stage_name::RULE,
    reserved_stage_name::RULE,
    stage_name_casing::RULE,
    unknown_copy_source::RULE,
];
