//! A manager that one file describes, `model/packages/made_up.rs`, is known to every rule.

use super::{Contexts, Place, check, fix};
use crate::config::Settings;
use crate::lint::{Options, Profile};
use crate::source::Source;

fn settings() -> Settings {
    let lint = Options { profile: Profile::Strict, ..Options::default() };
    Settings { lint, ..Settings::default() }
}

/// What one rule says of a file: its message, its help and the bytes that it estimates.
fn said(code: &str, text: &str) -> Vec<(String, String, Option<u64>)> {
    let checked = check(Source::new("Dockerfile", text), &settings());
    let of_rule = checked.findings.into_iter().filter(|it| it.meta.code == code);
    let bytes = |it: &crate::lint::Finding| it.impact.as_ref().and_then(|it| it.bytes);
    of_rule
        .map(|it| (it.message.clone(), it.help.clone().unwrap_or_default(), bytes(&it)))
        .collect()
}

/// The file after all fixes.
fn fixed(text: &str) -> String {
    let source = Source::new("Dockerfile", text);
    fix(source, &settings(), Place::default(), &Contexts::default(), true).source.text.to_string()
}

#[test]
fn what_it_leaves_in_a_layer_is_reported_and_cleaned_up() {
    let text = "FROM debian:12\nRUN mup get a@1\nCMD [\"a\"]\n";
    let message = "`mup get` leaves its parcels in the layer".to_owned();
    let help = "end the `RUN` with `&& mup wipe`".to_owned();
    assert_eq!(said("LW104", text), [(message, help, Some(5_000_000))]);
    assert_eq!(fixed(text), text.replace("a@1\n", "a@1 && mup wipe\n"));
    for rest in [
        "mup get --no-cache a@1",
        "MUP_NO_CACHE=1 mup get a@1",
        "mup get a@1 && mup wipe",
        "mup get a@1 && rm -rf /root/.made-up",
        "--mount=type=cache,target=/root/.made-up,sharing=locked mup get a@1",
        "mup list a@1",
    ] {
        let text = text.replace("mup get a@1", rest);
        assert_eq!(said("LW104", &text), [], "{rest}");
    }
}

#[test]
fn a_clean_up_in_a_later_layer_is_too_late() {
    let text = "FROM debian:12\nRUN mup get a@1\nENV A=b\nRUN mup wipe\nCMD [\"a\"]\n";
    let message = "the cache of `made-up` stays in an earlier layer".to_owned();
    let help = "delete it in the instruction that creates it, or create it in another stage";
    assert_eq!(said("LW102", text), [(message, help.to_owned(), Some(5_000_000))]);
}

#[test]
fn its_manifests_come_before_the_sources() {
    let text = "FROM debian:12\nWORKDIR /app\nCOPY . .\nRUN mup get\nCMD [\"a\"]\n";
    let message = "`mup get` runs again when any copied file changes".to_owned();
    let help = "copy only `parcels.toml` first, install, then copy the rest; or mount a cache";
    assert_eq!(said("LW201", text), [(message, help.to_owned(), None)]);
    let earlier =
        text.replace("COPY . .\nRUN mup get", "COPY parcels.toml .\nRUN mup get\nCOPY . .");
    assert_eq!(said("LW201", &earlier), []);
}

#[test]
fn an_index_in_a_layer_of_its_own_goes_stale() {
    let text = "FROM debian:12\nRUN mup sync\nRUN mup get a@1\nCMD [\"a\"]\n";
    let message = "`mup get` may run against a stale package index".to_owned();
    let help = "combine it with the install: `mup sync && mup get …` in one `RUN`".to_owned();
    assert_eq!(said("LW203", text), [(message, help, None)]);
}

#[test]
fn its_downloads_are_kept_in_a_mount() {
    let text = "# syntax=docker/dockerfile:1\nFROM debian:12 AS build\nWORKDIR /app\n\
                COPY parcels.toml .\nRUN mup get\nFROM scratch\nCOPY --from=build /app/out /\n";
    let mount = "--mount=type=cache,target=/root/.made-up,sharing=locked";
    let message = "`mup get` downloads everything again whenever it runs".to_owned();
    assert_eq!(
        said("LW204", text),
        [(message, format!("keep its downloads with `{mount}`"), None)]
    );
    let mounted = text.replace("RUN mup", &format!("RUN {mount} mup"));
    assert_eq!(said("LW204", &mounted), []);
}

#[test]
fn a_mount_that_is_emptied_or_shared_is_reported() {
    let text = |mount: &str, command: &str| {
        format!(
            "FROM debian:12\nRUN --mount=type=cache,target=/root/.made-up{mount} {command}\nCMD [\"a\"]\n"
        )
    };
    let locked = |command: &str| said("LW205", &text(",sharing=locked", command));
    let message = |words: &str| format!("`{words}` empties the cache mount of this `RUN`");
    let help = "remove the clean-up: a mount is not part of the layer".to_owned();
    assert_eq!(locked("mup get a@1 && mup wipe"), [(message("mup wipe"), help, None)]);
    let message = "`--no-cache` keeps the cache mount of this `RUN` empty".to_owned();
    assert_eq!(locked("mup get --no-cache a@1"), [(message, "remove the option".to_owned(), None)]);
    assert_eq!(locked("mup get a@1"), []);
    let message = "concurrent builds fail because they share made-up's lock in this mount";
    let expected = [(message.to_owned(), "add `sharing=locked`".to_owned(), None)];
    assert_eq!(said("LW210", &text("", "mup get a@1")), expected);
}
