//! All Dockerfiles of the open folders.

use std::collections::HashSet;
use std::path::PathBuf;

use super::client::Client;
use super::dispatch::Failure;
use super::document::Document;
use super::engine::Engine;
use super::uri;
use crate::context::absolute;

/// Larger files are looked at when they are opened.
const MOST_BYTES: usize = 1 << 20;

/// The open documents, and the Dockerfiles of the open folders that are not open, each with its version.
pub(super) fn documents(
    engine: &Engine,
    client: &Client,
    open: &[Document],
) -> Result<Vec<(Document, Option<i32>)>, Failure> {
    let mut found: Vec<(Document, Option<i32>)> =
        open.iter().map(|it| (it.clone(), Some(it.version))).collect();
    let mut seen: HashSet<PathBuf> = open.iter().filter_map(|it| it.path.clone()).collect();
    for root in engine.roots() {
        for input in engine.project.files(&engine.shown_root(&root))? {
            let Some(path) = input.path().map(absolute) else { continue };
            if !seen.insert(path.clone()) {
                continue;
            }
            let source = input.read().ok().filter(|it| it.text.len() <= MOST_BYTES);
            if let Some(source) = source {
                let uri = uri::from_path(&path);
                found.push((Document::new(uri, source.text, 0, client.encoding), None));
            }
        }
    }
    Ok(found)
}
