//! `workspace/symbol`: the stages of all Dockerfiles of the open folders.

use gen_lsp_types::{
    BaseSymbolInformation, Location, SymbolKind, Uri, WorkspaceSymbol, WorkspaceSymbolParams,
};

use crate::lsp::client::Client;
use crate::lsp::dispatch::Failure;
use crate::lsp::document::Document;
use crate::lsp::engine::Engine;
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
    let mut documents: Vec<Document> =
        documents(engine, client, open)?.into_iter().map(|it| it.0).collect();
    documents.sort_by(|a, b| a.uri.cmp(&b.uri));
    let found = documents.iter().flat_map(|it| stages(engine, it, &query));
    Ok(found.take(MOST).collect())
}

/// The stages of a file whose names have the letters of the query. One without a name is called by its base.
fn stages(engine: &Engine, document: &Document, query: &str) -> Vec<WorkspaceSymbol> {
    let source = Source::new(document.uri.as_str(), document.text.as_str());
    let doc = parse(&source);
    let shown = document.path.as_deref().map(|it| engine.shown(it).display().to_string());
    let symbol = |it: &crate::syntax::Instruction<'_>| {
        let Kind::From(from) = &it.kind else { return None };
        let name = from.alias.as_ref().map_or(&from.image, |it| &it.name);
        let location =
            Location { uri: Uri(document.uri.clone()), range: document.range(name.span) };
        has_letters(&name.text.to_lowercase(), query).then(|| WorkspaceSymbol {
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
