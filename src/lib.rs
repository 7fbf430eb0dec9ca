//! A Dockerfile linter and layer-optimization advisor.

pub mod amount;
#[cfg(feature = "images")]
pub mod build;
#[cfg(feature = "cache")]
pub mod cache;
pub mod cli;
pub mod config;
pub mod context;
pub mod error;
pub mod escape;
pub mod fix;
#[cfg(feature = "images")]
pub mod image;
pub mod lint;
#[cfg(feature = "lsp")]
pub mod lsp;
#[cfg(feature = "images")]
pub mod measure;
pub mod model;
pub mod report;
pub mod secrets;
pub mod session;
pub mod shell;
pub mod source;
#[cfg(feature = "images")]
pub mod store;
pub mod syntax;

#[path = "../rules/mod.rs"]
pub mod rules;
