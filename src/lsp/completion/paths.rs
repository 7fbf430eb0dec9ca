//! Files of the build context, without what .dockerignore leaves out.

use gen_lsp_types::CompletionItemKind as Is;

use super::{MOST, Proposal};
use crate::context::{EntryKind, Found};
use crate::lsp::dispatch::Ask;
use crate::model::Model;

/// The proposals for a path up to the cursor, and how much of it they take the place of: its last part.
pub(super) fn proposals(
    ask: &Ask,
    model: &Model<'_>,
    typed: &str,
) -> Option<(usize, Vec<Proposal>)> {
    let (folder, name) = typed.rsplit_once('/').unwrap_or(("", typed));
    let folder = folder.trim_start_matches("./").trim_matches('/');
    if folder.split('/').any(|it| it == "..") || typed.contains(['$', '*', '"', '\'']) {
        return None;
    }
    let context = ask.engine.job(&ask.document).ok().flatten()?.context(model)?;
    let mut list = Vec::new();
    for entry in context.tree.names(folder, 8 * MOST) {
        // What is hidden is proposed to who asks for it.
        if entry.starts_with('.') && !name.starts_with('.') {
            continue;
        }
        let path = if folder.is_empty() { entry.clone() } else { format!("{folder}/{entry}") };
        let Found::Entry(found) = context.tree.find(&path) else { continue };
        if found.ignored || entry.contains(char::is_whitespace) {
            continue;
        }
        list.push(match found.kind {
            EntryKind::Folder => Proposal::new(format!("{entry}/"), Is::Folder),
            _ => Proposal::new(entry, Is::File),
        });
    }
    Some((name.len(), list))
}
