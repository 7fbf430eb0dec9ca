//! Small projects of ten ecosystems: the advice on each, what its fixes make of the Dockerfile, and what is left to say.
//! Each finding on them is compared as a whole, in each profile. `UPDATE=1 cargo test --test projects` writes the results next to the projects.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use common::findings::{Found, PROFILES, Place, compare};
use common::{layerwise, run, update};
use layerwise::config::Settings;
use layerwise::context::Contexts;
use layerwise::lint::Options;
use layerwise::session;
use layerwise::source::Source;

fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|it| it.is_dir()).collect();
    found.sort();
    found
}

/// A copy of a project in its own folder.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The advice on the Dockerfile of a folder.
fn advice(folder: &Path) -> String {
    let arguments = ["check", "--no-config", "--format", "concise", "--quiet", "Dockerfile"];
    run(layerwise(folder).args(arguments)).1
}

#[test]
fn advice_and_fixes_are_as_they_were() {
    let all = projects();
    assert_eq!(all.len(), 10);
    let mut wrong = Vec::new();
    for project in all {
        let folder = tempfile::tempdir().unwrap();
        copy(&project, folder.path());
        let before = advice(folder.path());
        let fix = ["check", "--no-config", "--fix", "--unsafe-fixes", "--quiet", "Dockerfile"];
        let (_, _, err) = run(layerwise(folder.path()).args(fix));
        assert!(!err.contains("undone"), "{}: {err}", project.display());
        let fixed = std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
        let after = advice(folder.path());
        let told = format!("# before\n{before}\n# after the fixes\n{after}");
        for (name, text) in [("Dockerfile.fixed", fixed), ("advice.txt", told)] {
            let path = project.join(name);
            if update() {
                std::fs::write(&path, &text).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
                wrong.push(format!("{}:\n{text}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a run of the program finds in the Dockerfile of a project, in each profile.
fn findings(project: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    std::fs::create_dir(&root).unwrap();
    copy(project, &root);
    let path = root.join("Dockerfile");
    let source = Source::new("Dockerfile", std::fs::read_to_string(&path).unwrap());
    let mut found = Found::default();
    for profile in PROFILES {
        let lint = Options { profile, ..Options::default() };
        let settings = Settings { lint, ..Settings::default() };
        let place = session::Place { path: Some(&path), searched: None };
        let checked = session::check_at(source.clone(), &settings, place, &Contexts::default());
        found.add(profile, checked.findings.into_iter());
    }
    for cause in found.0.iter_mut().flat_map(|(it, _)| &mut it.causes) {
        *cause = cause.replace(&*root.to_string_lossy(), "project");
    }
    found.blocks(&Place { source: &source, line: &|line| line })
}

#[test]
fn findings_are_as_expected() {
    let files: BTreeMap<PathBuf, String> =
        projects().into_iter().map(|it| (it.join("Dockerfile.expected"), findings(&it))).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    compare(&root, &files, "--test projects");
}
