//! What fixes may change: each edit in `fixtures/fixes/proof.cases`, declared as each effect, and what the proof says. An edit
//! is `{old=>new}` in the text; those of one case are those of one fix. `UPDATE=1 cargo test --test fix_proof` writes what is
//! said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/cases.rs"]
mod cases;
#[path = "common/update.rs"]
mod update;

use std::fmt::Write;
use std::path::Path;

use layerwise::fix::{apply, prove};
use layerwise::lint::{Edit, Effect, Fix};
use layerwise::source::{Source, Span};

const EFFECTS: [(Effect, &str); 5] = [
    (Effect::Spelling, "spelling"),
    (Effect::Words, "words"),
    (Effect::Commands, "commands"),
    (Effect::Join, "join"),
    (Effect::Instructions, "instructions"),
];

/// The text before, and the edits that are in it.
fn parts(marked: &str) -> (String, Vec<Edit>) {
    let (mut text, mut edits, mut rest) = (String::new(), Vec::new(), marked);
    while let Some((old, new)) = rest.split_once("=>") {
        let (before, old) = old.rsplit_once('{').unwrap();
        // What takes a text's place may have braces itself, but in pairs.
        let depths = new.char_indices().scan(0, |depth, (at, it)| {
            *depth += i32::from(it == '{') - i32::from(it == '}');
            Some((at, *depth))
        });
        let end = depths.into_iter().find(|it| it.1 < 0).unwrap().0;
        text.push_str(before);
        let start = text.len();
        text.push_str(old);
        edits.push(Edit::replace(Span::new(start, text.len()), &new[..end]));
        rest = &new[end + 1..];
    }
    (text + rest, edits)
}

/// What the proof says of a fix with each effect, the same answers in one line.
fn answers(before: &str, edits: &[Edit]) -> String {
    let source = Source::new("Dockerfile", before);
    let after = Source::new("Dockerfile", apply(before, edits.iter()));
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for (effect, name) in EFFECTS {
        let fix = Fix::safe("x", edits.to_vec()).effect(effect);
        let proof = prove(&source, &after, &[&fix]);
        let answer = proof.map_or_else(|it| it.reason, |()| "proved".to_owned());
        match lines.iter_mut().find(|it| it.0 == answer) {
            Some((_, names)) => names.push(name),
            None => lines.push((answer, vec![name])),
        }
    }
    let lines = lines.iter().map(|(answer, names)| format!("{}: {answer}\n", names.join(", ")));
    lines.collect()
}

#[test]
fn each_edit_is_proved_for_the_effects_that_allow_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fixes/proof.cases");
    let mut found = String::new();
    for (title, marked) in cases::read_cases(&path) {
        let (before, edits) = parts(&marked);
        assert!(!edits.is_empty(), "{title}: no edits");
        let gap = if found.is_empty() { "" } else { "\n" };
        let answers = answers(&before, &edits);
        write!(found, "{gap}# {title}\n{}{answers}", cases::quoted(&marked)).unwrap();
    }
    let expected = path.with_extension("cases.expected");
    if update::update() {
        std::fs::write(&expected, found).unwrap();
        return;
    }
    let known = std::fs::read_to_string(&expected).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(&known, &found).unified_diff().to_string();
    assert!(diff.is_empty(), "{diff}\n`UPDATE=1 cargo test --test fix_proof` writes what is said");
}
