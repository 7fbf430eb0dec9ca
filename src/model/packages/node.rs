//! What npm, yarn, pnpm and bun have in common.

use super::description::{Development, Ecosystem, Fills, Scripts};
use super::inputs::{Reading, Reads};
use crate::model::Toolchain;

/// The name of the family.
pub(super) const FAMILY: &str = "npm";

/// A project with a `package.json`.
pub(super) const PROJECT: Ecosystem =
    Ecosystem { others: &["patches"], member: "package.json", is_node: true, ..Ecosystem::NONE };

/// Any other verb is the name of a script.
pub(super) const SCRIPTS: Scripts = Scripts::Without(&[
    "audit", "cache", "config", "dedupe", "fetch", "global", "import", "info", "licenses", "link",
    "list", "outdated", "pm", "prune", "set", "setup", "store", "upgrade", "version", "why",
]);

/// What an install fills.
pub(super) const FILLS: Fills = Fills {
    folder: "node_modules",
    verbs: &["install", "ci", "i"],
    programs: &["bun", "node", "nodemon", "npm", "npx", "pm2", "pnpm", "ts-node", "tsx", "yarn"],
};

/// Dependencies for development.
pub(super) const DEVELOPMENT: Development = Development {
    manifest: "package.json",
    folders: &["node_modules"],
    is_beside_manifest: true,
    flags: &["production", "prod", "omit", "only", "P"],
    variables: &["NODE_ENV", "NPM_CONFIG_PRODUCTION", "NPM_CONFIG_OMIT"],
    // `npm start` may well start a server for development.
    programs: &["node", "pm2-runtime", "pm2"],
    builder: Some(Toolchain::Node),
    ..Development::NONE
};

/// What an install reads.
pub(super) fn inputs(it: &Reading<'_, '_>) -> Reads {
    const ELSEWHERE: &[&str] =
        &["prefix", "cwd", "dir", "C", "workspace", "w", "filter", "workspaces", "recursive", "r"];
    if it.has(&["g", "global"]) || it.operand("global") || !it.install.packages.is_empty() {
        it.named()
    } else if it.has(ELSEWHERE) || it.operand("link") {
        Reads::Unknown
    } else {
        Reads::Manifests
    }
}
