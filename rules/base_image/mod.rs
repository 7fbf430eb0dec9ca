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
use crate::lint::prelude::{Context, Edit, Span, Stage};

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

/// Takes `--platform` out with the blanks behind it; none where the image stands on another line.
fn without_platform(cx: &Context<'_>, stage: &Stage<'_>) -> Option<Edit> {
    let flag = cx.doc().instructions.get(stage.instructions.start)?.flag("platform")?.span;
    let image = stage.from.image.span;
    let span = Span { start: flag.start, end: image.start };
    let between = cx.doc().source.slice(Span { start: flag.end, end: image.start });
    (flag.end < image.start && between.chars().all(|it| matches!(it, ' ' | '\t')))
        .then(|| Edit::delete(span))
}
