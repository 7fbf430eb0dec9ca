//! Where managers keep their downloads when variables, options or settings say so.

use crate::model::{Manager, Model};
use crate::shell::Command;

impl Model<'_> {
    /// Where variables, options and settings of a stage have a manager keep its downloads.
    pub(in crate::model) fn moved_downloads(&self, run: usize, manager: Manager) -> Vec<String> {
        let moved = || manager.cache.moved.iter();
        let at = self.runs[run].id();
        let stage = self.runs[run].stage.unwrap_or_default();
        let mut found = Vec::new();
        for it in moved() {
            let value = it.variable.and_then(|name| self.scopes.look_up(at, name)?.value.clone());
            found.extend(value.map(|value| format!("{}{}", value.trim_end_matches('/'), it.below)));
        }
        let options: Vec<&str> = moved().filter_map(|it| it.option).collect();
        for (_, run) in self.stage_runs(stage) {
            for command in &run.script.commands {
                let given = options.iter().filter_map(|it| given_to(command, it));
                found.extend(given.map(str::to_owned));
            }
        }
        found
    }
}

/// The value of an option: `--name=value`, `--name value`, or `config set name value`.
fn given_to<'c>(command: &'c Command, name: &str) -> Option<&'c str> {
    let mut words = command.args.iter().map(|it| it.text.as_str());
    while let Some(word) = words.next() {
        let bare = word.trim_start_matches('-');
        if bare == name {
            return words.next();
        }
        if let Some(value) = bare.strip_prefix(name).and_then(|it| it.strip_prefix('=')) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::model::Use;
    use crate::model::tests::of;

    fn uses(text: &str) -> Vec<Use> {
        of(text, |model| model.lost_in_mounts().into_iter().map(|it| it.by).collect())
    }

    #[test]
    fn a_mount_on_a_folder_that_was_chosen_holds_the_downloads() {
        let moved = |set: &str, first: &str, second: &str| {
            uses(&format!(
                "FROM acme/x\nWORKDIR /app\n{set}\n\
                 RUN --mount=type=cache,target=/dl/store {first}\nRUN {second}\n"
            ))
        };
        for (set, first, second) in [
            ("ENV PNPM_HOME=/dl", "pnpm fetch", "pnpm install --offline"),
            ("ENV PNPM_HOME=\"/dl/\"", "pnpm fetch --prod", "pnpm install -r --offline --prod"),
            ("USER root", "pnpm fetch --store-dir /dl/store", "pnpm install --offline"),
            ("RUN pnpm config set store-dir /dl/store", "pnpm fetch", "pnpm install --offline"),
            ("ENV npm_config_cache=/dl/store", "npm ci", "npm ci --offline"),
            ("ENV YARN_CACHE_FOLDER=/dl/store", "yarn install", "yarn install --offline"),
            (
                "USER root",
                "mvn -Dmaven.repo.local=/dl/store dependency:go-offline",
                "mvn -o package",
            ),
        ] {
            assert_eq!(moved(set, first, second), [Use::Offline], "{set} {first}");
        }
        for (set, first, second) in [
            ("ENV PNPM_HOME=/pnpm", "pnpm fetch", "pnpm install --offline"),
            ("ENV PNPM_HOME=/dl", "pnpm fetch", "pnpm install"),
            ("ENV PNPM_HOME=/dl", "npm ci", "npm ci --offline"),
            (
                "ENV PNPM_HOME=/dl",
                "pnpm fetch",
                "--mount=type=cache,target=/dl/store pnpm install --offline",
            ),
        ] {
            assert_eq!(moved(set, first, second), [], "{set} {first}");
        }
    }
}
