//! Paths whose earlier content commands remove, or put something else in the place of.

use super::downloads::for_each;
use crate::model::Model;
use crate::shell::{Command, ShellWord};

/// A path that no longer has what it had before a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The RUN, by index in [`Model::runs`].
    pub run: usize,
    /// The path, which may hold wildcards; none where it is not known.
    pub path: Option<String>,
    /// Whether all that is below the path is gone too.
    pub is_whole: bool,
}

/// Commands that write a file to their last operand, or into it if it is a folder. Sorted.
const WRITE_LAST: &[&str] = &["cp", "install", "ln", "mv", "rsync"];

impl Model<'_> {
    /// What the commands of all RUNs remove or replace, in order. What is only added to a folder is not listed.
    pub fn replaced(&self) -> Vec<Replaced> {
        let known = |path: &str| path.starts_with('/') && !path.contains('$');
        let deleted = self.deletions.iter().map(|it| Replaced {
            run: it.run,
            path: Some(it.path.clone()).filter(|it| known(it)),
            is_whole: true,
        });
        let mut found: Vec<Replaced> = deleted.collect();
        for_each(self, |run, _, command, directory| {
            let id = self.runs[run].id();
            let mut add = |word: &ShellWord, is_whole| {
                let path = self.shell_path(id, directory, word).filter(|it| known(it));
                found.push(Replaced { run, path, is_whole });
            };
            if WRITE_LAST.contains(&command.name.as_str()) {
                let operands: Vec<&ShellWord> = command.operands().collect();
                let Some((to, from)) = operands.split_last() else { return };
                if command.is("mv") {
                    from.iter().for_each(|it| add(it, true));
                }
                let is_folder = to.text.ends_with('/') || to.text == ".";
                if !is_folder {
                    add(to, false);
                }
                for name in from.iter().filter_map(|it| it.text.rsplit('/').next()) {
                    let text = format!("{}/{name}", to.text.trim_end_matches('/'));
                    add(&ShellWord { text, ..(*to).clone() }, false);
                }
            } else if edits_in_place(command) {
                edited(command).into_iter().for_each(|it| add(it, false));
            } else if command.is("tee") && !command.has_flag("a") {
                command.operands().for_each(|it| add(it, false));
            }
            let output = command.redirects.iter().filter(|it| matches!(it.operator, ">" | "&>"));
            output.for_each(|it| add(&it.target, false));
        });
        found.sort_by_key(|it| it.run);
        found
    }
}

/// Whether a command changes the files that it names.
fn edits_in_place(command: &Command) -> bool {
    let flag = |it: &ShellWord| {
        it.text.starts_with("--in-place")
            || it.text.starts_with('-') && !it.text.starts_with("--") && it.text.contains('i')
    };
    (command.is("sed") || command.is("perl")) && command.args.iter().any(flag)
}

/// The files of such a command: its operands without the script, which is the first one unless a flag has it.
fn edited(command: &Command) -> Vec<&ShellWord> {
    let (mut files, mut has_script, mut is_script) = (Vec::new(), false, false);
    for word in &command.args {
        let is_flag = word.text.starts_with('-');
        if is_flag {
            let long = ["--expression", "--file"].iter().any(|it| word.text.starts_with(it));
            let short = !word.text.starts_with("--") && word.text.ends_with(['e', 'f']);
            has_script |= long || short;
            is_script = short || (long && !word.text.contains('='));
        } else if !is_script {
            files.push(word);
        } else {
            is_script = false;
        }
    }
    files.drain(..usize::from(!has_script).min(files.len()));
    files
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    fn replaced(run: &str) -> Vec<String> {
        of(&format!("FROM a\nWORKDIR /w\nRUN {run}\n"), |model| {
            let shown = |it: super::Replaced| {
                let path = it.path.unwrap_or_else(|| "?".to_owned());
                format!("{path}{}", if it.is_whole { " and below" } else { "" })
            };
            model.replaced().into_iter().map(shown).collect()
        })
    }

    #[test]
    fn commands_that_replace_what_was_there() {
        assert_eq!(replaced("rm -rf src /x/*.log"), ["/w/src and below", "/x/*.log and below"]);
        assert_eq!(replaced("rm -rf $UNKNOWN"), ["? and below"]);
        assert_eq!(replaced("mv a /b"), ["/w/a and below", "/b", "/b/a"]);
        assert_eq!(replaced("cp x/y z/"), ["/w/z/y"]);
        assert_eq!(replaced("echo x > f && echo y >> g"), ["/w/f"]);
        assert_eq!(replaced("sed -i s/a/b/ f g"), ["/w/f", "/w/g"]);
        assert_eq!(replaced("sed -i -e s/a/b/ -e s/c/d/ f"), ["/w/f"]);
        assert_eq!(replaced("perl -pi -e s/a/b/ f"), ["/w/f"]);
        assert_eq!(replaced("sed s/a/b/ f"), [""; 0]);
        assert_eq!(replaced("mkdir d && touch e && make"), [""; 0]);
    }
}
