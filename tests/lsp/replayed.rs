//! What a replay of the history said, shown in the editor: where its result is next to the Dockerfile and is about this text.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::git::{commit, repository};
use crate::common::lsp::{Client, at, range};
use crate::common::{layerwise, run};

const FILE: &str = "\
FROM node:22.1.0
WORKDIR /app
COPY . .
RUN npm ci && npm cache clean --force
USER node
CMD [\"node\", \"a.js\"]
";

/// Ten commits: the program changes in each, the manifests in two.
fn project() -> Option<TempDir> {
    let it = repository()?;
    let ignore = (".dockerignore", ".git\nDockerfile\n*.json\n!package*.json\n");
    for day in 1..=10 {
        let lock = if day < 6 { "{}" } else { "{\"a\": 1}" };
        let program = day.to_string();
        let files = [("a.js", &*program), ("package.json", "{}"), ("package-lock.json", lock)];
        commit(&it, day, &[&files[..], &[("Dockerfile", FILE), ignore]].concat());
    }
    Some(it)
}

fn replay(folder: &Path, arguments: &[&str]) {
    let done = run(layerwise(folder).args(["cache", "--format", "json"]).args(arguments));
    assert_eq!(done, (0, String::new(), String::new()));
}

/// The hover in a place.
fn hover(client: &mut Client, uri: &str, place: (u32, u32)) -> Value {
    client.request("textDocument/hover", &at(uri, place.0, place.1))
}

/// The finding about the cache.
fn finding(list: &[Value]) -> Value {
    list.iter().find(|it| it["code"] == "LW201").unwrap().clone()
}

const HELP: &str = "`npm ci` runs again when any copied file changes\nhelp: copy only `package-lock.json`, `package.json` first, \
                    install, then copy the rest; or mount a cache";

#[test]
fn the_numbers_of_a_result_next_to_the_file_are_shown() {
    let Some(it) = project() else { return };
    replay(it.path(), &["--output", "cache.json"]);
    let mut client = Client::start(it.path());
    let uri = client.open("Dockerfile", FILE);
    let diagnostics = client.diagnostics(&uri, 1);
    let expected = json!({
        "range": range((3, 4), (3, 10)),
        "severity": 2,
        "code": "LW201",
        "codeDescription": { "href": finding(&diagnostics)["codeDescription"]["href"] },
        "source": "layerwise",
        "message": format!("{HELP}\nsaves 8 of 10 reruns of line 4 in 10 replayed commits, about 4 min (estimated)"),
        "relatedInformation": [{
            "location": { "uri": uri, "range": range((2, 5), (2, 6)) },
            "message": "copies the sources before it"
        }],
        "data": { "name": "source-copied-before-dependencies", "also": [], "fix": "unsafe" }
    });
    assert_eq!(finding(&diagnostics), expected);
    let story = "Ran again at 10 of 10 replayed commits. One run takes about 30 s, all of them 5 min (estimated).\n\nBecause \
                 of `a.js` (9), `package-lock.json` (1).";
    // On the words of the instruction.
    let whole = json!({ "contents": { "kind": "markdown", "value": story }, "range": range((3, 0), (3, 37)) });
    assert_eq!(hover(&mut client, &uri, (3, 6)), whole);
    // Below what is known of the keyword.
    let keyword = hover(&mut client, &uri, (3, 1));
    assert_eq!(keyword["range"], range((3, 0), (3, 3)));
    let value = keyword["contents"]["value"].as_str().unwrap();
    assert!(
        value.starts_with("```dockerfile\nRUN ") && value.ends_with(&format!("\n\n{story}")),
        "{value}"
    );
    // A line that makes no layer has no numbers.
    assert_eq!(hover(&mut client, &uri, (4, 6)), Value::Null);
}

#[test]
fn numbers_of_another_text_are_not_shown() {
    let Some(it) = project() else { return };
    replay(it.path(), &["--output", "cache.json"]);
    let mut client = Client::start(it.path());
    let uri = client.open("Dockerfile", FILE);
    let shown = |list: &[Value]| finding(list)["message"].as_str().unwrap().to_owned();
    assert!(shown(&client.diagnostics(&uri, 1)).contains("replayed commits"));
    // A line above moves all the others.
    client.replace(&uri, 2, &format!("# a comment\n{FILE}"));
    assert_eq!(shown(&client.diagnostics(&uri, 2)), HELP);
    assert_eq!(hover(&mut client, &uri, (4, 6)), Value::Null);
    // The text as it was has them again.
    client.replace(&uri, 3, FILE);
    assert!(shown(&client.diagnostics(&uri, 3)).contains("replayed commits"));
    // One of another Dockerfile, and what is no result at all.
    std::fs::write(it.path().join("other.Dockerfile"), FILE).unwrap();
    let other = client.open("other.Dockerfile", FILE);
    assert_eq!(shown(&client.diagnostics(&other, 1)), HELP);
    for text in ["", "{}", "[1]", "{\"version\": 2}"] {
        std::fs::write(it.path().join("cache.json"), text).unwrap();
        client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
        assert_eq!(shown(&client.diagnostics(&uri, 3)), HELP, "{text}");
    }
    // The one that has the name of the file comes first.
    replay(it.path(), &["--output", "Dockerfile.cache.json", "--commits", "2"]);
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert_eq!(
        shown(&client.diagnostics(&uri, 3)),
        format!(
            "{HELP}\nsaves 1 of 2 reruns of line 4 in 2 replayed commits, about 30 s (estimated)"
        )
    );
    // What a change runs again says nothing about a history.
    replay(it.path(), &["--output", "Dockerfile.cache.json", "--change"]);
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert_eq!(shown(&client.diagnostics(&uri, 3)), HELP);
}
