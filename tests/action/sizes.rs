//! The script that shows sizes: in the summary of the job, and in one comment on a pull request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crate::common::archives::{Picture, Tar};
use crate::common::folder;
use crate::run_script;

/// A result of `measure` with one image; `text` is the instruction of its second layer.
fn measured(bytes: u64, text: &str) -> String {
    let layer = |line: u64, text: &str, bytes: u64| {
        serde_json::json!({"base": false, "created_by": text, "size": {"files": bytes},
            "instruction": {"line": line}})
    };
    let items = serde_json::json!([
        {"title": "deleted by a later layer", "bytes": 1000, "counted": true, "made_in": 0, "fix_in": 1}]);
    serde_json::json!({"version": 1, "images": [{
        "name": "app", "size": {"files": bytes + 2_000_000}, "base": {"layers": 0},
        "waste": {"bytes": 1000, "items": items},
        "layers": [layer(2, "COPY a /a", 2_000_000), layer(3, text, bytes)]}]})
    .to_string()
}

/// Requests, with the body of each.
type Requests = Arc<Mutex<Vec<(String, String)>>>;

/// What stands in for the API of GitHub: its address, and the requests that it got with the body of each. It knows one
/// comment of another user and all that were posted; `refuse` is a token that may not write.
fn api(refuse: bool) -> (String, Requests) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = requests.clone();
    std::thread::spawn(move || {
        let marker = "<!-- layerwise: image size 0 -->";
        let mut comments =
            vec![serde_json::json!({"id": 1, "body": marker, "user": {"type": "User"}})];
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut request, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if request.is_empty() {
                    request = line.rsplit_once(' ').unwrap().0.to_owned();
                } else if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                } else if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let sent: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let text = sent["body"].as_str().unwrap_or_default().to_owned();
            let (status, answer) = match request.split(' ').next().unwrap() {
                _ if request.ends_with("/user") => (403, serde_json::json!({})),
                "GET" => (200, comments.clone().into()),
                _ if refuse => (403, serde_json::json!({})),
                "POST" => {
                    comments
                        .push(serde_json::json!({"id": 5, "body": text, "user": {"type": "Bot"}}));
                    (201, serde_json::json!({}))
                }
                _ => {
                    comments[1]["body"] = text.clone().into();
                    (200, serde_json::json!({}))
                }
            };
            seen.lock().unwrap().push((request, text));
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 {status} -\r\nConnection: close\r\nContent-Length: {}",
                answer.len()
            );
            write!(reader.get_mut(), "{head}\r\n\r\n{answer}").unwrap();
        }
    });
    (address, requests)
}

/// The second script in the run of a pull request.
fn sizes(project: &Path, address: &str, inputs: &[(&str, &str)]) -> (i32, String, String) {
    let mut all = vec![
        ("INPUT_MEASURED", "now.json"),
        ("INPUT_COMMENT", "true"),
        ("INPUT_TOKEN", "token"),
        ("GITHUB_API_URL", address),
        ("GITHUB_REPOSITORY", "owner/app"),
        ("GITHUB_EVENT_PATH", "event.json"),
    ];
    all.extend(inputs);
    let (code, log, summary, _) = run_script("measured", project, &all);
    (code, log, summary)
}

#[test]
fn sizes_are_a_summary_and_one_comment() {
    let project = folder(&[
        ("event.json", r#"{"pull_request": {"number": 7}}"#.to_owned()),
        ("now.json", measured(500, "RUN a | `b` @c <d> #1\n::error::e\u{202e}")),
        ("before.json", measured(1500, "RUN other")),
    ]);
    let (address, requests) = api(false);
    let table = "### Image size

<code>app</code>: **2.0 MB**

| Line | Instruction | In files |
|---:|---|---:|
| 2 | <code>COPY a /a</code> | 2.0 MB |
| 3 | <code>RUN a &#124; &#96;b&#96; &#64;c &#60;d&#62; &#35;1 &#58;&#58;error&#58;&#58;e&#92;u&#123;202e&#125;</code> | 500 bytes |

Waste: **1.0 kB**
- 1.0 kB: deleted by a later layer; change line 3
";
    let out = sizes(project.path(), &address, &[]);
    assert_eq!(out, (0, String::new(), table.to_owned()));
    // Nothing changed: nothing is written. Then the same comment gets the new text.
    sizes(project.path(), &address, &[]);
    let (_, _, summary) =
        sizes(project.path(), &address, &[("INPUT_MEASURED_BASE", "before.json")]);
    assert!(summary.contains("<code>app</code>: **2.0 MB**, −1.0 kB\n"), "{summary}");
    assert!(summary.contains("| <code>COPY a /a</code> | 2.0 MB | unchanged |\n"), "{summary}");
    assert!(summary.contains("</code> | 500 bytes | new |\n"), "{summary}");
    assert!(summary.contains("| removed | <code>RUN other</code> | | −1.5 kB |\n"), "{summary}");
    let requests = requests.lock().unwrap().clone();
    let written: Vec<_> = requests.iter().filter(|it| !it.0.starts_with("GET ")).collect();
    assert_eq!(written.len(), 2, "{written:?}");
    assert_eq!(written[0].0, "POST /repos/owner/app/issues/7/comments");
    assert_eq!(written[1].0, "PATCH /repos/owner/app/issues/comments/5");
    assert!(written[0].1.starts_with("<!-- layerwise: image size "), "{written:?}");
    assert!(written[0].1.ends_with(table), "{written:?}");
    assert!(written[1].1.ends_with(&summary), "{written:?}");
}

#[test]
fn a_token_that_may_not_write_is_reported_in_the_summary() {
    let project = folder(&[
        ("event.json", r#"{"pull_request": {"number": 7}}"#.to_owned()),
        ("now.json", measured(500, "RUN a")),
    ]);
    let (address, _) = api(true);
    let (code, log, summary) = sizes(project.path(), &address, &[]);
    let message = "the token may not write one (HTTP 403). The job needs `pull-requests: write`, and \
                   pull requests from forks do not get it";
    assert_eq!(code, 0);
    assert_eq!(
        log,
        format!("::notice title=layerwise::no comment on the pull request: {message}\n")
    );
    assert!(summary.contains("| 3 | <code>RUN a</code> | 500 bytes |\n"), "{summary}");
    assert!(
        summary.ends_with(&format!("\n\nNo comment on the pull request: {message}.\n\n")),
        "{summary}"
    );
}

/// The file may come from the code of a pull request.
#[test]
fn files_with_other_contents_are_refused_and_never_markup() {
    let good: serde_json::Value = serde_json::from_str(&measured(500, "RUN a")).unwrap();
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = good.clone();
        change(&mut changed["images"][0]);
        changed.to_string()
    };
    let files = [
        ("line.json", with(&|it| it["layers"][1]["instruction"]["line"] = "<img>|".into())),
        ("none.json", r#"{"version": 1, "images": []}"#.to_owned()),
        ("size.json", with(&|it| it["size"]["files"] = "<img>".into())),
        ("items.json", with(&|it| it["waste"]["items"][0]["bytes"] = "<img>".into())),
        ("layer.json", with(&|it| it["layers"][1]["instruction"] = "<img>".into())),
        ("text.json", "{".to_owned()),
    ];
    let project = folder(&files);
    for (name, _) in &files {
        let inputs = [("INPUT_MEASURED", *name), ("INPUT_COMMENT", "false")];
        let (code, log, summary) = sizes(project.path(), "", &inputs);
        if *name == "line.json" {
            assert!(
                code == 0 && summary.contains("\n|  | <code>RUN a</code> | 500 bytes |\n"),
                "{summary}"
            );
            continue;
        }
        let refused = format!("::error title=layerwise::{name}: not written by `layerwise measure");
        assert!(code == 2 && summary.is_empty() && log.starts_with(&refused), "{name}: {log}");
    }
}

#[cfg(feature = "images")]
#[test]
fn an_image_is_measured_with_the_lines_of_its_dockerfile() {
    let name = "my app.tar";
    let project = folder(&[("Dockerfile", "FROM scratch\nCOPY a /a\n"), ("a", "text")]);
    let mut picture = Picture::new(vec![Tar::new().file("a", b"text").end()]);
    picture.steps = vec!["COPY a /a # buildkit".to_owned()];
    std::fs::write(project.path().join(name), picture.docker_archive()).unwrap();
    let inputs = [("INPUT_MEASURED", ""), ("INPUT_IMAGE", name), ("INPUT_COMMENT", "false")];
    let (code, log, summary) = sizes(project.path(), "http://127.0.0.1:1", &inputs);
    assert_eq!(code, 0, "{log}");
    assert!(summary.contains("| 2 | <code>COPY a /a</code> |"), "{summary}");
    let (code, log, summary) = sizes(project.path(), "", &[("INPUT_MEASURED", "Dockerfile")]);
    assert_eq!((code, summary.as_str()), (2, ""));
    assert!(
        log.starts_with("::error title=layerwise::Dockerfile: not written by `layerwise measure"),
        "{log}"
    );
}
