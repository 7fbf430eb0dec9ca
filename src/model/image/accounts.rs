//! Accounts that commands make.

use crate::model::{Model, Run};
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

impl Model<'_> {
    /// The user of a RUN where the file names one for sure that is not root.
    pub fn other_user(&self, run: &Run<'_>) -> Option<String> {
        let state = &self.states[run.id()];
        let user = state.user.as_deref().filter(|it| !state.is_root() && !it.contains('$'))?;
        let behind_sudo = run.script.commands.iter().any(|it| it.is_behind("sudo"));
        // What the caller of the build may choose is not known.
        let sure = state.user_is_certain;
        let name = user.split(':').next().unwrap_or(user);
        (sure && !behind_sudo).then(|| name.to_owned())
    }

    /// The number of a user: itself, what a `useradd` or `adduser` in the file gives, or what the image is known for.
    pub fn number_of_user(&self, run: &Run<'_>, user: &str) -> Option<u64> {
        if let Ok(number) = user.parse() {
            return Some(number);
        }
        let made = self.beneath(run.id()).runs().find_map(|(_, it)| {
            let mut commands = it.script.commands.iter();
            commands.find_map(|command| {
                let makes = matches!(command.name.as_str(), "useradd" | "adduser" | "usermod")
                    && command.args.iter().any(|word| word.text == user);
                makes.then(|| self.user_id(it, command)).flatten().map(|it| it.1)
            })
        });
        let image = self.root_image(run.stage?);
        made.or_else(|| (user == "node" && image?.is_official("node")).then_some(1000))
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

    #[test]
    fn numbers_of_users_come_from_the_file_or_the_image() {
        let number = |lines: &str| {
            of(&format!("{lines}\nRUN x\n"), |model| {
                let run = model.runs.last().expect("there is a RUN");
                model.other_user(run).map(|it| model.number_of_user(run, &it))
            })
        };
        assert_eq!(number("FROM a\nUSER 7:8"), Some(Some(7)));
        assert_eq!(number("FROM node:22\nUSER node"), Some(Some(1000)));
        assert_eq!(number("FROM a\nRUN adduser -u 9 -D b\nUSER b"), Some(Some(9)));
        assert_eq!(number("FROM a\nUSER b"), Some(None));
        for lines in ["FROM a", "FROM a\nUSER root", "FROM a\nARG U=b\nUSER $U", "FROM a\nUSER $U"]
        {
            assert_eq!(number(lines), None, "{lines}");
        }
    }
}
