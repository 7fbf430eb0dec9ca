//! Every rule fires on its bad examples, is silent on its good ones, and finds what the fixtures show.
//!
//! `UPDATE=1 cargo test --test rules` writes what is compared: `.expected` and `.fixed` files, and `pairs.diff`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod catalogue;
mod expected;
mod fixture;
mod one_rule;
mod pairs;

use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::session;
use layerwise::source::Source;

use common::update;
use fixture::{Fixture, fixtures, root};
use one_rule::{is_about_comments, lint_with, metas, options};

#[test]
fn bad_examples_fire_and_good_ones_do_not() {
    let mut wrong = Vec::new();
    for meta in metas() {
        let code = meta.code;
        assert!(!meta.bad.is_empty() && !meta.good.is_empty(), "{code} needs examples");
        for (index, example) in meta.bad.iter().enumerate() {
            if lint_with(example, code).is_empty() {
                wrong.push(format!("{code}: bad example {index} gives nothing:\n{example}"));
            }
        }
        for (index, example) in meta.good.iter().enumerate() {
            for (finding, line) in lint_with(example, code) {
                wrong.push(format!(
                    "{code}: good example {index}, line {line}: {}\n{example}",
                    finding.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixtures_give_what_their_marks_expect() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(root()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_rule = metas().any(|meta| meta.name == name);
        if entry.path().is_dir() && !is_rule {
            wrong.push(format!("fixtures/rules/{name}: no rule has that name"));
        }
    }
    for meta in metas() {
        for Fixture { path, text, lines, mut marks } in fixtures(meta) {
            marks.retain(|(_, code)| code == meta.code);
            let mut got: Vec<(u32, String)> = lint_with(&text, meta.code)
                .into_iter()
                .map(|(it, line)| (line, it.meta.code.to_owned()))
                .collect();
            marks.sort();
            got.sort();
            if got != marks {
                let in_file = |list: &[(u32, String)]| -> Vec<u32> {
                    list.iter().map(|it| lines[it.0 as usize - 1]).collect()
                };
                let (marks, got) = (in_file(&marks), in_file(&got));
                wrong.push(format!(
                    "{}: {} is marked for lines {marks:?}, and reported in lines {got:?}",
                    path.display(),
                    meta.code
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the fixes of one rule make of a text, unsafe ones too.
fn fixed(text: &str, code: &str) -> String {
    let settings = Settings { lint: options(code), ..Settings::default() };
    let fixed = session::fix(
        Source::new("Dockerfile", text),
        &settings,
        session::Place::default(),
        &Contexts::default(),
        true,
    );
    assert!(fixed.rejected.is_empty(), "{code}: {:?}", fixed.rejected);
    fixed.source.text
}

/// A fixture whose rule changes something has a twin with the result next to it.
#[test]
fn fixes_give_what_the_twins_show() {
    let mut wrong = Vec::new();
    // The rules about comments would have the fixes of all others applied.
    for meta in metas().filter(|it| !is_about_comments(it.code)) {
        for Fixture { path, text, .. } in fixtures(meta) {
            let result = fixed(&text, meta.code);
            let twin = path.with_extension("Dockerfile.fixed");
            let expected = std::fs::read_to_string(&twin).unwrap_or_else(|_| text.clone());
            if update() && result != text {
                std::fs::write(&twin, &result).unwrap();
            } else if result != expected {
                wrong.push(format!("{}:\n{result}", twin.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn texts_are_complete_and_in_style() {
    let mut wrong = Vec::new();
    for meta in metas() {
        let code = meta.code;
        let mut check = |good: bool, what: &str| {
            if !good {
                wrong.push(format!("{code}: {what}"));
            }
        };
        check(
            !meta.name.is_empty()
                && meta
                    .name
                    .chars()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-'),
            "name is not in kebab case",
        );
        check(
            !meta.summary.is_empty() && !meta.summary.ends_with('.'),
            "summary is empty or ends with a period",
        );
        check(
            meta.why.ends_with('.') && meta.why.len() > 40,
            "why is too short or does not end with a period",
        );
        for example in meta.bad {
            for (finding, _) in lint_with(example, code) {
                let message = &finding.message;
                check(
                    message.chars().count() <= 80,
                    &format!("message is longer than 80 characters: {message}"),
                );
                check(!message.ends_with('.'), &format!("message ends with a period: {message}"));
                check(
                    !message.starts_with(|it: char| it.is_uppercase()),
                    &format!("message starts upper case: {message}"),
                );
                check(finding.help.as_ref().is_none_or(|help| !help.is_empty()), "help is empty");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
