//! A Dockerfile linter and layer-optimization advisor.

pub mod lint;
pub mod model;
pub mod shell;
pub mod source;
pub mod syntax;

#[path = "../rules/mod.rs"]
pub mod rules;
