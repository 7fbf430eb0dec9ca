//! ARG.

use super::{Arguments, pairs};
use crate::syntax::ast::{ArgDeclaration, Kind};
use crate::syntax::cx::Cx;
use crate::syntax::split;

/// One or more `name` or `name=default`.
pub(super) fn parse<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    if arguments.missing(cx, "a name", "ARG name") {
        return None;
    }
    let text = arguments.text;
    let start = arguments.body.start;
    let words = split::quoted(arguments.str(), cx.escape);
    let mut declarations = Vec::with_capacity(words.len());
    for word in words {
        let (begin, end) = (start + word.start, start + word.end);
        let equals = text.str(begin..end).find('=').map(|at| begin + at);
        if equals == Some(begin) {
            cx.refuse(
                text.span(begin..end),
                "`ARG` has no name before the `=`",
                "write `ARG name=value`",
            );
            continue;
        }
        let name = cx.literal(text, begin..equals.unwrap_or(end));
        let before = cx.errors.len();
        let value = equals.map(|equals| cx.word(text, equals + 1..end));
        pairs::merge(cx, before, text, begin..end);
        declarations.push(ArgDeclaration { name, value });
    }
    (!declarations.is_empty()).then_some(Kind::Arg(declarations))
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Kind, parse};

    #[test]
    fn several_names_with_and_without_defaults() {
        let source = Source::new("", "ARG a b=\"c d\" e=\nFROM x\n");
        let doc = parse(&source);
        assert_eq!(doc.errors, []);
        let Kind::Arg(names) = &doc.instructions[0].kind else { panic!("no ARG") };
        let values: Vec<_> =
            names.iter().map(|it| (&*it.name.text, it.value.as_ref().map(|v| &*v.text))).collect();
        assert_eq!(values, [("a", None), ("b", Some("\"c d\"")), ("e", Some(""))]);
    }

    #[test]
    fn a_name_may_not_be_blank() {
        let source = Source::new("", "ARG =b\nFROM x\n");
        let doc = parse(&source);
        assert_eq!(source.slice(doc.errors[0].span), "=b");
    }
}
