//! Every rule file is listed, and what the files say of themselves is consistent.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashSet;
use std::path::Path;

use layerwise::lint::{Category, Family, Meta};
use layerwise::rules;

fn metas() -> impl Iterator<Item = &'static Meta> {
    rules::all().map(|rule| &rule.meta)
}

/// The rule files as `folder/name`, without their `.rs`.
fn files() -> HashSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = HashSet::new();
    for folder in Category::ALL.map(|it| it.name().replace('-', "_")) {
        for entry in std::fs::read_dir(root.join(&folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let name = path.file_stem().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&path).unwrap();
            if name != "mod" && text.contains("const RULE: Rule") {
                files.insert(format!("{folder}/{name}"));
            }
        }
    }
    files
}

#[test]
fn a_rule_stands_in_the_file_of_its_name_and_every_file_is_listed() {
    let listed: HashSet<String> = metas()
        .map(|it| match it.family {
            // One rule stands for the whole catalogue.
            Family::Shellcheck => "shell/shellcheck".to_owned(),
            _ => format!("{}/{}", it.category.name(), it.name).replace('-', "_"),
        })
        .collect();
    let files = files();
    let mut unlisted: Vec<_> = files.difference(&listed).collect();
    let mut without_file: Vec<_> = listed.difference(&files).collect();
    unlisted.sort();
    without_file.sort();
    assert!(unlisted.is_empty(), "in no `mod.rs`, or name and category differ: {unlisted:?}");
    assert!(without_file.is_empty(), "no file of that name in that folder: {without_file:?}");
}

#[test]
fn codes_and_names_are_unique() {
    let mut seen = HashSet::new();
    for meta in metas() {
        assert!(seen.insert(meta.code.to_lowercase()), "{} twice", meta.code);
        assert!(seen.insert(meta.name.to_lowercase()), "{} twice", meta.name);
    }
}

#[test]
fn codes_are_those_of_their_family() {
    for meta in metas() {
        let digits = |prefix: &str| {
            meta.code
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.len() >= 3 && rest.bytes().all(|it| it.is_ascii_digit()))
        };
        let good = match meta.family {
            Family::Layerwise => digits("LW") || digits("LM"),
            Family::Hadolint => digits("DL"),
            Family::Buildkit => meta.code.chars().all(|it| it.is_ascii_alphabetic()),
            Family::Shellcheck => true,
        };
        assert!(good, "{} is no code of {}", meta.code, meta.family.name());
    }
}

#[test]
fn absorbed_codes_exist() {
    let codes: HashSet<&str> = metas().map(|it| it.code).collect();
    for meta in metas() {
        for code in meta.absorbs.iter().chain(meta.outweighs) {
            assert!(
                codes.contains(code) || rules::shellcheck_metas().iter().any(|it| it.code == *code),
                "{} absorbs {code}, which is no rule",
                meta.code
            );
        }
    }
}

/// Files that are about one package manager by design: those of rules that other linters have, and of its lock file.
const ABOUT_ONE_MANAGER: &[&str] = &[
    "rules/layers/apk_index_left.rs",
    "rules/layers/dnf_cache_left.rs",
    "rules/layers/pip_cache_left.rs",
    "rules/layers/yarn_cache_left.rs",
    "rules/layers/yum_cache_left.rs",
    "rules/layers/zypper_cache_left.rs",
    "rules/packages/",
    "src/model/installs/locked.rs",
    "src/model/packages/",
];

/// The Rust files below a folder of the project: their paths and texts.
fn code(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            found.extend(code(&path));
        } else if path.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn package_managers_are_known_by_their_descriptions() {
    let files = code("src").into_iter().chain(code("rules"));
    let is_free = |path: &str| {
        path.ends_with("tests.rs") || ABOUT_ONE_MANAGER.iter().any(|it| path.starts_with(it))
    };
    let mut wrong = Vec::new();
    for (path, text) in files.filter(|(path, _)| !is_free(path)) {
        let own = text.split("#[cfg(test)]\nmod ").next().unwrap();
        for name in own.split("Manager::").skip(1) {
            let end = name.find(|it: char| !(it.is_ascii_uppercase() || it == '_'));
            let name = &name[..end.unwrap_or(name.len())];
            if name.len() > 1 && name != "ALL" {
                wrong.push(format!("{path} names `Manager::{name}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_package_manager_is_listed() {
    let files = code("src/model/packages");
    let is_list = |path: &str| path.ends_with("/mod.rs");
    let (_, list) = files.iter().find(|it| is_list(&it.0)).unwrap();
    let described = files.iter().filter(|it| it.1.contains("static DESCRIPTION: Description"));
    let name = |path: &str| path.rsplit('/').next().unwrap().trim_end_matches(".rs").to_owned();
    let names: Vec<String> = described.map(|it| name(&it.0)).collect();
    let unlisted: Vec<_> =
        names.iter().filter(|it| !list.contains(&format!(" = {it},\n"))).collect();
    assert!(names.len() > 30);
    assert!(unlisted.is_empty(), "not in `managers!` of src/model/packages/mod.rs: {unlisted:?}");
}
