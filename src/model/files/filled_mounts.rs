//! Which mounted folders the commands of a RUN really put something into.

use super::paths::covers;
use crate::model::{Manager, Model, Run};

impl Model<'_> {
    /// Whether something of the RUN is known to write below a folder: an install or build whose cache is there, a
    /// variable that says so, or a command that names it.
    pub fn fills_folder(&self, run: &Run<'_>, folder: &str) -> bool {
        let folder = folder.trim_end_matches('/');
        let meets = |path: &str| covers(folder, path) || covers(path, folder);
        let mut home: String = self.home(run.id());
        // The home folder of a user that is known by its number is the one in which the mount is.
        if let Some((user, _)) = folder.strip_prefix("/home/").and_then(|it| it.split_once('/')) {
            home = format!("/home/{user}");
        }
        let names = |text: &str| {
            text.match_indices(folder).any(|(at, _)| {
                let next = text[at + folder.len()..].chars().next();
                next.is_none_or(|it| !(it.is_alphanumeric() || "-_.".contains(it)))
            })
        };
        let mut installs = self.installs.iter().filter(|it| self.runs[it.run].id() == run.id());
        let lies_there = |it: Manager| it.cache_folders(&home).iter().any(|path| meets(path));
        let mut set = self.scopes.visible(run.id());
        installs.any(|it| lies_there(it.manager))
            || run.script.commands.iter().any(|command| {
                manager_of(&command.name).is_some_and(lies_there)
                    || command.args.iter().any(|it| names(&it.text))
                    || command.assignments.iter().any(|it| names(&it.value.text))
            })
            || set.any(|it| it.value.as_deref().is_some_and(names))
    }
}

/// The manager of a program that fills its cache by what it builds, runs or tests.
fn manager_of(program: &str) -> Option<Manager> {
    Manager::ALL.iter().copied().find(|it| it.cache.filled_by.contains(&program))
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn a_mount_is_filled_by_what_keeps_its_cache_there() {
        let fills = |folder: &str, text: &str| {
            let text = format!("FROM a\nUSER 1000\n{text}\n");
            of(&text, |model| model.fills_folder(&model.runs[0], folder))
        };
        assert!(fills("/home/app/.npm", "RUN npm ci"));
        assert!(fills("/home/app/.cache", "RUN go test ./..."));
        assert!(fills("/cache", "RUN npm ci --cache /cache/npm"));
        assert!(fills("/cache", "ENV GOCACHE=/cache/go\nRUN go test ./..."));
        assert!(fills("/cache", "RUN GOCACHE=/cache go test ./..."));
        assert!(!fills("/tmp/.cache", "ENV GOCACHE=/tmp/gocache\nRUN go test ./..."));
        assert!(!fills("/cache", "RUN npm ci --cache /cache-2"));
        assert!(!fills("/home/app/.npm", "RUN make"));
    }
}
