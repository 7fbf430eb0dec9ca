//! What the language server says of the words of a Dockerfile: all of them, those of a range, and what has changed.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, capabilities, range};

/// The tokens of an answer as words with their kinds; `!` marks what is declared.
fn words(text: &str, legend: &Value, answer: &Value) -> Vec<String> {
    let numbers = numbers(&answer["data"]);
    let lines: Vec<&str> = text.lines().collect();
    let (mut line, mut column) = (0, 0);
    let mut found = Vec::new();
    for token in numbers.chunks(5) {
        column = if token[0] > 0 { token[1] } else { column + token[1] };
        line += token[0];
        let word: String = lines[line].chars().skip(column).take(token[2]).collect();
        let mark = if token[4] == 1 { "!" } else { "" };
        found.push(format!("{word} {}{mark}", legend[token[3]].as_str().unwrap()));
    }
    found
}

fn numbers(list: &Value) -> Vec<usize> {
    let number = |it: &Value| usize::try_from(it.as_u64().unwrap()).unwrap();
    list.as_array().unwrap().iter().map(number).collect()
}

#[test]
fn tokens_say_what_words_are() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let result = client.initialize(&capabilities());
    let provider = &result["capabilities"]["semanticTokensProvider"];
    assert_eq!((&provider["range"], &provider["full"]), (&json!(true), &json!({ "delta": true })));
    let legend = &result["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"];
    let text =
        "# x\nFROM a AS b\nARG é=1 V=2\nRUN --mount=type=ssh,id=a sudo x $V\nCOPY --from=b . .\n";
    let uri = client.open("Dockerfile", text);
    let params = json!({ "textDocument": { "uri": uri } });
    let full = client.request("textDocument/semanticTokens/full", &params);
    assert_eq!(
        words(text, legend, &full),
        [
            "# x comment",
            "FROM keyword",
            "AS keyword",
            "b namespace!",
            "ARG keyword",
            "V variable!",
            "RUN keyword",
            "--mount parameter",
            "type property",
            "id property",
            "x function",
            "V variable",
            "COPY keyword",
            "--from parameter",
        ]
    );
}

#[test]
fn a_range_has_the_tokens_that_it_touches() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::spawn(folder.path());
    let result = client.initialize(&capabilities());
    let legend = &result["capabilities"]["semanticTokensProvider"]["legend"]["tokenTypes"];
    let text = "FROM a AS b\nRUN x\nFROM b\nCOPY --from=b . .\n";
    let uri = client.open("Dockerfile", text);
    let mut of = |from, to| {
        let params = json!({ "textDocument": { "uri": uri }, "range": range(from, to) });
        let answer = client.request("textDocument/semanticTokens/range", &params);
        assert_eq!(answer.get("resultId"), None);
        words(text, legend, &answer)
    };
    assert_eq!(of((1, 0), (2, 0)), ["RUN keyword", "x function"]);
    assert_eq!(
        of((2, 3), (3, 8)),
        ["FROM keyword", "b namespace", "COPY keyword", "--from parameter"]
    );
    assert_eq!(of((0, 5), (0, 6)), [""; 0]);
}

#[test]
fn changed_tokens_are_sent_alone() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", "FROM a AS b\nRUN x\nCMD y\n");
    let document = json!({ "textDocument": { "uri": uri } });
    let full = client.request("textDocument/semanticTokens/full", &document);
    let delta = |client: &mut Client, id: &Value| {
        let params = json!({ "textDocument": { "uri": uri }, "previousResultId": id });
        client.request("textDocument/semanticTokens/full/delta", &params)
    };
    client.change(
        &uri,
        2,
        &json!([{ "range": range((1, 4), (1, 4)), "text": "--mount=type=ssh " }]),
    );
    let changed = delta(&mut client, &full["resultId"]);
    // `--mount` and `type` come, and `x` is further to the right.
    assert_eq!(
        changed["edits"],
        json!([{ "start": 20, "deleteCount": 5, "data": [0, 4, 7, 2, 0, 0, 8, 4, 7, 0, 0, 9, 1, 5, 0] }])
    );
    let mut patched = numbers(&full["data"]);
    patched.splice(20..25, numbers(&changed["edits"][0]["data"]));
    let now = client.request("textDocument/semanticTokens/full", &document);
    assert_eq!(patched, numbers(&now["data"]));
    // Nothing has changed since.
    let same = delta(&mut client, &now["resultId"]);
    assert_eq!(same, json!({ "resultId": now["resultId"], "edits": [] }));
    // An answer that is not the last one is not known.
    let unknown = delta(&mut client, &json!("0"));
    assert_eq!(unknown, now);
    client.replace(&uri, 3, "");
    let empty = delta(&mut client, &now["resultId"]);
    assert_eq!(empty["edits"], json!([{ "start": 0, "deleteCount": 40 }]));
}
