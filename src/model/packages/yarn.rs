//! yarn (<https://classic.yarnpkg.com/lang/en/docs/cli>). The cache of versions above 1 is another matter.

use super::description::{
    Advice, Alone, Cache, CachePath, Commands, Description, Development, Ecosystem, Fills, Known,
    Mounts, Moved,
};
use super::{Grammar, Says, VersionStyle, node};
use crate::model::Model;
use crate::syntax::Kind;

pub(super) static DESCRIPTION: Description = Description {
    name: "yarn",
    family: node::FAMILY,
    programs: &["yarn", "yarnpkg"],
    installs: &[
        Grammar {
            verbs: &["install", "add"],
            bare: true,
            value_flags: &[
                "--cwd",
                "--registry",
                "--network-timeout",
                "--cache-folder",
                "--modules-folder",
                "--mutex",
            ],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["global"],
            verbs: &["add"],
            value_flags: &["--prefix", "--registry"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    names_have_slashes: true,
    itself: &["yarn"],
    replaced: &["yarn"],
    compiles_extensions: true,
    commands: Commands {
        removes: &["remove"],
        cleans: &[Says::Words(&[&["cache"], &["clean"]])],
        scripts: node::SCRIPTS,
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/usr/local/share/.cache/yarn", what: "package tarballs" }],
        others: &["/root/.cache/yarn", "/root/.yarn", "/usr/local/share/.cache"],
        measured: &["usr/local/share/.cache/", "~/.yarn/cache/"],
        counts: true,
        variables: &["YARN_CACHE_FOLDER", "npm_config_cache", "YARN_ENABLE_GLOBAL_CACHE"],
        avoided_by: &["cache-folder", "offline"],
        is_spared: |model, _| model.has_modern_yarn(),
        is_fetched_apart: true,
        filled_by: &["yarn"],
        moved: &[Moved {
            variable: Some("YARN_CACHE_FOLDER"),
            below: "",
            option: Some("cache-folder"),
        }],
        advice: Advice {
            clean_up: Some("{tool} cache clean"),
            left: "end the `RUN` with `&& yarn cache clean`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    inputs: node::inputs,
    read_here: &["package.json", ".npmrc", ".yarnrc", ".yarnrc.yml"],
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["package.json", "yarn.lock"],
        settings: &[".npmrc", ".yarnrc", ".yarnrc.yml"],
        others: &[".yarn", "patches"],
        ..node::PROJECT
    }),
    fills: Some(Fills { verbs: &["", "install"], ..node::FILLS }),
    development: Some(Development {
        option: Some("--production"),
        advice: "add `--production`, or set `NODE_ENV=production`",
        copied: "install with `--production` in a separate stage, and copy from it",
        ..node::DEVELOPMENT
    }),
    seconds: &[("yarn", 30.0)],
    ..Description::NONE
};

impl Model<'_> {
    /// Whether the file shows a yarn above version 1.
    fn has_modern_yarn(&self) -> bool {
        *self.found.has_modern_yarn.get_or_init(|| self.find_modern_yarn())
    }

    fn find_modern_yarn(&self) -> bool {
        const VERBS: &[&str] = &["workspaces", "set", "berry", "plugin", "dlx"];
        let copies_yarn = self.doc.instructions.iter().any(|it| {
            let (Kind::Copy(copy) | Kind::Add(copy)) = &it.kind else { return false };
            copy.sources.iter().any(|source| source.word.text.contains(".yarn"))
        });
        copies_yarn
            || self.runs.iter().flat_map(|run| &run.script.commands).any(|command| {
                let mut words = command.args.iter().map(|it| it.text.as_str());
                command.is("corepack")
                    || command.is("yarn")
                        && (command.has_flag("immutable") || words.any(|it| VERBS.contains(&it)))
            })
    }
}
