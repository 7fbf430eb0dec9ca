//! What a RUN depends on besides its text, variables, mounts and heredocs: the shell, the user and the directory. Each is a fact
//! of its own, with the line that says it.

use super::facts::Facts;
use super::key::Key;
use super::origins::{Origins, before};
use super::plan::Fact;
use crate::model::Origin;
use crate::syntax::{Form, Instruction, Keyword, Kind};

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
            add(Keyword::Workdir, &[&self.directory(at)]);
        }
    }

    /// Where a command runs. BuildKit takes an absolute path as the last WORKDIR says it: `/app/` is another one than `/app`.
    fn directory(&self, at: usize) -> String {
        let last = before(self.model, at).into_iter().find_map(|place| {
            match &self.model.doc.instructions[place].kind {
                Kind::Workdir(word) => Some(self.text(place, word)),
                _ => None,
            }
        });
        let known = self.model.states[at].workdir.as_deref().unwrap_or_default();
        last.filter(|it| it.starts_with('/')).unwrap_or_else(|| known.to_owned())
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
}
