//! Texts that people read are in plain English: some archaic or translated words and phrases have better ones.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

/// Phrases that nobody writes in technical documentation, and what to write instead. `*` is any word.
const PHRASES: &[(&str, &str)] = &[
    ("anew", "again"),
    ("as it stands", "as written"),
    ("at hand", "available"),
    ("beside", "next to"),
    ("comes of", "results from"),
    ("for ever", "forever"),
    ("heed", "honour, follow"),
    ("heeded", "honoured, followed"),
    ("heeds", "honours, follows"),
    ("in vain", "wasted, for nothing"),
    ("is no", "is not a"),
    ("are no", "are not"),
    ("lies beside", "is next to"),
    ("lies in", "is in"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("mends", "fixes"),
    ("one * a class", "one per class"),
    ("one * a file", "one per file"),
    ("one * a finding", "one per finding"),
    ("one * a format", "one per format"),
    ("one * a line", "one per line"),
    ("one * a request", "one per request"),
    ("one * a rule", "one per rule"),
    ("said of", "said about"),
    ("speak", "report, mention"),
    ("speaks", "reports, mentions"),
    ("stands", "is"),
    ("tell of", "report, say"),
    ("tells", "says, shows, reports"),
    ("told", "reported, known"),
];

/// Phrases that are right where they begin with the first and are the second.
const RIGHT: &[(&str, &[&str])] = &[
    // "there is no rule", "it is no longer there", "are no more than two"
    ("is no", &["longer", "more", "such", "need", "use"]),
    ("are no", &["longer", "more", "such"]),
    ("stands", &["for", "alone"]),
];

/// Words before `is no` and `are no` that make it right.
const EXISTENCE: &[&str] = &["there", "where", "if"];

/// The words of a text with their lines, without code between back-ticks on a line.
fn words(text: &str) -> Vec<(usize, String)> {
    let mut words = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let prose = line.split('`').step_by(2);
        for part in prose.flat_map(|it| it.split(|it| ".!?:;|\"".contains(it))) {
            let letters = |it: char| it.is_alphanumeric() || "_-'".contains(it);
            let found = part.split(|it| !letters(it)).filter(|it| !it.is_empty());
            words.extend(found.map(|word| (number + 1, word.to_lowercase())));
            // No phrase reaches across code or the end of a sentence.
            words.push((number + 1, "`".to_owned()));
        }
        words.pop();
    }
    words
}

/// Whether a word is the wanted one; `*` is any but a break.
fn is_word(word: &str, wanted: &str) -> bool {
    if wanted == "*" { word != "`" } else { word == wanted }
}

/// The lines on which a phrase is, each with the phrase and what to write.
fn faults(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    let words = words(text);
    let mut faults = Vec::new();
    for at in 0..words.len() {
        for (phrase, better) in PHRASES {
            let wanted: Vec<&str> = phrase.split(' ').collect();
            let Some(found) = words.get(at..at + wanted.len()) else { continue };
            if !found.iter().zip(&wanted).all(|(word, wanted)| is_word(&word.1, wanted)) {
                continue;
            }
            let next = words.get(at + wanted.len()).map_or("", |it| it.1.as_str());
            let before = if at == 0 { "" } else { words[at - 1].1.as_str() };
            let right =
                RIGHT.iter().find(|it| it.0 == *phrase).is_some_and(|it| it.1.contains(&next));
            let exists = phrase.ends_with(" no") && EXISTENCE.contains(&before);
            if !right && !exists {
                faults.push((words[at].0, *phrase, *better));
            }
        }
    }
    faults
}

/// What people read in Rust code: its comments and strings, on their lines.
fn texts_of_code(code: &str) -> String {
    let mut texts = String::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let end = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(string) = raw_string(rest) {
            string
        } else if first == '"' {
            closing_quote(rest)
        } else {
            let is_quote = rest.starts_with("'\"'") || rest.starts_with("'\\\"'");
            let end = if is_quote {
                rest[1..].find("'").map_or(1, |at| at + 2)
            } else {
                first.len_utf8()
            };
            if first == '\n' {
                texts.push('\n');
            }
            rest = &rest[end..];
            continue;
        };
        texts.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    texts
}

/// The length of the raw string at the start.
fn raw_string(code: &str) -> Option<usize> {
    let hashes = code.strip_prefix('r')?.chars().take_while(|it| *it == '#').count();
    let body = code[1 + hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&end)? + end.len())
}

/// The length of the string at the start.
fn closing_quote(code: &str) -> usize {
    // The first quote opens it.
    let mut escaped = true;
    for (at, letter) in code.char_indices() {
        if letter == '"' && !escaped {
            return at + 1;
        }
        escaped = letter == '\\' && !escaped;
    }
    code.len()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        std::fs::read_dir(path).unwrap().for_each(|entry| collect(&entry.unwrap().path(), files));
    } else if path.extension().is_some_and(|it| it == "md" || it == "rs") {
        files.push(path.to_owned());
    }
}

#[test]
fn texts_are_in_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for name in ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"] {
        files.push(root.join(name));
    }
    ["docs", "rules", "src"].iter().for_each(|it| collect(&root.join(it), &mut files));
    files.sort();
    assert!(files.len() > 500, "{}", files.len());
    let mut found = Vec::new();
    for file in &files {
        let mut text = std::fs::read_to_string(file).unwrap();
        if file.extension().is_some_and(|it| it == "rs") {
            text = texts_of_code(&text);
        }
        for (line, phrase, better) in faults(&text) {
            let path = file.strip_prefix(root).unwrap().display();
            found.push(format!("{path}:{line}: `{phrase}`: write `{better}`"));
        }
    }
    assert!(found.is_empty(), "{} phrases to replace:\n{}", found.len(), found.join("\n"));
}

#[test]
fn only_comments_and_strings_of_code_are_read() {
    let code = "let told = 'a'; // it tells\nlet x = ('\"', \"told \\\" heeds\", r#\"in vain\"#, speaks);\n";
    let found: Vec<_> = faults(&texts_of_code(code)).iter().map(|it| (it.0, it.1)).collect();
    assert_eq!(found, [(1, "tells"), (2, "told"), (2, "heeds"), (2, "in vain")]);
}

#[test]
fn phrases_are_found() {
    let lines = |text| faults(text).iter().map(|it| (it.0, it.1)).collect::<Vec<_>>();
    assert_eq!(lines("It is wasted.\n/// All in\n/// vain.\n"), [(2, "in vain")]);
    assert_eq!(lines("This is no link, and these are no files."), [(1, "is no"), (1, "are no")]);
    assert_eq!(lines("There is no link; it is no longer there. `is no` and `told`"), []);
    assert_eq!(
        lines("One line a finding; it stands here and stands for all"),
        [(1, "one * a finding"), (1, "stands"),]
    );
}
