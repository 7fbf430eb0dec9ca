//! The scripts of the GitHub action, run as a runner runs them: in a folder, with everything in variables of the environment.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use assert_cmd::Command;
use common::archives::{Picture, Tar};
use common::folder;
use tempfile::TempDir;

const TEXT: &str = "FROM debian:12\nMAINTAINER a\nCMD [\"a\"]\n";

/// Exit code, log, and what the first script wrote for the runner: summary and outputs.
fn run(project: &Path, inputs: &[(&str, &str)]) -> (i32, String, String, String) {
    run_script("run", project, inputs)
}

fn run_script(
    script: &str,
    project: &Path,
    inputs: &[(&str, &str)],
) -> (i32, String, String, String) {
    let runner = TempDir::new().unwrap();
    let file = |name: &str| runner.path().join(name);
    let program = Path::new(env!("CARGO_BIN_EXE_layerwise")).parent().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/action").join(script);
    let output = Command::new(script)
        .current_dir(project)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .env("GITHUB_STEP_SUMMARY", file("summary"))
        .env("GITHUB_OUTPUT", file("output"))
        .env("RUNNER_TEMP", runner.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap_or_default();
    let log = text(&output.stdout) + &text(&output.stderr);
    (output.status.code().unwrap(), log, read("summary"), read("output"))
}

#[test]
fn findings_are_annotations_and_a_summary() {
    let project = folder(&[("Dockerfile", TEXT)]);
    let (code, log, summary, output) = run(project.path(), &[("INPUT_ARGS", "--select\nDL4000\n")]);
    assert_eq!(code, 1);
    let annotation =
        "::warning file=Dockerfile,line=2,col=1,endLine=2,endColumn=11,title=layerwise DL4000::";
    assert!(log.starts_with(annotation), "{log}");
    assert!(summary.starts_with("## layerwise\n\n### `Dockerfile`\n"), "{summary}");
    assert!(summary.contains("| 2 | warning | DL4000 |"), "{summary}");
    assert_eq!(output, "exit-code=1\n");
}

#[test]
fn inputs_are_words_and_never_scripts() {
    let name = "a $(touch hacked) 'b\"";
    let project = folder(&[(&format!("{name}/Dockerfile"), TEXT), ("other/Dockerfile", TEXT)]);
    let args = "--select\nDL4000\n--exit-zero\n";
    let inputs = [
        ("INPUT_PATHS", name),
        ("INPUT_ARGS", args),
        ("INPUT_SUMMARY", "false"),
        ("INPUT_SARIF", "out.sarif"),
    ];
    let (code, log, summary, output) = run(project.path(), &inputs);
    assert_eq!((code, summary.as_str(), output.as_str()), (0, "", "exit-code=0\n"));
    assert_eq!(log.lines().filter(|it| it.starts_with("::warning ")).count(), 1, "{log}");
    assert!(!project.path().join("hacked").exists());
    let sarif = std::fs::read_to_string(project.path().join("out.sarif")).unwrap();
    assert!(sarif.contains("\"DL4000\""), "{sarif}");
}

#[cfg(feature = "cache")]
#[test]
fn a_pull_request_reports_only_what_it_changes() {
    use common::git::{commit, git, repository};
    let Some(origin) = repository() else { return };
    commit(&origin, 1, &[("Dockerfile", TEXT)]);
    git(origin.path(), &["checkout", "-q", "-b", "work"]);
    commit(&origin, 2, &[("Dockerfile", &TEXT.replace("CMD", "RUN cd /tmp && ls\nCMD"))]);
    let clone = TempDir::new().unwrap();
    let from = format!("file://{}", origin.path().display());
    git(clone.path(), &["clone", "-q", "--depth=1", "-b", "work", &from, "c"]);
    let project = clone.path().join("c");
    let args = ("INPUT_ARGS", "--select\nDL4000,DL3003\n--profile\nstrict");
    let inputs = [args, ("INPUT_DIFF_BASE", "auto"), ("GITHUB_BASE_REF", "main")];
    let (code, log, summary, _) = run(&project, &inputs);
    assert_eq!(code, 1, "{log}");
    assert!(summary.contains("DL3003") && !summary.contains("DL4000"), "{summary}");
    // For other events, everything is reported.
    let (_, _, summary, _) = run(&project, &[args, ("INPUT_DIFF_BASE", "auto")]);
    assert!(summary.contains("DL3003") && summary.contains("DL4000"), "{summary}");
}

#[test]
fn errors_fail_the_step() {
    let project = folder(&[("Dockerfile", TEXT)]);
    let (code, log, _, output) = run(project.path(), &[("INPUT_PATHS", "nowhere")]);
    assert_eq!((code, output.as_str()), (2, "exit-code=2\n"));
    assert!(log.contains("nowhere"), "{log}");
}

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
