//! All rules, by what they are about. A new rule is its own file and two lines in its folder's `mod.rs`.

mod base_image;
mod cache;
mod context;
mod layers;
mod measured;
mod metadata;
mod packages;
mod security;
mod shell;
mod stages;
mod syntax;

use crate::lint::{Family, Meta, Rule};
pub use shell::shellcheck_metas;

/// Every rule, in the order in which they run.
pub fn all() -> impl Iterator<Item = &'static Rule> + Clone {
    [
        syntax::RULES,
        layers::RULES,
        cache::RULES,
        stages::RULES,
        context::RULES,
        base_image::RULES,
        packages::RULES,
        shell::RULES,
        security::RULES,
        metadata::RULES,
        measured::RULES,
    ]
    .into_iter()
    .flatten()
}

/// All that can be reported, selected and explained: every rule, with the codes of ShellCheck one by one.
pub fn catalogue() -> impl Iterator<Item = &'static Meta> {
    let ours = all().map(|rule| &rule.meta).filter(|meta| meta.family != Family::Shellcheck);
    ours.chain(shellcheck_metas())
}
