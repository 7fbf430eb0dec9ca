//! What the options and the environment of pip say (pip's documentation, "pip install" and "Caching").

use super::Install;
use crate::model::Model;

impl Model<'_> {
    /// Whether files on the command line of a pip install decide versions (`-r`, `-c`), or the project in the
    /// working directory is installed (`.`).
    pub fn is_bound_by_files(&self, install: &Install) -> bool {
        let command = self.command_of(install);
        let is_file = |text: &str| {
            text == "."
                || text == "--requirement"
                || text.starts_with("-r")
                || text.starts_with("--requirement=")
        };
        command.has_flag("c")
            || command.has_flag("constraint")
            || command.args.iter().any(|word| is_file(&word.text))
    }

    /// Whether a pip install leaves its cache of downloads and wheels in the layer.
    pub fn leaves_pip_cache(&self, install: &Install) -> bool {
        let run = &self.runs[install.run];
        !self.command_of(install).has_flag("no-cache-dir")
            && !run.has_scratch_mount(|target| target.contains(".cache/pip"))
            && !run.is_scratch("/root/.cache/pip")
            && !self.is_pip_cache_off(install)
    }

    /// Whether `PIP_NO_CACHE_DIR` is set, in the RUN or before it. pip turns its cache off for every value that
    /// it can read as yes or as no (its own comment: for compatibility with older versions).
    fn is_pip_cache_off(&self, install: &Install) -> bool {
        const NAME: &str = "PIP_NO_CACHE_DIR";
        let run = &self.runs[install.run];
        if let Some(value) = run.shell_value(install.command, NAME) {
            return is_boolean(value);
        }
        let definition = self.scopes.look_up(run.id(), NAME);
        definition.is_some_and(|it| it.value.as_deref().map_or(it.has_value, is_boolean))
    }
}

/// What pip reads as yes or as no.
fn is_boolean(value: &str) -> bool {
    ["1", "0", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}
