//! What the default profile leaves to the strict one.

use layerwise::config::Settings;
use layerwise::lint::{Options, Profile};
use layerwise::session;
use layerwise::source::Source;

/// The codes that a profile reports.
fn codes(profile: Profile, text: &str) -> Vec<&'static str> {
    let lint = Options { profile, ..Options::default() };
    let settings = Settings { lint, ..Settings::default() };
    let checked = session::check(Source::new("Dockerfile", text), &settings);
    checked.findings.iter().map(|it| it.meta.code).collect()
}

/// That the strict profile reports a code, and the default one does not.
fn assert_only_strict(code: &str, text: &str) {
    assert!(codes(Profile::Strict, text).contains(&code), "strict misses {code}:\n{text}");
    assert!(!codes(Profile::Default, text).contains(&code), "default has {code}:\n{text}");
}

#[test]
fn health_checks_may_use_the_shell() {
    assert_only_strict("DL3025", "FROM debian:12\nHEALTHCHECK CMD curl localhost || exit 1\n");
    let codes = codes(Profile::Default, "FROM debian:12\nCMD serve\n");
    assert_eq!(codes, ["DL3025"]);
}

#[test]
fn what_posix_lacks_counts_where_the_shell_lacks_it() {
    assert_only_strict("SC3037", "FROM alpine:3.20\nRUN echo -e 'a\\nb'\n");
    assert_only_strict("SC3046", "FROM centos:7\nRUN source /etc/profile\n");
    assert_eq!(
        codes(Profile::Default, "FROM debian:12\nRUN source /etc/profile && make\n"),
        ["SC3046"]
    );
}

#[test]
fn spelling_is_left_to_strict() {
    assert_only_strict("LegacyKeyValueFormat", "FROM debian:12\nENV a b\n");
    assert_only_strict("FromAsCasing", "FROM debian:12 as build\n");
    assert_only_strict("ConsistentInstructionCasing", "FROM debian:12\nuser nobody\nUSER a\n");
}

#[test]
fn versions_that_mirrors_drop_are_left_to_strict() {
    let text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    assert_only_strict("DL3008", text);
}
