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
