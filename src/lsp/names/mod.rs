//! Where the names of stages, variables and heredocs are in a file, and which of them mean the same.

mod heredocs;

use std::collections::{HashMap, HashSet};

use crate::model::{Base, Model, Origin, Run};
pub(super) use crate::shell::is_name;
use crate::shell::{Command, Use, uses_in};
use crate::source::Span;
use crate::syntax::{Form, Healthcheck, Instruction, Kind, Word};
pub(super) use heredocs::heredoc_of;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// The stage of that index.
    Stage(usize),
    /// A variable: its name, and the scope in which all of that name are one.
    Variable(String, Scope),
    /// The heredoc whose marker starts at that byte.
    Heredoc(u32),
}

/// Where variables of one name are one variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// In the ARGs before the first FROM, and in all stages that take the value of one.
    Global,
    /// In a stage that is built on an image, and in those that are built on it.
    Tree(usize),
}

/// A place where a name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// What it stands for.
    pub(super) name: Name,
    /// The name alone.
    pub(super) span: Span,
    /// The instruction that it is in.
    pub(super) instruction: usize,
    /// Whether it is defined there.
    pub(super) defines: bool,
}

/// All of a file, in order of place.
pub(super) struct Names {
    pub(super) list: Vec<Occurrence>,
    /// Scripts that set a variable themselves that they also inherit, with the name.
    pub(super) reset: Vec<(String, Span)>,
}

impl Names {
    /// Those of a file.
    pub(super) fn find(model: &Model<'_>) -> Self {
        let mut finder = Finder::new(model);
        for instruction in &model.doc.instructions {
            finder.look(instruction);
        }
        let Finder { mut list, reset, .. } = finder;
        list.sort_by_key(|it| it.span);
        list.dedup();
        Self { list, reset }
    }

    /// The one at a place, its end included.
    pub(super) fn at(&self, offset: u32) -> Option<&Occurrence> {
        let touches = |it: &&Occurrence| it.span.start <= offset && offset <= it.span.end;
        // Of two that touch, the one that starts there.
        self.list.iter().rfind(touches)
    }

    /// All that stand for the same.
    pub(super) fn same<'a>(&'a self, name: &'a Name) -> impl Iterator<Item = &'a Occurrence> {
        self.list.iter().filter(move |it| it.name == *name)
    }
}

struct Finder<'m> {
    model: &'m Model<'m>,
    /// For each stage, the one at the end of what it is built on.
    roots: Vec<usize>,
    /// Whether a variable of a tree takes the value of a global ARG.
    inherits: HashMap<(usize, String), bool>,
    list: Vec<Occurrence>,
    reset: Vec<(String, Span)>,
}

impl<'m> Finder<'m> {
    fn new(model: &'m Model<'m>) -> Self {
        let mut roots: Vec<usize> = Vec::with_capacity(model.stages.len());
        for stage in &model.stages {
            roots.push(match stage.base {
                Base::Stage(base) => roots.get(base).copied().unwrap_or(base),
                _ => stage.id,
            });
        }
        let mut inherits: HashMap<(usize, String), bool> = HashMap::new();
        for (stage, list) in model.scopes.stages.iter().enumerate() {
            for it in list.iter().filter(|it| it.origin == Origin::Arg) {
                if model.scopes.global_named(&it.name).next().is_some() {
                    inherits.insert((roots[stage], it.name.clone()), true);
                }
            }
        }
        Self { model, roots, inherits, list: Vec::new(), reset: Vec::new() }
    }

    fn variable(&self, instruction: &Instruction<'_>, name: &str) -> Name {
        let stage = match instruction.kind {
            // FROM sees what is before all stages.
            Kind::From(_) => None,
            _ => self.model.stage_of(instruction.id).map(|it| it.id),
        };
        let scope = stage.map_or(Scope::Global, |stage| {
            let root = self.roots.get(stage).copied().unwrap_or(stage);
            let inherits = self.inherits.contains_key(&(root, name.to_owned()));
            if inherits { Scope::Global } else { Scope::Tree(root) }
        });
        Name::Variable(name.to_owned(), scope)
    }

    fn push(&mut self, instruction: &Instruction<'_>, name: Name, span: Span, defines: bool) {
        self.list.push(Occurrence { name, span, instruction: instruction.id, defines });
    }

    fn look(&mut self, instruction: &'m Instruction<'m>) {
        self.stages(instruction);
        for word in instruction.variable_names() {
            // A name that is quoted or made of variables is left alone.
            if is_name(&word.text) && self.is_written(word.span, &word.text) {
                let name = self.variable(instruction, &word.text);
                self.push(instruction, name, word.span, true);
            }
        }
        for word in words(instruction) {
            for var in word.variables() {
                let text = self.model.doc.source.slice(var.span);
                let dollar = if text.starts_with("${") { 2 } else { 1 };
                let start = var.span.start + dollar;
                let length = u32::try_from(var.name.len()).unwrap_or(0);
                let span = Span { start, end: start + length };
                if is_name(&var.name) && self.is_written(span, &var.name) {
                    let name = self.variable(instruction, &var.name);
                    self.push(instruction, name, span, false);
                }
            }
        }
        self.list.extend(heredocs::names(self.model.doc.source, instruction));
        self.heredocs(instruction);
        self.shell(instruction);
    }

    fn is_written(&self, span: Span, name: &str) -> bool {
        self.model.doc.source.slice(span) == name
    }

    fn stages(&mut self, instruction: &'m Instruction<'m>) {
        let own = self.model.stage_of(instruction.id).map(|it| it.id);
        match &instruction.kind {
            Kind::From(from) => {
                let Some(own) = own else { return };
                if let Base::Stage(base) = self.model.stages[own].base {
                    self.push(instruction, Name::Stage(base), from.image.span, false);
                }
                if let Some(alias) = &from.alias {
                    self.push(instruction, Name::Stage(own), alias.name.span, true);
                }
            }
            Kind::Copy(_) => {
                let value = instruction.flag("from").and_then(|it| it.value.as_ref());
                self.use_of_stage(instruction, value, own);
            }
            Kind::Run(run) => {
                for mount in &run.mounts {
                    self.use_of_stage(instruction, mount.option("from"), own);
                }
            }
            _ => {}
        }
    }

    fn use_of_stage(
        &mut self,
        instruction: &'m Instruction<'m>,
        word: Option<&Word<'_>>,
        own: Option<usize>,
    ) {
        let (Some(word), Some(own)) = (word, own) else { return };
        let id = match word.text.parse::<usize>() {
            Ok(id) => (id < own).then_some(id),
            Err(_) => {
                let name = word.text.to_lowercase();
                let above = self.model.stages[..own].iter();
                above.into_iter().rposition(|it| it.name.as_deref() == Some(&name))
            }
        };
        if let Some(id) = id {
            self.push(instruction, Name::Stage(id), word.span, false);
        }
    }

    /// Variables that the builder puts into the files of COPY and ADD.
    fn heredocs(&mut self, instruction: &'m Instruction<'m>) {
        if !matches!(instruction.kind, Kind::Copy(_) | Kind::Add(_)) {
            return;
        }
        for heredoc in instruction.heredocs.iter().filter(|it| it.expand) {
            let text = self.model.doc.source.slice(heredoc.body);
            for Use { name, at, .. } in uses_in(text, |_| true) {
                let name_of = self.variable(instruction, name);
                self.push(instruction, name_of, place(heredoc.body.start, at, name), false);
            }
        }
    }

    fn shell(&mut self, instruction: &'m Instruction<'m>) {
        if let Some(run) = self.model.run_at(instruction.id).map(|at| &self.model.runs[at])
            && !run.onbuild
            && matches!(run.form, Form::Shell(_))
        {
            self.script(instruction, run);
        }
        // What the container runs sees ENV only.
        let (Kind::Cmd(form)
        | Kind::Entrypoint(form)
        | Kind::Healthcheck(Healthcheck::Cmd(_, form))) = &instruction.kind
        else {
            return;
        };
        if let Form::Shell(text) = form {
            let written = self.model.doc.source.slice(text.span);
            for Use { name, at, .. } in uses_in(written, |_| false) {
                let found = self.model.scopes.look_up(instruction.id, name);
                if found.is_some_and(|it| it.origin == Origin::Env) {
                    let name_of = self.variable(instruction, name);
                    self.push(instruction, name_of, place(text.span.start, at, name), false);
                }
            }
        }
    }

    fn script(&mut self, instruction: &'m Instruction<'m>, run: &'m Run<'m>) {
        let view = &run.script.view;
        // Another shell reads what is quoted for it, and expands it.
        let nested = run.script.commands.iter().filter(|it| it.inside.nested_script);
        let nested: Vec<Span> = nested.map(|it| it.span).collect();
        let is_nested = |at: usize| {
            let offset = view.base + u32::try_from(at).unwrap_or(u32::MAX);
            nested.iter().any(|it| it.contains_offset(offset))
        };
        let set = names_set(&run.script.commands);
        let mut told = HashSet::new();
        for Use { name, at, .. } in uses_in(&view.text, is_nested) {
            if self.model.scopes.look_up(instruction.id, name).is_none() {
                continue;
            }
            if set.contains(name) {
                if told.insert(name) {
                    self.reset.push((name.to_owned(), instruction.keyword_span));
                }
                continue;
            }
            let name_of = self.variable(instruction, name);
            self.push(instruction, name_of, place(view.base, at, name), false);
        }
    }
}

/// The variables that commands may give another value: `V=…`, `export V`, `read V`.
fn names_set(commands: &[Command]) -> HashSet<&str> {
    let assigned = commands.iter().flat_map(|it| it.assignments.iter().map(|it| it.name.as_str()));
    let words = commands.iter().flat_map(Command::words);
    assigned.chain(words.filter_map(|it| it.text.split('=').next())).collect()
}

/// The words of an instruction whose variables the builder replaces.
pub(super) fn words<'m>(instruction: &'m Instruction<'m>) -> Vec<&'m Word<'m>> {
    let flags = instruction.flags.iter().filter_map(|it| it.value.as_ref());
    let own: Vec<&Word<'_>> = match &instruction.kind {
        Kind::From(from) => vec![&from.image],
        Kind::Copy(copy) | Kind::Add(copy) => {
            let sources = copy.sources.iter().filter(|it| it.heredoc.is_none());
            sources.map(|it| &it.word).chain([&copy.destination]).collect()
        }
        Kind::Env(list) | Kind::Label(list) => {
            list.pairs.iter().flat_map(|it| [&it.key, &it.value]).collect()
        }
        Kind::Arg(list) => list.iter().filter_map(|it| it.value.as_ref()).collect(),
        Kind::Run(run) => {
            let options = run.mounts.iter().flat_map(|it| &it.options);
            options.filter(|it| it.key != "from").filter_map(|it| it.value.as_ref()).collect()
        }
        Kind::Volume(words) | Kind::Expose(words) => words.iter().collect(),
        Kind::User(word) | Kind::Workdir(word) | Kind::Stopsignal(word) => vec![word],
        _ => Vec::new(),
    };
    own.into_iter().chain(flags).collect()
}

fn place(base: u32, at: usize, name: &str) -> Span {
    let base = base as usize;
    Span::new(base + at, base + at + name.len())
}

#[cfg(test)]
mod tests;
