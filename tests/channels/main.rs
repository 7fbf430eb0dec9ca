//! What others read of this project: the GitHub action, the component for GitLab, plugins, hooks, packages and the release. They name
//! only what exists.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod commands;
mod gitlab;
mod inputs;
mod release;

use std::path::PathBuf;

use serde::Deserialize;
use serde_yaml::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap()
}

/// The documents of a YAML file.
fn documents(name: &str) -> Vec<Value> {
    serde_yaml::Deserializer::from_str(&text(name))
        .map(|it| Value::deserialize(it).unwrap())
        .collect()
}

fn yaml(name: &str) -> Value {
    documents(name).pop().unwrap()
}

fn words(value: &Value) -> Vec<String> {
    value.as_sequence().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

const PLUGIN: &str = "packaging/mega-linter-plugin-layerwise/layerwise.megalinter-descriptor.yml";

/// MegaLinter wants both in the address of a plugin, and the endings are those of the hooks.
#[test]
fn the_plugin_for_megalinter_leaves_out_what_the_hooks_leave_out() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_sequence().unwrap() {
        let endings = hook["exclude"].as_str().unwrap();
        let endings = endings.strip_prefix(r"(?i)\.(").unwrap().strip_suffix(")$").unwrap();
        let endings: Vec<_> = endings.split('|').map(|it| format!(".{it}")).collect();
        assert_eq!(words(&yaml(PLUGIN)["file_names_not_ends_with"]), endings);
    }
}

/// Hooks and plugins choose files by patterns: the same ones as `check` in a folder.
#[test]
fn patterns_choose_the_files_that_check_finds() {
    let names = [
        ("Dockerfile", true),
        ("dockerfile", true),
        ("Containerfile", true),
        ("Dockerfile.dev", true),
        ("Dockerfile-dev", true),
        ("Dockerfile_dev", true),
        ("Containerfile.dev", true),
        ("dev.Dockerfile", true),
        ("dev.dockerfile", true),
        ("dev.Containerfile", true),
        ("DockerfileDev", true),
        ("Dockerfile2", true),
        ("Dockerfile.dockerignore", false),
        ("Dockerfile.md", false),
        ("Dockerfile.sh", false),
        ("Dockerfile.j2", false),
        ("Dockerfile.dev.yaml", false),
        ("dockerfiles", false),
        ("Mydockerfile", false),
        ("docker-compose.yml", false),
        (".dockerignore", false),
        ("Dockerfilelinter.js", false),
    ];
    let files: Vec<_> = names.iter().map(|it| (it.0, "FROM scratch\nCOPY a /b\n")).collect();
    let project = common::folder(&files);
    let arguments = ["check", "--format=json", "--exit-zero"];
    let (_, report, _) = common::run(common::layerwise(&project).args(arguments));
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let found =
        |name: &str| report["files"].as_array().unwrap().iter().any(|it| it["path"] == name);
    let hook = &yaml(".pre-commit-hooks.yaml")[0];
    let plugin = yaml(PLUGIN);
    // Patterns of Python, read by Python: one line for each name, with 1 or 0 for the hook and for MegaLinter.
    let python = "import json, re, sys\n\
                  files, exclude, patterns, endings, names = json.loads(sys.argv[1])\n\
                  for it in names:\n \
                      hook = re.search(files, it) and not re.search(exclude, it)\n \
                      plugin = any(re.fullmatch(p, it) for p in patterns) and not it.endswith(tuple(endings))\n \
                      print(int(bool(hook)), int(bool(plugin)))";
    let (patterns, endings) =
        (words(&plugin["file_names_regex"]), words(&plugin["file_names_not_ends_with"]));
    let all: Vec<_> = names.iter().map(|it| it.0).collect();
    let input = serde_json::json!([
        hook["files"].as_str(),
        hook["exclude"].as_str(),
        patterns,
        endings,
        all
    ]);
    let mut command = std::process::Command::new("python3");
    let output = command.args(["-c", python, &input.to_string()]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.lines().count(), names.len(), "{output}");
    for ((name, wanted), line) in names.iter().zip(output.lines()) {
        assert_eq!(found(name), *wanted, "{name}");
        assert_eq!(line, if *wanted { "1 1" } else { "0 0" }, "{name}");
    }
}

#[test]
fn plugins_name_this_version() {
    let plugin = yaml("plugin.yaml");
    for of in ["tools", "lint"] {
        assert_eq!(
            plugin[of]["definitions"][0]["known_good_version"].as_str(),
            Some(VERSION),
            "{of}"
        );
    }
    let guide = text("docs/ci.md");
    assert!(guide.contains(&format!("\n    - layerwise@{VERSION}\n")));
    assert!(guide.contains(&format!("/COMMIT/{PLUGIN}\n")));
}

/// What is tried is what the guides show.
#[test]
fn the_hook_of_the_guides_is_the_one_that_is_tried() {
    let hook = |file: &str| {
        let text = text(file);
        let start = text.find("      - id: layerwise\n        name: layerwise\n").unwrap();
        let lines = text[start..].lines().take_while(|it| it.starts_with("      "));
        lines
            .filter(|it| !it.contains("additional_dependencies:"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let tried = hook("packaging/try");
    assert_eq!(tried.len(), 8, "{tried:?}");
    assert_eq!(hook("README.md"), tried);
    assert_eq!(hook("docs/ci.md"), tried);
}
