//! Stages as symbols of the workspace, and as a hierarchy of who uses whom.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, at, range};

const FILE: &str = "\
FROM debian:12 AS base
RUN x
FROM base AS tool
COPY --from=base /a /b
RUN --mount=from=base,target=/c y
FROM scratch
COPY --from=tool /d /e
COPY --from=0 /f /g
";

#[test]
fn symbols_of_the_workspace_are_the_stages_of_all_files() {
    let folder = folder(&[
        ("a/Dockerfile", "FROM debian:12 AS on-disk\nCMD [\"x\"]\n"),
        ("b/Dockerfile", "FROM old AS other\n"),
        ("layerwise.yaml", "exclude: [c]\n"),
        ("c/Dockerfile", "FROM x AS excluded\n"),
    ]);
    let mut client = Client::start(folder.path());
    // What is open counts as it is written.
    let open = client.open("b/Dockerfile", FILE);
    let symbol = |name: &str, uri: &str, file: &str, from: (u32, u32), to: (u32, u32)| {
        json!({ "name": name, "kind": 2, "containerName": file,
            "location": { "uri": uri, "range": range(from, to) } })
    };
    let disk = client.uri("a/Dockerfile");
    let all = client.request("workspace/symbol", &json!({ "query": "" }));
    assert_eq!(
        all,
        json!([
            symbol("on-disk", &disk, "a/Dockerfile", (0, 18), (0, 25)),
            symbol("base", &open, "b/Dockerfile", (0, 18), (0, 22)),
            symbol("tool", &open, "b/Dockerfile", (2, 13), (2, 17)),
            symbol("scratch", &open, "b/Dockerfile", (5, 5), (5, 12)),
        ])
    );
    let found = client.request("workspace/symbol", &json!({ "query": "OK" }));
    assert_eq!(found, json!([all[0]]));
}

#[test]
fn files_are_read_again_when_the_client_says_that_they_have_changed() {
    let folder = folder(&[("Dockerfile", "FROM a AS one\n")]);
    let caps = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::with(folder.path(), &caps);
    let names = |client: &mut Client| -> Vec<Value> {
        let found = client.request("workspace/symbol", &json!({ "query": "" }));
        found.as_array().unwrap().iter().map(|it| it["name"].clone()).collect()
    };
    assert_eq!(names(&mut client), ["one"]);
    std::fs::write(folder.path().join("Dockerfile"), "FROM a AS two\n").unwrap();
    assert_eq!(names(&mut client), ["one"]);
    let event = json!({ "uri": client.uri("Dockerfile"), "type": 2 });
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [event] }));
    assert_eq!(names(&mut client), ["two"]);
    client.open("Dockerfile", "FROM a AS three\n");
    assert_eq!(names(&mut client), ["three"]);
}

/// A stage as the server describes it.
fn item(uri: &str, id: u32, name: &str, base: &str, lines: &Value, name_at: &Value) -> Value {
    json!({ "name": name, "kind": 2, "detail": format!("FROM {base}"), "uri": uri, "range": lines,
        "selectionRange": name_at, "data": { "uri": uri, "stage": id } })
}

#[test]
fn stages_call_those_that_they_use() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    let base = item(&uri, 0, "base", "debian:12", &range((0, 0), (1, 5)), &range((0, 18), (0, 22)));
    let tool = item(&uri, 1, "tool", "base", &range((2, 0), (4, 33)), &range((2, 13), (2, 17)));
    let last =
        item(&uri, 2, "stage 2", "scratch", &range((5, 0), (7, 19)), &range((5, 5), (5, 12)));
    let mut prepare =
        |line, column| client.request("textDocument/prepareCallHierarchy", &at(&uri, line, column));
    assert_eq!(prepare(3, 13), json!([base]), "where it is used");
    assert_eq!(prepare(2, 1), json!([tool]), "at its FROM");
    assert_eq!(prepare(1, 2), Value::Null);

    let incoming = client.request("callHierarchy/incomingCalls", &json!({ "item": base }));
    let by_tool = [range((2, 5), (2, 9)), range((3, 12), (3, 16)), range((4, 17), (4, 21))];
    assert_eq!(
        incoming,
        json!([
            { "from": tool, "fromRanges": by_tool },
            { "from": last, "fromRanges": [range((7, 12), (7, 13))] },
        ])
    );
    let outgoing = client.request("callHierarchy/outgoingCalls", &json!({ "item": last }));
    assert_eq!(
        outgoing,
        json!([
            { "to": base, "fromRanges": [range((7, 12), (7, 13))] },
            { "to": tool, "fromRanges": [range((6, 12), (6, 16))] },
        ])
    );
    assert_eq!(client.request("callHierarchy/incomingCalls", &json!({ "item": last })), json!([]));
    // A stage keeps its name when another one is put before it.
    client.change(&uri, 2, &json!([{ "range": range((0, 0), (0, 0)), "text": "FROM new\n" }]));
    let incoming = client.request("callHierarchy/incomingCalls", &json!({ "item": base }));
    assert_eq!(incoming[0]["from"]["name"], "tool");
    assert_eq!(incoming[0]["fromRanges"][0], range((3, 5), (3, 9)));
    let gone = json!({ "item": item(&uri, 1, "gone", "x", &range((0, 0), (0, 1)), &range((0, 0), (0, 1))) });
    assert_eq!(client.request("callHierarchy/outgoingCalls", &gone), Value::Null);
}
