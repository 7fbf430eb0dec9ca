//! The language server finds what `check` finds: in every fixture.

use std::collections::BTreeMap;
use std::path::Path;

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
