//! The files next to a Dockerfile that say which of its stages are built: makefiles, compose and bake files, scripts, CI.
//!
//! They are read only where something depends on it, with bounds, and each folder once a run. Nothing in them is run.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::border::{Way, follow_from};
use super::folders::{full, repository};
use super::side_file::{Finder, read_text};

/// The files of one run: many Dockerfiles are in the same folders.
#[derive(Debug, Default)]
pub struct BuildFiles {
    known: Mutex<HashMap<PathBuf, Arc<HashSet<String>>>>,
}

/// More files of one folder are not read.
const MOST_FILES: usize = 60;

/// More entries of one folder are not looked at.
const MOST_ENTRIES: usize = 2000;

/// How many folders above the Dockerfile are looked at.
const MOST_PARENTS: usize = 8;

/// Folders of a repository that hold such files, seen from a folder that is looked at.
const BELOW: &[&str] = &[
    "",
    ".buildkite",
    ".circleci",
    ".github/workflows",
    ".gitlab",
    "bin",
    "build",
    "ci",
    "hack",
    "scripts",
];

/// Names of files that build images. Sorted.
const NAMES: &[&str] = &[
    ".gitlab-ci.yaml",
    ".gitlab-ci.yml",
    "Earthfile",
    "GNUmakefile",
    "Jenkinsfile",
    "Justfile",
    "Makefile",
    "Rakefile",
    "Tiltfile",
    "justfile",
    "makefile",
    "package.json",
];

/// Beginnings and endings of names of files that build images.
const PATTERNS: &[(&str, &str)] = &[
    ("", ".hcl"),
    ("", ".mk"),
    ("", ".sh"),
    ("Taskfile", ".yaml"),
    ("Taskfile", ".yml"),
    ("azure-pipelines", ".yml"),
    ("bitbucket-pipelines", ".yml"),
    ("cloudbuild", ".json"),
    ("cloudbuild", ".yaml"),
    ("compose", ".yaml"),
    ("compose", ".yml"),
    ("config", ".yml"),
    ("docker-bake", ""),
    ("docker-compose", ".yaml"),
    ("docker-compose", ".yml"),
    ("docker-compose", ""),
    ("pipeline", ".yml"),
    ("skaffold", ".yaml"),
];

impl BuildFiles {
    /// The words that are where a file names what is built, of the folder of a Dockerfile and those above it in its
    /// repository; outside of one, up to `searched`, the folder that the Dockerfile was found in.
    pub fn targets(
        &self,
        dockerfile: &Path,
        searched: Option<&Path>,
        finder: Finder,
    ) -> HashSet<String> {
        let own = dockerfile.parent().unwrap_or(Path::new(""));
        let own = if own.as_os_str().is_empty() { Path::new(".") } else { own };
        let own = full(own);
        let bound = repository(&own).map(Path::to_owned).or_else(|| searched.map(full));
        let bound = bound.filter(|it| own.starts_with(it)).unwrap_or_else(|| own.clone());
        let folders = own.ancestors().take_while(|it| it.starts_with(&bound)).take(MOST_PARENTS);
        folders.flat_map(|it| self.folder(it, finder).iter().cloned().collect::<Vec<_>>()).collect()
    }

    /// The words of one folder.
    fn folder(&self, folder: &Path, finder: Finder) -> Arc<HashSet<String>> {
        let known = self.known.lock().ok().and_then(|it| it.get(folder).cloned());
        if let Some(known) = known {
            return known;
        }
        let mut words = HashSet::new();
        for below in BELOW {
            let place = if below.is_empty() { folder.to_owned() } else { folder.join(below) };
            let is_inside = || {
                let way = follow_from(&folder.join("Makefile"), None, &place);
                matches!(way, Way::Inside(_))
            };
            if finder == Finder::Search && !below.is_empty() && !is_inside() {
                continue;
            }
            // CI builds of all workflows, but elsewhere only what is known by its name.
            let any_yaml = *below == ".github/workflows" || *below == ".gitlab";
            for file in files_of(&place, any_yaml) {
                if let Ok(Some(text)) = read_text(&file, finder) {
                    collect(&text, &mut words);
                }
            }
        }
        let words = Arc::new(words);
        if let Ok(mut known) = self.known.lock() {
            known.insert(folder.to_owned(), Arc::clone(&words));
        }
        words
    }
}

fn files_of(folder: &Path, any_yaml: bool) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .take(MOST_ENTRIES)
        .flatten()
        .filter(|it| it.file_type().is_ok_and(|kind| kind.is_file()))
        .filter(|it| {
            let name = it.file_name();
            let Some(name) = name.to_str() else { return false };
            builds_images(name) || (any_yaml && (name.ends_with(".yml") || name.ends_with(".yaml")))
        })
        .map(|it| it.path())
        .collect();
    found.sort_unstable();
    found.truncate(MOST_FILES);
    found
}

fn builds_images(name: &str) -> bool {
    let fits = |(start, end): &(&str, &str)| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    };
    NAMES.binary_search(&name).is_ok() || PATTERNS.iter().any(fits)
}

/// Collects the words of the lines that name a target or a context, and of the list below such a line. Where the target is a
/// variable, it may be any word of the file.
fn collect(text: &str, words: &mut HashSet<String>) {
    let mut in_list = false;
    let mut by_variable = false;
    for line in text.lines() {
        let trimmed = line.trim();
        let lower = trimmed.to_ascii_lowercase();
        let speaks = ["target", "build-context", "contexts"].iter().any(|it| lower.contains(it));
        in_list = speaks && trimmed.ends_with([':', '[', '(', '\\'])
            || in_list && (trimmed.starts_with(['-', '"', '\'']) || trimmed.ends_with('\\'));
        if speaks || in_list {
            words.extend(words_of(trimmed).map(str::to_owned));
            by_variable |= speaks && trimmed.contains(['$', '{']);
        }
    }
    if by_variable {
        words.extend(words_of(text).map(str::to_owned));
    }
}

/// What may be the name of a stage.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_ascii_alphanumeric() && !"-_.".contains(it))
        .map(|it| it.trim_matches(['-', '.']))
        .filter(|it| it.starts_with(|first: char| first.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = HashSet::new();
        collect(text, &mut words);
        let mut words: Vec<_> = words.into_iter().collect();
        words.sort_unstable();
        words
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMES.is_sorted() && PATTERNS.is_sorted_by_key(|it| it.0) && BELOW.is_sorted());
    }

    #[test]
    fn targets_are_named_in_many_ways() {
        assert!(words("\tdocker build --target=api-1 .\n").contains(&"api-1".to_owned()));
        assert!(words("    target: worker\n").contains(&"worker".to_owned()));
        assert!(words("  target = \"tools\"\n").contains(&"tools".to_owned()));
        assert!(
            words("\"build\": \"docker build --target web -t x .\"\n").contains(&"web".to_owned())
        );
        let matrix = words("      target:\n        - api\n        - web\n    steps: x\n");
        assert_eq!(matrix, ["api", "target", "web"]);
        let variable = words("IMAGES = api web\nall:\n\tdocker build --target $@ .\n");
        assert!(variable.contains(&"web".to_owned()));
        assert!(
            words("docker build --build-context docs=../docs .\n").contains(&"docs".to_owned())
        );
        assert_eq!(words("echo api\n"), [""; 0]);
    }

    #[test]
    fn names_of_build_files_are_known() {
        for name in [
            "Makefile",
            "package.json",
            "compose.yml",
            "compose.prod.yaml",
            "docker-compose.yml",
            "docker-bake.hcl",
            "docker-bake.json",
            "build.sh",
            ".gitlab-ci.yml",
        ] {
            assert!(builds_images(name), "{name}");
        }
        for name in ["main.go", "README.md", "values.yaml", "tsconfig.json", "Dockerfile"] {
            assert!(!builds_images(name), "{name}");
        }
    }
}
