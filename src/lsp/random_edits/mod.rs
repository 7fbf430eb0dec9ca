//! Random edits: after each notification the server has the client's text, and what it finds is what a check of that text
//! finds.
//!
//! `LSP_EDITS=100000 cargo test --lib lsp::random_edits` makes as many edits as that.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod chance;
mod copy;
mod session;

use serde_json::{Value, json};

use super::Ended;
use crate::lint::Rule;
use crate::rules;
use chance::Chance;
use copy::{Copy, MOST_BYTES};
use session::Session;

/// How many edits are made where nothing says otherwise.
const EDITS: usize = 3000;

/// After so many notifications the diagnostics are compared.
const COMPARED: usize = 20;

/// The examples of all rules, and larger files made of them.
fn examples() -> Vec<String> {
    let of = |it: &Rule| it.meta.bad.iter().chain(it.meta.good).copied().collect::<Vec<_>>();
    let mut texts: Vec<String> = Vec::new();
    for examples in rules::all().map(of) {
        texts.extend(examples.iter().map(ToString::to_string));
        texts.push(examples.concat());
    }
    texts.retain(|it| it.len() <= MOST_BYTES);
    texts
}

/// Makes edits in some documents at once; gives how many diagnostics were compared.
fn run(encoding: &str, edits: usize, examples: &[String]) -> usize {
    let mut session = Session::start(encoding);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let text = "FROM debian:12\nRUN sudo x\nCMD [\"x\"]\n".to_owned();
    let copy = |name: &str| {
        let uri = format!("untitled:{name}");
        Copy { uri, text: text.clone(), version: 1, last: 0 }
    };
    let mut copies = ["a", "b", "é"].map(copy);
    for copy in &copies {
        let document = json!({ "uri": copy.uri, "languageId": "dockerfile", "version": 1,
            "text": copy.text });
        session.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }
    let (mut done, mut notified, mut found) = (0, 0, 0);
    while done < edits {
        let which = chance.below(copies.len());
        let copy = &mut copies[which];
        let count = 1 + *chance.one(&[0, 0, 0, 1, 2, 9]);
        let edit = |_| copy.edit(&mut chance, encoding, examples);
        let changes: Vec<Value> = (0..count).map(edit).collect();
        copy.version += 1 + i32::try_from(chance.below(2)).unwrap();
        session.change(copy, &changes);
        (done, notified) = (done + count, notified + 1);
        let after = format!("{encoding}, after {done} edits, the last {changes:?}");
        if notified % COMPARED == 0 {
            found += session.compare_diagnostics(copy, encoding, &after);
        }
        session.compare_text(copy, &mut chance, encoding, &after);
    }
    session.ask("shutdown", Value::Null);
    session.notify("exit", Value::Null);
    assert_eq!(session.server.join().unwrap(), Ended::InOrder);
    found
}

#[test]
fn any_edits_lead_to_the_text_of_the_client_and_the_findings_of_check() {
    let edits = std::env::var("LSP_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(EDITS);
    let examples = examples();
    assert!(examples.len() > 1000, "{}", examples.len());
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let found = run(encoding, edits.div_ceil(3), &examples);
        assert!(found > edits / 60, "{found}");
    }
}
