//! `textDocument/semanticTokens/full`: what the words of a Dockerfile are, the shell's commands included.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use gen_lsp_types::{SemanticToken, SemanticTokens, SemanticTokensParams};

use crate::lsp::dispatch::{Ask, Failure};
use crate::lsp::names::{Name, Names};
use crate::model::Model;
use crate::source::Span;
use crate::syntax::{Instruction, Kind};

/// The kinds of tokens, in the order of their numbers.
pub(in crate::lsp) const TYPES: &[&str] =
    &["comment", "keyword", "parameter", "variable", "namespace", "function", "macro", "property"];

/// The modifiers, in the order of their bits.
pub(in crate::lsp) const MODIFIERS: &[&str] = &["declaration"];

const COMMENT: u32 = 0;
const KEYWORD: u32 = 1;
const PARAMETER: u32 = 2;
const VARIABLE: u32 = 3;
const NAMESPACE: u32 = 4;
const FUNCTION: u32 = 5;
const MACRO: u32 = 6;
const PROPERTY: u32 = 7;

/// A place, what it is, and its modifiers.
pub(super) type Token = (Span, u32, u32);

pub(in crate::lsp) fn answer(
    ask: &Ask,
    _: &SemanticTokensParams,
) -> Result<SemanticTokens, Failure> {
    Ok(whole(ask))
}

/// The tokens that clients got last, by document, each with the number of the answer.
#[derive(Debug, Default)]
pub(in crate::lsp) struct Sent {
    list: Mutex<HashMap<String, (String, Vec<SemanticToken>)>>,
}

/// Tokens of more documents are not kept.
const MOST_KEPT: usize = 100;

impl Sent {
    /// Takes out those of an answer; none where another one was given since.
    pub(super) fn take(&self, uri: &str, result_id: &str) -> Option<Vec<SemanticToken>> {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        list.remove(uri).filter(|it| it.0 == result_id).map(|it| it.1)
    }

    fn put(&self, uri: &str, result_id: String, tokens: Vec<SemanticToken>) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if list.len() >= MOST_KEPT {
            list.clear();
        }
        list.insert(uri.to_owned(), (result_id, tokens));
    }

    /// Forgets a document.
    pub(in crate::lsp) fn forget(&self, uri: &str) {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).remove(uri);
    }
}

/// All tokens of a document, which are kept to tell later what has changed.
pub(super) fn whole(ask: &Ask) -> SemanticTokens {
    let data = ask.with_model(|model| encode(ask, tokens(model)));
    let result_id = ask.document.revision.to_string();
    ask.engine.tokens.put(&ask.document.uri, result_id.clone(), data.clone());
    SemanticTokens { result_id: Some(result_id), data }
}

/// What is in a file, in order and without overlaps.
pub(super) fn tokens(model: &Model<'_>) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for it in &model.doc.directives {
        let hash = Span { start: it.span.start, end: it.key_span.start };
        tokens.extend([(hash, COMMENT, 0), (it.key_span, MACRO, 0), (it.value_span, MACRO, 0)]);
    }
    tokens.extend(model.doc.comments.iter().map(|it| (it.span, COMMENT, 0)));
    for instruction in &model.doc.instructions {
        own(instruction, &mut tokens);
        if let Kind::Onbuild(inner) = &instruction.kind {
            own(inner, &mut tokens);
        }
    }
    for it in Names::find(model).list {
        let kind = match it.name {
            Name::Stage(_) => NAMESPACE,
            Name::Variable(..) => VARIABLE,
            // The whole marker is a token.
            Name::Heredoc(_) => continue,
        };
        tokens.push((it.span, kind, u32::from(it.defines)));
    }
    let commands = model.runs.iter().flat_map(|it| &it.script.commands);
    tokens.extend(commands.map(|it| (it.name_span, FUNCTION, 0)));
    apart(tokens)
}

fn own(instruction: &Instruction<'_>, tokens: &mut Vec<Token>) {
    tokens.push((instruction.keyword_span, KEYWORD, 0));
    for flag in &instruction.flags {
        let length = 2 + u32::try_from(flag.name.len()).unwrap_or(0);
        let end = flag.span.end.min(flag.span.start + length);
        tokens.push((Span { end, ..flag.span }, PARAMETER, 0));
    }
    if let Kind::Run(run) = &instruction.kind {
        for option in run.mounts.iter().flat_map(|it| &it.options) {
            let value = option.value.as_ref().map_or(option.span.end, |it| it.span.start);
            let end = if option.value.is_some() { value.saturating_sub(1) } else { value };
            let end = end.max(option.span.start);
            tokens.push((Span { end, ..option.span }, PROPERTY, 0));
        }
    }
    if let Kind::From(from) = &instruction.kind
        && let Some(alias) = &from.alias
    {
        tokens.push((alias.as_span, KEYWORD, 0));
    }
    for heredoc in &instruction.heredocs {
        tokens.extend([(heredoc.marker_span, MACRO, 0), (heredoc.terminator, MACRO, 0)]);
    }
}

/// In order and without overlaps: of two that overlap, the shorter one.
fn apart(mut tokens: Vec<Token>) -> Vec<Token> {
    tokens.retain(|it| !it.0.is_empty());
    tokens.sort_by_key(|it| (it.0.start, it.0.end));
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match kept.last_mut() {
            Some(last) if last.0.end > token.0.start => {
                if token.0.len() < last.0.len() {
                    *last = token;
                }
            }
            _ => kept.push(token),
        }
    }
    kept
}

/// Numbers relative to the token before, each in one line.
pub(super) fn encode(ask: &Ask, tokens: Vec<Token>) -> Vec<SemanticToken> {
    let mut encoded = Vec::with_capacity(tokens.len());
    let (mut line, mut column) = (0, 0);
    for (span, token_type, token_modifiers_bitset) in tokens {
        let range = ask.document.range(span);
        if range.start.line != range.end.line {
            continue;
        }
        if range.start.line != line {
            column = 0;
        }
        encoded.push(SemanticToken {
            delta_line: range.start.line - line,
            delta_start: range.start.character - column,
            length: range.end.character - range.start.character,
            token_type,
            token_modifiers_bitset,
        });
        (line, column) = (range.start.line, range.start.character);
    }
    encoded
}
