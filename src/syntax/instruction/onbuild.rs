//! ONBUILD.

use super::{Arguments, Head, build};
use crate::source::Span;
use crate::syntax::ast::{Instruction, Keyword, Kind};
use crate::syntax::cx::Cx;
use crate::syntax::text::Mapped;

/// The instruction that is wrapped. It owns the heredocs; one wrapped in a wrapped one is not read.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>, end: u32) -> Option<Kind<'s>> {
    if arguments.missing(cx, "an instruction", "ONBUILD RUN command") {
        return None;
    }
    let (file, text) = (arguments.file, arguments.text);
    let head = Head::split(file, text, arguments.body.clone(), cx.escape);
    let span = text.span(head.word.clone());
    // A marker among the options of the ONBUILD itself is none of the wrapped instruction.
    let own = arguments.heredocs.iter().filter(|it| it.marker_span.start > span.start);
    let heredocs = own.cloned().collect();
    let inner = match head.keyword {
        Keyword::Onbuild => {
            cx.refuse(span, "`ONBUILD` cannot contain `ONBUILD`", "remove one of the two");
            unread(text, head, end)
        }
        Keyword::From | Keyword::Maintainer => {
            let message = format!("`ONBUILD` cannot contain `{}`", head.keyword.name());
            cx.refuse(span, message, "only instructions that change the stage are allowed");
            build(cx, file, text, head, heredocs, end, true)
        }
        _ => build(cx, file, text, head, heredocs, end, true),
    };
    Some(Kind::Onbuild(Box::new(inner)))
}

fn unread<'s>(text: &Mapped<'s>, head: Head<'s>, end: u32) -> Instruction<'s> {
    let keyword_span = text.span(head.word.clone());
    Instruction {
        id: 0,
        span: Span { start: keyword_span.start, end },
        keyword: head.keyword,
        word: text.slice(head.word).value,
        keyword_span,
        flags: Vec::new(),
        body: text.slice(head.body),
        kind: Kind::Invalid,
        heredocs: Vec::new(),
        empty_lines: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Keyword, Kind, parse};

    #[test]
    fn the_wrapped_instruction_has_its_own_places_and_heredocs() {
        let source = Source::new("", "FROM x\nONBUILD COPY --from=y <<E /z\nb\nE\n");
        let doc = parse(&source);
        assert_eq!(doc.errors, []);
        let Kind::Onbuild(inner) = &doc.instructions[1].kind else { panic!("no ONBUILD") };
        assert_eq!((inner.id, inner.keyword), (1, Keyword::Copy));
        assert_eq!(source.slice(inner.flags[0].span), "--from=y");
        assert_eq!(source.slice(inner.span), "COPY --from=y <<E /z\nb\nE");
        assert_eq!(inner.heredocs.len(), 1);
    }

    #[test]
    fn heredocs_of_the_options_are_not_wrapped() {
        let source = Source::new("", "FROM x\nONBUILD --a=<<E RUN b\nE\n");
        let doc = parse(&source);
        let Kind::Onbuild(inner) = &doc.instructions[1].kind else { panic!("no ONBUILD") };
        assert!(inner.heredocs.is_empty());
    }

    #[test]
    fn some_instructions_may_not_be_wrapped() {
        for (line, message) in [
            ("ONBUILD FROM y", "`ONBUILD` cannot contain `FROM`"),
            ("ONBUILD onbuild RUN a", "`ONBUILD` cannot contain `ONBUILD`"),
            ("ONBUILD", "`ONBUILD` lacks an instruction"),
            ("ONBUILD COPPY a b", "unknown instruction `COPPY`"),
            ("ONBUILD COPY a", "`COPY` lacks its destination"),
        ] {
            let source = Source::new("", format!("FROM x\n{line}\n"));
            let messages: Vec<_> =
                parse(&source).errors.into_iter().map(|error| error.message).collect();
            assert_eq!(messages, [message]);
        }
    }
}
