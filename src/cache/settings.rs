//! What a RUN depends on besides its text and variables: the shell, the user, the directory, mounts, and bodies of heredocs. Each
//! is a fact of its own, with the line that says it.

use super::facts::Facts;
use super::key::{Key, Mixer};
use super::origins::Origins;
use super::plan::Fact;
use crate::model::Origin;
use crate::syntax::{Form, Instruction, Keyword, Mount, MountOption};

impl Facts<'_> {
    /// SHELL, USER and WORKDIR.
    pub(super) fn settings(
        &self,
        instruction: &Instruction<'_>,
        form: &Form<'_>,
        facts: &mut Vec<Fact>,
    ) {
        let at = instruction.id;
        let state = &self.model.states[at];
        let mut add = |keyword: Keyword, parts: &[&str]| {
            let line = self.said_last(at, keyword);
            let origins = Origins::of(self.model);
            let origins = match keyword {
                Keyword::Workdir => origins.directory(at).done(),
                _ => origins.last(at, keyword).done(),
            };
            let about = keyword.name().to_owned();
            facts.push(Fact { line, about, key: Key::of(parts), origins });
        };
        if let Form::Shell(_) = form {
            let words: Vec<&str> = state.shell.words.iter().map(String::as_str).collect();
            add(Keyword::Shell, &words);
        }
        if !self.traits.metadata {
            add(Keyword::User, &[state.user.as_deref().unwrap_or_default()]);
            add(Keyword::Workdir, &[state.workdir.as_deref().unwrap_or_default()]);
        }
    }

    /// The arguments without a value that a RUN would get.
    pub(super) fn unset(&self, at: usize) -> Vec<String> {
        if self.model.doc.instructions[at].keyword != Keyword::Run {
            return Vec::new();
        }
        let seen = self.model.scopes.visible(at);
        let open = seen.filter(|it| it.origin == Origin::Arg && !it.has_value);
        let mut names: Vec<String> = open.map(|it| it.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let is_last = |it: &String| {
            let found = self.model.scopes.look_up(at, it);
            found.is_some_and(|it| it.origin == Origin::Arg && !it.has_value)
        };
        names.retain(is_last);
        names
    }

    /// The line of the last instruction of that keyword in the stage; that of the instruction itself where there is none.
    fn said_last(&self, at: usize, keyword: Keyword) -> u32 {
        let before = self.model.doc.instructions[..at].iter().enumerate().rev();
        let mut of_stage = before.take_while(|it| it.1.keyword != Keyword::From);
        let found = of_stage.find(|it| it.1.keyword == keyword);
        self.line(found.map_or(at, |it| it.0))
    }

    /// Mounts, by their options in any order.
    pub(super) fn mounts(
        &self,
        instruction: &Instruction<'_>,
        mounts: &[Mount<'_>],
        facts: &mut Vec<Fact>,
    ) {
        let line = self.line(instruction.id);
        for (number, mount) in mounts.iter().enumerate() {
            let option = |it: &MountOption<'_>| {
                let value = it.value.as_ref().map(|word| self.text(instruction.id, word));
                // A stage counts by what is in it, whatever its name.
                let is_stage = |name: &String| {
                    it.key == "from"
                        && self.traits.mounted_content
                        && self.is_stage(instruction.id, name)
                };
                let value = value.filter(|it| !is_stage(it));
                format!("{}={}", it.key, value.unwrap_or_default())
            };
            let mut options: Vec<String> = mount.options.iter().map(option).collect();
            options.sort_unstable();
            let key = Key::of(&[&format!("{:?} {}", mount.kind, options.join(","))]);
            let values = mount.options.iter().filter_map(|it| Some(&*it.value.as_ref()?.text));
            let texts: Vec<&str> = mount.options.iter().map(|it| &*it.key).chain(values).collect();
            let origins = Origins::of(self.model).text(instruction.id, &texts).done();
            facts.push(Fact { line, about: format!("mount {}", number + 1), key, origins });
        }
    }

    /// The bodies of heredocs.
    pub(super) fn bodies(
        &self,
        instruction: &Instruction<'_>,
        expands: bool,
        facts: &mut Vec<Fact>,
    ) {
        if instruction.heredocs.is_empty() {
            return;
        }
        let mut mixer = Mixer::new("heredocs");
        self.heredocs(instruction, expands, &mut mixer);
        let line = self.line(instruction.id);
        let doc = self.model.doc;
        let texts: Vec<&str> =
            instruction.heredocs.iter().map(|it| doc.source.slice(it.body)).collect();
        let origins = match expands {
            true => Origins::of(self.model).text(instruction.id, &texts).done(),
            false => Vec::new(),
        };
        facts.push(Fact { line, about: "heredoc".to_owned(), key: mixer.done(), origins });
    }
}
