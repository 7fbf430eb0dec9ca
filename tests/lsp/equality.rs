//! The language server finds what `check` finds: in every fixture, and after any edits.

use std::collections::BTreeMap;
use std::path::Path;

use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::lint::{self, Severity};
use layerwise::session::{Place, check_at};
use layerwise::source::{Source, Span};
use serde_json::{Value, json};

use crate::common::lsp::{Client, capabilities};
use crate::common::{folder, layerwise, run};

/// The Dockerfiles of the rules' fixtures, each with its own name.
fn fixtures() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    for rule in std::fs::read_dir(root).unwrap() {
        let rule = rule.unwrap().path();
        if !rule.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&rule).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|it| it == "Dockerfile")
                && let Ok(text) = std::fs::read_to_string(&file)
            {
                let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
                found.push((format!("{}/{}/Dockerfile", name(&rule), name(&file)), text));
            }
        }
    }
    found.sort();
    found
}

/// A diagnostic in short: code, severity, place, message.
fn short(it: &Value) -> String {
    let message = it["message"].as_str().unwrap().split("\nhelp: ").next().unwrap();
    format!("{} {} {} {message}", it["code"], it["severity"], it["range"]["start"])
}

/// The same of a finding of `check --format json`.
fn reported(it: &Value) -> String {
    let severity = match it["severity"].as_str().unwrap() {
        "error" => 1,
        "warning" => 2,
        "info" => 3,
        _ => 4,
    };
    let place = |key: &str| it["range"]["start"][key].as_u64().unwrap() - 1;
    let start = json!({ "line": place("line"), "character": place("column") });
    format!("{} {severity} {start} {}", it["code"], it["message"].as_str().unwrap())
}

#[test]
fn every_fixture_has_the_findings_of_check() {
    let fixtures = fixtures();
    assert!(fixtures.len() > 150);
    let folder = folder(&fixtures.iter().map(|(a, b)| (a.as_str(), b)).collect::<Vec<_>>());
    let mut check = layerwise(folder.path());
    let (_, output, _) = run(check.args(["check", "--format", "json", "."]));
    let report: Value = serde_json::from_str(&output).unwrap();
    let files = report["files"].as_array().unwrap();
    let expected: BTreeMap<&str, Vec<String>> = files
        .iter()
        .map(|it| {
            let findings = it["findings"].as_array().unwrap();
            (it["path"].as_str().unwrap(), findings.iter().map(reported).collect())
        })
        .collect();
    // Columns of the report are counted in characters.
    let mut caps = capabilities();
    caps["general"] = json!({ "positionEncodings": ["utf-32"] });
    let mut client = Client::with(folder.path(), &caps);
    let mut count = 0;
    for (name, text) in &fixtures {
        // Other programs count a byte order mark as a character, the report does not.
        if text.starts_with('\u{FEFF}') || text.contains('\r') {
            continue;
        }
        let uri = client.open(name, text);
        let found: Vec<String> = client.diagnostics(&uri, 1).iter().map(short).collect();
        assert_eq!(found, expected[name.as_str()], "{name}");
        count += found.len();
    }
    assert!(count > 300, "{count}");
}

/// What a diagnostic is made of, from the findings of the library.
fn diagnostics(text: &str) -> Vec<Value> {
    let source = Source::new("-", text);
    let contexts = Contexts::default();
    let mut checked = check_at(source, &Settings::default(), Place::default(), &contexts);
    lint::fold(&mut checked.findings);
    let range = |span: Span| json!({ "start": position(text, span.start), "end": position(text, span.end) });
    let of = |it: &lint::Finding| {
        let severity = match it.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info => 3,
            Severity::Style => 4,
        };
        let help = it.help.as_ref().map(|it| format!("\nhelp: {it}")).unwrap_or_default();
        let labels: Vec<Value> =
            it.labels.iter().map(|it| json!([range(it.span), it.message])).collect();
        json!([it.meta.code, severity, range(it.span), it.message.clone() + &help, labels])
    };
    checked.findings.iter().map(of).collect()
}

/// A byte as line and UTF-16 column, counted from the start of the text each time.
fn position(text: &str, offset: u32) -> Value {
    let offset = offset as usize;
    let (mut line, mut start, mut at) = (0, 0, 0);
    let bytes = text.as_bytes();
    while at < offset {
        at += 1;
        let is_end = match bytes[at - 1] {
            b'\n' => true,
            b'\r' => bytes.get(at) != Some(&b'\n'),
            _ => false,
        };
        if is_end {
            (line, start) = (line + 1, at);
        }
    }
    let written = text[start..offset].trim_end_matches('\r');
    json!({ "line": line, "character": written.encode_utf16().count() })
}

fn sent(it: &Value) -> Value {
    let related = it["relatedInformation"].as_array().cloned().unwrap_or_default();
    let labels: Vec<Value> =
        related.iter().map(|it| json!([it["location"]["range"], it["message"]])).collect();
    json!([it["code"], it["severity"], it["range"], it["message"], labels])
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (most.max(1) as u64)).unwrap()
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// What people type, and what nobody does.
const PIECES: &[&str] = &[
    "",
    "a",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\\\n",
    "é",
    "😀",
    "\u{FEFF}",
    "\"",
    "'",
    "$",
    "${V:-x}",
    "#",
    "# layerwise ignore=DL3004 why\n",
    "FROM debian:12 AS b\n",
    "RUN sudo x\n",
    "RUN apt-get install y",
    "COPY --from=b / /\n",
    "ARG V=1\n",
    "ENV A=$V\n",
    "CMD x\n",
    "RUN <<E\necho $A\nE\n",
    "&& ",
    "USER é\n",
    "# escape=`\n",
    "MAINTAINER m\n",
    "\t",
    "\0",
    "HEALTHCHECK NONE\n",
    "ONBUILD RUN cd /x\n",
    "\u{2028}",
];

/// An edit of a text in the client's terms, made by chance, sometimes with positions that are not there.
fn edit(chance: &mut Chance, text: &mut String) -> Value {
    if chance.below(40) == 0 || text.len() > 6000 {
        let fixture = fixtures();
        *text = chance.one(&fixture).1.clone();
        return json!({ "text": text });
    }
    let places: Vec<usize> = text.char_indices().map(|it| it.0).chain([text.len()]).collect();
    let start = chance.below(places.len());
    let length = *chance.one(&[0, 0, 0, 1, 1, 2, 7, 40]);
    let end = (start + chance.below(length + 1)).min(places.len() - 1);
    // No position of the protocol is between the two characters of a line end.
    let before = |at: usize| {
        let between = text[..at].ends_with('\r') && text[at..].starts_with('\n');
        if between { at - 1 } else { at }
    };
    let (start, end) = (before(places[start]), before(places[end]));
    let piece = *chance.one(PIECES);
    let narrow = |it: usize| u32::try_from(it).unwrap();
    let mut range =
        json!({ "start": position(text, narrow(start)), "end": position(text, narrow(end)) });
    if end == text.len() && chance.below(3) == 0 {
        range["end"] = json!({ "line": 99999, "character": chance.below(9) });
    }
    text.replace_range(start..end, piece);
    json!({ "range": range, "text": piece })
}

#[test]
fn any_edits_lead_to_the_findings_of_check() {
    let edits: usize =
        std::env::var("LSP_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(400);
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut text = "FROM debian:12\nRUN sudo x\nCMD [\"x\"]\n".to_owned();
    client.open_uri("untitled:edits", &text);
    client.diagnostics("untitled:edits", 1);
    let (mut version, mut done, mut found) = (1, 0, 0);
    while done < edits {
        let changes: Vec<Value> =
            (0..=chance.below(3)).map(|_| edit(&mut chance, &mut text)).collect();
        version += 1;
        done += changes.len();
        client.change("untitled:edits", version, &json!(changes));
        let sent: Vec<Value> =
            client.diagnostics("untitled:edits", version).iter().map(sent).collect();
        found += sent.len();
        let expected = diagnostics(&text);
        assert_eq!(sent, expected, "after {done} edits:\n{text:?}");
    }
    assert!(found > edits / 4, "{found}");
    assert_eq!(client.leave(), 0);
}
