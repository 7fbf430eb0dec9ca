//! Which variables the peers and which the default profile take for secrets.

use crate::model::Model;
use crate::secrets::is_secret;
use crate::syntax::{Instruction, Kind, Word};

/// Words of a name that say it is a secret, and those that say it is none (BuildKit's lists).
const SECRET: &[&str] = &[
    "apikey",
    "auth",
    "credential",
    "credentials",
    "key",
    "passwd",
    "password",
    "pword",
    "secret",
    "token",
];
const HARMLESS: &[&str] = &["file", "public", "version"];

/// Parts of names and whole names that hadolint takes for secrets.
const PARTS: &[&str] =
    &["api_key", "client_key", "password", "private", "secret", "token", "username"];
const NAMES: &[&str] = &[
    "APPLICATION_KEY",
    "AWS_ACCESS_KEY_ID",
    "CI_DEPLOY_USER",
    "DOCKER_EMAIL",
    "FACEBOOK_APP_ID",
    "HEROKU_API_USER",
    "OKTA_AUTHN_GROUPID",
    "OKTA_CLIENT_ORGURL",
    "OKTA_OAUTH2_CLIENTID",
    "STRIPE_DEVICE_NAME",
    "TRAVIS_OS_NAME",
    "TRAVIS_SECURE_ENV_VARS",
    "TRAVIS_SUDO",
];

/// Names of settings that only sound like secrets: module paths that Go fetches without a proxy.
const SETTINGS: &[&str] = &["GOPRIVATE"];

/// A name that an ARG or ENV gives a value, or that the caller of the build gives one.
#[derive(Debug, Clone, Copy)]
pub struct Named<'s> {
    /// The name.
    pub name: &'s Word<'s>,
    /// Whether it holds a secret, by its name and value. The peers go by the name alone.
    pub is_secret: bool,
    /// Whether only the caller of the build gives the value, which no reader of the file can judge.
    pub from_caller: bool,
    /// Whether it is in the image that is built: an ENV in one of its stages, or an ARG in its history.
    pub ships: bool,
}

impl Model<'_> {
    /// The names that an instruction defines, ONBUILD ones too. An ENV whose value is that of another variable repeats
    /// what is reported there.
    pub fn defined_names<'s>(&self, instruction: &'s Instruction<'s>) -> Vec<Named<'s>> {
        let inner = match &instruction.kind {
            Kind::Onbuild(inner) => inner,
            _ => instruction,
        };
        let ships = self.stage_of(instruction.id).is_some() && self.ships(instruction.id);
        let named = |name: &'s Word<'s>, value: Option<&str>| {
            let is_secret = is_secret(&name.text, value);
            Named { name, is_secret, from_caller: value.is_none(), ships }
        };
        match &inner.kind {
            Kind::Env(env) => {
                env.pairs.iter().map(|it| named(&it.key, Some(&it.value.text))).collect()
            }
            // The caller may give a value where the file has an empty one.
            Kind::Arg(list) => list
                .iter()
                .map(|it| {
                    let value = it.value.as_ref().map(|it| it.text.trim_matches(['"', '\'']));
                    named(&it.name, value.filter(|it| !it.is_empty()))
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a word of the name says that it is a secret, and none that it is not: BuildKit's judgement.
    pub fn says_secret(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| name.split('_').any(|word| words.contains(&word));
        has(SECRET) && !has(HARMLESS)
    }

    /// Whether hadolint takes the name for a secret's: it holds one of some parts anywhere. Longer words that only begin
    /// with such a part (`TOKENIZER`), and names that say a file or a version, are left out.
    pub fn may_be_secret(&self, name: &str) -> bool {
        let lower = name.to_ascii_lowercase();
        let ends_word = |end: usize| {
            let rest = lower[end..].strip_prefix('s').unwrap_or(&lower[end..]);
            !rest.starts_with(|it: char| it.is_ascii_alphabetic()) || rest.starts_with("key")
        };
        let named = NAMES.iter().any(|it| name.eq_ignore_ascii_case(it));
        let part = PARTS
            .iter()
            .any(|part| lower.match_indices(part).any(|(at, _)| ends_word(at + part.len())));
        let harmless = lower.split('_').any(|word| HARMLESS.contains(&word))
            || SETTINGS.iter().any(|it| name.eq_ignore_ascii_case(it));
        (named || part) && !harmless
    }
}
