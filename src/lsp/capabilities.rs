//! What the server says that it can do: no more than it does.

use gen_lsp_types::{
    CallHierarchyProvider, ChangeNotifications, CodeActionKind, CodeActionOptions,
    CodeActionProvider, CodeLensOptions, CompletionOptions, DefinitionProvider, DiagnosticOptions,
    DiagnosticProvider, DocumentHighlightProvider, DocumentLinkOptions, DocumentSymbolProvider,
    FoldingRangeProvider, Full, HoverProvider, InlayHintProvider, ReferencesProvider,
    RenameOptions, RenameProvider, Save, SaveOptions, SelectionRangeProvider,
    SemanticTokensFullDelta, SemanticTokensLegend, SemanticTokensOptions,
    SemanticTokensOptionsRange, SemanticTokensProvider, ServerCapabilities, SignatureHelpOptions,
    TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions, WorkspaceSymbolProvider,
};

use super::actions;
use super::client::Client;
use super::requests::semantic_tokens::{MODIFIERS, TYPES};

/// For that client.
pub(super) fn of(client: &Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSync::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(Save::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })),
        diagnostic_provider: client.pulls.then(|| diagnostics(client)),
        code_action_provider: Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QuickFix,
                CodeActionKind::Custom(actions::FIX_ALL.into()),
            ]),
            resolve_provider: Some(true),
            ..CodeActionOptions::default()
        })),
        hover_provider: Some(HoverProvider::Bool(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(
                [" ", "$", "{", "=", ",", "-", "/", "#"].map(str::to_owned).to_vec(),
            ),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        references_provider: Some(ReferencesProvider::Bool(true)),
        document_highlight_provider: Some(DocumentHighlightProvider::Bool(true)),
        rename_provider: Some(RenameProvider::RenameOptions(RenameOptions {
            prepare_provider: Some(true),
            ..RenameOptions::default()
        })),
        folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
        selection_range_provider: Some(SelectionRangeProvider::Bool(true)),
        document_link_provider: Some(DocumentLinkOptions::default()),
        code_lens_provider: Some(CodeLensOptions::default()),
        inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
        semantic_tokens_provider: Some(semantic_tokens()),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(WorkspaceSymbolProvider::Bool(true)),
        call_hierarchy_provider: Some(CallHierarchyProvider::Bool(true)),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some([" ", "=", ",", "["].map(str::to_owned).to_vec()),
            ..SignatureHelpOptions::default()
        }),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

fn diagnostics(client: &Client) -> DiagnosticProvider {
    DiagnosticProvider::DiagnosticOptions(DiagnosticOptions {
        identifier: Some("layerwise".to_owned()),
        // What a build context holds counts, and that is not a file with diagnostics.
        inter_file_dependencies: false,
        // Without watched files nobody knows when the answer is another, and clients ask again and again.
        workspace_diagnostics: client.watches,
        ..DiagnosticOptions::default()
    })
}

fn semantic_tokens() -> SemanticTokensProvider {
    SemanticTokensProvider::SemanticTokensOptions(SemanticTokensOptions {
        legend: SemanticTokensLegend {
            token_types: TYPES.iter().map(ToString::to_string).collect(),
            token_modifiers: MODIFIERS.iter().map(ToString::to_string).collect(),
        },
        range: Some(SemanticTokensOptionsRange::Bool(true)),
        full: Some(Full::SemanticTokensFullDelta(SemanticTokensFullDelta { delta: Some(true) })),
        work_done_progress_options: WorkDoneProgressOptions::default(),
    })
}
