//! Values that reports do not repeat: those of `--build-arg`, and those of variables whose names say a secret. Messages name
//! the variable instead.
//!
//! Rules report resolved words, such as the registry of an image, so the value may be in a message in part. What the
//! file says elsewhere too is not a secret of the variable, and stays.

use std::borrow::Cow;

use super::Finding;
use crate::model::Model;
use crate::secrets;

/// More values are not looked for, so that the time does not grow with their number; those of the caller come first.
const MOST_VALUES: usize = 200;

/// More parts of a value are not looked for.
const MOST_PARTS: usize = 16;

/// Shorter values are replaced in code only: `18` is a number in many sentences.
const SHORT: usize = 4;

/// Longer values are replaced inside of words too.
const LONG: usize = 8;

/// Texts that are hidden.
#[derive(Debug, Default)]
pub struct Mask(Vec<Hidden>);

#[derive(Debug)]
struct Hidden {
    text: String,
    /// The variable whose value it is.
    name: String,
    /// Whether it is only a part of the value.
    is_part: bool,
}

impl Mask {
    /// What is hidden where these build arguments are given.
    pub fn new(model: &Model<'_>, build_args: &[(String, String)]) -> Self {
        let text = &model.doc.source.text;
        let definitions = model.scopes.global.iter().chain(model.scopes.stages.iter().flatten());
        let secret = definitions.filter_map(|it| {
            let value = it.value.as_deref()?;
            secrets::is_secret(&it.name, Some(value)).then_some((it.name.as_str(), value))
        });
        let secret: Vec<(&str, &str)> = secret.take(MOST_VALUES).collect();
        let given = build_args.iter().map(|it| (it.0.as_str(), it.1.as_str()));
        let mut hidden: Vec<Hidden> = Vec::new();
        for (name, value) in given.chain(secret.iter().copied()).take(MOST_VALUES) {
            // Where a secret is set, the file has it once.
            let own = secret.iter().filter(|it| it.1 == value).count();
            let mut add = |it: &str, is_part: bool| {
                let is_known =
                    hidden.len() >= MOST_VALUES || hidden.iter().any(|known| known.text == it);
                if !is_known && count(text, it, own + 1) <= own {
                    hidden.push(Hidden { text: it.to_owned(), name: name.to_owned(), is_part });
                }
            };
            if !value.is_empty() {
                add(value, false);
                let parts = value.split(|it: char| !is_of_word(it) && !"._-".contains(it));
                let parts = parts.filter(|it| it.len() >= SHORT && *it != value);
                parts.take(MOST_PARTS).for_each(|it| add(it, true));
            }
        }
        hidden.sort_by_key(|it| std::cmp::Reverse(it.text.len()));
        Self(hidden)
    }

    /// Replaces what is hidden in all that a finding says.
    pub fn apply(&self, finding: &mut Finding) {
        if self.0.is_empty() {
            return;
        }
        let texts = [&mut finding.message].into_iter();
        let texts = texts.chain(finding.labels.iter_mut().map(|it| &mut it.message));
        let texts = texts.chain(&mut finding.help).chain(&mut finding.subject);
        for text in texts.chain(finding.fix.as_mut().map(|it| &mut it.title)) {
            if let Some(masked) = self.masked(text) {
                *text = masked;
            }
        }
    }

    /// The text without what is hidden.
    pub fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.masked(text).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// The text without what is hidden; none if there is nothing of it.
    fn masked(&self, text: &str) -> Option<String> {
        let mut masked = String::new();
        let (mut at, mut done, mut is_code) = (0, 0, false);
        while let Some(character) = text[at..].chars().next() {
            is_code ^= character == '`';
            let before = text[..at].chars().next_back();
            let found = self.0.iter().find_map(|it| {
                let length = it.length_at(&text[at..], is_code)?;
                let is_inside = |it: Option<char>| it.is_some_and(is_of_word);
                let after = text[at + length..].chars().next();
                let is_whole = !is_inside(before) && !is_inside(after);
                (is_whole || length > LONG && !it.is_part).then_some((length, &it.name))
            });
            let Some((length, name)) = found else {
                at += character.len_utf8();
                continue;
            };
            masked.push_str(&text[done..at]);
            masked.push('$');
            masked.push_str(name);
            at += length;
            done = at;
        }
        if done == 0 {
            return None;
        }
        masked.push_str(&text[done..]);
        Some(masked)
    }
}

impl Hidden {
    /// How many bytes at the start of a text are of it; the text may be cut with a `…`.
    fn length_at(&self, rest: &str, is_code: bool) -> Option<usize> {
        if !is_code && (self.is_part || self.text.len() < SHORT) {
            return None;
        }
        if rest.starts_with(&self.text) {
            return Some(self.text.len());
        }
        // The first character says for nearly all of them that there is nothing to look for.
        if !rest.starts_with(self.text.chars().next()?) {
            return None;
        }
        let (shown, _) = rest.split_once('…')?;
        (shown.len() >= SHORT && self.text.starts_with(shown)).then_some(shown.len())
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// How often a text is in a file as a word, counted up to a bound.
fn count(text: &str, word: &str, most: usize) -> usize {
    let is_whole = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(is_of_word)
    };
    text.match_indices(word).map(|it| it.0).filter(is_whole).take(most).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(hidden: &[(&str, &str, bool)]) -> Mask {
        let hidden = hidden.iter().map(|(text, name, is_part)| Hidden {
            text: (*text).to_owned(),
            name: (*name).to_owned(),
            is_part: *is_part,
        });
        Mask(hidden.collect())
    }

    #[test]
    fn values_become_their_names() {
        let mask = mask(&[
            ("corp.example/team", "IMAGE", false),
            ("corp.example", "IMAGE", true),
            ("18", "NODE", false),
        ]);
        for (text, expected) in [
            ("`corp.example/team` is", "`$IMAGE` is"),
            ("`x-corp.example/teams` is", "`x-$IMAGEs` is"),
            ("`corp.example` is", "`$IMAGE` is"),
            ("corp.example in prose", "corp.example in prose"),
            ("`corp.ex…` is cut", "`$IMAGE…` is cut"),
            ("`node:18` and 18 more", "`node:$NODE` and 18 more"),
            ("`node:180`", "`node:180`"),
        ] {
            assert_eq!(mask.masked(text).as_deref().unwrap_or(text), expected);
        }
    }

    /// What is hidden of a file and of build arguments: whole values anywhere, their parts in code.
    #[test]
    fn values_come_from_the_caller_and_from_secrets() {
        let text = "ARG IMAGE=alpine\nFROM $IMAGE\nARG API_TOKEN=s3cr3t-value/abcd\nENV MODE=production\n\
                    RUN echo known-word abcd\n";
        let source = crate::source::Source::new("Dockerfile", text);
        let doc = crate::syntax::parse(&source);
        let model = Model::build(&doc, &crate::model::BuildOptions::default());
        let given = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let arguments = [
            given("IMAGE", "corp.example:5000/team/app"),
            given("AGAIN", "corp.example:5000/team/app"),
            given("WORD", "known-word"),
            given("NONE", ""),
        ];
        let mask = Mask::new(&model, &arguments);
        let hidden: Vec<(&str, &str, bool)> =
            mask.0.iter().map(|it| (it.text.as_str(), it.name.as_str(), it.is_part)).collect();
        let expected = [
            ("corp.example:5000/team/app", "IMAGE", false),
            ("s3cr3t-value/abcd", "API_TOKEN", false),
            ("corp.example", "IMAGE", true),
            ("s3cr3t-value", "API_TOKEN", true),
            ("5000", "IMAGE", true),
            ("team", "IMAGE", true),
        ];
        assert_eq!(hidden, expected);
    }

    #[test]
    fn words_of_a_file_are_counted() {
        assert_eq!(count("a ab a_ (a)\na", "a", 9), 3);
        assert_eq!(count("a a a", "a", 2), 2);
    }
}
