//! LegacyKeyValueFormat: ENV or LABEL without `=`.

use crate::lint::prelude::*;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "LegacyKeyValueFormat",
        name: "legacy-key-value-format",
        category: Category::Syntax,
        profile: Profile::Strict,
        summary: "`ENV` or `LABEL` with a space instead of `=`",
        why: "Without `=`, the rest of the line is one value: `ENV A 1 B=2` sets only `A`. Builders support \
              this form for old files only and plan to remove it.",
        bad: &[
            "FROM debian:12\nENV A 1\n",
            "FROM debian:12\nLABEL team the tools team\n",
            "FROM debian:12\nENV A 1 B=2\n",
        ],
        good: &["FROM debian:12\nENV A=1\n", "FROM debian:12\nLABEL team=\"the tools team\" x=1\n"],
        references: &["https://docs.docker.com/reference/build-checks/legacy-key-value-format/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        let (Kind::Env(list) | Kind::Label(list)) = &instruction.kind else { continue };
        let Some(pair) = list.pairs.first().filter(|_| list.legacy) else { continue };
        let keyword = instruction.keyword.name();
        let finding = findings
            .report(
                pair.key.span.cover(pair.value.span),
                format!("`{keyword}` without `=` between key and value"),
            )
            .help(format!(
                "write `{keyword} {}=…`, with quotes if the value has spaces",
                pair.key.text
            ));
        if let Some(edit) = with_equals(cx, instruction, pair.key.span, pair.value.span) {
            finding.fix(Fix::safe("write it with `=`", vec![edit]).effect(Effect::Instructions));
        }
    }
}

/// `=` between key and value, and blanks in the value escaped; none where the value goes over several lines.
fn with_equals(
    cx: &Context<'_>,
    instruction: &Instruction<'_>,
    key: Span,
    value: Span,
) -> Option<Edit> {
    let source = cx.doc().source;
    let text = source.slice(value);
    let escape = cx.doc().escape;
    if text.is_empty()
        || text.contains('\n')
        || source.slice(instruction.span).trim_end().contains('\n')
    {
        return None;
    }
    let (mut done, mut quote, mut escaped) = (String::new(), None, false);
    for it in text.chars() {
        match it {
            _ if escaped => escaped = false,
            // In single quotes nothing is escaped.
            _ if it == escape && quote != Some('\'') => escaped = true,
            '"' | '\'' if quote == Some(it) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(it),
            ' ' | '\t' if quote.is_none() => done.push(escape),
            _ => {}
        }
        done.push(it);
    }
    let span = Span { start: key.end, end: value.end };
    (quote.is_none() && !escaped).then(|| Edit::replace(span, format!("={done}")))
}
