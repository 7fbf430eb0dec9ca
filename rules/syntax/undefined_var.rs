//! UndefinedVar: a variable that is never set.

use crate::lint::prelude::*;
use crate::model::Evidence;
use crate::syntax::Var;

pub(crate) const RULE: Rule = Rule {
    meta: Meta {
        code: "UndefinedVar",
        name: "undefined-var",
        category: Category::Syntax,
        summary: "variable that is never set",
        why: "The builder replaces an unset variable with nothing and continues: a file goes to the wrong \
              place, a path ends in `:`, a label stays empty. If the base image may set the variable, the \
              rule reports it only if the name is a misspelling or belongs to an ARG that the stage does not \
              declare.",
        bad: &[
            "FROM scratch\nCOPY app $DIR/\n",
            "ARG VERSION=1\nFROM team/base:1\nCOPY app-$VERSION /app\n",
            "FROM team/base:1\nCOPY app-$TARGETARCH /app\n",
            "FROM team/base:1\nARG APP_DIR=/app\nWORKDIR $APPDIR\n",
            "FROM team/base:1\nCOPY $PWD /app\n",
            "FROM team/base:1\nWORKDIR $APP\nARG APP=/app\n",
            "FROM debian:12\nENV LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH\n",
            "FROM team/base:1\nENV PATH=/opt/bin:$Path\n",
        ],
        good: &[
            "FROM team/base:1\nCOPY app $DIR/\n",
            "FROM scratch\nARG DIR\nCOPY app $DIR/\n",
            "ARG VERSION=1\nFROM team/base:1\nARG VERSION\nCOPY app-$VERSION /app\n",
            "FROM scratch AS base\nENV DIR=/app\nFROM base\nCOPY app $DIR/\n",
            "FROM scratch\nENV PATH=/bin:$PATH\nCMD [\"$X\"]\n",
            "FROM debian:12\nENV LIBS=/opt/lib${LIBS:+:$LIBS} MODE=${MODE:-fast}\n",
            "ARG NODE_VERSION=20\nFROM node:$NODE_VERSION\nLABEL node=$NODE_VERSION\n",
            "FROM debian:12\nRUN echo $HOME\n",
        ],
        references: &["https://docs.docker.com/reference/build-checks/undefined-var/"],
        ..Meta::BUILDKIT
    },
    check,
};

fn check(cx: &Context<'_>, findings: &mut Findings) {
    for instruction in cx.instructions() {
        for undefined in cx.model.undefined_variables(instruction) {
            let (name, span) = (&undefined.variable.name, undefined.variable.span);
            let message = format!("nothing sets `{}`", shorten(name, 50));
            let is_known = undefined.evidence != Evidence::Nothing;
            if let Some(key) = set_beside(instruction, undefined.variable).filter(|_| is_known) {
                // DL3044 reports it.
                findings
                    .report(span, format!("`{}` is not set before this `ENV`", shorten(name, 40)))
                    .label(key, "set for the instructions below")
                    .help("set it in a separate `ENV` above this one")
                    .only_in(Profile::Strict);
                continue;
            }
            match undefined.evidence {
                Evidence::Nothing => {}
                Evidence::Nowhere => {
                    let help = match added_to_itself(cx, instruction, undefined.variable) {
                        Some(text) => format!("remove `{text}`: it adds an empty entry"),
                        None => "set it with ARG or ENV before it is used".to_owned(),
                    };
                    findings.report(span, message).help(help);
                }
                Evidence::ShellOnly => {
                    findings
                        .report(span, message)
                        .help("only shells set it; write the value, or use ARG");
                }
                Evidence::GlobalArg => {
                    let help = format!(
                        "stages do not see an ARG before FROM: add `ARG {name}` to this one"
                    );
                    findings.report(span, message).help(help);
                }
                Evidence::Later(instruction) => {
                    let later = cx.doc().instructions[instruction].keyword_span;
                    findings
                        .report(span, message)
                        .label(later, "set only here")
                        .help("set it before it is used");
                }
                Evidence::Misspelt(near) => {
                    findings.report(span, message).help(format!("did you mean `{near}`?"));
                }
            }
        }
    }
}

/// Where another pair of the same ENV sets the variable.
fn set_beside(instruction: &Instruction<'_>, variable: &Var) -> Option<Span> {
    let Kind::Env(list) = &instruction.kind else { return None };
    let mut others = list.pairs.iter().filter(|it| !it.value.span.contains(variable.span));
    let key = others.find(|it| it.key.text.trim_matches(['"', '\'']) == variable.name)?;
    Some(key.key.span)
}

/// What `ENV X=/a:$X` adds to the list: `:$X`.
fn added_to_itself<'s>(
    cx: &Context<'s>,
    instruction: &Instruction<'_>,
    variable: &Var,
) -> Option<&'s str> {
    let Kind::Env(list) = &instruction.kind else { return None };
    let pair = list.pairs.iter().find(|it| it.value.span.contains(variable.span))?;
    if pair.key.text.trim_matches(['"', '\'']) != variable.name {
        return None;
    }
    let source = cx.doc().source;
    let Span { start, end } = variable.span;
    let before = Span { start: pair.value.span.start, end: start };
    let after = Span { start: end, end: pair.value.span.end };
    if source.slice(before).ends_with(':') {
        Some(source.slice(Span { start: start - 1, end }))
    } else if source.slice(after).starts_with(':') {
        Some(source.slice(Span { start, end: end + 1 }))
    } else {
        None
    }
}
