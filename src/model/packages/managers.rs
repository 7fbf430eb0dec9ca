//! The package managers, and where they keep caches.
//!
//! From the managers' own manual pages and documentation, and checked against their images.

/// A package manager.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the manager of its name")]
pub enum Manager {
    /// apt-get, apt and aptitude.
    Apt,
    Apk,
    /// yum, dnf, microdnf, tdnf.
    Dnf,
    Zypper,
    Pacman,
    Pip,
    Pipx,
    Pipenv,
    Poetry,
    Uv,
    Pdm,
    Conda,
    Npm,
    Yarn,
    Pnpm,
    Bun,
    Gem,
    Bundler,
    Composer,
    Go,
    Cargo,
    Maven,
    Gradle,
    Dotnet,
    Mix,
    Sbt,
    R,
    Cabal,
    Stack,
    Swift,
    Dart,
    Deno,
    /// cpanm and carton.
    Cpanm,
    /// pecl, pear, and the scripts of PHP's images.
    Pecl,
    Playwright,
}

/// A folder in which a manager leaves a cache, for root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CachePath {
    /// The absolute folder (`~` is `/root`).
    pub path: &'static str,
    /// What is kept there.
    pub what: &'static str,
}

impl Manager {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apt => "apt",
            Self::Apk => "apk",
            Self::Dnf => "dnf",
            Self::Zypper => "zypper",
            Self::Pacman => "pacman",
            Self::Pip => "pip",
            Self::Pipx => "pipx",
            Self::Pipenv => "pipenv",
            Self::Poetry => "poetry",
            Self::Uv => "uv",
            Self::Pdm => "pdm",
            Self::Conda => "conda",
            Self::Npm => "npm",
            Self::Yarn => "yarn",
            Self::Pnpm => "pnpm",
            Self::Bun => "bun",
            Self::Gem => "gem",
            Self::Bundler => "bundler",
            Self::Composer => "composer",
            Self::Go => "go",
            Self::Cargo => "cargo",
            Self::Maven => "maven",
            Self::Gradle => "gradle",
            Self::Dotnet => "dotnet",
            Self::Mix => "mix",
            Self::Sbt => "sbt",
            Self::R => "R",
            Self::Cabal => "cabal",
            Self::Stack => "stack",
            Self::Swift => "swift",
            Self::Dart => "dart",
            Self::Deno => "deno",
            Self::Cpanm => "cpanm",
            Self::Pecl => "pecl",
            Self::Playwright => "playwright",
        }
    }

    /// Whether it keeps one file that says what is installed, which each install rewrites.
    pub fn has_database(self) -> bool {
        matches!(self, Self::Apt | Self::Apk | Self::Dnf | Self::Zypper | Self::Pacman)
    }

    /// The folders in which an install leaves a cache when nothing is said against it.
    pub fn caches(self) -> &'static [CachePath] {
        const fn at(path: &'static str, what: &'static str) -> CachePath {
            CachePath { path, what }
        }
        match self {
            Self::Apt => const { &[at("/var/lib/apt/lists", "package lists")] },
            Self::Apk => const { &[at("/var/cache/apk", "package index")] },
            Self::Dnf => {
                const {
                    &[
                        at("/var/cache/dnf", "packages and metadata"),
                        at("/var/cache/yum", "packages and metadata"),
                    ]
                }
            }
            Self::Zypper => const { &[at("/var/cache/zypp", "packages and metadata")] },
            Self::Pacman => const { &[at("/var/cache/pacman/pkg", "packages")] },
            Self::Pip | Self::Pipx | Self::Pipenv => {
                const { &[at("/root/.cache/pip", "wheels and downloads")] }
            }
            Self::Poetry => const { &[at("/root/.cache/pypoetry", "wheels and downloads")] },
            Self::Uv => const { &[at("/root/.cache/uv", "wheels and downloads")] },
            Self::Pdm => const { &[at("/root/.cache/pdm", "wheels and downloads")] },
            Self::Conda => const { &[at("/opt/conda/pkgs", "packages")] },
            Self::Npm => const { &[at("/root/.npm", "package tarballs")] },
            Self::Yarn => const { &[at("/usr/local/share/.cache/yarn", "package tarballs")] },
            Self::Pnpm => const { &[at("/root/.local/share/pnpm/store", "the package store")] },
            Self::Bun => const { &[at("/root/.bun/install/cache", "packages")] },
            Self::Gem | Self::Bundler => const { &[at("/usr/local/bundle/cache", "gem files")] },
            Self::Composer => {
                const {
                    &[
                        at("/root/.composer/cache", "package archives"),
                        at("/root/.cache/composer", "package archives"),
                    ]
                }
            }
            Self::Go => {
                const { &[at("/root/.cache/go-build", "build cache"), at("/go/pkg/mod", "modules")] }
            }
            Self::Cargo => const { &[at("/usr/local/cargo/registry", "crates")] },
            Self::Maven => const { &[at("/root/.m2", "artifacts")] },
            Self::Gradle => const { &[at("/root/.gradle", "artifacts")] },
            Self::Dotnet => const { &[at("/root/.nuget", "packages")] },
            Self::Mix => const { &[at("/root/.hex", "packages")] },
            Self::Sbt => {
                const { &[at("/root/.ivy2", "artifacts"), at("/root/.cache/coursier", "artifacts")] }
            }
            // Theirs are not known for sure, or small.
            Self::R
            | Self::Cabal
            | Self::Stack
            | Self::Swift
            | Self::Dart
            | Self::Deno
            | Self::Cpanm
            | Self::Pecl
            | Self::Playwright => const { &[] },
        }
    }
}
