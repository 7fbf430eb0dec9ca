//! Base images.

mod explicit_target_platform;
mod fixed_platform;
mod from_platform_flag_const_disallowed;
mod invalid_base_image_platform;
mod invalid_default_arg_in_from;
mod latest_tag;
mod redundant_target_platform;
mod undefined_arg_in_from;
mod untagged_image;
mod untrusted_registry;

use crate::lint::Rule;

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    explicit_target_platform::RULE,
    fixed_platform::RULE,
    from_platform_flag_const_disallowed::RULE,
    invalid_base_image_platform::RULE,
    invalid_default_arg_in_from::RULE,
    latest_tag::RULE,
    redundant_target_platform::RULE,
    undefined_arg_in_from::RULE,
    untagged_image::RULE,
    untrusted_registry::RULE,
];
