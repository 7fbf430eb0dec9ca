//! What can be written at a place.

mod comments;
mod flags;
mod paths;
mod place;
mod values;

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, Documentation, InsertTextFormat,
    MarkupContent, MarkupKind, TextEdit,
};

use super::dispatch::Ask;
use super::reference;
use crate::model::Model;
use crate::source::Span;
use crate::syntax::Keyword;
use place::Place;
pub(super) use place::{Argument, argument_at};

/// More proposals nobody reads.
pub(super) const MOST: usize = 500;

/// One proposal.
pub(super) struct Proposal {
    label: String,
    kind: CompletionItemKind,
    /// A word or two next to it.
    detail: Option<String>,
    /// What it is, as Markdown.
    text: Option<String>,
    /// What is inserted in place of the label.
    insert: Option<String>,
    /// Whether that has places to fill in.
    is_snippet: bool,
}

impl Proposal {
    fn new(label: impl Into<String>, kind: CompletionItemKind) -> Self {
        let label = label.into();
        Self { label, kind, detail: None, text: None, insert: None, is_snippet: false }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    fn insert(mut self, text: impl Into<String>) -> Self {
        self.insert = Some(text.into());
        self
    }
}

/// The proposals at a place, each with the text that it takes the place of.
pub(super) fn at(ask: &Ask, model: &Model<'_>, offset: u32) -> Vec<CompletionItem> {
    let Some((replaced, list)) = find(ask, model, offset) else { return Vec::new() };
    let range = ask.document.range(replaced);
    let items = list.into_iter().take(MOST).enumerate().map(|(index, it)| {
        let snippet = it.is_snippet && ask.client.snippets;
        let new_text = match it.insert {
            Some(insert) if snippet || !it.is_snippet => insert,
            _ => it.label.clone(),
        };
        CompletionItem {
            kind: Some(it.kind),
            detail: it.detail,
            documentation: it.text.map(|value| {
                Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })
            }),
            // The order is ours: what is near comes first.
            sort_text: Some(format!("{index:04}")),
            filter_text: Some(it.label.clone()),
            insert_text_format: snippet.then_some(InsertTextFormat::Snippet),
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit { range, new_text })),
            label: it.label,
            ..CompletionItem::default()
        }
    });
    items.collect()
}

fn find(ask: &Ask, model: &Model<'_>, offset: u32) -> Option<(Span, Vec<Proposal>)> {
    let end = offset;
    let from = |length: usize| Span::new((end as usize).saturating_sub(length), end as usize);
    match place::at(model.doc, offset)? {
        Place::Comment(text, is_first) => {
            let (length, list) = comments::proposals(&text, is_first)?;
            Some((from(length), list))
        }
        Place::Keyword(typed, is_wrapped) => {
            Some((from(typed.len()), keywords(model, &typed, is_wrapped)))
        }
        Place::Variable(typed, instruction) => {
            Some((from(typed.len()), values::variables(model, instruction)))
        }
        Place::Argument(it) => {
            let (length, list) = if it.word.starts_with('-') && !it.has_operands {
                flags::proposals(ask, model, &it)?
            } else {
                values::arguments(ask, model, &it)?
            };
            Some((from(length), list))
        }
    }
}

/// The instructions, in the case that the file has.
fn keywords(model: &Model<'_>, typed: &str, is_wrapped: bool) -> Vec<Proposal> {
    let lower = |text: &str| text.chars().any(char::is_lowercase);
    let first = model.doc.instructions.iter().find(|it| it.keyword != Keyword::Unknown);
    let is_lower =
        if typed.is_empty() { first.is_some_and(|it| lower(&it.word)) } else { lower(typed) };
    let refused = [Keyword::Maintainer, Keyword::From, Keyword::Onbuild];
    let known = Keyword::ALL.into_iter().filter(|it| match is_wrapped {
        true => !refused.contains(it),
        false => *it != Keyword::Maintainer,
    });
    let proposal = |keyword: Keyword| {
        let it = reference::instruction(keyword)?;
        let cased = |text: &str| match text.split_once(' ') {
            Some((word, rest)) if is_lower => format!("{} {rest}", word.to_lowercase()),
            _ => text.to_owned(),
        };
        let name = keyword.name();
        let label = if is_lower { name.to_lowercase() } else { name.to_owned() };
        let forms = it.forms.join("\n");
        let text = format!("```dockerfile\n{forms}\n```\n{}", it.text);
        let made = Proposal::new(label, CompletionItemKind::Keyword).text(text);
        Some(Proposal { is_snippet: true, ..made.insert(cased(it.snippet)) })
    };
    known.filter_map(proposal).collect()
}
