//! What there is to say of a Dockerfile that was not checked, or not as a whole.

use std::path::{Path, PathBuf};

use super::{Note, Place};
use crate::context::Contexts;
use crate::model::Model;
use crate::shell::Bound;
use crate::source::Span;
use crate::syntax;

/// Why a file is not checked, where it is none that anybody asked for.
pub(super) fn note_of(doc: &syntax::Dockerfile<'_>, place: Place<'_>) -> Option<Note> {
    if let Some(mark) = syntax::template_mark(doc) {
        let (mark, line) = (mark.span, doc.source.line(mark.span.start));
        let text = doc.source.slice(mark);
        let message = format!("a template, not checked: `{text}` in line {line}");
        return Some(Note { span: mark, message });
    }
    // One that is named is meant to be a Dockerfile.
    place.searched?;
    let message = if doc.source.text.trim().is_empty() {
        "an empty file, not checked"
    } else if is_fragment(doc) {
        "part of another file, not checked: it has no `FROM`"
    } else {
        return None;
    };
    Some(Note { span: Span::at(0), message: message.to_owned() })
}

/// Says which shell texts were not read or checked, once all rules have run.
pub(super) fn remark_bounds(model: &Model<'_>, place: Place<'_>, contexts: &Contexts) {
    let source = model.doc.source;
    let path = place.path.map_or_else(|| PathBuf::from(&source.name), Path::to_owned);
    let remark = |at: u32, bound: Bound| {
        let (line, message) = (source.line(at), bound.message());
        contexts.remark(&path, format!("has shell text in line {line} that {message}"));
    };
    if let Some(first) = model.doc.instructions.get(model.unread_from) {
        remark(first.span.start, Bound::Texts);
    }
    let read = model.runs.iter().filter(|it| it.id() < model.unread_from);
    for run in read {
        run.script.bound().into_iter().for_each(|it| remark(run.instruction.span.start, it));
    }
}

/// Whether a file is one that another program adds to a Dockerfile: by its name it is one of several, and it has instructions
/// and no FROM.
fn is_fragment(doc: &syntax::Dockerfile<'_>) -> bool {
    let name = doc.source.name.rsplit(['/', '\\']).next().unwrap_or("");
    !matches!(name, "Dockerfile" | "Containerfile")
        && !doc.instructions.is_empty()
        && doc.instructions.iter().all(|it| it.keyword != syntax::Keyword::From)
        && doc.instructions.iter().any(|it| it.keyword != syntax::Keyword::Unknown)
}
