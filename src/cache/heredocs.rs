//! What the bodies of heredocs say to a builder.

use super::facts::Facts;
use super::key::Mixer;
use super::origins::Origins;
use super::plan::Fact;
use crate::syntax::{Heredoc, Instruction, body_word};

impl Facts<'_> {
    /// The bodies of heredocs as a fact of their own; `copied` where they are files, as in COPY and ADD.
    pub(super) fn bodies(
        &self,
        instruction: &Instruction<'_>,
        copied: bool,
        facts: &mut Vec<Fact>,
    ) {
        if instruction.heredocs.is_empty() {
            return;
        }
        let mut mixer = Mixer::new("heredocs");
        self.heredocs(instruction, copied, &mut mixer);
        let line = self.line(instruction.id);
        let doc = self.model.doc;
        let texts: Vec<&str> =
            instruction.heredocs.iter().map(|it| doc.source.slice(it.body)).collect();
        let origins = match copied {
            true => Origins::of(self.model).text(instruction.id, &texts).done(),
            false => Vec::new(),
        };
        facts.push(Fact { line, about: "heredoc".to_owned(), key: mixer.done(), origins });
    }

    /// The bodies of heredocs: files with names in COPY and ADD, otherwise the script of a RUN, or what its shell reads.
    pub(super) fn heredocs(&self, instruction: &Instruction<'_>, copied: bool, mixer: &mut Mixer) {
        let doc = self.model.doc;
        for heredoc in &instruction.heredocs {
            let body = doc.source.slice(heredoc.body);
            if copied {
                mixer.text(&heredoc.name);
                mixer.text(&stripped(heredoc, &self.copied(instruction.id, heredoc)));
            } else if instruction.is_heredoc_script() {
                let script = stripped(heredoc, body);
                mixer.text(&script);
                // A script that names its interpreter is a file with the name of the delimiter.
                mixer.text(if script.starts_with("#!") { &heredoc.name } else { "" });
            } else {
                mixer.text(body);
                mixer.text(&heredoc.name);
            }
        }
    }

    /// The body of a heredoc of COPY or ADD: variables are replaced unless a part of the delimiter is quoted.
    fn copied(&self, at: usize, heredoc: &Heredoc<'_>) -> String {
        let file = self.model.doc.source.text.as_str();
        match heredoc.expand {
            true => self.text(at, &body_word(file, heredoc)),
            false => self.model.doc.source.slice(heredoc.body).to_owned(),
        }
    }
}

/// A body without the tabs at the start of lines, where `<<-` takes them away.
fn stripped(heredoc: &Heredoc<'_>, body: &str) -> String {
    match heredoc.strip_tabs {
        true => body.split_inclusive('\n').map(|it| it.trim_start_matches('\t')).collect(),
        false => body.to_owned(),
    }
}
