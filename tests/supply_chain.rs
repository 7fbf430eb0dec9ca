//! What is shipped: every crate comes from crates.io under a licence that `deny.toml` allows, and `THIRD-PARTY-NOTICES`
//! holds the texts. `UPDATE=1 cargo test --test supply_chain` writes the notices.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "common/update.rs"]
mod update;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What cargo knows of all crates of the lock file, for all platforms.
fn metadata() -> Value {
    let cargo = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(ROOT).args(["metadata", "--locked", "--format-version", "1"]);
        command.args(more).output().unwrap()
    };
    let mut output = cargo(&["--offline"]);
    if !output.status.success() {
        // Crates of other platforms are fetched the first time.
        output = cargo(&[]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The crates that the program is made of, without those for its tests, in the order of their names.
fn shipped(metadata: &Value) -> Vec<&Value> {
    let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
    let nodes: HashMap<String, Vec<String>> = list(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| {
            let deps = list(&node["deps"])
                .into_iter()
                .filter(|it| list(&it["dep_kinds"]).iter().any(|kind| text(kind, "kind") != "dev"));
            let deps = deps.map(|it| text(&it, "pkg").to_owned()).collect();
            (text(node, "id").to_owned(), deps)
        })
        .collect();
    let root = text(&metadata["resolve"], "root").to_owned();
    let (mut open, mut seen) = (vec![root.clone()], BTreeSet::new());
    while let Some(id) = open.pop() {
        if seen.insert(id.clone()) {
            open.extend(nodes[&id].iter().cloned());
        }
    }
    seen.remove(&root);
    let packages = metadata["packages"].as_array().unwrap().iter();
    let mut found: Vec<&Value> = packages.filter(|it| seen.contains(text(it, "id"))).collect();
    found.sort_by_key(|it| (text(it, "name"), text(it, "version")));
    found
}

/// The licences that `deny.toml` allows.
fn allowed() -> BTreeSet<String> {
    let file = std::fs::read_to_string(Path::new(ROOT).join("deny.toml")).unwrap();
    let list = file.split_once("\nallow = [").unwrap().1.split_once(']').unwrap().0;
    let names = list.split(',').map(|it| it.trim().trim_matches('"').to_owned());
    names.filter(|it| !it.is_empty()).collect()
}

fn is_allowed(licence: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).unwrap();
    expression.evaluate(|it| allowed.contains(&it.to_string()))
}

#[test]
fn licences_are_evaluated() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);
    for licence in ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "MIT AND Unicode-3.0"] {
        assert!(is_allowed(licence, &allowed), "{licence}");
    }
    for licence in ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0"] {
        assert!(!is_allowed(licence, &allowed), "{licence}");
    }
}

#[test]
fn all_crates_come_from_the_registry_under_licences_that_are_allowed() {
    let (metadata, allowed) = (metadata(), allowed());
    assert!(allowed.len() > 3, "{allowed:?}");
    let mut faults = Vec::new();
    let packages = metadata["packages"].as_array().unwrap();
    for package in packages.iter().filter(|it| text(it, "name") != "layerwise") {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        if !is_allowed(licence, &allowed) {
            faults.push(format!("{name}: `{licence}` is not allowed"));
        }
        if text(package, "source") != "registry+https://github.com/rust-lang/crates.io-index" {
            faults.push(format!("{name} is from `{}`", text(package, "source")));
        }
    }
    assert!(packages.len() > 100 && faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_notices_are_those_of_what_is_shipped() {
    let notices = notices(&shipped(&metadata()));
    let path = Path::new(ROOT).join("THIRD-PARTY-NOTICES");
    if update::update() {
        std::fs::write(&path, &notices).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == notices, "`UPDATE=1 cargo test --test supply_chain` writes the notices again");
}

#[test]
fn installs_that_are_advised_use_the_lock_file() {
    let mut faults = Vec::new();
    let pages = std::fs::read_dir(Path::new(ROOT).join("docs")).unwrap();
    let pages = pages.map(|it| it.unwrap().path());
    let files = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ".ci/run"];
    for path in pages.chain(files.map(|it| Path::new(ROOT).join(it))).filter(|it| it.is_file()) {
        let text = std::fs::read_to_string(&path).unwrap();
        let installs = text.lines().filter(|it| it.contains("cargo install "));
        for line in installs.filter(|it| it.contains("layerwise") || it.contains("--path")) {
            if !line.contains("--locked") {
                faults.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The crates, then each text with the crates it is from.
fn notices(packages: &[&Value]) -> String {
    let mut all = "Layerwise contains the following crates. Their licences follow; of several that may be chosen from, MIT \
                   where it is one of them.\n\n"
        .to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        let _ = writeln!(
            all,
            "- {name} ({}) {}",
            text(package, "license"),
            text(package, "repository")
        );
        for text in licence_texts(package) {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    for (text, names) in texts {
        let _ = write!(all, "\n{}\n{}\n\n{text}\n", "-".repeat(80), names.join(", "));
    }
    all
}

/// The files with licences in a folder, by name.
fn licence_files(folder: &Path) -> Vec<PathBuf> {
    let is_licence = |name: &str| {
        let name = name.to_uppercase();
        ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"]
            .iter()
            .any(|start| name.starts_with(start) && !name.ends_with(".RS"))
    };
    let paths = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let is_named = |it: &Path| is_licence(&it.file_name().unwrap().to_string_lossy());
    let mut files: Vec<PathBuf> = paths.filter(|it| it.is_file() && is_named(it)).collect();
    files.sort();
    files
}

/// The texts of a crate: that of MIT alone where it may be chosen, otherwise all there are; and those of sources of others
/// that it brings along.
fn licence_texts(package: &Value) -> Vec<String> {
    let folder = Path::new(text(package, "manifest_path")).parent().unwrap();
    let mut files = licence_files(folder);
    let licence = text(package, "license");
    let may_choose = licence.contains("MIT") && !licence.contains("AND");
    let is_mit = |it: &PathBuf| it.to_string_lossy().to_uppercase().ends_with("MIT");
    if may_choose && let Some(path) = files.iter().find(|it| is_mit(it)) {
        files = vec![path.clone()];
    }
    if files.is_empty() {
        assert!(licence.contains("MIT"), "no text of {licence}: {}", folder.display());
        let authors = package["authors"].as_array().into_iter().flatten();
        let authors: Vec<&str> = authors.filter_map(Value::as_str).collect();
        let authors = match authors.is_empty() {
            true => format!("the authors of {}", text(package, "name")),
            false => authors.join(", "),
        };
        return vec![format!("Copyright (c) {authors}\n\n{MIT}")];
    }
    let folders = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut folders: Vec<PathBuf> = folders.filter(|it| it.is_dir()).collect();
    folders.sort();
    files.extend(folders.iter().flat_map(|it| licence_files(it)));
    let lines = |path: &PathBuf| {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    };
    // It is only ever one of several that may be chosen from.
    let texts = files.iter().map(lines);
    texts.filter(|it| !it.contains("GNU GENERAL PUBLIC LICENSE")).collect()
}

/// The licence where a crate names it and has no copy.
const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the \"Software\"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.";
