//! Which folders hold a project's sources, which are settings, and which commands have nothing to do with either.

use super::paths::name_words;
use crate::model::{Inputs, Manager, Model, cleans, covers, is_shared, refreshes};
use crate::shell::Command;

/// Folders that hold sources, and no manifests, by their usual names.
pub(in crate::model) const PARTS: &[&str] = &[
    "app",
    "assets",
    "cmd",
    "components",
    "controllers",
    "css",
    "docs",
    "helpers",
    "hooks",
    "html",
    "i18n",
    "images",
    "include",
    "internal",
    "js",
    "lib",
    "locales",
    "middleware",
    "models",
    "pages",
    "pkg",
    "public",
    "routes",
    "source",
    "sources",
    "spec",
    "src",
    "static",
    "styles",
    "templates",
    "test",
    "tests",
    "utils",
    "views",
    "www",
];

/// Words in the names of folders that hold manifests, settings or scripts, rather than a project.
const NO_PROJECTS: &[&str] = &[
    "build",
    "conf",
    "config",
    "configs",
    "dep",
    "dependencies",
    "deps",
    "docker",
    "env",
    "etc",
    "install",
    "installer",
    "manifest",
    "manifests",
    "package",
    "packages",
    "patches",
    "pip",
    "reqs",
    "requirements",
    "script",
    "scripts",
    "setup",
    "tmp",
    "vendor",
];

impl Model<'_> {
    /// Whether a command only prepares or does the installation of named packages.
    pub fn is_about_packages(&self, run: usize, index: usize, command: &Command) -> bool {
        let is_named =
            || self.install_of(run, index).is_some_and(|it| self.inputs(it) == Inputs::Named);
        refreshes(command).is_some()
            || cleans(command).is_some()
            || match command.name.as_str() {
                "" => !command.assignments.is_empty(),
                "set" | "export" | "echo" | "printf" | "mkdir" | "true" | ":" => true,
                "rm" => command.operands().all(|it| {
                    ["/var/", "/tmp/", "/root/.cache", "~/.cache"]
                        .iter()
                        .any(|start| it.text.starts_with(start))
                }),
                name => {
                    let upkeep = Manager::of_program(name).map_or(&[][..], |it| it.commands.upkeep);
                    let verb = command.verb();
                    verb.is_some_and(|it| upkeep.contains(&it.text.as_str())) || is_named()
                }
            }
    }
}

/// Whether what is at a path has no say in how packages are installed.
pub(in crate::model) fn is_neutral(path: &str) -> bool {
    const SETTINGS: &[&str] = &[
        "/etc/apk",
        "/etc/apt",
        "/etc/dnf",
        "/etc/pki",
        "/etc/ssl",
        "/etc/yum",
        "/etc/yum.repos.d",
        "/etc/zypp",
        "/usr/local/share/ca-certificates",
        "/usr/share/keyrings",
    ];
    let own = matches!(
        path,
        "/opt" | "/srv" | "/usr/src" | "/var/www" | "/usr/local/bin" | "/usr/bin" | "/bin"
    );
    path.starts_with('/')
        && (own || !is_shared(path))
        && !SETTINGS.iter().any(|it| path == *it || covers(it, path))
}

/// Whether a source other than `.` is the folder of a project and not one with manifests or settings only.
pub(in crate::model) fn is_project(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    !name.is_empty()
        && !name.contains(['$', '*', '{', '.'])
        && !name_words(&lower).any(|it| NO_PROJECTS.contains(&it))
}
