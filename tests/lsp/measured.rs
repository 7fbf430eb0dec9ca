//! What a measurement of the image said, shown in the editor: where its result is next to the Dockerfile and is about this text.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::lsp::{Client, at, range};
use crate::common::{folder, layerwise, run};

/// A stage that is left behind, one that ships, and a file that a later layer stores again.
const FILE: &str = "\
FROM scratch AS build
COPY big.bin /out/
FROM scratch AS base
COPY --link big.bin /a/
FROM base
WORKDIR /app
COPY small.txt \\
     big.bin \\
     /a/
COPY <<END /app/note
text
END
CMD [\"/a\"]
";

fn project() -> TempDir {
    let it = folder(&[
        ("Dockerfile", FILE),
        (".dockerignore", "*.json\nDockerfile\n"),
        ("big.bin", &"b".repeat(1_200_000)),
        ("small.txt", "12345"),
    ]);
    measure(&it, "measure.json", &[]);
    it
}

fn measure(it: &TempDir, output: &str, arguments: &[&str]) {
    let all = ["measure", "--engine", "none", "--format", "json", "--output", output];
    let done = run(layerwise(it.path()).args(all).args(arguments));
    assert_eq!(done, (0, String::new(), String::new()));
}

fn hover(client: &mut Client, uri: &str, place: (u32, u32)) -> Value {
    client.request("textDocument/hover", &at(uri, place.0, place.1))
}

/// Line, column and text of all hints.
fn hints(client: &mut Client, uri: &str) -> Vec<Value> {
    let all = json!({ "textDocument": { "uri": uri }, "range": range((0, 0), (99, 0)) });
    let hints = client.request("textDocument/inlayHint", &all);
    let hint =
        |it: &Value| json!([it["position"]["line"], it["position"]["character"], it["label"]]);
    hints.as_array().unwrap().iter().map(hint).collect()
}

fn titles(client: &mut Client, uri: &str) -> Vec<Value> {
    let lenses =
        client.request("textDocument/codeLens", &json!({ "textDocument": { "uri": uri } }));
    lenses.as_array().unwrap().iter().map(|it| it["command"]["title"].clone()).collect()
}

#[test]
fn the_sizes_of_a_result_next_to_the_file_are_shown() {
    let it = project();
    let mut client = Client::start(it.path());
    let uri = client.open("Dockerfile", FILE);
    let shown = |text: &str, places| json!({ "contents": { "kind": "markdown", "value": text }, "range": places });
    assert_eq!(
        hover(&mut client, &uri, (3, 13)),
        shown("Adds 1.2 MB to the image (measured).", range((3, 0), (3, 23)))
    );
    // On a line below the first, and below what is known of the keyword.
    let story = "Adds 1.2 MB to the image (measured). Of this, 1.2 MB is wasted: copied again for its metadata (1.2 MB).";
    assert_eq!(hover(&mut client, &uri, (7, 7)), shown(story, range((6, 0), (8, 8))));
    let keyword = hover(&mut client, &uri, (6, 1));
    let value = keyword["contents"]["value"].as_str().unwrap();
    assert!(
        value.starts_with("```dockerfile\nCOPY ") && value.ends_with(&format!("\n\n{story}")),
        "{value}"
    );
    // What is not in the image, and what makes no layer.
    assert_eq!(hover(&mut client, &uri, (1, 6)), Value::Null);
    assert_eq!(hover(&mut client, &uri, (12, 6)), Value::Null);
    assert_eq!(
        hints(&mut client, &uri),
        [
            json!([3, 23, "1.2 MB"]),
            json!([5, 12, "0 bytes"]),
            json!([8, 8, "1.2 MB"]),
            json!([11, 3, "5 bytes"]),
        ]
    );
    assert_eq!(
        titles(&mut client, &uri),
        [
            "not built · 1 layer",
            "ships · 1 layer · adds 1.2 MB · 1 use",
            "final image · 4 layers · adds 2.4 MB"
        ]
    );
}

#[test]
fn sizes_of_another_text_are_not_shown() {
    let it = project();
    let mut client = Client::start(it.path());
    let uri = client.open("Dockerfile", FILE);
    assert_eq!(hints(&mut client, &uri).len(), 4);
    client.replace(&uri, 2, &format!("# a comment\n{FILE}"));
    assert_eq!(hints(&mut client, &uri), [] as [Value; 0]);
    client.replace(&uri, 3, FILE);
    assert_eq!(hints(&mut client, &uri).len(), 4);
    // Another file with the same text.
    std::fs::write(it.path().join("other.Dockerfile"), FILE).unwrap();
    let other = client.open("other.Dockerfile", FILE);
    assert_eq!(hints(&mut client, &other), [] as [Value; 0]);
    // Its own result comes first, and a target has lines of its stages only.
    measure(&it, "Dockerfile.measure.json", &["--target", "build"]);
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
    assert_eq!(hints(&mut client, &uri), [json!([1, 18, "1.2 MB"])]);
    // An image of no known Dockerfile, an older result, and what is no result at all.
    for text in
        ["", "{}", "[1]", "{\"version\": 2, \"images\": []}", "{\"version\": 1, \"images\": []}"]
    {
        std::fs::write(it.path().join("Dockerfile.measure.json"), text).unwrap();
        std::fs::write(it.path().join("measure.json"), text).unwrap();
        client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [] }));
        assert_eq!(hints(&mut client, &uri), [] as [Value; 0], "{text}");
    }
}
