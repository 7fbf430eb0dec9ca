//! Prints the syntax trees of files as JSON lines, until the command line does it.

#![allow(clippy::print_stdout, reason = "it is a program")]

use layerwise::source::Source;
use layerwise::syntax::{ast_json, parse};

fn main() {
    let files =
        std::env::args().skip(1).filter(|it| it != "ast" && it != "--format" && it != "json");
    for path in files {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let source = Source::from_bytes(path, bytes);
        let view = ast_json(&parse(&source));
        println!("{}", serde_json::to_string(&view).unwrap_or_default());
    }
}
