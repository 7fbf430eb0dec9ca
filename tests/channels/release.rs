//! Packages and the workflow that publishes them: names agree, actions are pinned, and the scripts say what is wrong.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::{VERSION, path, text, yaml};

const WORKFLOW: &str = ".github/workflows/release.yml";

/// The manifest of the extension for Visual Studio Code.
const EXTENSION: &str = "editors/vscode/package.json";

/// The targets that the workflow builds.
fn targets() -> BTreeSet<String> {
    let matrix = &yaml(WORKFLOW)["jobs"]["build"]["strategy"]["matrix"]["include"];
    let target = |it: &serde_yaml::Value| it["target"].as_str().unwrap().to_owned();
    matrix.as_sequence().unwrap().iter().map(target).collect()
}

/// A copy of what the scripts read, with a script instead of the program that cargo built for a target.
fn project(target: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let copy = |from: &str| {
        let status =
            Command::new("cp").arg("-R").arg(path(from)).arg(folder.path()).status().unwrap();
        assert!(status.success());
    };
    let files =
        ["LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-NOTICES", "README.md", "CHANGELOG.md"];
    ["packaging", "Cargo.toml", "Cargo.lock", "plugin.yaml", "docs"]
        .iter()
        .chain(&files)
        .for_each(|it| copy(it));
    let extension = folder.path().join("editors/vscode");
    std::fs::create_dir_all(&extension).unwrap();
    std::fs::copy(path(EXTENSION), extension.join("package.json")).unwrap();
    let program = if target.contains("windows") { "layerwise.exe" } else { "layerwise" };
    let release = folder.path().join("target").join(target).join("release");
    std::fs::create_dir_all(&release).unwrap();
    std::fs::write(release.join(program), "#!/bin/sh\necho \"$*\"\n").unwrap();
    let status = Command::new("chmod").arg("755").arg(release.join(program)).status().unwrap();
    assert!(status.success());
    folder
}

fn script(project: &Path, script: &str, arguments: &[&str], target: &str) -> Output {
    let mut command = Command::new(project.join(script));
    command.current_dir(project).env("TARGET", target).args(arguments).output().unwrap()
}

/// The templates in Cargo.toml for a target, filled in as `cargo binstall` does.
fn binstall(target: &str) -> (String, String) {
    let manifest = text("Cargo.toml");
    let section =
        |name: &str| manifest.split(&format!("\n[package.metadata.binstall{name}]\n")).nth(1);
    let value = |section: &str, key: &str| {
        let section = section.split("\n[").next().unwrap().to_owned();
        let line = section.lines().find(|it| it.starts_with(key))?.to_owned();
        Some(line.split('"').nth(1).unwrap().to_owned())
    };
    let overriding = section(&format!(".overrides.{target}")).unwrap_or_default();
    let filled = |key: &str| {
        let template = value(overriding, key).or_else(|| value(section("").unwrap(), key)).unwrap();
        let windows = target.contains("windows");
        let values = [
            ("{ repo }", "https://example.org/owner/layerwise"),
            ("{ name }", "layerwise"),
            ("{ bin }", "layerwise"),
            ("{ version }", VERSION),
            ("{ target }", target),
            ("{ binary-ext }", if windows { ".exe" } else { "" }),
        ];
        let filled = values.iter().fold(template, |text, (name, value)| text.replace(name, value));
        assert!(!filled.contains('{'), "{filled}");
        filled
    };
    (filled("pkg-url"), filled("bin-dir"))
}

#[test]
fn archives_have_the_names_that_installers_ask_for() {
    let address = "https://example.org/owner/layerwise";
    for target in targets() {
        let project = project(&target);
        let output = script(project.path(), "packaging/build", &["archive"], &target);
        assert!(output.status.success(), "{output:?}");
        let (url, program) = binstall(&target);
        let name = url.rsplit('/').next().unwrap();
        assert_eq!(url, format!("{address}/releases/download/v{VERSION}/{name}"));
        let dist = project.path().join("target/dist");
        let python = "import sys, tarfile, zipfile\n\
                      it = sys.argv[1]\n\
                      print('\\n'.join(zipfile.ZipFile(it).namelist() if it.endswith('zip') else tarfile.open(it).getnames()))";
        let list =
            Command::new("python3").args(["-c", python]).arg(dist.join(name)).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        assert!(list.lines().any(|it| it == program), "{program} is not in {name}: {list}");
        assert!(
            list.contains("/man/layerwise.1") && list.contains("/completions/_layerwise"),
            "{list}"
        );
        let sum = std::fs::read_to_string(dist.join(format!("{name}.sha256"))).unwrap();
        let (digest, named) = sum.trim().split_once("  ").unwrap();
        assert_eq!(named, name);
        let output =
            script(project.path(), "packaging/release/formula", &["target/dist", address], "");
        if target.contains("windows") {
            assert!(!output.status.success(), "Homebrew has no Windows");
        } else {
            let formula = std::fs::read_to_string(dist.join("layerwise.rb")).unwrap();
            assert!(
                formula.contains(&format!("      url \"{url}\"\n      sha256 \"{digest}\"\n")),
                "{formula}"
            );
        }
    }
    // A program that needs no C library is that of both.
    for cpu in ["x86_64", "aarch64"] {
        assert_eq!(
            binstall(&format!("{cpu}-unknown-linux-musl")),
            binstall(&format!("{cpu}-unknown-linux-gnu"))
        );
    }
}

#[test]
fn the_workflow_builds_what_npm_offers() {
    let platforms = |target: &String| {
        let cpu = if target.starts_with("x86_64") { "x64" } else { "arm64" };
        let systems = [("linux", "linux"), ("apple", "darwin"), ("windows", "win32")];
        format!("{}-{cpu}", systems.iter().find(|it| target.contains(it.0)).unwrap().1)
    };
    let offered: BTreeSet<String> =
        serde_json::from_str(&text("packaging/npm/platforms.json")).unwrap();
    assert_eq!(targets().iter().map(platforms).collect::<BTreeSet<_>>(), offered);
}

#[test]
fn the_workflow_is_pinned_and_asks_for_little() {
    let workflow = text(WORKFLOW);
    let uses: Vec<_> =
        workflow.lines().filter_map(|it| it.split_once("uses: ")).map(|it| it.1).collect();
    assert!(uses.len() > 10);
    for action in uses {
        let (commit, version) = action.split_once('@').unwrap().1.split_once(" # v").unwrap();
        assert!(commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit()), "{action}");
        assert!(version.split('.').count() == 3, "{action}");
    }
    assert!(!workflow.contains("secrets."));
    let workflow = yaml(WORKFLOW);
    assert!(workflow["permissions"].as_mapping().unwrap().is_empty());
    for (name, job) in workflow["jobs"].as_mapping().unwrap() {
        let writes = job["permissions"]
            .as_mapping()
            .unwrap()
            .values()
            .any(|it| it.as_str() == Some("write"));
        // Who may write waits for someone to approve.
        assert_eq!(writes, job["environment"].is_string(), "{name:?}");
    }
    for word in text(WORKFLOW).split([' ', '\n', '"']).filter(|it| it.starts_with("packaging/")) {
        assert!(path(word).is_file(), "{word}");
    }
}

#[test]
fn a_release_with_something_missing_is_refused() {
    let project = project("x86_64-unknown-linux-gnu");
    let address = "https://example.org/owner/layerwise";
    let check = || {
        let tag = format!("v{VERSION}");
        let output = script(project.path(), "packaging/release/check", &[&tag, address], "");
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let set = |file: &str, from: &str, to: &str| {
        let file = project.path().join(file);
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(file, text.replace(from, to)).unwrap();
    };
    // Until there is a repository, Cargo.toml does not have its address.
    if !text("Cargo.toml").contains("\nrepository = ") {
        let said = check();
        assert!(!said.0 && said.1.contains("Cargo.toml does not have repository = "), "{said:?}");
        set("Cargo.toml", "\nlicense = ", &format!("\nrepository = \"{address}\"\nlicense = "));
    }
    // A release is the first to have the version of the extension that is being worked on.
    let manifest = text(EXTENSION);
    let version = manifest.lines().find(|it| it.starts_with("  \"version\": ")).unwrap();
    if version != format!("  \"version\": \"{VERSION}\",") {
        let said = check();
        assert!(
            !said.0 && said.1.contains(&format!("{EXTENSION} has another version\n")),
            "{said:?}"
        );
        set(EXTENSION, version, &format!("  \"version\": \"{VERSION}\","));
    }
    let news = "## 0.0.0\n";
    std::fs::write(project.path().join("CHANGELOG.md"), news).unwrap();
    let said = check();
    assert!(
        !said.0 && said.1.contains(&format!("CHANGELOG.md does not have {VERSION}\n")),
        "{said:?}"
    );
    let news = format!(
        "# Changelog\n\n## {VERSION} (2026-12-01)\n\n- [A](docs/a.md), [b](https://b)\n\n## 0.0.0\n\n- c\n"
    );
    std::fs::write(project.path().join("CHANGELOG.md"), &news).unwrap();
    for file in ["README.md", "docs/install.md", "docs/ci.md"] {
        let file = project.path().join(file);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text.replace("not released yet", "released")).unwrap();
    }
    assert_eq!(check(), (true, String::new()));
    let notes = script(project.path(), "packaging/release/notes", &[VERSION, address], "");
    let expected = format!("- [A]({address}/blob/v{VERSION}/docs/a.md), [b](https://b)\n");
    assert_eq!(String::from_utf8(notes.stdout).unwrap(), expected);
    set("plugin.yaml", VERSION, "9.9.9");
    let said = check();
    assert_eq!(
        said,
        (false, "packaging/release/check: plugin.yaml has another version\n".to_owned())
    );
    set("CHANGELOG.md", "(2026-12-01)", "(unreleased)");
    assert!(check().1.ends_with(&format!("notes: CHANGELOG.md calls {VERSION} unreleased\n")));
}
