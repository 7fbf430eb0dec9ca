//! Whether a build reads the history of the repository that is copied with the sources.

use crate::model::Model;

/// What is copied along with the sources by its name may be a script: these endings say so.
const SCRIPTS: &[&str] = &[".bash", ".js", ".mjs", ".py", ".rb", ".sh"];

/// More scripts are not read.
const MOST_SCRIPTS: usize = 20;

/// More manifests and build scripts are not read.
const MOST_MANIFESTS: usize = 60;

impl Model<'_> {
    /// Whether something may read the history: a program that a RUN installs or starts, a script of the build context, or
    /// another Dockerfile of it. A file that deletes the history knows of it.
    pub(in crate::model) fn reads_history(&self) -> bool {
        let installs = self.installs.iter().flat_map(|it| &it.packages).any(|it| it.name == "git");
        let commands = || self.runs.iter().flat_map(|it| &it.script.commands);
        let deletes = || {
            commands().any(|it| {
                matches!(it.name.as_str(), "find" | "rm")
                    && it.args.iter().any(|word| {
                        !word.text.contains('*')
                            && word.text.trim_end_matches('/').rsplit('/').next() == Some(".git")
                    })
            })
        };
        let Some(context) = &self.context else { return installs || deletes() };
        let is_script =
            |it: &&str| it.starts_with("./") || SCRIPTS.iter().any(|end| it.ends_with(end));
        let words = || {
            commands().flat_map(|it| {
                let args = it.args.iter().map(|word| word.text.as_str());
                std::iter::once(it.name.as_str()).chain(args)
            })
        };
        let scripts = || words().filter(is_script).take(MOST_SCRIPTS);
        installs
            || deletes()
            || scripts().any(|it| context.names_git(it.trim_start_matches("./")))
            || self.has_build_script_for_git()
            || context.other_builds_read_history()
    }

    /// Whether a build script of Cargo reads the history, or a crate does it for one.
    fn has_build_script_for_git(&self) -> bool {
        const CRATES: &[&str] = &["built", "git-version", "git2", "shadow-rs", "vergen"];
        let Some(context) = &self.context else { return false };
        let uses_cargo =
            self.runs.iter().flat_map(|it| &it.script.commands).any(|it| it.is("cargo"));
        let levels = ["", "*/", "*/*/", "*/*/*/"];
        let files = |name: &'static str| {
            let patterns = levels.iter().map(move |it| format!("{it}{name}"));
            patterns.flat_map(|it| self.paths_in_context(&it)).take(MOST_MANIFESTS)
        };
        uses_cargo
            && (files("build.rs").any(|it| context.names_git(&it))
                || files("Cargo.toml").filter_map(|it| context.text(&it)).any(|it| {
                    let mut names = it.lines().filter_map(|it| it.split(['=', '.']).next());
                    names.any(|it| {
                        let name = it.trim();
                        CRATES.contains(&name) || name.starts_with("vergen-")
                    })
                }))
    }
}
