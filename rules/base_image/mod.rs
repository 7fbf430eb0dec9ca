//! Base images.

mod from_platform_flag_const_disallowed;
mod invalid_default_arg_in_from;
mod latest_tag;
mod redundant_target_platform;
mod undefined_arg_in_from;
mod untagged_image;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    from_platform_flag_const_disallowed::RULE,
    invalid_default_arg_in_from::RULE,
    latest_tag::RULE,
    redundant_target_platform::RULE,
    undefined_arg_in_from::RULE,
    untagged_image::RULE,
];
