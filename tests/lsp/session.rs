//! The language server from outside: the session, the documents, what is found in them, and clients that misbehave.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::lsp::{Client, at, capabilities, range};
use crate::common::{folder, layerwise, run};

const FILE: &str = "FROM debian:12 AS base\nRUN sudo x\nMAINTAINER me\nFROM base\nCMD a\n";

fn codes(list: &[Value]) -> Vec<&str> {
    list.iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[test]
fn a_session_begins_and_ends_by_the_protocol() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let hover = at("file:///x", 0, 0);
    assert_eq!(client.refusal("textDocument/hover", &hover).0, -32002);
    client.notify("textDocument/didOpen", &json!({}));
    let result = client.initialize(&capabilities());
    assert_eq!(result["serverInfo"]["name"], "layerwise");
    assert_eq!(client.refusal("initialize", &json!({})).0, -32600);
    assert_eq!(client.refusal("workspace/unknown", &json!({})).0, -32601);
    assert_eq!(client.request("shutdown", &Value::Null), Value::Null);
    assert_eq!(client.refusal("textDocument/hover", &hover).0, -32600);
    client.notify("exit", &Value::Null);
    assert_eq!(client.child.wait().unwrap().code(), Some(0));
    assert_eq!(Client::start(folder.path()).leave(), 0);
}

#[test]
fn a_client_that_leaves_without_a_word_ends_the_session() {
    let folder = folder::<&str>(&[]);
    assert_eq!(Client::spawn(folder.path()).die(), 1);
    let mut client = Client::start(folder.path());
    client.open("Dockerfile", &"RUN x\n".repeat(2000));
    assert_eq!(client.die(), 1);
    let mut client = Client::start(folder.path());
    client.notify("exit", &Value::Null);
    assert_eq!(client.child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_client_that_reads_nothing_does_not_keep_the_server() {
    let folder = folder::<&str>(&[]);
    let program = assert_cmd::cargo::cargo_bin("layerwise");
    let mut child = std::process::Command::new(program)
        .arg("lsp")
        .current_dir(folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More answers than the pipe holds; nobody takes them.
    for id in 0..650 {
        let text = json!({ "jsonrpc": "2.0", "id": id, "method": "x" }).to_string();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }
    drop(input);
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the server stays");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn only_what_there_is_is_announced() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let result = client.initialize(&capabilities());
    let announced = result["capabilities"].as_object().unwrap();
    // No formatting: there is no formatter.
    assert!(announced.keys().all(|it| !it.contains("Formatting")), "{announced:?}");
    let uri = client.open("Dockerfile", FILE);
    for (key, method) in [
        ("hoverProvider", "textDocument/hover"),
        ("documentSymbolProvider", "textDocument/documentSymbol"),
        ("completionProvider", "textDocument/completion"),
        ("definitionProvider", "textDocument/definition"),
        ("documentHighlightProvider", "textDocument/documentHighlight"),
        ("renameProvider", "textDocument/prepareRename"),
        ("foldingRangeProvider", "textDocument/foldingRange"),
        ("documentLinkProvider", "textDocument/documentLink"),
        ("semanticTokensProvider", "textDocument/semanticTokens/full"),
        ("codeLensProvider", "textDocument/codeLens"),
        ("signatureHelpProvider", "textDocument/signatureHelp"),
        ("callHierarchyProvider", "textDocument/prepareCallHierarchy"),
    ] {
        assert!(announced.contains_key(key), "{key}");
        client.request(method, &at(&uri, 0, 0));
    }
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2);
    assert!(!announced.contains_key("diagnosticProvider"), "it is for clients that pull");
}

#[test]
fn diagnostics_say_all_that_is_known() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    let found = client.diagnostics(&uri, 1);
    assert_eq!(codes(&found), ["DL3004", "DL4000", "DL3025"]);
    let maintainer = &found[1];
    assert_eq!(maintainer["range"], range((2, 0), (2, 10)));
    assert_eq!((&maintainer["severity"], &maintainer["tags"]), (&json!(2), &json!([2])));
    assert_eq!(maintainer["source"], "layerwise");
    assert_eq!(
        maintainer["codeDescription"]["href"],
        "https://github.com/hadolint/hadolint/wiki/DL4000"
    );
    assert_eq!(
        maintainer["data"],
        json!({ "name": "maintainer-instruction", "also": ["MaintainerDeprecated"], "fix": "safe" })
    );
    let text = maintainer["message"].as_str().unwrap();
    let (message, help) = text.split_once("\nhelp: ").unwrap();
    assert!(message.contains("MAINTAINER") && help.contains("LABEL"), "{text}");
}

#[test]
fn related_places_are_those_of_the_labels() {
    let folder = folder::<&str>(&[]);
    let text = "FROM debian:12\nCMD [\"a\"]\nCMD [\"b\"]\n";
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", text);
    let found = client.diagnostics(&uri, 1);
    let related = found[0]["relatedInformation"].as_array().unwrap();
    assert_eq!(related[0]["location"]["uri"], uri.as_str());
    assert_eq!(related[0]["location"]["range"]["start"]["line"], 1);
    // Who cannot show them gets none.
    let mut client = Client::with(folder.path(), &json!({}));
    let uri = client.open("Dockerfile", text);
    assert_eq!(client.diagnostics(&uri, 1)[0].get("relatedInformation"), None);
}

#[test]
fn columns_are_counted_as_the_client_counts() {
    let folder = folder::<&str>(&[]);
    let text = "FROM debian:12\nRUN echo 'é😀' && sudo x\nCMD [\"x\"]\n";
    for (encoding, column) in [("utf-8", 21), ("utf-16", 18), ("utf-32", 17)] {
        let mut client = Client::spawn(folder.path());
        let result = client.initialize(&json!({ "general": { "positionEncodings": [encoding] } }));
        assert_eq!(result["capabilities"]["positionEncoding"], encoding);
        let uri = client.open("Dockerfile", text);
        let found = client.diagnostics(&uri, 1);
        assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": column }));
        // An edit behind these characters meets the right ones.
        let sudo = range((1, column), (1, column + 4));
        client.change(&uri, 2, &json!([{ "range": sudo, "text": "x" }]));
        assert_eq!(codes(&client.diagnostics(&uri, 2)), [""; 0], "{encoding}");
    }
}

#[test]
fn edits_are_checked_and_a_closed_document_has_no_findings() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", "FROM debian:12\nCMD [\"x\"]\n");
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [""; 0]);
    let insert = json!([
        { "range": range((1, 0), (1, 0)), "text": "RUN x\n" },
        { "range": range((1, 4), (1, 4)), "text": "sudo " },
    ]);
    client.change(&uri, 2, &insert);
    assert_eq!(codes(&client.diagnostics(&uri, 2)), ["DL3004"]);
    client.replace(&uri, 3, "FROM debian:latest\nCMD [\"x\"]\n");
    assert_eq!(codes(&client.diagnostics(&uri, 3)), ["DL3007"]);
    client.notify("textDocument/didClose", &json!({ "textDocument": { "uri": uri } }));
    let last = client.wait(|it| it["method"] == "textDocument/publishDiagnostics");
    assert_eq!(last["params"], json!({ "uri": uri, "diagnostics": [] }));
    assert_eq!(client.refusal("textDocument/hover", &at(&uri, 0, 0)).0, -32602);
}

#[test]
fn who_pulls_is_not_pushed() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let result = client.initialize(&json!({ "textDocument": { "diagnostic": {} } }));
    assert_eq!(result["capabilities"]["diagnosticProvider"]["identifier"], "layerwise");
    let uri = client.open("Dockerfile", FILE);
    let document = json!({ "uri": uri });
    let report = client.request("textDocument/diagnostic", &json!({ "textDocument": document }));
    assert_eq!(report["kind"], "full");
    assert_eq!(codes(report["items"].as_array().unwrap()), ["DL3004", "DL4000", "DL3025"]);
    let again = json!({ "textDocument": document, "previousResultId": report["resultId"] });
    let unchanged = json!({ "kind": "unchanged", "resultId": report["resultId"] });
    assert_eq!(client.request("textDocument/diagnostic", &again), unchanged);
    client.replace(&uri, 2, "FROM debian:12\nCMD [\"x\"]\n");
    let report = client.request("textDocument/diagnostic", &again);
    assert_eq!((&report["kind"], &report["items"]), (&json!("full"), &json!([])));
    assert_eq!(client.unasked(), [Value::Null; 0]);
}

#[test]
fn configuration_counts_and_is_read_again() {
    let folder = folder(&[("layerwise.yaml", "ignore: [DL3004]\n"), ("a/b/Dockerfile", FILE)]);
    let mut caps = capabilities();
    caps["workspace"]["didChangeWatchedFiles"] = json!({ "dynamicRegistration": true });
    let mut client = Client::with(folder.path(), &caps);
    let asked = client.wait(|it| it["method"] == "client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let watchers = registration["registerOptions"]["watchers"].to_string();
    for name in ["layerwise", "hadolint", ".dockerignore", "Dockerfile"] {
        assert!(watchers.contains(name), "{watchers}");
    }
    let uri = client.open("a/b/Dockerfile", FILE);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["DL4000", "DL3025"]);
    let change = |client: &mut Client, text: &str| {
        std::fs::write(folder.path().join("layerwise.yaml"), text).unwrap();
        let event = json!({ "uri": client.uri("layerwise.yaml"), "type": 2 });
        client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [event] }));
    };
    change(&mut client, "select: [DL4000]\n");
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["DL4000"]);
    change(&mut client, "exclude: [a/b]\n");
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [""; 0]);
    // A mistake is shown once, and the file is not checked by guesswork.
    change(&mut client, "selec: [DL4000]\n");
    let shown = client.wait(|it| it["method"] == "window/showMessage");
    let text = shown["params"]["message"].as_str().unwrap();
    assert!(text.starts_with("layerwise: layerwise.yaml:1:1") && text.contains("selec"), "{text}");
    client.replace(&uri, 2, FILE);
    assert_eq!(codes(&client.diagnostics(&uri, 2)), [""; 0]);
    change(&mut client, "");
    assert_eq!(codes(&client.diagnostics(&uri, 2)), ["DL3004", "DL4000", "DL3025"]);
    let shown = client.unasked().into_iter().filter(|it| it["method"] == "window/showMessage");
    assert_eq!(shown.count(), 0);
}

#[test]
fn what_changes_beside_the_file_is_seen_after_a_rest() {
    let text = "FROM debian:12\nCOPY sourecs /app\nCMD [\"/app\"]\n";
    let folder = folder(&[("Dockerfile", text), ("sources", "x"), (".git/HEAD", "")]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", text);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["LW403"]);
    std::thread::sleep(Duration::from_millis(1100));
    std::fs::write(folder.path().join("sourecs"), "x").unwrap();
    // Nothing but an edit says so.
    client.change(&uri, 2, &json!([{ "range": range((3, 0), (3, 0)), "text": "\n" }]));
    let found = (0..2).map(|_| client.diagnostics(&uri, 2).len()).find(|it| *it == 0);
    assert_eq!(found, Some(0));
}

#[test]
fn each_folder_of_the_workspace_has_its_own_settings() {
    let folder = folder(&[("a/layerwise.yaml", "ignore: [DL3004]\n"), ("b/x", "")]);
    let mut client = Client::spawn(folder.path());
    let folders = json!([{ "uri": client.uri("a"), "name": "a" }]);
    client.request(
        "initialize",
        &json!({ "capabilities": capabilities(), "workspaceFolders": folders }),
    );
    let text = "FROM debian:12\nRUN sudo x\nCMD [\"x\"]\n";
    let (a, b) = (client.open("a/Dockerfile", text), client.open("b/Dockerfile", text));
    assert_eq!(codes(&client.diagnostics(&a, 1)), [""; 0]);
    assert_eq!(codes(&client.diagnostics(&b, 1)), ["DL3004"]);
    let event = json!({ "added": [{ "uri": client.uri("b"), "name": "b" }], "removed": [] });
    client.notify("workspace/didChangeWorkspaceFolders", &json!({ "event": event }));
    assert_eq!(codes(&client.diagnostics(&b, 1)), ["DL3004"]);
    // What is found in an open folder is not a Dockerfile while it is empty; what is named is meant to be one.
    client.replace(&b, 2, "");
    assert_eq!(codes(&client.diagnostics(&b, 2)), [""; 0]);
    client.open_uri("untitled:Untitled-1", "FROM debian:12\nRUN sudo x\n");
    assert_eq!(codes(&client.diagnostics("untitled:Untitled-1", 1)), ["DL3004"]);
}

#[test]
fn a_baseline_counts() {
    let folder = folder(&[("Dockerfile", FILE), ("layerwise.yaml", "baseline: known.json\n")]);
    let mut check = layerwise(folder.path());
    let (code, _, _) = run(check.args(["check", "--no-config", "--write-baseline", "known.json"]));
    assert_eq!(code, 0);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    assert_eq!(codes(&client.diagnostics(&uri, 1)), [""; 0]);
    client.replace(&uri, 2, &FILE.replace("x\n", "x\nRUN sudo y\n"));
    assert_eq!(codes(&client.diagnostics(&uri, 2)), ["DL3004"]);
}

#[test]
fn nonsense_is_answered_and_the_session_goes_on() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    // A text that changes before it was checked gets no diagnostics.
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["DL3004", "DL4000", "DL3025"]);
    client.send_raw(b"Content-Length: 5\r\n\r\n{\"a\":");
    client.send_raw(b"Content-Length: 2\r\nContent-Type: x\r\n\r\n[]");
    let text = |client: &mut Client| {
        let log = client.wait(|it| it["method"] == "window/logMessage");
        log["params"]["message"].as_str().unwrap().to_owned()
    };
    assert!(text(&mut client).contains("not a message"));
    assert!(text(&mut client).contains("not a message"));
    for params in [json!(null), json!([]), json!({ "textDocument": 3 }), json!({ "position": -1 })]
    {
        assert_eq!(client.refusal("textDocument/hover", &params).0, -32602, "{params}");
    }
    let odd = json!({ "textDocument": { "uri": uri }, "position": { "line": -1, "character": 0 } });
    assert_eq!(client.refusal("textDocument/hover", &odd).0, -32602);
    client.notify("textDocument/didChange", &json!({ "textDocument": 7 }));
    assert!(text(&mut client).contains("`textDocument/didChange`"));
    client.change("file:///not/open", 2, &json!([{ "text": "" }]));
    assert!(text(&mut client).contains("not open"));
    client.notify("$/unknown", &json!({}));
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": null }));
    client.notify("$/cancelRequest", &json!({ "id": 12345 }));
    // Positions outside of the text are the nearest that there are; ranges may be the wrong way round.
    client.change(&uri, 2, &json!([{ "range": range((900, 9), (4, 0)), "text": "USER a\n" }]));
    client.change(
        &uri,
        1,
        &json!([{ "range": range((0, 9999), (0, 5)), "text": "debian:latest" }]),
    );
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["LW303", "DL3004", "DL4000"]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn a_cancelled_request_is_answered_as_such() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", &"RUN a | b && sudo c\n".repeat(3000));
    let id = client.ask(
        "textDocument/codeAction",
        &json!({ "textDocument": { "uri": uri },
        "range": range((0, 0), (0, 3)), "context": { "diagnostics": [] } }),
    );
    client.notify("$/cancelRequest", &json!({ "id": id }));
    assert_eq!(client.answer(id)["error"]["code"], -32800);
    assert_eq!(client.leave(), 0);
}

#[test]
fn what_comes_at_once_is_checked_once() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", "FROM debian:12\nCMD [\"x\"]\n");
    client.diagnostics(&uri, 1);
    let last = 2001;
    for version in 2..last {
        client.change(&uri, version, &json!([{ "range": range((1, 0), (1, 0)), "text": "#\n" }]));
    }
    client.change(&uri, last, &json!([{ "range": range((1, 0), (1, 0)), "text": "RUN sudo x\n" }]));
    let found = client.diagnostics(&uri, last);
    assert_eq!((codes(&found), &found[0]["range"]["start"]["line"]), (vec!["DL3004"], &json!(1)));
    let versions: Vec<i64> =
        client.unasked().iter().filter_map(|it| it["params"]["version"].as_i64()).collect();
    assert!(versions.is_sorted() && versions.len() < 2000, "{}", versions.len());
}

#[test]
fn a_large_document_holds_nobody_up() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let large =
        client.open("Dockerfile", &"# a comment that says nothing at all\n".repeat(560_000));
    let small = client.open("b/Dockerfile", FILE);
    assert_eq!(codes(&client.diagnostics(&small, 1)), ["DL3004", "DL4000", "DL3025"]);
    for version in 2..12 {
        client.change(&large, version, &json!([{ "range": range((9, 0), (9, 0)), "text": "#" }]));
    }
    let asked = Instant::now();
    client.request("textDocument/hover", &at(&small, 0, 1));
    assert!(asked.elapsed() < Duration::from_secs(20));
    assert_eq!(codes(&client.diagnostics(&large, 11)), ["LW000"]);
    assert_eq!(client.leave(), 0);
}

#[test]
fn the_settings_of_the_program_hold_for_all_files() {
    let folder = folder(&[("layerwise.yaml", "ignore: [DL3004]\n")]);
    let mut program = layerwise(folder.path());
    let (code, _, text) = run(program.args(["lsp", "--config", "missing.yaml"]));
    assert_eq!(code, 2);
    assert!(text.contains("missing.yaml"), "{text}");
}
