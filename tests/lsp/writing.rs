//! What the language server proposes while a Dockerfile is written, and what it makes of its parts.

use serde_json::{Value, json};

use crate::common::folder;
use crate::common::lsp::{Client, at, capabilities, range};

/// The labels that are proposed at the `^` of a text, in order.
fn proposed(text: &str) -> Vec<String> {
    let files = [
        ("src/main.rs", "x"),
        ("src/lib.rs", "x"),
        ("secret.txt", "x"),
        (".hidden", "x"),
        (".dockerignore", "secret.txt\n"),
        (".git/HEAD", "x"),
    ];
    let folder = folder(&files);
    let mut client = Client::start(folder.path());
    let items = items(&mut client, text);
    items.iter().map(|it| it["label"].as_str().unwrap().to_owned()).collect()
}

fn items(client: &mut Client, text: &str) -> Vec<Value> {
    let before = text.split('^').next().unwrap();
    let line = u32::try_from(before.matches('\n').count()).unwrap();
    let column = u32::try_from(before.rsplit('\n').next().unwrap().len()).unwrap();
    let uri = client.open("Dockerfile", &text.replace('^', ""));
    client.request("textDocument/completion", &at(&uri, line, column)).as_array().unwrap().clone()
}

#[test]
fn instructions_begin_a_line() {
    let all = proposed("FROM a\n^");
    assert_eq!(all.len(), 17, "all but the one that is deprecated: {all:?}");
    assert!(all.contains(&"HEALTHCHECK".to_owned()));
    assert!(proposed("from a\n^").contains(&"copy".to_owned()));
    assert!(!proposed("FROM a\nONBUILD ^").contains(&"FROM".to_owned()));
    assert_eq!(proposed("FROM a\nRUN a ^b\n"), [""; 0]);
}

#[test]
fn what_is_inserted_takes_the_place_of_what_is_typed() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let list = items(&mut client, "FROM a\nWO^\n");
    let workdir = list.iter().find(|it| it["label"] == "WORKDIR").unwrap();
    assert_eq!(
        workdir["textEdit"],
        json!({ "range": range((1, 0), (1, 2)), "newText": "WORKDIR ${1:/path}" })
    );
    assert_eq!((&workdir["insertTextFormat"], &workdir["kind"]), (&json!(2), &json!(14)));
    assert!(workdir["documentation"]["value"].as_str().unwrap().contains("The working directory"));
    // Who knows no places to fill in gets the word.
    let mut caps = capabilities();
    caps["textDocument"]["completion"] = json!({});
    let mut client = Client::with(folder.path(), &caps);
    let list = items(&mut client, "FROM a\nWO^\n");
    let workdir = list.iter().find(|it| it["label"] == "WORKDIR").unwrap();
    assert_eq!(workdir["textEdit"]["newText"], "WORKDIR");
    assert_eq!(workdir.get("insertTextFormat"), None);
}

#[test]
fn flags_and_their_values_are_those_of_the_instruction() {
    assert_eq!(
        proposed("FROM a\nCOPY --from=x --^ a b\n"),
        ["--chown=", "--chmod=", "--link", "--parents", "--exclude="]
    );
    assert_eq!(
        proposed("FROM a\nRUN --m^"),
        ["--mount=", "--network=", "--security=", "--device="]
    );
    assert_eq!(proposed("FROM a\nRUN --network=^"), ["default", "none", "host"]);
    assert_eq!(proposed("FROM a\nUSER --^"), [""; 0]);
}

#[test]
fn mounts_have_types_and_keys() {
    assert_eq!(proposed("FROM a\nRUN --mount=^"), ["type=", "target=", "source=", "from=", "rw"]);
    assert_eq!(proposed("FROM a\nRUN --mount=type=^"), ["bind", "cache", "secret", "ssh", "tmpfs"]);
    assert_eq!(
        proposed("FROM a\nRUN --mount=type=cache,target=/x,s^"),
        ["sharing=", "id=", "from=", "source=", "mode=", "uid=", "gid=", "ro"]
    );
    assert_eq!(
        proposed("FROM a\nRUN --mount=type=cache,sharing=^"),
        ["locked", "shared", "private"]
    );
    assert_eq!(proposed("FROM a AS b\nFROM c\nRUN --mount=from=^"), ["b"]);
    assert_eq!(proposed("FROM a\nRUN --mount=type=bind,source=src/^"), ["lib.rs", "main.rs"]);
}

#[test]
fn stages_are_those_above() {
    let file = "FROM a AS one\nFROM b AS two\nCOPY --from=^ / /\nFROM c AS three\n";
    assert_eq!(proposed(file), ["one"]);
    assert_eq!(proposed("FROM a AS one\nFROM b AS two\nFROM ^\n"), ["two", "one", "scratch"]);
    assert_eq!(proposed("FROM a ^"), ["AS"]);
}

#[test]
fn variables_are_those_that_are_seen() {
    let file = "ARG G=1\nFROM a AS b\nENV A=1 B=2\nFROM b\nARG C\nRUN x ${^\nENV D=1\n";
    assert_eq!(proposed(file), ["C", "B", "A"]);
    assert!(
        proposed("ARG G=1\nFROM a:$^\n").starts_with(&["G".to_owned(), "BUILDARCH".to_owned()])
    );
    assert!(
        proposed("ARG G=1\nFROM a\nARG ^\n").starts_with(&["G".to_owned(), "BUILDARCH".to_owned()])
    );
}

#[test]
fn paths_are_those_that_a_build_gets() {
    assert_eq!(proposed("FROM a\nCOPY ^\n"), ["src/"]);
    assert_eq!(proposed("FROM a\nCOPY src/^ /x\n"), ["lib.rs", "main.rs"]);
    assert_eq!(proposed("FROM a\nCOPY ../^ /x\n"), [""; 0]);
    assert_eq!(proposed("FROM a\nCOPY --from=x ^ /x\n"), [""; 0]);
    assert!(proposed("FROM a\nCOPY .^ /x\n").contains(&".hidden".to_owned()));
}

#[test]
fn comments_silence_codes() {
    let ours = proposed("FROM a\n# lay^\nRUN x\n");
    assert_eq!(ours, ["layerwise ignore=", "layerwise stage-ignore=", "layerwise file-ignore="]);
    assert!(proposed("# s^").contains(&"syntax=docker/dockerfile:1".to_owned()));
    let codes = proposed("FROM a\n# layerwise ignore=DL3004,^\nRUN x\n");
    assert!(codes.contains(&"LW101".to_owned()) && codes.contains(&"StageNameCasing".to_owned()));
    let hadolint = proposed("FROM a\n# hadolint ignore=^\nRUN x\n");
    assert!(hadolint.len() > 50 && hadolint.iter().all(|it| it.starts_with("DL")));
    assert_eq!(proposed("FROM a\n# layerwise ignore=DL3004 why^\n"), [""; 0]);
}

const FILE: &str = "\
# syntax=docker/dockerfile:1
# About
# this
FROM debian:12 AS base
RUN a \\
  && b
COPY <<EOF /x
hello
EOF
FROM quay.io/team/app
COPY src/main.rs .
ADD https://example.com/x.tgz /
";

#[test]
fn parts_fold() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    let params = json!({ "textDocument": { "uri": uri } });
    let list = client.request("textDocument/foldingRange", &params);
    let fold =
        |from: u32, to: u32, kind: &str| json!({ "startLine": from, "endLine": to, "kind": kind });
    assert_eq!(
        list,
        json!([
            fold(1, 2, "comment"),
            fold(3, 8, "region"),
            fold(4, 5, "region"),
            fold(6, 8, "region"),
            fold(9, 11, "region"),
        ])
    );
}

#[test]
fn selections_grow() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    let params = json!({ "textDocument": { "uri": uri },
        "positions": [{ "line": 3, "character": 8 }] });
    let list = client.request("textDocument/selectionRange", &params);
    let mut ranges = Vec::new();
    let mut next = &list[0];
    while next.is_object() {
        ranges.push(next["range"].clone());
        next = &next["parent"];
    }
    assert_eq!(
        ranges,
        [
            range((3, 5), (3, 11)),
            range((3, 5), (3, 14)),
            range((3, 5), (3, 22)),
            range((3, 0), (3, 22)),
            range((3, 0), (8, 3)),
            range((0, 0), (12, 0)),
        ]
    );
}

#[test]
fn links_lead_to_images_files_and_addresses() {
    let folder = folder(&[("src/main.rs", "x"), (".git/HEAD", "")]);
    let mut client = Client::start(folder.path());
    let uri = client.open("Dockerfile", FILE);
    let params = json!({ "textDocument": { "uri": uri } });
    let list = client.request("textDocument/documentLink", &params);
    let links: Vec<(Value, &str)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["range"]["start"]["line"].clone(), it["target"].as_str().unwrap()))
        .collect();
    assert_eq!(
        links,
        [
            (json!(3), "https://hub.docker.com/_/debian"),
            (json!(9), "https://quay.io/repository/team/app"),
            (json!(10), client.uri("src/main.rs").as_str()),
            (json!(11), "https://example.com/x.tgz"),
        ]
    );
}

#[test]
fn the_whole_workspace_is_checked_on_request() {
    let folder = folder(&[
        ("a/Dockerfile", "FROM debian:12\nRUN sudo x\nCMD [\"x\"]\n"),
        ("b/Dockerfile", "FROM debian:12\nCMD [\"x\"]\n"),
        ("layerwise.yaml", "exclude: [c]\n"),
        ("c/Dockerfile", "FROM debian:12\nRUN sudo x\n"),
    ]);
    let caps = json!({ "textDocument": { "diagnostic": {} },
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let mut client = Client::with(folder.path(), &caps);
    // What is open counts as it is written.
    let open = client.open("b/Dockerfile", "FROM debian:latest\nCMD [\"x\"]\n");
    let report = client.request("workspace/diagnostic", &json!({ "previousResultIds": [] }));
    let items = report["items"].as_array().unwrap();
    let code = |it: &Value| it["items"][0]["code"].clone();
    assert_eq!(items.len(), 2, "{items:?}");
    assert_eq!((&items[0]["uri"], code(&items[0])), (&json!(open), json!("DL3007")));
    assert_eq!((&items[0]["version"], &items[1]["version"]), (&json!(1), &Value::Null));
    assert_eq!(
        (&items[1]["uri"], code(&items[1])),
        (&json!(client.uri("a/Dockerfile")), json!("DL3004"))
    );
    let known = json!([{ "uri": open, "value": items[0]["resultId"] }]);
    let again = client.request("workspace/diagnostic", &json!({ "previousResultIds": known }));
    assert_eq!(again["items"][0]["kind"], "unchanged");
    assert_eq!(again["items"][1]["kind"], "full");
    // Files that nobody says have changed are not read again.
    let known: Vec<Value> =
        items.iter().map(|it| json!({ "uri": it["uri"], "value": it["resultId"] })).collect();
    std::fs::write(folder.path().join("a/Dockerfile"), "FROM debian:12\nCMD [\"x\"]\n").unwrap();
    let kinds = |client: &mut Client| -> Vec<Value> {
        let report = client.request("workspace/diagnostic", &json!({ "previousResultIds": known }));
        report["items"].as_array().unwrap().iter().map(|it| it["kind"].clone()).collect()
    };
    assert_eq!(kinds(&mut client), ["unchanged", "unchanged"]);
    let event = json!({ "uri": client.uri("a/Dockerfile"), "type": 2 });
    client.notify("workspace/didChangeWatchedFiles", &json!({ "changes": [event] }));
    assert_eq!(kinds(&mut client), ["unchanged", "full"]);
}

#[test]
fn lenses_say_what_becomes_of_a_stage() {
    let folder = folder::<&str>(&[]);
    let mut client = Client::start(folder.path());
    let text = "FROM a AS base\nRUN x\nFROM base AS tool\nRUN y\nFROM c AS idle\nFROM base\nWORKDIR /app\nCOPY --from=tool /y /y\nCMD [\"/y\"]\n";
    let uri = client.open("Dockerfile", text);
    let params = json!({ "textDocument": { "uri": uri } });
    let lenses = client.request("textDocument/codeLens", &params);
    let list: Vec<(&Value, &Value)> = lenses
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (&it["range"]["start"]["line"], &it["command"]["title"]))
        .collect();
    assert_eq!(
        list,
        [
            (&json!(0), &json!("ships · 1 layer · 2 uses")),
            (&json!(2), &json!("build only · 2 layers · 1 use")),
            (&json!(4), &json!("not built · 0 layers")),
            (&json!(5), &json!("final image · 3 layers")),
        ]
    );
}
