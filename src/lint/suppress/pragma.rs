//! Suppression comments, word by word.

use crate::lint::rule::{Family, Meta, Profile};
use crate::lint::select::Selector;
use crate::source::Span;
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

/// Reads a comment of ours or of hadolint's. `Err` holds the word that is no suppression of ours.
pub(super) fn read(comment: &str, span: Span) -> Result<Option<Pragma>, Span> {
    let text = comment.trim_start_matches('#').trim_start();
    let Some((tool, rest)) = text.split_once([' ', '\t']) else { return Ok(None) };
    let tool = match tool {
        "layerwise" => Tool::Layerwise,
        "hadolint" => Tool::Hadolint,
        _ => return Ok(None),
    };
    let Some((verb, list)) = rest.split_once('=') else { return Ok(None) };
    let words: Vec<&str> = verb.split_whitespace().collect();
    let scope = match (tool, words.as_slice()) {
        (_, ["ignore"]) => Scope::Instruction,
        (Tool::Layerwise, ["stage-ignore"]) => Scope::Stage { with_from: true },
        (Tool::Layerwise, ["file-ignore"]) | (Tool::Hadolint, ["global", "ignore"]) => Scope::File,
        (Tool::Hadolint, ["stage", "ignore"]) => Scope::Stage { with_from: false },
        // One word and `=`: it was meant for us.
        (Tool::Layerwise, [word]) => return Err(place(comment, span, word)),
        _ => return Ok(None),
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
    let has_reason = reason.contains(char::is_alphanumeric);
    Ok(Some(Pragma { tool, scope, entries: entries.collect(), has_reason, span }))
}

/// Reads a `# check=…` comment above an instruction.
pub(super) fn read_check(comment: &str, span: Span) -> Option<(Pragma, CheckOptions)> {
    let options = check_options(comment)?;
    let parsed = CheckOptions::parse(options).unwrap_or_default();
    let entries = entries(comment, span, &parsed);
    let reason = options.split_once(char::is_whitespace).map_or("", |(_, reason)| reason);
    let has_reason = reason.contains(char::is_alphanumeric);
    let scope = Scope::Instruction;
    Some((Pragma { tool: Tool::Buildkit, scope, entries, has_reason, span }, parsed))
}

/// What `skip=` of a directive names; `text` is where its value stands.
pub(super) fn of_file(text: &str, span: Span, options: &CheckOptions) -> Pragma {
    let entries = entries(text, span, options);
    let reason = text.trim().split_once(char::is_whitespace).map_or("", |(_, reason)| reason);
    let has_reason = reason.contains(char::is_alphanumeric);
    Pragma { tool: Tool::Buildkit, scope: Scope::File, entries, has_reason, span }
}

fn entries(text: &str, span: Span, options: &CheckOptions) -> Vec<Entry> {
    let entries = options.skip.iter().map(|name| Entry {
        what: What::Check,
        text: name.clone(),
        // The name stands somewhere in the text, unless the caller of the build gave it.
        span: text.find(name.as_str()).map_or(span, |at| {
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

/// The words of a list with commas, and the reason behind it; blanks may stand around a comma.
fn split(list: &str) -> (Vec<&str>, &str) {
    let mut words = Vec::new();
    let mut rest = list.trim_start();
    loop {
        let end = rest.find(|it: char| it == ',' || it.is_whitespace()).unwrap_or(rest.len());
        if end > 0 {
            words.push(&rest[..end]);
        }
        match rest[end..].trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None => return (words, rest[end..].trim_start()),
        }
    }
}

/// Where a part of a comment's text stands in the file.
fn place(comment: &str, span: Span, part: &str) -> Span {
    let start = span.start as usize + (part.as_ptr() as usize - comment.as_ptr() as usize);
    Span::new(start, start + part.len())
}

/// Whether a comment tells hadolint to ignore rules in the instruction below, in a way that hadolint understands: whole
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
