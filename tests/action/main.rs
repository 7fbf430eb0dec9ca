//! The scripts of the GitHub action, run as a runner runs them: in a folder, with everything in variables of the environment.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod sizes;

use std::path::Path;

use assert_cmd::Command;
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
