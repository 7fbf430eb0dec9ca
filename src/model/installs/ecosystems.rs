//! Which files are manifests of a package manager.

use crate::model::Manager;

/// Whether a file of that name is a manifest, a lock file or a setting of some manager.
pub(in crate::model) fn is_manifest(name: &str) -> bool {
    let fits = |pattern: &&str| match pattern.split_once('*') {
        None => *pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    };
    name.ends_with(".txt") && name.contains("requirements")
        || Manager::ALL
            .iter()
            .filter_map(|it| it.project.as_ref())
            .any(|it| it.manifests.iter().chain(it.settings).any(fits))
}

#[cfg(test)]
mod tests {
    use super::is_manifest;

    #[test]
    fn manifests_are_known_by_their_whole_names() {
        for name in [
            "package.json",
            "package-lock.json",
            "requirements.txt",
            "dev-requirements.txt",
            "Shop.csproj",
            "build.gradle.kts",
            "Gemfile",
            "go.sum",
            "mix.exs",
            "renv.lock",
        ] {
            assert!(is_manifest(name), "{name}");
        }
        for name in ["pipeline", "package", "monkeys", "go", "Gemfiles", "src", "requirements"] {
            assert!(!is_manifest(name), "{name}");
        }
    }
}
