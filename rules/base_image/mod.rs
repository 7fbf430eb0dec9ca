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

/// Whether a word in the name of an image ends with a version, as in `ubi9-minimal` or `ubuntu2404`, or is one, as in
/// `nginx-124`: its tag only moves within it.
fn names_a_version(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name);
    name.split('-').any(|word| {
        let digits = word.bytes().rev().take_while(u8::is_ascii_digit).count();
        let letters = word.len() - digits;
        digits > 0 && (letters == 0 || letters >= 3)
    })
}
