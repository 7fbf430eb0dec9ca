//! Commands whose output stays the same while most of what they read changes: a step that copies it is not rebuilt.

use crate::model::Run;

/// A command with stable output.
#[derive(Debug, PartialEq, Eq)]
pub struct Generator {
    /// Its first words.
    words: &'static [&'static str],
    /// How the paths end that hold the stable part of what it makes.
    outputs: &'static [&'static str],
    /// The names of files whose content it depends on.
    pub contents: &'static [&'static str],
    /// The names of files of which only the paths matter.
    pub names: &'static [&'static str],
    /// Folders of which only the paths of files matter.
    pub folders: &'static [&'static str],
}

/// The commands. `docs/cache.md` lists them.
pub const GENERATORS: &[Generator] = &[
    // <https://github.com/LukeMathWalker/cargo-chef>: manifests, the lock file, and which targets there are.
    Generator {
        words: &["cargo", "chef", "prepare"],
        outputs: &["recipe.json"],
        contents: &[
            "Cargo.toml",
            "Cargo.lock",
            "rust-toolchain",
            "rust-toolchain.toml",
            "config.toml",
        ],
        names: &["main.rs", "lib.rs", "build.rs"],
        folders: &["bin", "examples", "tests", "benches"],
    },
    // <https://turborepo.com/docs/reference/prune>: `out/json` has the manifests alone.
    Generator {
        words: &["turbo", "prune"],
        outputs: &[
            "/json",
            "/json/",
            "package-lock.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "bun.lock",
        ],
        contents: &[
            "package.json",
            "package-lock.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "pnpm-workspace.yaml",
            "bun.lock",
            "turbo.json",
            ".npmrc",
        ],
        names: &[],
        folders: &[],
    },
    // <https://pdm-project.org>, <https://python-poetry.org>, <https://docs.astral.sh/uv>: lock file to requirements.
    Generator {
        words: &["poetry", "export"],
        outputs: &["requirements.txt"],
        contents: &["pyproject.toml", "poetry.lock"],
        names: &[],
        folders: &[],
    },
    Generator {
        words: &["uv", "export"],
        outputs: &["requirements.txt"],
        contents: &["pyproject.toml", "uv.lock"],
        names: &[],
        folders: &[],
    },
    Generator {
        words: &["pipenv", "requirements"],
        outputs: &["requirements.txt"],
        contents: &["Pipfile", "Pipfile.lock"],
        names: &[],
        folders: &[],
    },
];

/// The command of the table that a RUN calls, if that makes all the paths.
pub(super) fn find(run: &Run<'_>, paths: &[String]) -> Option<&'static Generator> {
    let is_called = |it: &Generator| {
        run.script.commands.iter().any(|command| {
            let words = std::iter::once(command.name.as_str())
                .chain(command.args.iter().map(|it| it.text.as_str()))
                .filter(|it| !matches!(*it, "npx" | "pnpm" | "yarn" | "dlx" | "run" | "exec"));
            words.take(it.words.len()).eq(it.words.iter().copied())
        })
    };
    let makes = |it: &Generator| {
        !paths.is_empty()
            && paths.iter().all(|path| it.outputs.iter().any(|end| path.ends_with(end)))
    };
    GENERATORS.iter().find(|it| makes(it) && is_called(it))
}
