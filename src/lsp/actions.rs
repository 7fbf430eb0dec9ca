//! What a code action does, and the edits that it comes to: with the same proof as `check --fix`.

use std::cell::Cell;

use gen_lsp_types::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use serde::{Deserialize, Serialize};
use similar::{DiffTag, TextDiff};

use super::client::Client;
use super::dispatch::Failure;
use super::document::Document;
use super::engine::{Engine, Job};
use crate::fix::{self, Fixed, Reach, TOO_LARGE};
use crate::lint::{Applicability, Finding};
use crate::source::{Source, Span};
use crate::syntax;

/// The kind of the action that fixes a whole file.
pub(super) const FIX_ALL: &str = "source.fixAll.layerwise";

/// An action that was offered; the client gives it back when a person chooses it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Offer {
    /// The document.
    pub(super) uri: String,
    /// The text that it was offered for.
    pub(super) revision: u64,
    /// Whether fixes count that may change the image.
    pub(super) unsafe_too: bool,
    /// What it does.
    pub(super) what: What,
}

/// What an action does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum What {
    /// Applies one fix.
    Fix { code: String, start: u32, end: u32 },
    /// Applies the fixes of one rule.
    Rule { code: String },
    /// Applies all fixes.
    All,
    /// Writes a comment that silences a code: in an instruction, in the stage of a FROM, or in the file.
    Ignore { code: String, instruction: Option<usize>, from: Option<usize> },
}

/// The edit of an action.
pub(super) fn edit(
    engine: &Engine,
    client: &Client,
    document: &Document,
    offer: &Offer,
) -> Result<WorkspaceEdit, Failure> {
    let Some(job) = engine.job(document)? else {
        return Err(Failure::refused("the configuration excludes this file"));
    };
    let after = match &offer.what {
        What::Ignore { code, instruction, from } => silence(&job, code, *instruction, *from)?,
        What::All => fixed(&job, offer, |_| true)?,
        What::Rule { code } => fixed(&job, offer, |it| it.meta.code == code)?,
        What::Fix { code, start, end } => {
            let span = Span { start: *start, end: *end };
            // The one that is meant, once: applied, it may uncover another of its kind.
            let is_done = Cell::new(false);
            let is_meant = |it: &Finding| {
                let is_it = it.meta.code == code && it.span == span && !is_done.get();
                is_done.set(is_done.get() || is_it);
                is_it
            };
            fixed(&job, offer, is_meant)?
        }
    };
    Ok(workspace_edit(client, document, difference(document, &after)))
}

/// The text after all fixes that are wanted and allowed.
fn fixed(job: &Job, offer: &Offer, wanted: impl Fn(&Finding) -> bool) -> Result<String, Failure> {
    let most = if offer.unsafe_too { Applicability::Unsafe } else { Applicability::Safe };
    let allowed = |it: &Finding| it.fix.as_ref().is_some_and(|fix| fix.applicability <= most);
    let Fixed { source, applied, rejected, is_too_large, .. } = fix::settle(
        job.source.clone(),
        |it| allowed(it) && wanted(it),
        |source| job.findings(source),
    );
    if is_too_large {
        return Err(Failure::refused(TOO_LARGE));
    }
    match (applied.is_empty(), rejected.first()) {
        (false, _) => Ok(source.text),
        (true, Some(it)) => Err(Failure::refused(format!(
            "the fix for {} was not applied because {}",
            it.code, it.reason
        ))),
        (true, None) => Err(Failure::refused("there is nothing to fix")),
    }
}

/// The text with a comment, if that silences what it is for.
fn silence(
    job: &Job,
    code: &str,
    instruction: Option<usize>,
    from: Option<usize>,
) -> Result<String, Failure> {
    let doc = syntax::parse(&job.source);
    let reach = match (instruction, from) {
        (Some(id), _) => Reach::Instruction(id),
        (None, Some(id)) => Reach::Stage(id),
        (None, None) => Reach::File,
    };
    let edit = fix::silence(&doc, reach, code);
    let after = fix::apply(&job.source.text, [edit].iter());
    let count = |source: &Source| {
        let findings = job.findings(source);
        findings.iter().filter(|it| it.meta.code == code).count()
    };
    if count(&Source::new(job.source.name.as_str(), after.as_str())) < count(&job.source) {
        return Ok(after);
    }
    Err(Failure::refused(format!("a comment here cannot suppress {code}")))
}

/// The changes that make one text of another, each as small as it can be.
fn difference(document: &Document, after: &str) -> Vec<TextEdit> {
    let before = document.text.as_str();
    let diff = TextDiff::from_lines(before, after);
    let (old, new) = (line_starts(&diff, before, true), line_starts(&diff, after, false));
    let changed = diff.ops().iter().filter(|it| it.tag() != DiffTag::Equal);
    let edits = changed.map(|op| {
        let (from, to) = (old[op.old_range().start], old[op.old_range().end]);
        let text = &after[new[op.new_range().start]..new[op.new_range().end]];
        let replaced = &before[from..to];
        let same = |a: &str, b: &str| -> usize {
            a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|it| it.0.len_utf8()).sum()
        };
        let head = same(replaced, text);
        let (replaced, text) = (&replaced[head..], &text[head..]);
        let tail: usize = replaced
            .chars()
            .rev()
            .zip(text.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|it| it.0.len_utf8())
            .sum();
        let span = Span::new(from + head, to - tail);
        TextEdit { range: document.range(span), new_text: text[..text.len() - tail].to_owned() }
    });
    edits.collect()
}

/// Where the lines of one side of a difference start, and the last one ends.
fn line_starts(diff: &TextDiff<'_, '_, '_, str>, text: &str, is_old: bool) -> Vec<usize> {
    let lines = if is_old { diff.old_slices() } else { diff.new_slices() };
    let mut starts = vec![0];
    for line in lines {
        starts.push(starts.last().copied().unwrap_or(0) + line.len());
    }
    debug_assert_eq!(starts.last(), Some(&text.len()));
    starts
}

/// Edits of one document, for this version of it where the client can distinguish versions.
pub(super) fn workspace_edit(
    client: &Client,
    document: &Document,
    edits: Vec<TextEdit>,
) -> WorkspaceEdit {
    let uri = Uri(document.uri.clone());
    if !client.takes_versions {
        return WorkspaceEdit { changes: Some([(uri, edits)].into()), ..WorkspaceEdit::default() };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: Some(document.version),
        text_document_identifier: TextDocumentIdentifier { uri },
    };
    let edits = edits.into_iter().map(Edit::TextEdit).collect();
    let change = DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits });
    WorkspaceEdit { document_changes: Some(vec![change]), ..WorkspaceEdit::default() }
}
