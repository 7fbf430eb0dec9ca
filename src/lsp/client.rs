//! What the client can do and wants, as it says in `initialize`.
//!
//! Only what is asked for is read, by its path: a client that says something odd elsewhere is served all the same.

use std::path::PathBuf;

use serde_json::Value;

use super::position::Encoding;
use super::uri;

/// A client.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    /// How it counts columns.
    pub(super) encoding: Encoding,
    /// Whether it asks for diagnostics; otherwise they are pushed.
    pub(super) pulls: bool,
    /// Whether the server can make it ask again.
    pub(super) refreshes: bool,
    /// Whether it watches files for us.
    pub(super) watches: bool,
    /// Whether it shows related places of a diagnostic.
    pub(super) relates: bool,
    /// Whether it asks for the edit of a code action only when that is chosen.
    pub(super) resolves_edits: bool,
    /// Whether edits may name the version that they are for.
    pub(super) takes_versions: bool,
    /// Whether symbols may hold others.
    pub(super) nests_symbols: bool,
    /// Whether what it inserts may have places to fill in.
    pub(super) snippets: bool,
    /// Whether parts of a signature may be given by their place in it.
    pub(super) takes_offsets: bool,
    /// The folders that are open.
    pub(super) roots: Vec<PathBuf>,
    /// Whether fixes that may change the image are always offered.
    pub(super) unsafe_fixes: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub(super) fn read(params: &Value) -> Self {
        let at = |path: &str| params.pointer(&format!("/capabilities{path}"));
        let is = |path: &str| at(path).and_then(Value::as_bool) == Some(true);
        let encodings = at("/general/positionEncodings").and_then(Value::as_array);
        let encodings = encodings.into_iter().flatten().filter_map(Value::as_str);
        let properties = at("/textDocument/codeAction/resolveSupport/properties");
        let mut properties = properties.and_then(Value::as_array).into_iter().flatten();
        let mut client = Self {
            encoding: Encoding::negotiate(encodings),
            pulls: at("/textDocument/diagnostic").is_some_and(Value::is_object),
            refreshes: is("/workspace/diagnostics/refreshSupport")
                || is("/workspace/diagnostic/refreshSupport"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            relates: is("/textDocument/publishDiagnostics/relatedInformation")
                || is("/textDocument/diagnostic/relatedInformation"),
            resolves_edits: properties.any(|it| it == "edit"),
            takes_versions: is("/workspace/workspaceEdit/documentChanges"),
            nests_symbols: is("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            takes_offsets: is(
                "/textDocument/signatureHelp/signatureInformation/parameterInformation/labelOffsetSupport",
            ),
            roots: roots(params),
            unsafe_fixes: false,
        };
        client.configure(params.get("initializationOptions").unwrap_or(&Value::Null));
        client
    }

    /// Takes over the settings of a person: `unsafeFixes`, plain or below `layerwise`.
    pub(super) fn configure(&mut self, settings: &Value) {
        let own = settings.get("layerwise").unwrap_or(settings);
        if let Some(wanted) = own.get("unsafeFixes").and_then(Value::as_bool) {
            self.unsafe_fixes = wanted;
        }
    }
}

/// The folders of the workspace; older clients name one, by its name or its path.
fn roots(params: &Value) -> Vec<PathBuf> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let folders = folders.into_iter().flatten().filter_map(|it| it.get("uri")?.as_str());
    let found: Vec<PathBuf> = folders.filter_map(uri::to_path).collect();
    if !found.is_empty() {
        return found;
    }
    let text = |key: &str| params.get(key).and_then(Value::as_str);
    let root = text("rootUri").and_then(uri::to_path);
    root.or_else(|| text("rootPath").map(PathBuf::from)).into_iter().collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn roots_are_read_as_clients_give_them() {
        let folders = json!({ "rootUri": "file:///c", "workspaceFolders": [
            { "uri": "file:///a%20b", "name": "a" }, { "uri": "untitled:x" }, 7] });
        assert_eq!(Client::read(&folders).roots, [PathBuf::from("/a b")]);
        let uri = json!({ "rootUri": "file:///c", "workspaceFolders": null });
        assert_eq!(Client::read(&uri).roots, [PathBuf::from("/c")]);
        assert_eq!(Client::read(&json!({ "rootPath": "/d" })).roots, [PathBuf::from("/d")]);
        assert!(Client::read(&json!(null)).roots.is_empty());
    }

    #[test]
    fn odd_capabilities_are_none() {
        let odd = json!({ "capabilities": { "textDocument": 3, "general": { "positionEncodings": {} } },
            "initializationOptions": { "layerwise": { "unsafeFixes": true } } });
        let client = Client::read(&odd);
        assert!(client.unsafe_fixes && !client.pulls && !client.watches);
        assert_eq!(client.encoding, Encoding::Utf16);
    }
}
