//! From bytes to a tree that keeps every byte's place.
//!
//! Lines are joined to instructions, instructions are split into flags and words, words into text and
//! variables. Each step gives what it read and adds to [`Dockerfile::errors`] what BuildKit would refuse.

mod ast;
mod buildkit_view;
mod check_options;
mod cx;
mod digest;
mod directives;
mod document;
mod false_heredoc;
mod flags;
mod heredoc;
mod instruction;
mod json_form;
mod keyword;
mod lines;
mod message;
mod mount;
mod split;
mod template;
mod text;
mod word;

pub use ast::*;
pub use buildkit_view::{AstError, AstHeredoc, AstInstruction, AstView, ast_json};
pub use check_options::CheckOptions;
pub use digest::{DigestFault, digest_fault};
pub use document::parse;
pub use heredoc::body_word;
pub use template::{Mark, is_placeholder, template_mark};
