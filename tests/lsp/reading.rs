//! What the language server says of a Dockerfile to who reads it: hovers and symbols.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, at, capabilities, range};

const FILE: &str = "\
ARG VERSION=1.2
FROM debian:${VERSION} AS base
ARG VERSION
ENV HOME_DIR=/srv/$VERSION
# layerwise ignore=DL3004 needed
RUN --mount=type=cache,target=/x,sharing=locked sudo x $HOME_DIR
FROM scratch
COPY --from=base --link /x /y
CMD [\"/y\"]
";

fn opened(caps: &Value) -> (tempfile::TempDir, Client, String) {
    let folder = folder::<&str>(&[]);
    let mut client = Client::with(folder.path(), caps);
    let uri = client.open("Dockerfile", FILE);
    (folder, client, uri)
}

#[test]
fn hovers_say_what_stands_there() {
    let (_folder, mut client, uri) = opened(&capabilities());
    let mut hover = |line, column| {
        let hover = client.request("textDocument/hover", &at(&uri, line, column));
        (hover["contents"]["value"].as_str().unwrap_or("").to_owned(), hover["range"].clone())
    };
    let (text, place) = hover(1, 2);
    assert!(text.starts_with("```dockerfile\nFROM [--platform=platform] image"), "{text}");
    assert_eq!(place, range((1, 0), (1, 4)));
    let argument =
        "`ARG VERSION`, set in line 1: `1.2`\n\n`--build-arg VERSION=…` sets another value.";
    assert_eq!(hover(1, 15), (argument.to_owned(), range((1, 14), (1, 21))));
    assert_eq!(hover(5, 60).0, "`ENV HOME_DIR`, set in line 4: `/srv/1.2`");
    assert_eq!(
        hover(7, 13),
        (
            "Stage **base**, line 2, built on `debian:${VERSION}`. Used in line 8. None of its layers are in the final image."
                .to_owned(),
            range((7, 12), (7, 16))
        )
    );
    assert!(hover(7, 20).0.starts_with("`--link`: Makes a layer"));
    assert!(hover(5, 16).0.starts_with("`cache` mount: A folder that is kept"));
    assert!(hover(5, 36).0.starts_with("`sharing`: `shared` for several"));
    let (text, place) = hover(4, 21);
    assert!(text.starts_with("**DL3004** sudo-in-run"), "{text}");
    assert_eq!(place, range((4, 19), (4, 25)));
    assert_eq!(hover(6, 9).0, "");
    assert_eq!(hover(99, 0).0, "");
}

#[test]
fn symbols_are_stages_with_their_instructions() {
    let (_folder, mut client, uri) = opened(&capabilities());
    let params = json!({ "textDocument": { "uri": uri } });
    let symbols = client.request("textDocument/documentSymbol", &params);
    let line = |it: &Value| {
        let name = it["name"].as_str().unwrap();
        format!("{name}: {}", it["detail"].as_str().unwrap_or_default())
    };
    let top: Vec<String> = symbols.as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        top,
        ["ARG VERSION: VERSION=1.2", "base: FROM debian:${VERSION}", "stage 1: FROM scratch"]
    );
    let base = &symbols[1];
    assert_eq!((&base["kind"], &base["selectionRange"]), (&json!(2), &range((1, 26), (1, 30))));
    assert_eq!(base["range"], range((1, 0), (5, 64)));
    let inner: Vec<String> = base["children"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        inner,
        ["ARG VERSION: VERSION", "ENV HOME_DIR: HOME_DIR=/srv/$VERSION", "RUN: sudo x $HOME_DIR"]
    );
    // Who knows no symbols in symbols gets a list.
    let (_folder, mut client, uri) = opened(&json!({}));
    let params = json!({ "textDocument": { "uri": uri } });
    let symbols = client.request("textDocument/documentSymbol", &params);
    assert_eq!(symbols.as_array().unwrap().len(), 8);
    assert_eq!(symbols[2]["containerName"], "base");
    assert_eq!(symbols[2]["location"], json!({ "uri": uri, "range": range((2, 0), (2, 11)) }));
}
