//! ARG and ENV: which variables an instruction sees, and their values where they are known.

use std::collections::HashMap;

use super::{Base, BuildOptions, Stage};
use crate::syntax::{Dockerfile, Kind, Part, Var, Word};

/// Where a variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An ARG: the caller of the build may set it.
    Arg,
    /// An ENV.
    Env,
}

/// One definition of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// ARG or ENV.
    pub origin: Origin,
    /// The instruction that defines it, by index.
    pub instruction: usize,
    /// The value, where the file alone decides it.
    pub value: Option<String>,
    /// Whether an ARG has a default, or the caller gave a value.
    pub has_value: bool,
}

/// A word with its variables replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The text; a variable without a known value stands in it as `${name}`.
    pub text: String,
    /// Whether the text is sure: no variable in it is unknown or can be set by the caller.
    pub certain: bool,
}

/// All variables of a file.
#[derive(Debug, Clone, Default)]
pub struct Scopes {
    /// ARGs before the first FROM.
    pub global: Vec<Definition>,
    /// The definitions of each stage, in order.
    pub stages: Vec<Vec<Definition>>,
    /// What the global ARGs are when the caller sets nothing; an ARG without a default is empty.
    defaults: HashMap<String, Option<String>>,
    /// Where the definitions of a name stand in `global`.
    global_index: HashMap<String, Vec<usize>>,
    /// Where the definitions of a name stand in the list of a stage: pairs of stage and position, in order.
    index: HashMap<String, Vec<(usize, usize)>>,
    /// The stage each stage is built on.
    parents: Vec<Option<usize>>,
    /// The range of instructions of each stage starts here.
    starts: Vec<usize>,
}

/// Platform arguments that FROM may use without declaring them
/// (Dockerfile reference, "Automatic platform ARGs in the global scope").
pub const PREDEFINED: &[&str] = &[
    "BUILDARCH",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

impl Scopes {
    pub(super) fn find(doc: &Dockerfile<'_>, stages: &[Stage<'_>], options: &BuildOptions) -> Self {
        let mut scopes = Self {
            global: Vec::new(),
            stages: Vec::with_capacity(stages.len()),
            defaults: HashMap::new(),
            global_index: HashMap::new(),
            index: HashMap::new(),
            parents: stages
                .iter()
                .map(|it| if let Base::Stage(id) = it.base { Some(id) } else { None })
                .collect(),
            starts: stages.iter().map(|it| it.instructions.start).collect(),
        };
        for instruction in &doc.instructions {
            let id = instruction.id;
            match &instruction.kind {
                Kind::From(_) => scopes.stages.push(Vec::new()),
                Kind::Arg(list) => {
                    for declaration in list {
                        let name = declaration.name.text.to_string();
                        if scopes.stages.is_empty() {
                            let default = declaration.value.as_ref();
                            let default =
                                default.map_or(Some(String::new()), |it| scopes.with_defaults(it));
                            scopes.defaults.insert(name.clone(), default);
                        }
                        let given = options.build_args.iter().rev().find(|(key, _)| *key == name);
                        let inherited = scopes.global_named(&name).next_back();
                        let value = match (given, &declaration.value) {
                            (Some((_, value)), _) => Some(value.clone()),
                            (None, Some(word)) => scopes.expand_at(id, word),
                            (None, None) => inherited.and_then(|it| it.value.clone()),
                        };
                        let has_value = value.is_some()
                            || declaration.value.is_some()
                            || inherited.is_some_and(|it| it.has_value);
                        scopes.add(Definition {
                            name,
                            origin: Origin::Arg,
                            instruction: id,
                            value,
                            has_value,
                        });
                    }
                }
                Kind::Env(env) => {
                    // All values of one ENV see what stood before it.
                    let values: Vec<_> =
                        env.pairs.iter().map(|pair| scopes.expand_at(id, &pair.value)).collect();
                    for (pair, value) in env.pairs.iter().zip(values) {
                        let name = pair.key.literal().unwrap_or_default().into_owned();
                        let definition = Definition {
                            name,
                            origin: Origin::Env,
                            instruction: id,
                            value,
                            has_value: true,
                        };
                        scopes.add(definition);
                    }
                }
                _ => {}
            }
        }
        scopes
    }

    fn add(&mut self, definition: Definition) {
        let name = definition.name.clone();
        if let Some(stage) = self.stages.len().checked_sub(1) {
            self.index.entry(name).or_default().push((stage, self.stages[stage].len()));
            self.stages[stage].push(definition);
        } else {
            self.global_index.entry(name).or_default().push(self.global.len());
            self.global.push(definition);
        }
    }

    /// The global ARGs of that name, in order.
    pub fn global_named(&self, name: &str) -> impl DoubleEndedIterator<Item = &Definition> {
        self.global_index.get(name).into_iter().flatten().map(|&at| &self.global[at])
    }

    /// The definitions of that name in a stage, in order.
    pub fn named_in(
        &self,
        stage: usize,
        name: &str,
    ) -> impl DoubleEndedIterator<Item = &Definition> + Clone {
        let places = self.index.get(name).map_or(&[][..], Vec::as_slice);
        let start = places.partition_point(|place| place.0 < stage);
        let end = places.partition_point(|place| place.0 <= stage);
        places[start..end].iter().map(|&(stage, at)| &self.stages[stage][at])
    }

    /// The definitions of a name before the first FROM and in all stages.
    pub fn everywhere(&self, name: &str) -> impl Iterator<Item = &Definition> {
        let places = self.index.get(name).into_iter().flatten();
        self.global_named(name).chain(places.map(|&(stage, at)| &self.stages[stage][at]))
    }

    /// The definition of a variable that the instruction sees: its stage's last one before it, else that of the
    /// stages it is built on. An ENV stands above an ARG. FROM and what precedes it see the global ARGs.
    pub fn look_up(&self, instruction: usize, name: &str) -> Option<&Definition> {
        let (mut stage, mut before) = match self.stage_at(instruction) {
            None => {
                return self.global_named(name).rev().find(|it| it.instruction < instruction);
            }
            Some(stage) => (stage, instruction),
        };
        let places = self.index.get(name)?;
        let mut argument = None;
        loop {
            let start = places.partition_point(|place| place.0 < stage);
            let end = places
                .partition_point(|&(at, position)| {
                    at < stage || (at == stage && self.stages[at][position].instruction < before)
                })
                .max(start);
            let seen = places[start..end].iter().map(|&(stage, at)| &self.stages[stage][at]);
            for definition in seen.rev() {
                match definition.origin {
                    Origin::Env => return Some(definition),
                    Origin::Arg => argument = argument.or(Some(definition)),
                }
            }
            match self.parents.get(stage).copied().flatten() {
                Some(parent) => (stage, before) = (parent, usize::MAX),
                None => return argument,
            }
        }
    }

    /// Every name that the instruction sees, nearest first; names may repeat.
    pub fn visible(&self, instruction: usize) -> impl Iterator<Item = &Definition> {
        let own = self.stage_at(instruction);
        let globals = if own.is_none() { self.global.as_slice() } else { &[] };
        let chain = std::iter::successors(own, |&it| self.parents.get(it).copied().flatten());
        let lists = chain.filter_map(|it| self.stages.get(it).map(Vec::as_slice));
        // Those of the stages that it is built on stand before it too.
        [globals].into_iter().chain(lists).flat_map(move |list| {
            let end = list.partition_point(|it| it.instruction < instruction);
            list[..end].iter().rev()
        })
    }

    /// Replaces the variables of a word as the builder would at that instruction.
    pub fn resolve(&self, instruction: usize, word: &Word<'_>) -> Resolved {
        let mut certain = true;
        let text = expand(&word.parts, &mut |name| {
            let definition = self.look_up(instruction, name);
            if definition.is_none_or(|it| it.origin == Origin::Arg || it.value.is_none()) {
                certain = false;
            }
            Some(
                definition
                    .and_then(|it| it.value.clone())
                    .unwrap_or_else(|| format!("${{{name}}}")),
            )
        });
        Resolved { text: text.unwrap_or_else(|| word.text.to_string()), certain }
    }

    /// What a word of FROM says when the caller of the build sets nothing: an ARG without a default is empty. None
    /// where that is not known, or the build stops.
    pub fn with_defaults(&self, word: &Word<'_>) -> Option<String> {
        expand(&word.parts, &mut |name| match self.defaults.get(name) {
            Some(value) => value.clone(),
            // Platform arguments always have some value.
            None => Some(if PREDEFINED.contains(&name) { "linux" } else { "" }.to_owned()),
        })
    }

    fn expand_at(&self, instruction: usize, word: &Word<'_>) -> Option<String> {
        expand(&word.parts, &mut |name| self.look_up(instruction, name)?.value.clone())
    }

    /// The stage that holds an instruction; none for a FROM, which sees the global scope, and for what precedes it.
    fn stage_at(&self, instruction: usize) -> Option<usize> {
        if self.stages.is_empty() {
            return None;
        }
        let index = self.starts.partition_point(|&start| start < instruction);
        index.checked_sub(1)
    }
}

/// Expands the parts of a word. `value` gives a variable's value, or nothing where it is not known; a variable
/// without a known value and without a default makes the whole unknown.
pub(super) fn expand(
    parts: &[Part],
    value: &mut impl FnMut(&str) -> Option<String>,
) -> Option<String> {
    let mut known = HashMap::new();
    expand_known(parts, value, &mut known)
}

fn expand_known(
    parts: &[Part],
    value: &mut dyn FnMut(&str) -> Option<String>,
    known: &mut HashMap<String, Option<String>>,
) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(literal) => text.push_str(literal),
            Part::Var(var) => {
                let found =
                    known.entry(var.name.clone()).or_insert_with(|| value(&var.name)).clone();
                text.push_str(&apply(var, found, value, known)?);
            }
        }
    }
    Some(text)
}

/// The value of `${name<op>operand}` for a known or unknown value of the variable.
fn apply(
    var: &Var,
    found: Option<String>,
    value: &mut dyn FnMut(&str) -> Option<String>,
    known: &mut HashMap<String, Option<String>>,
) -> Option<String> {
    match (var.op, found) {
        (None | Some("?" | ":?"), found) => found,
        (Some(":-"), Some(found)) if !found.is_empty() => Some(found),
        (Some("-"), Some(found)) => Some(found),
        (Some(":+"), Some(found)) if found.is_empty() => Some(found),
        (Some(":-" | "-"), _) | (Some(":+" | "+"), Some(_)) => {
            expand_known(&var.operand, value, known)
        }
        (Some("#" | "##" | "%" | "%%" | "/" | "//"), Some(found)) => {
            let pattern = expand_known(&var.operand, value, known)?;
            // Patterns with wildcards are left unknown: no rule needs them.
            if pattern.contains(['*', '?', '\\']) {
                return None;
            }
            let replacement = expand_known(&var.replacement, value, known)?;
            Some(match var.op {
                Some("#" | "##") => found.strip_prefix(&pattern).unwrap_or(&found).to_owned(),
                Some("%" | "%%") => found.strip_suffix(&pattern).unwrap_or(&found).to_owned(),
                Some("/") => found.replacen(&pattern, &replacement, 1),
                _ => found.replace(&pattern, &replacement),
            })
        }
        _ => None,
    }
}
