//! RUN, CMD, ENTRYPOINT and SHELL.

use super::{Arguments, Cx, literal_flag};
use crate::syntax::ast::{Flag, Form, Keyword, Kind, Run};
use crate::syntax::flags::RawFlag;
use crate::syntax::message::{code, did_you_mean};
use crate::syntax::mount;

/// `RUN [--mount=…] command`.
pub(super) fn parse<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    raw: &[RawFlag<'s>],
    flags: &[Flag<'s>],
) -> Option<Kind<'s>> {
    choice(cx, flags, "network", &["default", "none", "host"]);
    choice(cx, flags, "security", &["sandbox", "insecure"]);
    let mut mounts = Vec::new();
    for (flag, raw) in flags.iter().zip(raw) {
        match (&*flag.name, &flag.value) {
            ("mount", Some(_)) => mounts.push(mount::parse(cx, arguments.file, raw)),
            ("device", Some(_)) => mount::device(cx, arguments.file, raw),
            _ => {}
        }
    }
    let form = arguments.form(cx, arguments.body.clone())?;
    Some(Kind::Run(Run { form, mounts }))
}

/// Checks a flag that takes one of a few words.
fn choice(cx: &mut Cx, flags: &[Flag<'_>], name: &str, choices: &[&str]) {
    let Some((value, text)) = literal_flag(flags, name) else { return };
    if choices.contains(&&*text) {
        return;
    }
    let list: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    let otherwise = format!("use {}", list.join(", "));
    let help = did_you_mean(&text, choices.iter().copied(), "", &otherwise);
    cx.refuse(value.span, format!("`--{name}` cannot be {}", code(&text)), help);
}

/// `CMD command`, `ENTRYPOINT command` and `SHELL ["command"]`.
pub(super) fn command<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>) -> Option<Kind<'s>> {
    let form = arguments.form(cx, arguments.body.clone())?;
    match arguments.keyword {
        Keyword::Cmd => Some(Kind::Cmd(form)),
        Keyword::Entrypoint => Some(Kind::Entrypoint(form)),
        _ => shell(cx, arguments, form),
    }
}

fn shell<'s>(cx: &mut Cx, arguments: &Arguments<'_, 's>, form: Form<'s>) -> Option<Kind<'s>> {
    let example = "SHELL [\"/bin/sh\", \"-c\"]";
    match form {
        _ if arguments.missing(cx, "its JSON array", example) => None,
        Form::Json(words) if !words.is_empty() => Some(Kind::Shell(words)),
        Form::Json(_) => {
            let place = arguments.text.span(arguments.body.clone());
            cx.refuse(place, "`SHELL` needs at least one string", format!("write `{example}`"));
            None
        }
        Form::Shell(text) => {
            let message = "`SHELL` must be a JSON array of strings";
            cx.refuse(text.span, message, format!("write it like `{example}`"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::syntax::{Form, Kind, parse};

    fn messages(line: &str) -> Vec<String> {
        let source = Source::new("", format!("FROM x\n{line}\n"));
        parse(&source).errors.into_iter().map(|error| error.message).collect()
    }

    #[test]
    fn the_shell_form_keeps_its_text() {
        let source = Source::new("", "FROM x\nRUN --network=none a \"$b\" \\\n  && c\n");
        let doc = parse(&source);
        let Kind::Run(run) = &doc.instructions[1].kind else { panic!("no RUN") };
        let Form::Shell(text) = &run.form else { panic!("no shell form") };
        assert_eq!(text.value, "a \"$b\"   && c");
        assert_eq!(source.slice(text.span), "a \"$b\" \\\n  && c");
    }

    #[test]
    fn modes_are_few() {
        assert_eq!(messages("RUN --network=nome a"), ["`--network` cannot be `nome`"]);
        assert_eq!(messages("RUN --security=x a"), ["`--security` cannot be `x`"]);
        assert_eq!(messages("RUN --device=a,required a"), [""; 0]);
        assert_eq!(messages("RUN --device=a,b a"), ["unknown device option `b`"]);
    }

    #[test]
    fn a_shell_is_an_array() {
        assert_eq!(messages("SHELL [\"a\"]"), [""; 0]);
        assert_eq!(messages("SHELL a"), ["`SHELL` must be a JSON array of strings"]);
        assert_eq!(messages("SHELL []"), ["`SHELL` needs at least one string"]);
        assert_eq!(messages("SHELL"), ["`SHELL` lacks its JSON array"]);
    }
}
