//! `workspace/symbol`: the stages of all Dockerfiles of the open folders.

use std::sync::{Arc, PoisonError};
use std::time::Instant;

use gen_lsp_types::{
    BaseSymbolInformation, Location, SymbolKind, Uri, WorkspaceSymbol, WorkspaceSymbolParams,
};

use crate::lsp::client::Client;
use crate::lsp::dispatch::Failure;
use crate::lsp::document::Document;
use crate::lsp::engine::{Engine, FRESH};
use crate::lsp::workspace::documents;
use crate::source::Source;
use crate::syntax::{Kind, parse};

/// More symbols nobody reads.
const MOST: usize = 1000;

pub(in crate::lsp) fn answer(
    engine: &Engine,
    client: &Client,
    open: &[Document],
    params: &WorkspaceSymbolParams,
) -> Result<Vec<WorkspaceSymbol>, Failure> {
    let query = params.query.to_lowercase();
    let all = all(engine, client, open)?;
    let fits = |it: &&WorkspaceSymbol| {
        has_letters(&it.base_symbol_information.name.to_lowercase(), &query)
    };
    Ok(all.iter().filter(fits).take(MOST).cloned().collect())
}

/// All stages, by file: after how many changes and when they were found.
pub(in crate::lsp) type Stages = (u64, Instant, Arc<[WorkspaceSymbol]>);

/// All stages. Clients ask after each letter of a query: meanwhile no file is read again.
fn all(
    engine: &Engine,
    client: &Client,
    open: &[Document],
) -> Result<Arc<[WorkspaceSymbol]>, Failure> {
    let changes = engine.changes();
    let holds = |it: &&Stages| it.0 == changes && (client.watches || it.1.elapsed() < FRESH);
    let known = engine.stages.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((.., known)) = known.as_ref().filter(holds) {
        return Ok(Arc::clone(known));
    }
    let mut documents: Vec<Document> =
        documents(engine, client, open)?.into_iter().map(|it| it.0).collect();
    documents.sort_by(|a, b| a.uri.cmp(&b.uri));
    let found: Arc<[WorkspaceSymbol]> =
        documents.iter().flat_map(|it| stages(engine, it)).collect();
    let kept = Some((changes, Instant::now(), Arc::clone(&found)));
    *engine.stages.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    Ok(found)
}

/// The stages of a file. One without a name is called by its base.
fn stages(engine: &Engine, document: &Document) -> Vec<WorkspaceSymbol> {
    let source = Source::new(document.uri.as_str(), document.text.as_str());
    let doc = parse(&source);
    let shown = document.path.as_deref().map(|it| engine.shown(it).display().to_string());
    let symbol = |it: &crate::syntax::Instruction<'_>| {
        let Kind::From(from) = &it.kind else { return None };
        let name = from.alias.as_ref().map_or(&from.image, |it| &it.name);
        let location =
            Location { uri: Uri(document.uri.clone()), range: document.range(name.span) };
        Some(WorkspaceSymbol {
            location: location.into(),
            data: None,
            base_symbol_information: BaseSymbolInformation {
                name: name.text.to_string(),
                kind: SymbolKind::Module,
                tags: None,
                container_name: shown.clone(),
            },
        })
    };
    doc.instructions.iter().filter_map(symbol).collect()
}

/// Whether the letters of a query are in a name, in their order: so do editors match.
fn has_letters(name: &str, query: &str) -> bool {
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|it| it == wanted))
}

#[cfg(test)]
mod tests {
    use super::has_letters;

    #[test]
    fn letters_come_in_their_order() {
        assert!(has_letters("builder", "") && has_letters("builder", "bdr"));
        assert!(!has_letters("builder", "rb") && !has_letters("", "b"));
    }
}
