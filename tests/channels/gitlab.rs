//! The job of the component for GitLab, run as a runner does: in a checkout, by `sh`, with its variables.

use std::path::Path;

use assert_cmd::Command;
use serde_yaml::Value;

use crate::common::git::{commit, git, repository};
use crate::documents;

/// Exit code and output of the job with these inputs and variables.
fn job(project: &Path, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> (i32, String) {
    let [header, jobs] = documents("templates/layerwise/template.yml").try_into().unwrap();
    let job = jobs.as_mapping().unwrap().values().next().unwrap();
    // As GitLab does: inputs replace their names in strings of the parsed file.
    let expand = |text: &str| {
        header["spec"]["inputs"].as_mapping().unwrap().iter().fold(
            text.to_owned(),
            |text, (name, it)| {
                let name = name.as_str().unwrap();
                let given = inputs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
                let default = match &it["default"] {
                    Value::Bool(it) => it.to_string(),
                    it => it.as_str().unwrap().to_owned(),
                };
                text.replace(&format!("$[[ inputs.{name} ]]"), &given.unwrap_or(default))
            },
        )
    };
    let lines = |part: &str| job[part].as_sequence().unwrap().iter().map(|it| it.as_str().unwrap());
    let script: Vec<_> = lines("before_script").chain(lines("script")).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_layerwise")).parent().unwrap();
    let mut command = Command::new("sh");
    command.current_dir(project).env_clear().args(["-e", "-c", &script.join("\n")]);
    command.env("PATH", format!("{}:/usr/bin:/bin", program.display()));
    for (name, value) in job["variables"].as_mapping().unwrap() {
        command.env(name.as_str().unwrap(), expand(value.as_str().unwrap()));
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

/// The codes in the report.
fn reported(project: &Path) -> Vec<String> {
    let report = std::fs::read_to_string(project.join("gl-code-quality-report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let issues = report.as_array().unwrap();
    issues.iter().map(|it| it["check_name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_merge_request_fails_for_what_it_changes_and_reports_all() {
    let Some(project) = repository() else { return };
    let old = "FROM debian:12\nMAINTAINER me\nCOPY a /a\nCMD [\"a\"]\n";
    commit(&project, 1, &[("Dockerfile", old), ("a", "")]);
    let base = git(project.path(), &["rev-parse", "HEAD"]);
    let base = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str())];
    commit(&project, 2, &[("b", "")]);
    let (code, log) = job(project.path(), &[], &base);
    assert_eq!((code, reported(project.path())), (0, vec!["DL4000".to_owned()]), "{log}");
    assert!(project.path().join("layerwise.sarif").exists());
    // On a branch, or if it is asked for, everything counts.
    assert_eq!(job(project.path(), &[], &[]).0, 1);
    assert_eq!(job(project.path(), &[("changed-lines", "false")], &base).0, 1);
    assert_eq!(job(project.path(), &[("fail-on", "error")], &[]).0, 0);
    commit(&project, 3, &[("Dockerfile", &old.replace("COPY a", "RUN cd /tmp && ls\nCOPY a"))]);
    let (code, log) = job(project.path(), &[("args", "--extend-select\nDL3003")], &base);
    assert_eq!((code, reported(project.path()).len()), (1, 2), "{log}");
    assert!(log.contains("DL3003") && !log.contains("DL4000"), "{log}");
}

#[test]
fn inputs_are_words_and_never_scripts() {
    let Some(project) = repository() else { return };
    let name = "a $(touch hacked) 'b\" *";
    let matched = name.replace('*', "c");
    let file = "FROM debian:12\nMAINTAINER me\nCOPY a /a\nCMD [\"a\"]\n";
    commit(
        &project,
        1,
        &[(&format!("{name}/Dockerfile"), file), (&format!("{matched}/Dockerfile"), file)],
    );
    let (code, log) = job(project.path(), &[("paths", name), ("args", "--select\nDL4000")], &[]);
    assert_eq!((code, reported(project.path()).len()), (1, 1), "{log}");
    assert!(!project.path().join("hacked").exists());
}
