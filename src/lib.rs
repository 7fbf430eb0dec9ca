//! A Dockerfile linter and layer-optimization advisor.

pub mod shell;
pub mod source;
pub mod syntax;
