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
