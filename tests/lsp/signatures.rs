//! The forms that the language server shows while an instruction is written.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, at, capabilities};

fn help(client: &mut Client, text: &str, line: u32, column: u32) -> Value {
    let uri = client.open("Dockerfile", text);
    client.request("textDocument/signatureHelp", &at(&uri, line, column))
}

#[test]
fn an_instruction_has_forms_and_one_of_them_fits() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let announced = client.initialize(&capabilities());
    let provider = &announced["capabilities"]["signatureHelpProvider"];
    assert_eq!(provider, &json!({ "triggerCharacters": [" ", "=", ",", "["] }));
    let text = json!({ "kind": "markdown", "value": "A command that checks whether the container works: exit code 0 is \
        healthy, 1 is not. `NONE` drops the check of the base image." });
    let part = |label: &str| json!({ "label": label });
    assert_eq!(
        help(&mut client, "FROM a\nHEALTHCHECK --retries=3 CMD x\n", 1, 29),
        json!({
            "signatures": [
                {
                    "label": "HEALTHCHECK [OPTIONS] CMD command",
                    "documentation": text,
                    "parameters": [part("[OPTIONS]"), part("CMD"), part("command")],
                    "activeParameter": 2,
                },
                {
                    "label": "HEALTHCHECK NONE",
                    "documentation": text,
                    "parameters": [part("NONE")],
                },
            ],
            "activeSignature": 0,
            "activeParameter": 2,
        })
    );
    let none = help(&mut client, "FROM a\nHEALTHCHECK NONE\n", 1, 16);
    assert_eq!((&none["activeSignature"], &none["activeParameter"]), (&json!(1), &json!(0)));
    assert_eq!(help(&mut client, "FROM a\n# RUN x\n", 1, 7), Value::Null);
}

#[test]
fn the_keys_of_a_mount_are_parts_with_their_meaning() {
    let folder = folder::<&str>(&[]);
    let mut caps = capabilities();
    caps["textDocument"]["signatureHelp"] = json!({ "signatureInformation":
        { "parameterInformation": { "labelOffsetSupport": true } } });
    let mut client = Client::with(folder.path(), &caps);
    let markdown = |value: &str| json!({ "kind": "markdown", "value": value });
    assert_eq!(
        help(&mut client, "FROM a\nRUN --mount=type=tmpfs,size=1 x\n", 1, 29),
        json!({
            "signatures": [{
                "label": "--mount=type=tmpfs,target=…,size=…",
                "documentation": markdown("An empty folder in memory, gone after the command."),
                "parameters": [
                    { "label": [8, 18] },
                    { "label": [19, 27], "documentation": markdown("Where it is mounted.") },
                    { "label": [28, 34], "documentation": markdown("Its maximum size, such as `64m`.") },
                ],
                "activeParameter": 2,
            }],
            "activeSignature": 0,
            "activeParameter": 2,
        })
    );
}

#[test]
fn the_words_of_a_command_do_not_call_for_it() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", "FROM a\nRUN x y\nHEALTHCHECK CMD x y\n");
    let mut active = |line, column, kind: u32| {
        let mut params = at(&uri, line, column);
        params["context"] = json!({ "triggerKind": kind, "isRetrigger": false });
        client.request("textDocument/signatureHelp", &params)["activeParameter"].clone()
    };
    let (invoked, by_letter) = (1, 2);
    assert_eq!([active(1, 4, by_letter), active(1, 6, invoked)], [json!(1), json!(1)]);
    assert_eq!(active(1, 6, by_letter), Value::Null);
    assert_eq!([active(2, 16, by_letter), active(2, 18, invoked)], [json!(2), json!(2)]);
    assert_eq!(active(2, 18, by_letter), Value::Null);
}
