//! What is in the folders of projects and is of no use to a build.

use std::collections::HashSet;

/// A kind of folder or file that a build never needs.
#[derive(Debug, PartialEq, Eq)]
pub struct Baggage {
    /// The name of the folder or file; with `*` at its start, its ending.
    pub name: &'static str,
    /// Whether it is a folder.
    folder: bool,
    /// Names of which one has to be next to it; none if its own name is enough.
    beside: &'static [&'static str],
    /// What it is.
    pub what: &'static str,
    /// The commands of which one makes it again in a build; without them some builds copy it. None: no build wants it.
    made_by: &'static [&'static str],
    /// The commands that read it.
    read_by: &'static [&'static str],
    /// Whether it is a history: it is in the root, and changes with every commit.
    pub is_history: bool,
}

/// What builds ask of a context.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContextUse {
    /// What they copy, as paths from the root of the context.
    pub copied: Vec<String>,
    /// The commands that they run.
    pub commands: HashSet<String>,
}

impl ContextUse {
    /// Whether the builds can do without what is of that kind, if they do not copy it by its name.
    pub fn can_do_without(&self, kind: &Baggage) -> bool {
        let runs = |names: &[&str]| names.iter().any(|it| self.commands.contains(*it));
        !runs(kind.read_by) && (kind.made_by.is_empty() || runs(kind.made_by))
    }
}

const fn folder(name: &'static str, what: &'static str) -> Baggage {
    Baggage { name, folder: true, beside: &[], what, made_by: &[], read_by: &[], is_history: false }
}

const fn history(name: &'static str, read_by: &'static [&'static str]) -> Baggage {
    Baggage { read_by, is_history: true, ..folder(name, "the history of the repository") }
}

const fn file(name: &'static str, what: &'static str) -> Baggage {
    Baggage { folder: false, ..folder(name, what) }
}

/// From the tools' own lists of what to leave out of version control, and what they write.
pub(super) static ALL: &[Baggage] = &[
    history(".git", &["dotnet", "git", "go", "goreleaser", "mage", "make"]),
    history(".hg", &["hg"]),
    history(".svn", &["svn", "svnversion"]),
    Baggage {
        made_by: &["bun", "npm", "pnpm", "yarn"],
        ..folder("node_modules", "installed packages, which the build installs again")
    },
    Baggage {
        beside: &["Cargo.toml"],
        made_by: &["cargo"],
        ..folder("target", "build output of cargo")
    },
    Baggage {
        beside: &["pom.xml"],
        made_by: &["mvn", "mvnw"],
        ..folder("target", "build output of Maven")
    },
    Baggage {
        beside: &["build.gradle", "build.gradle.kts"],
        made_by: &["gradle", "gradlew"],
        ..folder("build", "build output of Gradle")
    },
    folder(".gradle", "Gradle's caches"),
    folder(".venv", "a local virtual environment"),
    Baggage {
        made_by: &["pip", "pip3", "python", "python3", "uv", "poetry"],
        ..folder("venv", "a local virtual environment")
    },
    folder("__pycache__", "compiled Python files"),
    folder(".pytest_cache", "the cache of a tool"),
    folder(".mypy_cache", "the cache of a tool"),
    folder(".ruff_cache", "the cache of a tool"),
    folder(".tox", "test environments"),
    folder(".nox", "test environments"),
    folder(".idea", "settings of an editor"),
    folder(".vscode", "settings of an editor"),
    folder(".vs", "settings of an editor"),
    folder(".terraform", "downloaded providers"),
    folder(".nyc_output", "reports of test coverage"),
    folder("coverage", "reports of test coverage"),
    Baggage {
        made_by: &["npm", "pnpm", "yarn", "next", "bun"],
        ..folder(".next", "build output of a bundler")
    },
    Baggage {
        made_by: &["npm", "pnpm", "yarn", "nuxt", "bun"],
        ..folder(".nuxt", "build output of a bundler")
    },
    file(".DS_Store", "a file of the desktop environment"),
    file("Thumbs.db", "a file of the desktop environment"),
    file("npm-debug.log", "the log of a failed install"),
    file("yarn-error.log", "the log of a failed install"),
    file("*.pyc", "compiled Python files"),
    file("*.swp", "leftovers of an editor"),
];

/// The kind of baggage that an entry of a folder is, by its name. `has` says whether a name is next to it.
pub(super) fn baggage(
    name: &str,
    is_folder: bool,
    mut has: impl FnMut(&str) -> bool,
) -> Option<&'static Baggage> {
    let mut kinds = ALL.iter().filter(|it| it.folder == is_folder && it.is_called(name));
    kinds.find(|it| it.beside.is_empty() || it.beside.iter().any(|it| has(it)))
}

impl Baggage {
    fn is_called(&self, name: &str) -> bool {
        match self.name.strip_prefix('*') {
            Some(ending) => name.len() > ending.len() && name.ends_with(ending),
            None => self.name == name,
        }
    }

    /// The pattern of a .dockerignore that leaves it out wherever it is.
    pub fn pattern(&self) -> String {
        if self.is_history { self.name.to_owned() } else { format!("**/{}", self.name) }
    }

    /// Whether its name is enough, in every folder: no project calls its sources so.
    pub fn is_junk_anywhere(&self) -> bool {
        self.beside.is_empty() && !self.is_history && !matches!(self.name, "coverage" | "venv")
    }
}
