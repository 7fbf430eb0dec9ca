//! ONBUILD.

use super::{Arguments, Cx, Head, build};
use crate::syntax::ast::{Instruction, Keyword, Kind};

/// The instruction that is wrapped. It owns the heredocs; one wrapped in a wrapped one is not read.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>, end: u32) -> Option<Kind<'s>> {
    if arguments.missing(cx, "an instruction", "ONBUILD RUN command") {
        return None;
    }
    let (file, text) = (arguments.file, arguments.text);
    let head = Head::split(file, text, arguments.body.clone(), cx.escape);
    let span = text.span(head.word.clone());
    let heredocs = arguments.heredocs.to_vec();
    let inner = match head.keyword {
        Keyword::Onbuild => {
            cx.refuse(span, "`ONBUILD` may not stand in `ONBUILD`", "remove one of the two");
            unread(text.slice(head.body.clone()), &head, span, end)
        }
        Keyword::From | Keyword::Maintainer => {
            let message = format!("`{}` may not stand in `ONBUILD`", head.keyword.name());
            cx.refuse(span, message, "only instructions that build on the stage may stand there");
            build(cx, file, text, head, heredocs, end)
        }
        _ => build(cx, file, text, head, heredocs, end),
    };
    Some(Kind::Onbuild(Box::new(inner)))
}

fn unread<'s>(
    body: crate::syntax::ast::Text<'s>,
    head: &Head<'s>,
    keyword_span: crate::source::Span,
    end: u32,
) -> Instruction<'s> {
    Instruction {
        id: 0,
        span: crate::source::Span { start: keyword_span.start, end },
        keyword: head.keyword,
        keyword_span,
        flags: Vec::new(),
        body,
        kind: Kind::Invalid,
        heredocs: Vec::new(),
        empty_lines: Vec::new(),
    }
}
