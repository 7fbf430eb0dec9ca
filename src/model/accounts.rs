//! Accounts that commands make.

use super::{Model, Run};
use crate::shell::{Command, ShellWord};

impl Model<'_> {
    /// The word with the user ID that a `useradd` gives (`-u N`, `-uN`, `--uid N`, `--uid=N`), and the number, where it is
    /// known.
    pub fn user_id<'c>(&self, run: &Run<'_>, command: &'c Command) -> Option<(&'c ShellWord, u64)> {
        let mut words = command.args.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            let cluster = text.strip_prefix('-').filter(|it| !it.starts_with('-'));
            let (at, skip) = match cluster.and_then(|it| it.split_once('u')) {
                _ if text == "--uid" => (words.next()?, 0),
                _ if text.starts_with("--uid=") => (word, "--uid=".len()),
                Some((_, "")) => (words.next()?, 0),
                Some(("", _)) => (word, "-u".len()),
                _ => continue,
            };
            let value = self.shell_text(run.id(), at)?;
            return Some((at, value.get(skip..)?.parse().ok()?));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn user_ids_have_many_spellings() {
        let id = |words: &str| {
            of(&format!("FROM a\nARG ID=200000\nRUN useradd {words} name\n"), |model| {
                let run = &model.runs[0];
                model.user_id(run, &run.script.commands[0]).map(|it| it.1)
            })
        };
        for words in
            ["-u 200000", "-u200000", "-mu 200000", "--uid 200000", "--uid=200000", "-u $ID"]
        {
            assert_eq!(id(words), Some(200_000), "{words}");
        }
        for words in ["", "-m", "-u $OTHER", "-g users", "--user-group"] {
            assert_eq!(id(words), None, "{words}");
        }
    }
}
