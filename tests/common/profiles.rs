//! What the profiles report of a text.

#![allow(dead_code, reason = "each test file uses what it needs")]

use layerwise::config::Settings;
use layerwise::lint::{Options, Profile};
use layerwise::session;
use layerwise::source::Source;

/// The codes that a profile reports.
pub(crate) fn codes(profile: Profile, text: &str) -> Vec<&'static str> {
    let lint = Options { profile, ..Options::default() };
    let settings = Settings { lint, ..Settings::default() };
    let checked = session::check(Source::new("Dockerfile", text), &settings);
    checked.findings.iter().map(|it| it.meta.code).collect()
}

/// That the strict profile reports a code, and the default one does not.
pub(crate) fn assert_only_strict(code: &str, text: &str) {
    assert!(codes(Profile::Strict, text).contains(&code), "strict misses {code}:\n{text}");
    assert!(!codes(Profile::Default, text).contains(&code), "default has {code}:\n{text}");
}

/// That both profiles report a code.
pub(crate) fn assert_in_default(code: &str, text: &str) {
    assert!(codes(Profile::Default, text).contains(&code), "default misses {code}:\n{text}");
}

/// The helps of a code's findings in the strict profile.
pub(crate) fn helps(code: &str, text: &str) -> Vec<String> {
    let lint = Options { profile: Profile::Strict, ..Options::default() };
    let settings = Settings { lint, ..Settings::default() };
    let checked = session::check(Source::new("Dockerfile", text), &settings);
    let found = checked.findings.iter().filter(|it| it.meta.code == code);
    found.filter_map(|it| it.help.as_ref().map(ToString::to_string)).collect()
}
