//! Commands that change the owner or mode of files.

use super::downloads::for_each;
use crate::model::Model;
use crate::shell::{Command, ShellWord};
use crate::source::Span;

/// A `chown`, `chgrp` or `chmod`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionChange {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The command, by index in its script.
    pub command: usize,
    /// Whether it changes the mode; else the owner or group.
    pub mode: bool,
    /// Whether it goes into folders.
    pub recursive: bool,
    /// The new owner or mode as it is written.
    pub value: String,
    /// The paths, absolute where the working directory is known, each with its place.
    pub targets: Vec<(String, Span)>,
}

impl Model<'_> {
    /// The commands that change owner or mode, in order; ONBUILD is left out.
    pub fn permission_changes(&self) -> Vec<PermissionChange> {
        let mut found = Vec::new();
        for_each(self, |run, index, command, directory| {
            let mode = command.is("chmod");
            if !(mode || command.is("chown") || command.is("chgrp")) || self.runs[run].onbuild {
                return;
            }
            let (by_find, roots) = find_roots(command);
            // A mode such as `-x` is not an option.
            let is_option = |word: &ShellWord| {
                word.text.starts_with("--")
                    || (word.text.starts_with('-')
                        && word.text[1..].chars().all(|it| "RcfvhHLP".contains(it)))
            };
            let by_reference = command.args.iter().any(|word| word.text.starts_with("--reference"));
            let mut operands = command.args.iter().filter(|word| !is_option(word));
            let value = if by_reference { None } else { operands.next() };
            let words: Vec<&ShellWord> = if by_find { roots } else { operands.collect() };
            let id = self.runs[run].id();
            let targets = words
                .into_iter()
                .filter_map(|word| Some((self.shell_path(id, directory, word)?, word.span)))
                .collect();
            let recursive = by_find || command.has_flag("R") || command.has_flag("recursive");
            let value = value.map_or(String::new(), |word| word.text.clone());
            found.push(PermissionChange { run, command: index, mode, recursive, value, targets });
        });
        found
    }
}

/// Whether the command runs by `find -exec`, and the folders that find goes through.
fn find_roots(command: &Command) -> (bool, Vec<&ShellWord>) {
    let Some(find) = command.wrappers.iter().find(|it| it.name == "find") else {
        return (false, Vec::new());
    };
    // Only folders are changed: their files are not copied.
    let only_folders = find.args.windows(2).any(|it| it[0].text == "-type" && it[1].text == "d")
        || find.args.iter().any(|it| it.text == "-name");
    let roots = find.args.iter().take_while(|word| !word.text.starts_with(['-', '(', '!']));
    (true, if only_folders { Vec::new() } else { roots.collect() })
}

#[cfg(test)]
mod tests {
    use super::PermissionChange;
    use crate::model::tests::of;

    fn changes(text: &str) -> Vec<PermissionChange> {
        let mut found = Vec::new();
        of(text, |model| found = model.permission_changes());
        found
    }

    /// Whether it goes into folders, its value, and its paths.
    fn short(change: &PermissionChange) -> (bool, &str, Vec<&str>) {
        let paths = change.targets.iter().map(|it| it.0.as_str()).collect();
        (change.recursive, &change.value, paths)
    }

    #[test]
    fn paths_follow_the_working_directory() {
        let found = changes("FROM a\nWORKDIR /app\nRUN chown -R me:us . /var/x && chmod 755 run\n");
        assert_eq!(short(&found[0]), (true, "me:us", vec!["/app", "/var/x"]));
        assert_eq!(short(&found[1]), (false, "755", vec!["/app/run"]));
        assert!(!found[0].mode && found[1].mode);
    }

    #[test]
    fn a_mode_with_a_minus_is_no_option() {
        let found = changes("FROM a\nRUN chmod -x /run.sh\n");
        assert_eq!(short(&found[0]), (false, "-x", vec!["/run.sh"]));
    }

    #[test]
    fn find_changes_what_it_goes_through_but_folders_alone_copy_nothing() {
        let found = changes("FROM a\nRUN find /srv -type f -exec chmod 644 {} +\n");
        assert_eq!(short(&found[0]), (true, "644", vec!["/srv"]));
        let found = changes("FROM a\nRUN find /srv -type d -exec chmod 755 {} +\n");
        assert!(found.iter().all(|it| it.targets.is_empty()));
    }

    #[test]
    fn onbuild_is_left_out() {
        assert!(changes("FROM a\nONBUILD RUN chown -R me /app\n").is_empty());
    }
}
