//! What the package managers of programming languages read: one table.
//!
//! From the managers' own documentation.

use super::Manager;

/// What is known of the projects of one manager.
#[derive(Debug, Clone, Copy)]
pub struct Ecosystem {
    /// The manager.
    pub manager: Manager,
    /// The manifests and lock files that an install reads, the most telling first.
    pub manifests: &'static [&'static str],
    /// Settings in the same folder that an install reads where they are there.
    pub settings: &'static [&'static str],
    /// Folders and files that an install may read too, and that cannot be copied along with the manifests.
    pub others: &'static [&'static str],
    /// The manifest that each member of a workspace has; empty where there are no workspaces.
    pub member: &'static str,
    /// How the dependencies are installed without the sources.
    pub how: &'static str,
}

const fn of(
    manager: Manager,
    manifests: &'static [&'static str],
    member: &'static str,
    how: &'static str,
) -> Ecosystem {
    Ecosystem { manager, manifests, settings: &[], others: &[], member, how }
}

/// All of them.
const ECOSYSTEMS: &[Ecosystem] = &[
    of(Manager::Pipenv, &["Pipfile", "Pipfile.lock"], "", "install"),
    of(Manager::Poetry, &["pyproject.toml", "poetry.lock"], "", "run `poetry install --no-root`"),
    of(
        Manager::Uv,
        &["pyproject.toml", "uv.lock"],
        "pyproject.toml",
        "run `uv sync --no-install-project`",
    ),
    of(Manager::Pdm, &["pyproject.toml", "pdm.lock"], "", "run `pdm install --no-self`"),
    Ecosystem {
        settings: &[".npmrc", "npm-shrinkwrap.json"],
        others: &["patches"],
        ..of(Manager::Npm, &["package*.json"], "package.json", "install")
    },
    Ecosystem {
        settings: &[".npmrc", ".yarnrc", ".yarnrc.yml"],
        others: &[".yarn", "patches"],
        ..of(Manager::Yarn, &["package.json", "yarn.lock"], "package.json", "install")
    },
    Ecosystem {
        settings: &[".npmrc", ".pnpmfile.cjs", "pnpm-workspace.yaml"],
        others: &["patches"],
        ..of(Manager::Pnpm, &["package.json", "pnpm-lock.yaml"], "package.json", "install")
    },
    Ecosystem {
        settings: &[".npmrc", "bunfig.toml"],
        others: &["patches"],
        ..of(Manager::Bun, &["package.json", "bun.lock*"], "package.json", "install")
    },
    Ecosystem {
        settings: &[".ruby-version", ".tool-versions"],
        others: &["*.gemspec", "vendor/cache"],
        ..of(Manager::Bundler, &["Gemfile", "Gemfile.lock"], "", "install")
    },
    of(
        Manager::Composer,
        &["composer.json", "composer.lock"],
        "",
        "run `composer install --no-scripts --no-autoloader`",
    ),
    Ecosystem {
        others: &["go.work", "vendor"],
        ..of(Manager::Go, &["go.mod", "go.sum"], "go.mod", "run `go mod download`")
    },
    of(
        Manager::Cargo,
        &["Cargo.toml", "Cargo.lock"],
        "Cargo.toml",
        "build the dependencies with `cargo chef`",
    ),
    of(Manager::Maven, &["pom.xml"], "pom.xml", "run `mvn dependency:go-offline`"),
    of(Manager::Gradle, &["build.gradle*", "settings.gradle*"], "", "run `gradle dependencies`"),
    Ecosystem {
        settings: &[
            "Directory.Packages.props",
            "Directory.Build.props",
            "Directory.Build.targets",
            "NuGet.Config",
            "NuGet.config",
            "nuget.config",
            "global.json",
            "packages.lock.json",
        ],
        ..of(Manager::Dotnet, &["*.csproj"], "", "run `dotnet restore`")
    },
    of(Manager::Mix, &["mix.exs", "mix.lock"], "mix.exs", "run `mix deps.get`"),
    of(Manager::Sbt, &["build.sbt", "project/"], "", "run `sbt update`"),
    of(Manager::Cabal, &["*.cabal", "cabal.project*"], "", "run `cabal build --only-dependencies`"),
    of(
        Manager::Stack,
        &["stack.yaml", "stack.yaml.lock", "package.yaml"],
        "",
        "run `stack build --only-dependencies`",
    ),
    of(Manager::Swift, &["Package.swift", "Package.resolved"], "", "run `swift package resolve`"),
    of(Manager::Dart, &["pubspec.yaml", "pubspec.lock"], "pubspec.yaml", "install"),
    of(Manager::Deno, &["deno.json*", "deno.lock"], "deno.json", "install"),
    of(Manager::Cpanm, &["cpanfile", "cpanfile.snapshot"], "", "install"),
    of(Manager::R, &["renv.lock", ".Rprofile"], "", "run `renv::restore()`"),
];

impl Manager {
    /// What is known of its projects; none for managers that install only what is named.
    pub fn ecosystem(self) -> Option<&'static Ecosystem> {
        ECOSYSTEMS.iter().find(|it| it.manager == self)
    }
}

/// Whether a file of that name is a manifest, a lock file or a setting of some manager.
pub(super) fn is_manifest(name: &str) -> bool {
    let fits = |pattern: &&str| match pattern.split_once('*') {
        None => *pattern == name,
        Some((start, end)) => {
            name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
        }
    };
    name.ends_with(".txt") && name.contains("requirements")
        || ECOSYSTEMS.iter().any(|it| it.manifests.iter().chain(it.settings).any(fits))
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
