//! Paths as shell words mean them: variables with known values replaced, `~` and the working directory applied.

use std::sync::Arc;

use crate::model::image::state::join;
use crate::model::variables::scope::LONGEST_EXPANSION;
use crate::model::{Model, Run, State};
use crate::shell::ShellWord;
use crate::source::{wildcard, work};

/// An expanded path longer than this is taken for unknown: no real one is, and a file could make many of them out of few
/// bytes.
const LONGEST_PATH: usize = 1024;

/// The directory in which each command runs, by RUN and command, where it is known: that of the RUN, changed by the literal
/// `cd`s before the command.
pub(in crate::model) fn directories(
    runs: &[Run<'_>],
    states: &[State],
) -> Vec<Vec<Option<Arc<str>>>> {
    let of_run = |run: &Run<'_>| {
        let mut directory = states[run.id()].workdir.clone();
        let of_command = |command: &crate::shell::Command| {
            let here = directory.clone();
            if command.is("cd") && !command.inside.subshell && !command.inside.substitution {
                let to = command.verb().filter(|word| word.is_static);
                directory = to.and_then(|it| join(directory.as_deref(), &it.text)).map(Arc::from);
            }
            here
        };
        run.script.commands.iter().map(of_command).collect()
    };
    runs.iter().map(of_run).collect()
}

impl Model<'_> {
    /// The home folder in force at an instruction.
    pub fn home(&self, instruction: usize) -> String {
        let state = self.states.get(instruction).filter(|state| !state.is_root());
        state.and_then(|state| state.user.as_deref()).map_or_else(
            || "/root".to_owned(),
            |user| format!("/home/{}", user.split(':').next().unwrap_or(user)),
        )
    }

    /// A word's text with `~`, `$HOME` and variables of known value replaced; none where a value is not known.
    pub fn shell_text(&self, instruction: usize, word: &ShellWord) -> Option<String> {
        work::count(1);
        let text = word.text.as_str();
        if word.is_static && (word.quoted || !text.starts_with('~')) {
            return Some(text.to_owned());
        }
        let mut done = String::new();
        let mut rest = text;
        if let Some(tail) = text.strip_prefix('~').filter(|it| it.is_empty() || it.starts_with('/'))
        {
            done.push_str(&self.home(instruction));
            rest = tail;
        }
        while let Some(at) = rest.find(['$', '`']) {
            done.push_str(&rest[..at]);
            let (name, tail) = variable(&rest[at..])?;
            match self.scopes.look_up(instruction, name) {
                Some(definition) => done.push_str(definition.short_value()?),
                None if name == "HOME" => done.push_str(&self.home(instruction)),
                None => return None,
            }
            rest = tail;
            if done.len() > LONGEST_EXPANSION {
                return None;
            }
        }
        done.push_str(rest);
        Some(done)
    }

    /// The absolute path that a word means in `directory`; relative where the directory is not known, none where
    /// a variable is not known.
    pub fn shell_path(
        &self,
        instruction: usize,
        directory: Option<&str>,
        word: &ShellWord,
    ) -> Option<String> {
        let text = self.shell_text(instruction, word)?;
        let fits = word.is_static || text.len() <= LONGEST_PATH;
        fits.then(|| path_in(directory, &text))
    }
}

impl Model<'_> {
    /// The path that a word means by a variable that the script itself gave a plain value; none for any other word.
    pub(in crate::model) fn assigned_path(
        &self,
        run: usize,
        command: usize,
        directory: Option<&str>,
        word: &ShellWord,
    ) -> Option<String> {
        let at = word.text.find('$')?;
        let (name, tail) = variable(&word.text[at..])?;
        let value = self.runs[run].shell_value(command, name)?;
        let plain = |text: &str| !text.contains(['$', '`']);
        let full = format!("{}{value}{tail}", &word.text[..at]);
        plain(&full).then(|| path_in(directory, &full))
    }
}

/// The absolute path of `text` in `directory`; relative, without `./`, where the directory is not known.
pub(in crate::model) fn path_in(directory: Option<&str>, text: &str) -> String {
    join(directory, text).unwrap_or_else(|| {
        let bare = text.strip_prefix("./").unwrap_or(text).trim_end_matches('/');
        if bare.is_empty() { ".".to_owned() } else { bare.to_owned() }
    })
}

/// The words of a file's name: what is between its signs.
pub(in crate::model) fn name_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty())
}

/// The names of the variables in shell text.
pub fn variables_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('$').filter_map(|(at, _)| variable(&text[at..])).map(|(name, _)| name)
}

/// Splits `$NAME…` or `${NAME}…` into the name and what follows; none for anything else.
fn variable(text: &str) -> Option<(&str, &str)> {
    work::count(1);
    let rest = text.strip_prefix('$')?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    if let Some(inner) = rest.strip_prefix('{') {
        // Not to the next `}`, which may be far away.
        let (name, tail) = inner.split_at(inner.find(|it| !is_name(it)).unwrap_or(inner.len()));
        return tail.strip_prefix('}').map(|tail| (name, tail)).filter(|_| !name.is_empty());
    }
    let end = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// Whether a path with shell wildcards covers `path`: it is the path itself or a folder above it.
pub fn covers(pattern: &str, path: &str) -> bool {
    work::count(1);
    if pattern.starts_with('/') != path.starts_with('/') {
        return false;
    }
    let mut parts = path.split('/').filter(|it| !it.is_empty());
    let mut any = false;
    for wanted in pattern.split('/').filter(|it| !it.is_empty()) {
        any = true;
        let Some(part) = parts.next() else {
            // `/x/*` takes away all that `/x` holds.
            return matches!(wanted, "*" | ".*");
        };
        if !wildcard(wanted, part) {
            return false;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_lies_beneath() {
        assert!(
            covers("/tmp/*", "/tmp/a/b") && covers("/tmp/*", "/tmp") && covers("/tmp", "/tmp/a")
        );
        assert!(covers("/tmp/foo*", "/tmp/foo-1.2/x") && !covers("/tmp/foo*", "/tmp/bar"));
        assert!(!covers("/tmp/a", "/tmp") && !covers("/", "/tmp") && !covers("tmp", "/tmp"));
    }

    #[test]
    fn many_stars_take_no_longer() {
        let path = format!("/{}", "a".repeat(4000));
        assert!(!covers(&format!("/{}b*", "*a".repeat(400)), &path));
    }

    #[test]
    fn directories_stay_short() {
        let cd = "cd aaaaaaaaaa && ".repeat(100);
        crate::model::tests::of(&format!("FROM a\nWORKDIR /w\nRUN {cd}cd b && pwd\n"), |model| {
            assert_eq!(model.directory_at(0, 0), Some("/w"));
            assert_eq!(model.directory_at(0, 2), Some("/w/aaaaaaaaaa/aaaaaaaaaa"));
            assert_eq!(model.directory_at(0, 101), None);
        });
    }

    #[test]
    fn variables_are_found() {
        let names: Vec<_> = variables_in("a$B/${C}x$(d) ${E:-f}").collect();
        assert_eq!(names, ["B", "C"]);
        assert_eq!(path_in(None, "./a/"), "a");
        assert_eq!(path_in(Some("/x"), "../a"), "/a");
    }
}
