//! npm (<https://docs.npmjs.com/cli/commands>).

use super::description::{
    Advice, Alone, Cache, CachePath, Commands, Description, Development, Ecosystem, Known, Mounts,
    Moved, Scripts,
};
use super::{Grammar, Says, VersionStyle, node};

pub(super) static DESCRIPTION: Description = Description {
    name: "npm",
    family: node::FAMILY,
    programs: &["npm"],
    installs: &[Grammar {
        verbs: &["install", "i", "add", "ci", "install-clean", "clean-install"],
        value_flags: &[
            "--prefix",
            "--registry",
            "--loglevel",
            "--cache",
            "--omit",
            "--include",
            "--workspace",
            "-w",
            "-C",
            "--fetch-retries",
            "--network-timeout",
            "--tag",
            "--userconfig",
            "--globalconfig",
            "--python",
        ],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    pins: is_pinned,
    names_have_slashes: true,
    itself: &["npm"],
    replaced: &["npm"],
    compiles_extensions: true,
    commands: Commands {
        removes: &["uninstall", "remove", "rm", "un", "r", "unlink"],
        cleans: &[Says::Words(&[&["cache"], &["clean", "rm", "clear"]])],
        scripts: Scripts::With(&[
            "run",
            "run-script",
            "exec",
            "x",
            "start",
            "stop",
            "restart",
            "test",
            "t",
            "tst",
            "rebuild",
            "rb",
            "pack",
            "publish",
            "version",
        ]),
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.npm", what: "package tarballs" }],
        measured: &["~/.npm/", "~/.node-gyp/"],
        counts: true,
        variables: &["npm_config_cache", "NPM_CONFIG_CACHE"],
        avoided_by: &["cache", "dry-run", "offline"],
        is_fetched_apart: true,
        filled_by: &["npm", "npx"],
        moved: &[
            Moved { variable: Some("npm_config_cache"), below: "", option: Some("cache") },
            Moved { variable: Some("NPM_CONFIG_CACHE"), below: "", option: None },
        ],
        advice: Advice {
            clean_up: Some("npm cache clean --force"),
            or_mount: Some(("node", "/root/.npm")),
            left: "end the `RUN` with `&& npm cache clean --force`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, known: Known::Everywhere, ..Mounts::NONE },
    inputs: node::inputs,
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["package*.json"],
        settings: &[".npmrc", "npm-shrinkwrap.json"],
        ..node::PROJECT
    }),
    fills: Some(node::FILLS),
    development: Some(Development {
        option: Some("--omit=dev"),
        advice: "use `npm ci --omit=dev`, or set `NODE_ENV=production`",
        copied: "run `npm prune --omit=dev` first, or install with `--omit=dev` in a separate stage",
        ..node::DEVELOPMENT
    }),
    seconds: &[("npm", 30.0)],
    ..Description::NONE
};

/// `name@version` or a tag, files and folders, and revisions of repositories (npm's documentation, "npm install").
fn is_pinned(word: &str, version: Option<&str>) -> bool {
    let is_path = word == "." || ["/", "./", "../", "~/"].iter().any(|it| word.starts_with(it));
    let is_archive = [".tar", ".tar.gz", ".tgz"].iter().any(|it| word.ends_with(it));
    if is_path || is_archive {
        return true;
    }
    if word.contains("://") || (word.contains('/') && !word.starts_with('@')) {
        return word.contains('#');
    }
    version.is_some()
}
