//! uv (<https://docs.astral.sh/uv/reference/>).

use super::description::{
    Advice, Cache, CachePath, Commands, Description, Development, Ecosystem, Known, Mounts, Scripts,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, Install, Says, VersionStyle, pip};
use crate::model::Model;

pub(super) static DESCRIPTION: Description = Description {
    name: "uv",
    programs: &["uv"],
    installs: &[
        Grammar {
            prefix: &["pip"],
            verbs: &["install", "sync"],
            value_flags: pip::FLAGS,
            version: VersionStyle::Pep440,
            ..Grammar::NONE
        },
        Grammar {
            verbs: &["sync", "add"],
            value_flags: &["--extra", "--group", "--package", "-p", "--python"],
            version: VersionStyle::Pep440,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["tool"],
            verbs: &["install"],
            value_flags: pip::FLAGS,
            version: VersionStyle::Pep440,
            ..Grammar::NONE
        },
    ],
    pins: pip::is_pinned,
    compiles_extensions: true,
    makes_environment: true,
    commands: Commands {
        removes: &["remove"],
        cleans: &[Says::Words(&[&["cache"], &["clean", "prune"]])],
        // Its own pruning for CI keeps what it built.
        cleans_partly: &["ci"],
        scripts: Scripts::With(&["run"]),
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.cache/uv", what: "wheels and downloads" }],
        counts: true,
        variables: &["UV_NO_CACHE", "UV_CACHE_DIR", "XDG_CACHE_HOME"],
        switch: Some("UV_NO_CACHE"),
        avoided_by: &["no-cache", "no-cache-dir", "n", "cache-dir", "offline"],
        is_spared: |model, install| !model.copies_from_cache(install),
        filled_by: &["uv"],
        advice: Advice {
            option: Some("--no-cache"),
            left: "add `--no-cache`, or mount a cache on its cache folder",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    inputs,
    read_here: &["pyproject.toml", "uv.toml", ".python-version"],
    project: Some(Ecosystem {
        manifests: &["pyproject.toml", "uv.lock"],
        member: "pyproject.toml",
        how: "run `uv sync --no-install-project`",
        only_dependencies: &["pip"],
        ..Ecosystem::NONE
    }),
    development: Some(Development {
        manifest: "pyproject.toml",
        folders: &[".venv", "venv"],
        flags: &["no-dev", "no-default-groups"],
        variables: &["UV_NO_DEV"],
        ..Development::NONE
    }),
    seconds: &[("uv", 8.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    match () {
        () if it.operand("tool") => it.named(),
        () if it.operand("pip") && it.install.verb_name == "sync" => it.files(),
        () if pip::has_requirements(it) => Reads::Requirements,
        () if it.operand("pip") => pip::named(it),
        () if it.operand("sync") => Reads::Manifests,
        () => Reads::Unknown,
    }
}

impl Model<'_> {
    /// Whether uv copies what it installs. Otherwise it makes hard links to its cache, which take no space twice in one layer.
    /// Source: <https://docs.astral.sh/uv/reference/settings/#link-mode>.
    fn copies_from_cache(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        let command = &run.script.commands[install.command];
        let mut words = command.args.iter().map(|it| it.text.as_str());
        let by_flag = words.clone().any(|it| it == "--link-mode=copy")
            || words.any(|it| it == "--link-mode") && words.next() == Some("copy");
        let here = command
            .assignments
            .iter()
            .any(|it| it.name == "UV_LINK_MODE" && it.value.text == "copy");
        let above = self.scopes.look_up(run.id(), "UV_LINK_MODE");
        by_flag || here || above.is_some_and(|it| it.value.as_deref() == Some("copy"))
    }
}
