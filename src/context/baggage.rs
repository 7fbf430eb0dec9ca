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

#[cfg(test)]
mod tests {
    use super::super::tests::{folder, tree};
    use super::*;

    /// Every kind: its place, what it is, and the pattern that leaves it out.
    #[test]
    fn each_kind_of_baggage_is_known() {
        let names = ".git .hg .svn .gradle .venv venv __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .idea \
                     .vscode .vs .terraform .nyc_output coverage .next .nuxt node_modules target build";
        let mut files: Vec<(String, &str)> =
            names.split(' ').map(|it| (format!("app/{it}/x"), "1")).collect();
        for file in [".DS_Store", "Thumbs.db", "npm-debug.log", "yarn-error.log", "a.pyc", ".a.swp"]
        {
            files.push((format!("app/{file}"), "12"));
        }
        for path in ["mvn/pom.xml", "mvn/target/x", "kts/build.gradle.kts", "kts/build/x"] {
            files.push((path.to_owned(), "1"));
        }
        for path in ["gradle/build.gradle", "gradle/build/x", "rust/Cargo.toml", "rust/target/x"] {
            files.push((path.to_owned(), "1"));
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let it = folder(&files);
        let haul = tree(it.path(), "").haul("");
        let mut found: Vec<String> = haul
            .heaps
            .iter()
            .map(|it| format!("{} {}: {} ({})", it.path, it.bytes, it.kind.what, it.kind.pattern()))
            .collect();
        found.sort();
        let of =
            |name: &str, bytes: u8, what: &str| format!("app/{name} {bytes}: {what} (**/{name})");
        let history = |name: &str| format!("app/{name} 1: the history of the repository ({name})");
        let mut expected = vec![
            history(".git"),
            history(".hg"),
            history(".svn"),
            of(".gradle", 1, "Gradle's caches"),
            of(".venv", 1, "a local virtual environment"),
            of("venv", 1, "a local virtual environment"),
            of("__pycache__", 1, "compiled Python files"),
            of(".pytest_cache", 1, "the cache of a tool"),
            of(".mypy_cache", 1, "the cache of a tool"),
            of(".ruff_cache", 1, "the cache of a tool"),
            of(".tox", 1, "test environments"),
            of(".nox", 1, "test environments"),
            of(".idea", 1, "settings of an editor"),
            of(".vscode", 1, "settings of an editor"),
            of(".vs", 1, "settings of an editor"),
            of(".terraform", 1, "downloaded providers"),
            of(".nyc_output", 1, "reports of test coverage"),
            of("coverage", 1, "reports of test coverage"),
            of(".next", 1, "build output of a bundler"),
            of(".nuxt", 1, "build output of a bundler"),
            of("node_modules", 1, "installed packages, which the build installs again"),
            of(".DS_Store", 2, "a file of the desktop environment"),
            of("Thumbs.db", 2, "a file of the desktop environment"),
            of("npm-debug.log", 2, "the log of a failed install"),
            of("yarn-error.log", 2, "the log of a failed install"),
            "app/a.pyc 2: compiled Python files (**/*.pyc)".to_owned(),
            "app/.a.swp 2: leftovers of an editor (**/*.swp)".to_owned(),
            "mvn/target 1: build output of Maven (**/target)".to_owned(),
            "kts/build 1: build output of Gradle (**/build)".to_owned(),
            "gradle/build 1: build output of Gradle (**/build)".to_owned(),
            "rust/target 1: build output of cargo (**/target)".to_owned(),
        ];
        expected.sort();
        assert_eq!(found, expected);
    }

    /// What a build runs decides whether it can do without a kind.
    #[test]
    fn builds_make_or_read_some_kinds() {
        let without = |command: &str| {
            let used = ContextUse {
                commands: command.split_whitespace().map(str::to_owned).collect(),
                ..ContextUse::default()
            };
            let all = ALL.iter().enumerate().filter(|(_, it)| used.can_do_without(it));
            all.map(|(at, it)| (at, it.name)).collect::<Vec<_>>()
        };
        let made = ["node_modules", "target", "build", "venv", ".next", ".nuxt"];
        let always: Vec<_> = ALL
            .iter()
            .enumerate()
            .map(|(at, it)| (at, it.name))
            .filter(|it| !made.contains(&it.1))
            .collect();
        assert_eq!(without(""), always);
        let (bundled, python): (&[&str], &[&str]) =
            (&["node_modules", ".next", ".nuxt"], &["venv"]);
        for (commands, more) in [
            ("npm pnpm yarn bun", bundled),
            ("next", &[".next"]),
            ("nuxt", &[".nuxt"]),
            ("cargo", &["target"]),
            ("mvn mvnw", &["target"]),
            ("gradle gradlew", &["build"]),
            ("pip pip3 python python3 uv poetry", python),
        ] {
            for command in commands.split(' ') {
                let mut found = without(command);
                found.retain(|it| !always.contains(it));
                assert_eq!(found.iter().map(|it| it.1).collect::<Vec<_>>(), more, "{command}");
            }
        }
        for (commands, history) in [
            ("dotnet git go goreleaser mage make", ".git"),
            ("hg", ".hg"),
            ("svn svnversion", ".svn"),
        ] {
            for command in commands.split(' ') {
                let left = always.iter().filter(|it| it.1 != history).copied().collect::<Vec<_>>();
                assert_eq!(without(command), left, "{command}");
            }
        }
    }
}
