//! What the language server offers to do: fixes with their proof, and comments that silence.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, capabilities, range};

const FILE: &str = "FROM debian:12 AS base\nRUN apt-get update && apt-get install curl\nMAINTAINER me\nRUN apt-get install git\nFROM base\nCMD [\"x\"]\n";

/// The actions at a place, with more for the context.
fn actions(client: &mut Client, uri: &str, line: u32, context: &Value) -> Vec<Value> {
    let mut whole = json!({ "diagnostics": [] });
    whole.as_object_mut().unwrap().extend(context.as_object().unwrap().clone());
    let params = json!({ "textDocument": { "uri": uri }, "range": range((line, 0), (line, 99)),
        "context": whole });
    client.request("textDocument/codeAction", &params).as_array().unwrap().clone()
}

fn titles(list: &[Value]) -> Vec<&str> {
    list.iter().map(|it| it["title"].as_str().unwrap()).collect()
}

/// The text after an action.
fn chosen(client: &mut Client, text: &str, list: &[Value], title: &str) -> String {
    let action = list.iter().find(|it| it["title"] == title).expect(title);
    assert_eq!(action.get("edit"), None, "the edit is made when the action is chosen");
    let resolved = client.request("codeAction/resolve", action);
    let change = &resolved["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 1);
    applied(text, change["edits"].as_array().unwrap())
}

/// A text after edits of ASCII lines.
fn applied(text: &str, edits: &[Value]) -> String {
    let offset = |it: &Value| {
        let line = usize::try_from(it["line"].as_u64().unwrap()).unwrap();
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + usize::try_from(it["character"].as_u64().unwrap()).unwrap()
    };
    let mut result = text.to_owned();
    for edit in edits.iter().rev() {
        let (start, end) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
        result.replace_range(start..end, edit["newText"].as_str().unwrap());
    }
    result
}

fn setup(config: &str) -> (tempfile::TempDir, Client, String) {
    let folder = folder(&[("layerwise.yaml", config)]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    (folder, client, uri)
}

#[test]
fn a_fix_is_offered_with_its_rule_and_what_silences_it() {
    let (_folder, mut client, uri) = setup("select: [DL3014, DL4000]\n");
    let found = client.diagnostics(&uri, 1);
    let list = actions(&mut client, &uri, 1, &json!({}));
    assert_eq!(
        titles(&list),
        [
            "Add `-y` (DL3014)",
            "Fix all DL3014 in this file",
            "Ignore DL3014 in this instruction",
            "Ignore DL3014 in this stage",
            "Ignore DL3014 in this file",
            "Apply all safe fixes in this file",
        ]
    );
    let fix = &list[0];
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["diagnostics"][0], found[0]);
    assert_eq!(list[5]["kind"], "source.fixAll.layerwise");
    let mut after = |title| chosen(&mut client, FILE, &list, title);
    let one = FILE.replace("install curl", "install -y curl");
    let both = one.replace("install git", "install -y git");
    assert_eq!(after("Add `-y` (DL3014)"), one);
    assert_eq!(after("Fix all DL3014 in this file"), both);
    let label = "LABEL org.opencontainers.image.authors=\"me\"";
    assert_eq!(after("Apply all safe fixes in this file"), both.replace("MAINTAINER me", label));
    assert_eq!(
        after("Ignore DL3014 in this instruction"),
        FILE.replace("RUN apt-get update", "# layerwise ignore=DL3014\nRUN apt-get update")
    );
    assert_eq!(
        after("Ignore DL3014 in this stage"),
        format!("# layerwise stage-ignore=DL3014\n{FILE}")
    );
    assert_eq!(
        after("Ignore DL3014 in this file"),
        format!("# layerwise file-ignore=DL3014\n{FILE}")
    );
}

#[test]
fn kinds_narrow_what_is_offered() {
    let (_folder, mut client, uri) = setup("select: [DL3014]\n");
    let mut only = |kind: &str| {
        let list = actions(&mut client, &uri, 1, &json!({ "only": [kind] }));
        titles(&list).len()
    };
    assert_eq!((only("quickfix"), only("source"), only("source.fixAll")), (5, 1, 1));
    assert_eq!((only("source.fixAll.layerwise"), only("source.fix"), only("refactor")), (1, 0, 0));
    // Far from every finding only the whole file can be fixed.
    let list = actions(&mut client, &uri, 5, &json!({}));
    assert_eq!(titles(&list), ["Apply all safe fixes in this file"]);
}

#[test]
fn findings_that_the_client_names_count_wherever_the_cursor_is() {
    let (_folder, mut client, uri) = setup("select: [DL3014]\n");
    let found = client.diagnostics(&uri, 1);
    let list = actions(&mut client, &uri, 5, &json!({ "diagnostics": [found[0]] }));
    assert_eq!(titles(&list)[0], "Add `-y` (DL3014)");
    let mut other = found[0].clone();
    other["code"] = "DL3015".into();
    let list = actions(&mut client, &uri, 5, &json!({ "diagnostics": [other] }));
    assert_eq!(titles(&list), ["Apply all safe fixes in this file"]);
}

#[test]
fn unsafe_fixes_are_marked_and_offered_on_request() {
    let text = "FROM debian:12\nCMD x y\n";
    let folder = folder(&[("layerwise.yaml", "select: [DL3025]\n")]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", text);
    let fixes = |list: &[Value]| -> Vec<String> {
        titles(list)
            .iter()
            .filter(|it| !it.starts_with("Ignore"))
            .map(ToString::to_string)
            .collect()
    };
    // As an editor asks for the lamp next to the line.
    let automatic = actions(&mut client, &uri, 1, &json!({ "triggerKind": 2 }));
    assert_eq!(fixes(&automatic), [""; 0]);
    let invoked = actions(&mut client, &uri, 1, &json!({ "triggerKind": 1 }));
    let title = "Write it as a JSON array (DL3025, unsafe: review the change)";
    assert_eq!(fixes(&invoked), [title]);
    assert_eq!(invoked[0].get("isPreferred"), None);
    assert_eq!(chosen(&mut client, text, &invoked, title), "FROM debian:12\nCMD [\"x\", \"y\"]\n");
    let settings = json!({ "settings": { "layerwise": { "unsafeFixes": true } } });
    client.notify("workspace/didChangeConfiguration", &settings);
    assert_eq!(fixes(&actions(&mut client, &uri, 1, &json!({}))), [title]);
}

#[test]
fn an_action_for_a_text_that_is_gone_is_refused() {
    let (_folder, mut client, uri) = setup("select: [DL3014]\n");
    let list = actions(&mut client, &uri, 1, &json!({}));
    client.replace(&uri, 2, "FROM debian:12\n");
    assert_eq!(client.refusal("codeAction/resolve", &list[0]).0, -32801);
    for data in [json!(null), json!({}), json!({ "uri": uri, "revision": "x" })] {
        let params = json!({ "title": "x", "data": data });
        let (code, _) = client.refusal("codeAction/resolve", &params);
        assert!([-32602, -32801].contains(&code), "{code}");
    }
}

#[test]
fn who_cannot_resolve_gets_edits_at_once() {
    let folder = folder(&[("layerwise.yaml", "select: [DL4000]\n")]);
    let mut caps = capabilities();
    caps["textDocument"]["codeAction"] = json!({});
    caps["workspace"] = json!({});
    let mut client = Client::with(folder.path(), &caps);
    let uri = client.open("Dockerfile", FILE);
    let list = actions(&mut client, &uri, 2, &json!({}));
    let edits = list[0]["edit"]["changes"][&uri].as_array().unwrap();
    let label = "LABEL org.opencontainers.image.authors=\"me\"";
    assert_eq!(applied(FILE, edits), FILE.replace("MAINTAINER me", label));
}
