//! One instruction: its keyword, flags and arguments.

mod arg;
mod expose;
mod from;
mod healthcheck;
mod onbuild;
mod pairs;
mod remote;
mod run;
mod simple;
mod transfer;

use std::borrow::Cow;
use std::ops::Range;

use nom::bytes::complete::{take_till, take_while};
use nom::{IResult, Parser};

pub(super) use healthcheck::split as health_split;
pub(super) use pairs::legacy as legacy_pair;

use super::ast::{Flag, Form, Heredoc, Instruction, Keyword, Kind, Word};
use super::cx::Cx;
use super::flags::{self, RawFlag};
use super::json_form::{self, Json};
use super::message::{code, did_you_mean};
use super::split;
use super::text::Mapped;
use crate::source::Span;

/// An instruction whose arguments are not yet read.
#[derive(Debug)]
pub(super) struct Head<'s> {
    pub(super) keyword: Keyword,
    /// Where the keyword is in the joined line.
    pub(super) word: Range<usize>,
    pub(super) flags: Vec<RawFlag<'s>>,
    /// Where the arguments are in the joined line.
    pub(super) body: Range<usize>,
}

impl Head<'_> {
    /// Splits a range of the joined line.
    pub(super) fn split<'s>(
        file: &'s str,
        text: &Mapped<'s>,
        range: Range<usize>,
        escape: char,
    ) -> Head<'s> {
        let range = text.trim(range);
        let all = text.str(range.clone());
        let split: IResult<&str, (&str, &str)> =
            (take_till(split::is_blank), take_while(split::is_blank)).parse(all);
        let (rest, word) = split.map_or(("", all), |(rest, (word, _))| (rest, word));
        let keyword = Keyword::parse(word);
        let word = range.start..range.start + word.len();
        let (flags, body) = flags::take(file, text, range.end - rest.len()..range.end, escape);
        let mut body = text.trim(body);
        if body.is_empty() && flags.is_empty() {
            body = word.end..word.end;
        }
        Head { keyword, word, flags, body }
    }
}

/// Reads arguments: what every instruction needs for that.
pub(super) struct Arguments<'a, 's> {
    pub(super) file: &'s str,
    pub(super) text: &'a Mapped<'s>,
    pub(super) body: Range<usize>,
    pub(super) keyword: Keyword,
    pub(super) keyword_span: Span,
    pub(super) heredocs: &'a [Heredoc<'s>],
}

impl<'s> Arguments<'_, 's> {
    /// The arguments as one text.
    fn str(&self) -> &str {
        self.text.str(self.body.clone())
    }

    /// The words between blanks.
    fn words(&self) -> Vec<Range<usize>> {
        let start = self.body.start;
        split::blanks(self.str()).map(|word| start + word.start..start + word.end).collect()
    }

    /// Says that there are no arguments, if so.
    fn missing(&self, cx: &mut Cx, what: &str, example: &str) -> bool {
        if !self.body.is_empty() {
            return false;
        }
        let message = format!("`{}` lacks {what}", self.keyword.name());
        cx.refuse(self.keyword_span, message, format!("write `{example}`"));
        true
    }

    /// The JSON form or the shell form of a range.
    fn form(&self, cx: &mut Cx, range: Range<usize>) -> Option<Form<'s>> {
        match json_form::parse(self.file, self.text, range.clone()) {
            Json::Strings(strings) => {
                let words = strings.iter().map(|string| {
                    let word = cx.literal(&string.text, string.text.range());
                    Word { span: string.span, ..word }
                });
                Some(Form::Json(words.collect()))
            }
            Json::NotStrings(place) => {
                self.not_strings(cx, place);
                None
            }
            Json::No => Some(Form::Shell(self.text.slice(range))),
        }
    }

    fn not_strings(&self, cx: &mut Cx, place: Range<usize>) {
        cx.refuse(
            self.text.span(place),
            "a JSON array of arguments may hold only strings",
            "put the element in double quotes",
        );
    }

    /// The expanded words of a JSON array, or those between blanks, and whether it is an array.
    fn list(&self, cx: &mut Cx) -> Option<(Vec<Word<'s>>, bool)> {
        match json_form::parse(self.file, self.text, self.body.clone()) {
            Json::Strings(strings) => {
                let words = strings.iter().map(|string| {
                    let word = cx.word(&string.text, string.text.range());
                    Word { span: string.span, ..word }
                });
                Some((words.collect(), true))
            }
            Json::NotStrings(place) => {
                self.not_strings(cx, place);
                None
            }
            Json::No => {
                let words = self.words().into_iter().map(|range| cx.word(self.text, range));
                Some((words.collect(), false))
            }
        }
    }
}

/// Reads the arguments of an instruction, unless `is_read` says that no builder reads them. `end` is the offset after its
/// last byte.
pub(super) fn build<'s>(
    cx: &mut Cx,
    file: &'s str,
    text: &Mapped<'s>,
    head: Head<'s>,
    heredocs: Vec<Heredoc<'s>>,
    end: u32,
    is_read: bool,
) -> Instruction<'s> {
    let keyword_span = text.span(head.word.clone());
    let none = head.keyword == Keyword::Healthcheck
        && text.str(head.body.clone()).split_whitespace().next().is_some_and(healthcheck::is_none);
    let flags = flags::check(cx, head.keyword, none, &head.flags);
    let arguments = Arguments {
        file,
        text,
        body: head.body.clone(),
        keyword: head.keyword,
        keyword_span,
        heredocs: &heredocs,
    };
    let kind = is_read.then(|| kind(cx, &arguments, &head, &flags, end)).flatten();
    Instruction {
        id: 0,
        span: Span { start: keyword_span.start, end: end.max(keyword_span.end) },
        keyword: head.keyword,
        word: text.slice(head.word).value,
        keyword_span,
        flags,
        body: text.slice(head.body),
        kind: kind.unwrap_or(Kind::Invalid),
        heredocs,
        empty_lines: Vec::new(),
    }
}

fn kind<'s>(
    cx: &mut Cx,
    arguments: &Arguments<'_, 's>,
    head: &Head<'s>,
    flags: &[Flag<'s>],
    end: u32,
) -> Option<Kind<'s>> {
    match head.keyword {
        Keyword::Add | Keyword::Copy => transfer::parse(cx, arguments, flags),
        Keyword::Arg => arg::parse(cx, arguments),
        Keyword::Env | Keyword::Label => pairs::parse(cx, arguments),
        Keyword::Expose => expose::parse(cx, arguments),
        Keyword::From => from::parse(cx, arguments, flags),
        Keyword::Healthcheck => healthcheck::parse(cx, arguments, flags),
        Keyword::Onbuild => onbuild::parse(cx, arguments, end),
        Keyword::Run => run::parse(cx, arguments, &head.flags, flags),
        Keyword::Cmd | Keyword::Entrypoint | Keyword::Shell => run::command(cx, arguments),
        Keyword::Maintainer
        | Keyword::Stopsignal
        | Keyword::User
        | Keyword::Volume
        | Keyword::Workdir => simple::parse(cx, arguments),
        Keyword::Unknown => {
            unknown(cx, arguments.text.str(head.word.clone()), arguments.keyword_span)
        }
    }
}

fn unknown<'s>(cx: &mut Cx, word: &str, span: Span) -> Option<Kind<'s>> {
    let names = Keyword::ALL.into_iter().map(Keyword::name);
    let otherwise =
        "if it belongs to the instruction above, end that line with the escape character";
    let blank = word.char_indices().find(|(_, c)| c.is_whitespace());
    let help = match blank {
        Some((at, _)) if Keyword::parse(&word[..at]) != Keyword::Unknown => {
            "the space after the keyword is a special character; type a plain space".to_owned()
        }
        _ => did_you_mean(word, names, "", otherwise),
    };
    let message = match word {
        "" => "nothing follows a continuation".to_owned(),
        _ => format!("unknown instruction {}", code(word)),
    };
    cx.refuse(span, message, help);
    None
}

/// The value of a flag that has one, if it has no variables.
fn literal_flag<'a>(flags: &'a [Flag<'_>], name: &str) -> Option<(&'a Word<'a>, Cow<'a, str>)> {
    let value = flags.iter().find(|flag| flag.name == name)?.value.as_ref()?;
    Some((value, value.literal()?))
}
