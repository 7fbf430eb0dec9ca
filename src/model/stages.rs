//! Stages, what each is built on, and which of them reach the final image.

use std::collections::HashMap;
use std::ops::Range;

use super::{BuildOptions, ImageRef};
use crate::syntax::{Dockerfile, From, Instruction, Kind, Word};

/// A build stage: a FROM and what follows it.
#[derive(Debug, Clone)]
pub struct Stage<'s> {
    /// Its index, from 0.
    pub id: usize,
    /// Its name in lower case, as BuildKit compares it.
    pub name: Option<String>,
    /// The FROM instruction.
    pub instruction: &'s Instruction<'s>,
    /// What the FROM says.
    pub from: &'s From<'s>,
    /// What it is built on.
    pub base: Base,
    /// Its instructions, by index; the FROM is the first.
    pub instructions: Range<usize>,
    /// Stages whose files it takes (`COPY --from`, `RUN --mount=from=`), by index.
    pub takes_from: Vec<usize>,
    /// Whether its own layers are in the final image: it is the final stage or a base of it.
    pub ships: bool,
    /// Whether building the final stage needs it at all.
    pub needed: bool,
}

/// What a stage is built on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage of the file, by index.
    Stage(usize),
    /// The empty image.
    Scratch,
    /// An image. Variables in its name are replaced by the defaults of global ARGs where they are known.
    Image(ImageRef),
    /// A name that depends on a variable without a known value.
    Unknown,
}

impl Stage<'_> {
    /// The image it is built on, if it is built on one and the name is known.
    pub fn image(&self) -> Option<&ImageRef> {
        match &self.base {
            Base::Image(image) => Some(image),
            _ => None,
        }
    }
}

/// Finds the stages of a file and their graph.
pub(super) fn find<'s>(doc: &'s Dockerfile<'s>, options: &BuildOptions) -> Vec<Stage<'s>> {
    let mut stages: Vec<Stage<'s>> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    // The stage that is being read: nothing in it can mean itself.
    let mut open: Option<(String, usize)> = None;
    let mut globals = Globals { values: HashMap::new(), options };
    for instruction in &doc.instructions {
        if let Kind::From(from) = &instruction.kind {
            names.extend(open.take());
            let base = base_of(from, &names, &globals);
            stages.push(Stage {
                id: stages.len(),
                name: from.alias.as_ref().map(|alias| alias.name.text.to_lowercase()),
                instruction,
                from,
                base,
                instructions: instruction.id..instruction.id + 1,
                takes_from: Vec::new(),
                ships: false,
                needed: false,
            });
            open = stages.last().and_then(|it| Some((it.name.clone()?, it.id)));
        } else if let Some(own) = stages.len().checked_sub(1) {
            stages[own].instructions.end = instruction.id + 1;
            let sources = sources_of(instruction).into_iter();
            let ids = sources.filter_map(|name| match name.parse::<usize>() {
                Ok(index) => (index < own).then_some(index),
                Err(_) => names.get(&name.to_lowercase()).copied(),
            });
            stages[own].takes_from.extend(ids);
        } else if let Kind::Arg(list) = &instruction.kind {
            list.iter().for_each(|it| globals.declare(&it.name.text, it.value.as_ref()));
        }
    }
    mark_reach(&mut stages, options);
    stages
}

/// The stage that becomes the image.
pub(super) fn final_stage(stages: &[Stage<'_>], options: &BuildOptions) -> Option<usize> {
    options
        .target
        .as_deref()
        .and_then(|target| look_up(stages, target))
        .or_else(|| stages.len().checked_sub(1))
}

/// The names of stages or images whose files an instruction takes.
fn sources_of<'a>(instruction: &'a Instruction<'a>) -> Vec<&'a str> {
    match &instruction.kind {
        Kind::Copy(_) => {
            let value = instruction.flag("from").and_then(|flag| flag.value.as_ref());
            value.map(|word| word.text.as_ref()).into_iter().collect()
        }
        Kind::Run(run) => run
            .mounts
            .iter()
            .filter_map(|mount| mount.option("from"))
            .map(|word| word.text.as_ref())
            .collect(),
        _ => Vec::new(),
    }
}

/// The stage a name or index stands for; the last of that name, as in BuildKit.
pub(super) fn look_up(stages: &[Stage<'_>], name: &str) -> Option<usize> {
    if let Ok(index) = name.parse::<usize>() {
        return (index < stages.len()).then_some(index);
    }
    let name = name.to_lowercase();
    stages.iter().rposition(|stage| stage.name.as_deref() == Some(&name))
}

/// What FROM may know of variables.
struct Globals<'o> {
    /// The value of each global ARG, where it is known and not too long to be put into a word.
    values: HashMap<String, Option<String>>,
    options: &'o BuildOptions,
}

fn base_of(from: &From<'_>, names: &HashMap<String, usize>, globals: &Globals<'_>) -> Base {
    // BuildKit compares the text as it is written with the lower-case names.
    if let Some(&stage) = names.get(from.image.text.as_ref()) {
        return Base::Stage(stage);
    }
    let parts = &from.image.parts;
    let Some(text) = super::scope::expand(parts, &mut |name| globals.value(name)) else {
        return Base::Unknown;
    };
    if let Some(&stage) = names.get(&text) {
        return Base::Stage(stage);
    }
    match text.as_str() {
        "scratch" => Base::Scratch,
        "" => Base::Unknown,
        _ => Base::Image(ImageRef::parse(&text)),
    }
}

impl Globals<'_> {
    /// The value of a global ARG: the caller's, else its default.
    fn value(&self, name: &str) -> Option<String> {
        let given = self.options.build_args.iter().rev().find(|(key, _)| key == name);
        given.map(|it| it.1.clone()).or_else(|| self.values.get(name).cloned().flatten())
    }

    /// Notes a global ARG. Its default may use those declared above it.
    fn declare(&mut self, name: &str, default: Option<&Word<'_>>) {
        let value = default
            .and_then(|it| super::scope::expand(&it.parts, &mut |inner| self.value(inner)))
            .filter(|it| it.len() <= super::scope::LONGEST_EXPANSION);
        self.values.insert(name.to_owned(), value);
    }
}

/// Marks what ships and what is needed, from the final stage backwards.
fn mark_reach(stages: &mut [Stage<'_>], options: &BuildOptions) {
    let Some(last) = final_stage(stages, options) else { return };
    let mut shipped = Some(last);
    while let Some(id) = shipped {
        stages[id].ships = true;
        shipped = if let Base::Stage(base) = stages[id].base { Some(base) } else { None };
    }
    let mut todo = vec![last];
    while let Some(id) = todo.pop() {
        if std::mem::replace(&mut stages[id].needed, true) {
            continue;
        }
        if let Base::Stage(base) = stages[id].base {
            todo.push(base);
        }
        todo.extend(stages[id].takes_from.iter().copied());
    }
}
