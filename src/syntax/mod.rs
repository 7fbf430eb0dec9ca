//! From bytes to a tree that keeps every byte's place.

mod ast;

pub use ast::*;

use crate::source::Source;

/// Parses a file. Never fails: what is broken is in [`Dockerfile::errors`].
pub fn parse(source: &Source) -> Dockerfile<'_> {
    Dockerfile {
        source,
        items: Vec::new(),
        directives: Vec::new(),
        comments: Vec::new(),
        instructions: Vec::new(),
        errors: Vec::new(),
        escape: '\\',
    }
}
