//! What holds of any input at all, one function an area. The property tests and the fuzz targets of `fuzz/` ask the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "not every test needs all of it")]
#![allow(unused_imports, reason = "not every test needs all of it")]

#[path = "../common/archives.rs"]
mod archives;
mod check;
mod configuration;
mod fix;
pub(crate) mod grammar;
mod history;
mod ignore;
mod image;
#[cfg(feature = "cache")]
mod log;
mod lsp;
mod places;
mod project;
mod shell;

pub(crate) use check::check;
pub(crate) use configuration::configuration;
pub(crate) use fix::fix;
pub(crate) use history::history;
pub(crate) use ignore::ignore;
pub(crate) use image::image;
#[cfg(feature = "cache")]
pub(crate) use log::log;
pub(crate) use lsp::lsp;
pub(crate) use project::project;
pub(crate) use shell::shell;

use layerwise::source::Source;
use layerwise::syntax::{ast_json, parse};

/// The tree prints back to the bytes of the file, and all places in it are good.
pub(crate) fn parser(bytes: &[u8]) {
    let source = Source::from_bytes("Dockerfile", bytes.to_vec());
    let doc = parse(&source);
    assert_eq!(doc.print(), bytes);
    places::Places { text: &source.text }.document(&doc);
    serde_json::to_string(&ast_json(&doc)).unwrap();
}

/// A number that is the same for the same bytes, to choose by.
fn number(bytes: &[u8]) -> usize {
    let add = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325, add);
    usize::try_from(sum >> 33).unwrap()
}

/// A text in two parts, divided by a line of dashes.
fn halves(bytes: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(bytes);
    let (first, second) = text.split_once("\n----\n").unwrap_or((&text, ""));
    (first.to_owned(), second.to_owned())
}
