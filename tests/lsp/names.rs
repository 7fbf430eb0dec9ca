//! Where names lead, and their renaming.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, at, range};

const FILE: &str = "\
ARG VERSION=1.2
FROM debian:${VERSION} AS base
ARG VERSION
ENV HOME_DIR=/srv/$VERSION
RUN make $HOME_DIR
FROM base AS tool
COPY --from=base $HOME_DIR /y
COPY --from=0 /a /b
RUN VERSION=3 && echo $VERSION
";

fn opened(text: &str) -> (tempfile::TempDir, Client, String) {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", text);
    (folder, client, uri)
}

fn ranges(list: &Value) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|it| it["range"].clone()).collect()
}

#[test]
fn definitions_are_where_the_value_comes_from() {
    let (_folder, mut client, uri) = opened(FILE);
    let mut definition = |line, column| {
        let found = client.request("textDocument/definition", &at(&uri, line, column));
        ranges(&found)
    };
    let base = range((1, 26), (1, 30));
    assert_eq!(definition(5, 6), std::slice::from_ref(&base));
    assert_eq!(definition(6, 14), std::slice::from_ref(&base));
    assert_eq!(definition(7, 12), [base]);
    assert_eq!(definition(3, 20), [range((2, 4), (2, 11))]);
    assert_eq!(definition(2, 5), [range((0, 4), (0, 11))]);
    assert_eq!(definition(6, 20), [range((3, 4), (3, 12))]);
    assert_eq!(definition(4, 5), [Value::Null; 0]);
}

#[test]
fn references_and_highlights_are_all_of_one_name() {
    let (_folder, mut client, uri) = opened(FILE);
    let mut params = at(&uri, 3, 6);
    params["context"] = json!({ "includeDeclaration": true });
    let all = [range((3, 4), (3, 12)), range((4, 10), (4, 18)), range((6, 18), (6, 26))];
    assert_eq!(ranges(&client.request("textDocument/references", &params)), all);
    params["context"] = json!({ "includeDeclaration": false });
    assert_eq!(ranges(&client.request("textDocument/references", &params)), all[1..]);
    let found = client.request("textDocument/documentHighlight", &at(&uri, 6, 14));
    let kinds: Vec<&Value> = found.as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, [&json!(3), &json!(2), &json!(2), &json!(2)]);
}

#[test]
fn a_stage_is_renamed_wherever_it_is_named() {
    let (_folder, mut client, uri) = opened(FILE);
    let place = at(&uri, 6, 14);
    let prepared = client.request("textDocument/prepareRename", &place);
    assert_eq!(prepared, json!({ "range": range((6, 12), (6, 16)), "placeholder": "base" }));
    let mut params = place;
    params["newName"] = "builder".into();
    let edit = client.request("textDocument/rename", &params);
    let change = &edit["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": uri, "version": 1 }));
    let edits = [range((1, 26), (1, 30)), range((5, 5), (5, 9)), range((6, 12), (6, 16))];
    assert_eq!(ranges(&change["edits"]), edits);
    assert!(change["edits"].as_array().unwrap().iter().all(|it| it["newText"] == "builder"));
    // By its number it is not named.
    assert_eq!(client.request("textDocument/prepareRename", &at(&uri, 7, 12)), Value::Null);
}

#[test]
fn what_a_new_name_would_break_is_refused() {
    let (_folder, mut client, uri) = opened(FILE);
    let mut refusal = |line: u32, column: u32, new: &str| {
        let mut params = at(&uri, line, column);
        params["newName"] = new.into();
        let (code, text) = client.refusal("textDocument/rename", &params);
        assert_eq!(code, -32803);
        text
    };
    assert_eq!(refusal(1, 27, "TOOL"), "the stage in line 6 already has that name");
    assert_eq!(refusal(1, 27, "scratch"), "`scratch` is not a valid stage name");
    assert_eq!(refusal(1, 27, "1a"), "`1a` is not a valid stage name");
    assert_eq!(refusal(3, 6, "a-b"), "`a-b` is not a valid variable name");
    assert_eq!(refusal(3, 6, "VERSION"), "line 1 uses that name");
    assert_eq!(refusal(3, 6, "TARGETARCH"), "`TARGETARCH` is set by the builder");
    assert_eq!(refusal(0, 6, "V"), "the RUN in line 9 sets `VERSION` itself");
    let text = "you can rename only stages, variables and heredocs that the file defines";
    assert_eq!(refusal(4, 1, "x"), text);
}

#[test]
fn hints_say_what_stands_behind_a_name() {
    let (_folder, mut client, uri) = opened(FILE);
    let params = json!({ "textDocument": { "uri": uri }, "range": range((0, 0), (9, 0)) });
    let hints = client.request("textDocument/inlayHint", &params);
    let list: Vec<(&Value, &Value)> =
        hints.as_array().unwrap().iter().map(|it| (&it["label"], &it["position"])).collect();
    let place = |line: u32, character: u32| json!({ "line": line, "character": character });
    assert_eq!(list, [(&json!("= debian:1.2"), &place(1, 22)), (&json!("= base"), &place(7, 13)),]);
}

const HEREDOCS: &str = "\
FROM debian
RUN <<-'END'
\tmake END
\tEND
COPY <<one <<two /etc/x/
1
one
2
two
COPY <<END /etc/y
taken
END
";

#[test]
fn a_heredoc_is_renamed_where_it_starts_and_ends() {
    let (_folder, mut client, uri) = opened(HEREDOCS);
    let mut params = at(&uri, 3, 2);
    params["context"] = json!({ "includeDeclaration": true });
    let all = [range((1, 8), (1, 11)), range((3, 1), (3, 4))];
    assert_eq!(ranges(&client.request("textDocument/references", &params)), all);
    params["context"] = json!({ "includeDeclaration": false });
    assert_eq!(ranges(&client.request("textDocument/references", &params)), all[1..]);
    assert_eq!(ranges(&client.request("textDocument/definition", &at(&uri, 3, 2))), all[..1]);
    let prepared = client.request("textDocument/prepareRename", &at(&uri, 1, 9));
    assert_eq!(prepared, json!({ "range": all[0], "placeholder": "END" }));
    params["newName"] = "SCRIPT".into();
    let edit = client.request("textDocument/rename", &params);
    let edits = all.map(|it| json!({ "range": it, "newText": "SCRIPT" }));
    assert_eq!(edit["documentChanges"][0]["edits"], json!(edits));
    let hover = client.request("textDocument/hover", &at(&uri, 9, 8));
    assert_eq!(hover["contents"]["value"], "Heredoc **END**, line 11.");
    assert_eq!(hover["range"], range((9, 7), (9, 10)));
}

#[test]
fn a_heredoc_gets_no_name_that_changes_what_it_is() {
    let (_folder, mut client, uri) = opened(HEREDOCS);
    let mut refusal = |line: u32, column: u32, new: &str| {
        let mut params = at(&uri, line, column);
        params["newName"] = new.into();
        client.refusal("textDocument/rename", &params).1
    };
    assert_eq!(refusal(9, 8, "taken"), "line 11 would end the heredoc");
    assert_eq!(refusal(9, 8, "a b"), "`a b` is not a valid heredoc name");
    assert_eq!(refusal(4, 8, "x"), "`one` may also be the name of the file in the image");
}
