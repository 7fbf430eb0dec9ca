//! Suppression comments, word by word.

use std::collections::HashMap;

use crate::lint::date::Date;
use crate::lint::rule::{Family, Meta, Profile};
use crate::lint::select::Selector;
use crate::source::{Span, work};
use crate::syntax::CheckOptions;

/// Whose comment it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    Layerwise,
    Hadolint,
    Buildkit,
}

/// What a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Instruction,
    Stage { with_from: bool },
    File,
}

/// A comment that suppresses something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pragma {
    pub(super) tool: Tool,
    pub(super) scope: Scope,
    pub(super) entries: Vec<Entry>,
    /// Whether it says why.
    pub(super) has_reason: bool,
    /// The last day on which it works, and where that is written.
    pub(super) expires: Option<(Date, Span)>,
    /// The comment.
    pub(super) span: Span,
}

/// One word of its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) what: What,
    /// The word as it is written.
    pub(super) text: String,
    pub(super) span: Span,
}

/// What a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Rules(Selector),
    /// A check of BuildKit, in its own spelling; `all` is all of them.
    Check,
}

/// Checks of BuildKit that a comment at an instruction does not reach: they are judged by the options of the file.
const GLOBAL_CHECKS: &[&str] = &[
    "ConsistentInstructionCasing",
    "DuplicateStageName",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "NoEmptyContinuation",
    "ReservedStageName",
];

/// BuildKit's experimental checks, which `skip=all` does not reach.
pub(super) const EXPERIMENTAL: &[&str] = &["InvalidDefinitionDescription"];

impl Entry {
    /// Whether it stands for a rule.
    pub(super) fn names(&self, meta: &Meta, scope: Scope) -> bool {
        work::count(1);
        match &self.what {
            What::Rules(selector) => selector.matches(meta, Profile::Audit),
            What::Check if meta.family != Family::Buildkit => false,
            What::Check if scope == Scope::Instruction && GLOBAL_CHECKS.contains(&meta.code) => {
                false
            }
            What::Check => match self.text.as_str() {
                "all" => !EXPERIMENTAL.contains(&meta.code),
                name => name == meta.code,
            },
        }
    }
}

/// A comment that begins like a suppression of ours and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misspelt {
    /// This word is none that suppresses.
    Verb(Span),
    /// No rule is named.
    NoCode(Span),
    /// What follows `expires=` is not a day.
    Date(Span),
}

/// Reads a comment of ours or of hadolint's.
pub(super) fn read(comment: &str, span: Span) -> Result<Option<Pragma>, Misspelt> {
    let text = comment.trim_start_matches('#').trim_start();
    let (tool, scope, list) = match text.strip_prefix("hadolint") {
        Some(rest) => match of_hadolint(rest) {
            Some((scope, list)) => (Tool::Hadolint, scope, list),
            None => return Ok(None),
        },
        None => match of_ours(text) {
            Ours::Is(scope, list) => (Tool::Layerwise, scope, list),
            Ours::NoVerb(word) => return Err(Misspelt::Verb(place(comment, span, word))),
            Ours::NoCode => return Err(Misspelt::NoCode(span)),
            Ours::Other => return Ok(None),
        },
    };
    let (words, reason) = split(list);
    let entries = words.into_iter().map(|word| Entry {
        what: What::Rules(match tool {
            // hadolint has whole codes only.
            Tool::Hadolint => Selector::Code(word.to_owned()),
            _ => match word.parse() {
                Ok(selector) => selector,
            },
        }),
        text: word.to_owned(),
        span: place(comment, span, word),
    });
    let (expires, reason) = match tool {
        Tool::Layerwise => expiry(reason).map_err(|it| Misspelt::Date(place(comment, span, it)))?,
        _ => (None, reason),
    };
    let expires = expires.map(|(date, word)| (date, place(comment, span, word)));
    let has_reason = reason.contains(char::is_alphanumeric);
    Ok(Some(Pragma { tool, scope, entries: entries.collect(), has_reason, expires, span }))
}

/// A last day, and the word that names it.
type Expiry<'c> = Option<(Date, &'c str)>;

/// The day in front of a reason, if it begins with `expires=`, its word, and the reason behind it. An error is the word
/// after `expires=` that is not a day.
fn expiry(reason: &str) -> Result<(Expiry<'_>, &str), &str> {
    let (word, rest) = reason.split_once(char::is_whitespace).unwrap_or((reason, ""));
    let Some(day) = word.strip_prefix("expires=") else { return Ok((None, reason)) };
    let date = Date::parse(day.trim_end_matches([',', ':', ';', '.'])).ok_or(word)?;
    Ok((Some((date, word)), rest))
}

/// What is behind `hadolint`, read as hadolint does.
fn of_hadolint(rest: &str) -> Option<(Scope, &str)> {
    let (verb, list) = rest.strip_prefix([' ', '\t'])?.split_once('=')?;
    let words: Vec<&str> = verb.split_whitespace().collect();
    let scope = match words.as_slice() {
        ["ignore"] => Scope::Instruction,
        ["global", "ignore"] => Scope::File,
        ["stage", "ignore"] => Scope::Stage { with_from: false },
        _ => return None,
    };
    Some((scope, list))
}

/// What a comment is that may be ours.
enum Ours<'c> {
    /// A suppression, and its list.
    Is(Scope, &'c str),
    /// Meant for us, but this word suppresses nothing.
    NoVerb(&'c str),
    /// A suppression that names no rule.
    NoCode,
    /// Something else.
    Other,
}

/// Reads a comment of ours. What can only be meant is taken as it is meant: `# layerwise: ignore DL3006`,
/// `# layerwise-ignore DL3006`.
fn of_ours(text: &str) -> Ours<'_> {
    let name = "layerwise";
    let Some(rest) = text.get(..name.len()).filter(|it| it.eq_ignore_ascii_case(name)) else {
        return Ours::Other;
    };
    let rest = &text[rest.len()..];
    let Some(joint) = rest.chars().next().filter(|it| matches!(it, ' ' | '\t' | ':' | '-')) else {
        return Ours::Other;
    };
    let rest = rest.trim_start_matches([' ', '\t', ':', '-']);
    if let Some((verb, list)) = rest.split_once(['=', ':']) {
        let words: Vec<&str> = verb.split_whitespace().collect();
        match (scope_of(&words), words.as_slice()) {
            (Some(_), _) if split(list).0.is_empty() => return Ours::NoCode,
            (Some(scope), _) => return Ours::Is(scope, list),
            // One word and `=`: it was meant for us.
            (None, [word]) if joint != '-' && rest[verb.len()..].starts_with('=') => {
                return Ours::NoVerb(word);
            }
            _ => {}
        }
    }
    // Without a sign between them, only a code distinguishes a suppression from a sentence.
    let (first, list) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let list = list.trim_start();
    let (second, others) = list.split_once(char::is_whitespace).unwrap_or((list, ""));
    let found = match (scope_of(&[first]), scope_of(&[first, second])) {
        (Some(scope), _) => Some((scope, list)),
        (None, Some(scope)) => Some((scope, others)),
        (None, None) => None,
    };
    match found {
        None => Ours::Other,
        Some((scope, list)) if split(list).0.first().is_some_and(|it| is_code(it)) => {
            Ours::Is(scope, list)
        }
        Some(_) => Ours::NoCode,
    }
}

/// What the words before a list mean, in our order and in hadolint's.
fn scope_of(words: &[&str]) -> Option<Scope> {
    match words {
        ["ignore"] => Some(Scope::Instruction),
        ["stage-ignore"] | ["stage", "ignore"] => Some(Scope::Stage { with_from: true }),
        ["file-ignore"] | ["file" | "global", "ignore"] => Some(Scope::File),
        _ => None,
    }
}

/// Whether a word is letters and digits as in a code, or the name of one of BuildKit's checks.
fn is_code(word: &str) -> bool {
    let digits = word.trim_start_matches(|it: char| it.is_ascii_uppercase());
    let letters = word.len() - digits.len();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let is_name = word.bytes().all(|it| it.is_ascii_alphanumeric())
        && word.starts_with(|it: char| it.is_ascii_uppercase())
        && (2..word.len()).contains(&capitals);
    letters == 2 && is_number(digits) || is_name
}

/// Reads a `# check=…` comment above an instruction.
pub(super) fn read_check(comment: &str, span: Span) -> Option<(Pragma, CheckOptions)> {
    let options = check_options(comment)?;
    let parsed = CheckOptions::parse(options).unwrap_or_default();
    let entries = entries(comment, span, &parsed);
    let reason = options.split_once(char::is_whitespace).map_or("", |(_, reason)| reason);
    let has_reason = reason.contains(char::is_alphanumeric);
    let scope = Scope::Instruction;
    let pragma = Pragma { tool: Tool::Buildkit, scope, entries, has_reason, expires: None, span };
    Some((pragma, parsed))
}

/// What `skip=` of a directive names; `text` is where its value is.
pub(super) fn of_file(text: &str, span: Span, options: &CheckOptions) -> Pragma {
    let entries = entries(text, span, options);
    let reason = text.trim().split_once(char::is_whitespace).map_or("", |(_, reason)| reason);
    let has_reason = reason.contains(char::is_alphanumeric);
    Pragma { tool: Tool::Buildkit, scope: Scope::File, entries, has_reason, expires: None, span }
}

fn entries(text: &str, span: Span, options: &CheckOptions) -> Vec<Entry> {
    // The names are somewhere in the text, unless the caller of the build gave them.
    let mut places: HashMap<&str, usize> = HashMap::from([("", 0)]);
    for word in text.split([',', ';', '=']).flat_map(str::split_whitespace) {
        places.entry(word).or_insert(word.as_ptr() as usize - text.as_ptr() as usize);
    }
    let entries = options.skip.iter().map(|name| Entry {
        what: What::Check,
        text: name.clone(),
        span: places.get(name.as_str()).map_or(span, |at| {
            let start = span.start as usize + at;
            Span::new(start, start + name.len())
        }),
    });
    entries.collect()
}

/// The options of a `# check=…` comment.
fn check_options(comment: &str) -> Option<&str> {
    let (key, options) = comment.trim_start_matches('#').trim_start().split_once('=')?;
    key.trim_end().eq_ignore_ascii_case("check").then_some(options.trim_start())
}

/// The words of a list with commas, and the reason behind it; blanks may be around a comma.
fn split(list: &str) -> (Vec<&str>, &str) {
    let mut words = Vec::new();
    let mut rest = list.trim_start();
    loop {
        let end = rest.find(|it: char| it == ',' || it.is_whitespace()).unwrap_or(rest.len());
        if end > 0 {
            words.push(rest[..end].trim_end_matches(':'));
        }
        match rest[end..].trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return (words, rest[end..].trim_start()),
        }
    }
}

/// Where a part of a comment's text is in the file.
fn place(comment: &str, span: Span, part: &str) -> Span {
    let start = span.start as usize + (part.as_ptr() as usize - comment.as_ptr() as usize);
    Span::new(start, start + part.len())
}

/// Whether a comment makes hadolint ignore rules in the instruction below, in a way that hadolint understands: whole
/// codes, and nothing behind them but a comment.
pub(in crate::lint) fn is_hadolint_ignore(comment: &str) -> bool {
    let is_code = |word: &str| {
        word.len() > 2
            && matches!(word.get(..2), Some("DL" | "SC"))
            && word.bytes().skip(2).all(|it| it.is_ascii_digit())
    };
    let list = comment.split_once('=').map_or("", |(_, list)| list);
    let list = list.split('#').next().unwrap_or_default();
    let pragma = read(comment, Span::default()).ok().flatten();
    pragma.is_some_and(|it| it.tool == Tool::Hadolint && it.scope == Scope::Instruction)
        && list.split(',').all(|word| is_code(word.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a comment: the reach, the codes, and whether there is a reason.
    fn shown(comment: &str) -> String {
        match read(comment, Span::new(0, comment.len())) {
            Ok(None) => "nothing".to_owned(),
            Err(Misspelt::Verb(span)) => {
                format!("no verb {}", &comment[span.start as usize..span.end as usize])
            }
            Err(Misspelt::NoCode(_)) => "no code".to_owned(),
            Err(Misspelt::Date(span)) => {
                format!("no day {}", &comment[span.start as usize..span.end as usize])
            }
            Ok(Some(pragma)) => {
                let codes: Vec<_> = pragma.entries.iter().map(|it| it.text.as_str()).collect();
                let scope = match pragma.scope {
                    Scope::Instruction => "ignore",
                    Scope::Stage { .. } => "stage",
                    Scope::File => "file",
                };
                let until = pragma.expires.map(|(date, _)| format!(" until {date}"));
                format!(
                    "{scope} {}{}{}",
                    codes.join(","),
                    until.unwrap_or_default(),
                    if pragma.has_reason { " why" } else { "" }
                )
            }
        }
    }

    #[test]
    fn what_can_only_be_meant_is_taken() {
        for (comment, expected) in [
            ("# layerwise ignore=DL3006", "ignore DL3006"),
            ("# layerwise ignore = DL3006 , SC2086 why", "ignore DL3006,SC2086 why"),
            ("# layerwise ignore DL3006", "ignore DL3006"),
            ("# layerwise ignore DL3006, DL3007 since A=b", "ignore DL3006,DL3007 why"),
            ("# layerwise: ignore=DL3006", "ignore DL3006"),
            ("#layerwise:ignore=DL3006", "ignore DL3006"),
            ("# layerwise: ignore DL3006", "ignore DL3006"),
            ("# layerwise ignore DL3006: why", "ignore DL3006 why"),
            ("# layerwise ignore: DL3006", "ignore DL3006"),
            ("# layerwise-ignore DL3006", "ignore DL3006"),
            ("# layerwise-ignore: DL3006 why", "ignore DL3006 why"),
            ("# layerwise-ignore=latest-tag", "ignore latest-tag"),
            ("# Layerwise ignore=DL3006", "ignore DL3006"),
            ("# layerwise file ignore=DL3006", "file DL3006"),
            ("# layerwise\tignore=DL3006", "ignore DL3006"),
            ("# layerwise stage ignore LW101 why", "stage LW101 why"),
            ("# layerwise global ignore DL3006", "file DL3006"),
            ("# layerwise-file-ignore LW1", "file LW1"),
            ("# layerwise stage-ignore StageNameCasing", "stage StageNameCasing"),
            ("# layerwise ignore=DL3006 expires=2027-01-31", "ignore DL3006 until 2027-01-31"),
            (
                "# layerwise ignore DL3006, LW1 expires=2027-01-31: why",
                "ignore DL3006,LW1 until 2027-01-31 why",
            ),
            (
                "# layerwise file-ignore=DL3006 expires=2028-02-29 why",
                "file DL3006 until 2028-02-29 why",
            ),
            ("# layerwise ignore=DL3006 why expires=2027-01-31", "ignore DL3006 why"),
            ("# hadolint ignore=DL3006 expires=2027-01-31", "ignore DL3006 why"),
        ] {
            assert_eq!(shown(comment), expected, "{comment}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_known_as_such() {
        for (comment, expected) in [
            ("# layerwise ignore", "no code"),
            ("# layerwise ignore=", "no code"),
            ("# layerwise: ignore", "no code"),
            ("# layerwise-ignore", "no code"),
            ("# layerwise ignore the next line", "no code"),
            ("# layerwise ignore DL of hadolint", "no code"),
            ("# layerwise ignore A1 and B2", "no code"),
            ("# layerwise ignore ABCD here", "no code"),
            ("# layerwise ignore Stage-Names", "no code"),
            ("# layerwise file-ignore", "no code"),
            ("# layerwise ingore=DL3006", "no verb ingore"),
            ("# layerwise: disable=DL3006", "no verb disable"),
            ("# layerwise ignore=DL3006 expires=2027-02-29 why", "no day expires=2027-02-29"),
            ("# layerwise ignore=DL3006 expires=", "no day expires="),
            ("# layerwise ignore DL3006 expires=soon", "no day expires=soon"),
        ] {
            assert_eq!(shown(comment), expected, "{comment}");
        }
    }

    #[test]
    fn hadolint_reads_whole_codes_alone() {
        for (comment, expected) in [
            ("# hadolint ignore=DL3006", true),
            ("# hadolint ignore=DL3006, SC2086", true),
            ("# hadolint ignore=DL3006 # why", true),
            ("# hadolint ignore=DL3006 why", false),
            ("# hadolint ignore=DL", false),
            ("# hadolint ignore=LW101", false),
            ("# hadolint ignore=DL30x6", false),
            ("# hadolint ignore=DL3006,", false),
            ("# hadolint global ignore=DL3006", false),
            ("# layerwise ignore=DL3006", false),
            ("# a comment", false),
        ] {
            assert_eq!(is_hadolint_ignore(comment), expected, "{comment}");
        }
    }

    #[test]
    fn other_comments_are_left_alone() {
        for comment in [
            "# layerwise is a linter",
            "# layerwise ignores DL3006 here",
            "# layerwise.yaml ignore=DL3006",
            "# layerwise-baseline=x",
            "# layerwise",
            "# layerwiseignore DL3006",
            "# see layerwise ignore=DL3006",
            "# layerwise: the settings are in layerwise.yaml",
            "# hadolint ignore DL3006",
            "# hadolintignore=DL3006",
        ] {
            assert_eq!(shown(comment), "nothing", "{comment}");
        }
    }
}
