//! Where the value of a fact comes from: the lines of the Dockerfile as they are written, and the variables in them.

use std::collections::HashSet;

use super::key::Key;
use crate::model::{Base, Definition, Model, variables_in};
use crate::syntax::{Keyword, Kind};

/// More origins of a fact are not listed.
const MOST: usize = 32;

/// A line that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line.
    pub line: u32,
    /// What it is: a variable, a directory, or nothing for the instruction itself.
    pub name: String,
    /// What is written there.
    pub written: Key,
}

/// Collects the origins of one fact.
pub(super) struct Origins<'m> {
    model: &'m Model<'m>,
    found: Vec<Written>,
    seen: HashSet<(usize, &'m str)>,
}

impl<'m> Origins<'m> {
    pub(super) fn of(model: &'m Model<'m>) -> Self {
        Self { model, found: Vec::new(), seen: HashSet::new() }
    }

    /// Adds an instruction with those of its texts that count, and the variables in them.
    pub(super) fn text(mut self, at: usize, texts: &[&str]) -> Self {
        self.add(at, String::new(), texts);
        self
    }

    /// Adds a definition, and what it is made of.
    pub(super) fn definition(mut self, definition: &'m Definition) -> Self {
        self.define(definition);
        self
    }

    /// Adds all that makes the working directory of an instruction.
    pub(super) fn directory(mut self, at: usize) -> Self {
        for place in before(self.model, at) {
            let Kind::Workdir(word) = &self.model.doc.instructions[place].kind else { continue };
            self.add(place, "WORKDIR".to_owned(), &[&word.text]);
            if self.model.scopes.resolve(place, word).text.starts_with('/') {
                break;
            }
        }
        self
    }

    /// Adds the last instruction of a keyword before another one.
    pub(super) fn last(mut self, at: usize, keyword: Keyword) -> Self {
        let instructions = &self.model.doc.instructions;
        let last = before(self.model, at).into_iter();
        if let Some(place) = last.into_iter().find(|it| instructions[*it].keyword == keyword) {
            let text = &*instructions[place].body.value;
            self.add(place, keyword.name().to_owned(), &[text]);
        }
        self
    }

    pub(super) fn done(self) -> Vec<Written> {
        self.found
    }

    fn add(&mut self, at: usize, name: String, texts: &[&str]) {
        if self.found.len() < MOST {
            self.found.push(Written { line: self.line(at), name, written: Key::of(texts) });
        }
        for name in texts.iter().flat_map(|it| variables_in(it)) {
            if let Some(definition) = self.model.scopes.look_up(at, name) {
                self.define(definition);
            }
        }
    }

    fn define(&mut self, definition: &'m Definition) {
        let at = definition.instruction;
        if self.found.len() >= MOST || !self.seen.insert((at, &definition.name)) {
            return;
        }
        let name = definition.name.as_str();
        let value = match &self.model.doc.instructions[at].kind {
            Kind::Env(pairs) => {
                pairs.pairs.iter().rfind(|it| it.key.text == name).map(|it| &*it.value.text)
            }
            Kind::Arg(list) => list
                .iter()
                .rfind(|it| it.name.text == name)
                .and_then(|it| it.value.as_ref())
                .map(|it| &*it.text),
            _ => None,
        };
        let is_global = self.model.stages.first().is_none_or(|it| at < it.instructions.start);
        let about = format!("{:?} {name} {is_global}", definition.origin);
        self.add(at, about, &[value.unwrap_or_default()]);
        if value.is_none()
            && !is_global
            && let Some(global) = self.model.scopes.global_named(name).next_back()
        {
            self.define(global);
        }
    }

    fn line(&self, at: usize) -> u32 {
        let doc = self.model.doc;
        doc.instructions.get(at).map_or(1, |it| doc.source.line(it.span.start))
    }
}

/// The instructions before another one, in its stage and in those that it is built on; the nearest first.
pub(super) fn before(model: &Model<'_>, at: usize) -> Vec<usize> {
    let mut stage = model.stages.iter().find(|it| it.instructions.contains(&at));
    let (mut found, mut end) = (Vec::new(), at);
    while let Some(it) = stage {
        found.extend((it.instructions.start..end.min(it.instructions.end)).rev());
        // A stage is built on an earlier one.
        stage = match it.base {
            Base::Stage(below) if below < it.id => model.stages.get(below),
            _ => None,
        };
        end = usize::MAX;
    }
    found
}
