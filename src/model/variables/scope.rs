//! ARG and ENV: which variables an instruction sees, and their values where they are known.

use std::collections::HashMap;

use crate::model::stages::lineage::Lineage;
use crate::model::stages::trail::Trail;
use crate::model::{Base, BuildOptions, Stage};
use crate::source::work;
use crate::syntax::{ArgDeclaration, Dockerfile, Kind, Pairs, Part, Var, Word};

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

/// What variables make of a word is taken for unknown if it is longer than this. Each `ENV A=$A$A` doubles the length, and
/// a few of them would fill any memory.
pub(in crate::model) const LONGEST_EXPANSION: usize = 4096;

/// How many bytes of values that were put together from others are kept in all; what comes after is unknown.
const MOST_EXPANDED: usize = 16 << 20;

impl Definition {
    /// The value, where it is known and can be put into a word.
    pub(in crate::model) fn short_value(&self) -> Option<&str> {
        self.value.as_deref().filter(|it| it.len() <= LONGEST_EXPANSION)
    }
}

/// A word with its variables replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The text; a variable without a known value is in it as `${name}`.
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
    /// Where the definitions of a name are in `global`.
    global_index: HashMap<String, Vec<usize>>,
    /// Where the definitions of a name are in the list of a stage: pairs of stage and position, in order.
    index: HashMap<String, Vec<(usize, usize)>>,
    /// The ENVs and the ARGs of each name, as stage and position.
    envs: HashMap<String, Trail<(usize, usize)>>,
    args: HashMap<String, Trail<(usize, usize)>>,
    /// The first ARG of each name.
    first_arguments: HashMap<String, usize>,
    /// How many bytes of expanded values are kept.
    expanded: usize,
    /// Which stages are built on which.
    pub(in crate::model) lineage: Lineage,
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
    pub(in crate::model) fn find(
        doc: &Dockerfile<'_>,
        stages: &[Stage<'_>],
        options: &BuildOptions,
    ) -> Self {
        let mut scopes = Self {
            global: Vec::new(),
            stages: Vec::with_capacity(stages.len()),
            defaults: HashMap::new(),
            global_index: HashMap::new(),
            index: HashMap::new(),
            envs: HashMap::new(),
            args: HashMap::new(),
            first_arguments: HashMap::new(),
            expanded: 0,
            lineage: Lineage::new(
                stages.iter().map(|it| if let Base::Stage(id) = it.base { Some(id) } else { None }),
            ),
            starts: stages.iter().map(|it| it.instructions.start).collect(),
        };
        for instruction in &doc.instructions {
            let id = instruction.id;
            match &instruction.kind {
                Kind::From(_) => scopes.stages.push(Vec::new()),
                Kind::Arg(list) => list.iter().for_each(|it| scopes.take_arg(id, it, options)),
                Kind::Env(env) => scopes.take_env(id, env),
                _ => {}
            }
        }
        scopes
    }

    fn take_arg(&mut self, id: usize, declaration: &ArgDeclaration<'_>, options: &BuildOptions) {
        let name = declaration.name.text.to_string();
        if self.stages.is_empty() {
            let default = declaration.value.as_ref();
            let default = default.map_or(Some(String::new()), |it| self.with_defaults(it));
            self.defaults.insert(name.clone(), default);
        }
        let given = options.build_args.iter().rev().find(|(key, _)| *key == name);
        let inherited = self.global_named(&name).next_back();
        let value = match (given, &declaration.value) {
            (Some((_, value)), _) => Some(value.clone()),
            (None, Some(word)) => self.expand_at(id, word),
            (None, None) => inherited.and_then(Definition::short_value).map(str::to_owned),
        };
        let is_made = match &declaration.value {
            Some(word) => !word.variables().is_empty(),
            None => true,
        };
        let has_value = value.is_some()
            || declaration.value.is_some()
            || inherited.is_some_and(|it| it.has_value);
        let value = value.filter(|it| !is_made || self.has_room(it));
        self.add(Definition { name, origin: Origin::Arg, instruction: id, value, has_value });
    }

    fn take_env(&mut self, id: usize, env: &Pairs<'_>) {
        // All values of one ENV see what was before it.
        let values: Vec<_> = env.pairs.iter().map(|pair| self.expand_at(id, &pair.value)).collect();
        for (pair, value) in env.pairs.iter().zip(values) {
            let is_made = !pair.value.variables().is_empty();
            let value = value.filter(|it| !is_made || self.has_room(it));
            let name = pair.key.literal().unwrap_or_default().into_owned();
            let definition =
                Definition { name, origin: Origin::Env, instruction: id, value, has_value: true };
            self.add(definition);
        }
    }

    /// Notes that another expanded value is kept, if there is room for it.
    fn has_room(&mut self, value: &str) -> bool {
        let sum = self.expanded + value.len();
        let fits = sum <= MOST_EXPANDED;
        self.expanded = if fits { sum } else { self.expanded };
        fits
    }

    fn add(&mut self, definition: Definition) {
        let name = definition.name.clone();
        if definition.origin == Origin::Arg && !self.first_arguments.contains_key(&name) {
            self.first_arguments.insert(name.clone(), definition.instruction);
        }
        if let Some(stage) = self.stages.len().checked_sub(1) {
            let place = (stage, self.stages[stage].len());
            let trails = match definition.origin {
                Origin::Env => &mut self.envs,
                Origin::Arg => &mut self.args,
            };
            let trail = trails.entry(name.clone()).or_default();
            trail.push(&self.lineage, stage, definition.instruction, place);
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

    /// The first instruction that declares an ARG of that name, in any stage or before the first.
    pub fn first_argument(&self, name: &str) -> Option<usize> {
        self.first_arguments.get(name).copied()
    }

    /// The definition of a variable that the instruction sees: its stage's last one before it, else that of the
    /// stages it is built on. An ENV is above an ARG. FROM and what precedes it see the global ARGs.
    pub fn look_up(&self, instruction: usize, name: &str) -> Option<&Definition> {
        work::count(1);
        let Some(stage) = self.stage_at(instruction) else {
            let places = self.global_index.get(name)?;
            let seen = places.partition_point(|&at| self.global[at].instruction < instruction);
            return places[..seen].last().map(|&at| &self.global[at]);
        };
        let last = |trails: &HashMap<String, Trail<(usize, usize)>>| {
            trails.get(name)?.before(&self.lineage, stage, instruction).map(|it| it.1)
        };
        let (stage, at) = last(&self.envs).or_else(|| last(&self.args))?;
        Some(&self.stages[stage][at])
    }

    /// Every name that the instruction sees, nearest first; names may repeat.
    pub fn visible(&self, instruction: usize) -> impl Iterator<Item = &Definition> {
        let own = self.stage_at(instruction);
        let globals = if own.is_none() { self.global.as_slice() } else { &[] };
        let chain = std::iter::successors(own, |&it| self.lineage.parent(it));
        let lists = chain.filter_map(|it| self.stages.get(it).map(Vec::as_slice));
        // Those of the stages that it is built on are before it too.
        let found = [globals].into_iter().chain(lists).flat_map(move |list| {
            let end = list.partition_point(|it| it.instruction < instruction);
            list[..end].iter().rev()
        });
        found.inspect(|_| work::count(1))
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
                    .and_then(Definition::short_value)
                    .map_or_else(|| format!("${{{name}}}"), str::to_owned),
            )
        });
        let certain = certain && text.is_some();
        Resolved { text: text.unwrap_or_else(|| word.text.to_string()), certain }
    }

    /// What a word of FROM says when the caller of the build sets nothing: an ARG without a default is empty. None
    /// where that is not known, or the build stops.
    pub fn with_defaults(&self, word: &Word<'_>) -> Option<String> {
        expand(&word.parts, &mut |name| match self.defaults.get(name) {
            Some(value) => value.clone().filter(|it| it.len() <= LONGEST_EXPANSION),
            // Platform arguments always have some value.
            None => Some(if PREDEFINED.contains(&name) { "linux" } else { "" }.to_owned()),
        })
    }

    fn expand_at(&self, instruction: usize, word: &Word<'_>) -> Option<String> {
        expand(&word.parts, &mut |name| {
            self.look_up(instruction, name)?.short_value().map(str::to_owned)
        })
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
/// without a known value and without a default makes the whole unknown, and so does a result that is too long.
pub(in crate::model) fn expand(
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
                if text.len() > LONGEST_EXPANSION {
                    return None;
                }
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
            let places = found.matches(pattern.as_str()).count();
            if found.len() + places * replacement.len() > LONGEST_EXPANSION {
                return None;
            }
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

#[cfg(test)]
mod tests {
    use super::LONGEST_EXPANSION;
    use crate::model::tests::of;

    /// The length of the value of `A` where the last instruction looks, if it is known.
    fn length(lines: &str) -> Option<usize> {
        of(&format!("{lines}RUN x\n"), |model| {
            let last = model.doc.instructions.len() - 1;
            model.scopes.look_up(last, "A")?.value.as_ref().map(String::len)
        })
    }

    #[test]
    fn values_that_would_fill_the_memory_are_unknown() {
        let doubled = |times: usize| {
            let lines = "ENV A=$A$A\n".repeat(times);
            length(&format!("FROM a\nENV A=aaaaaaaa\n{lines}"))
        };
        assert_eq!(doubled(9), Some(LONGEST_EXPANSION));
        assert_eq!((doubled(10), doubled(60)), (None, None));
        let args: String =
            (0..60).map(|it| format!("ARG A{}=${{A{it}}}${{A{it}}}\n", it + 1)).collect();
        assert_eq!(length(&format!("ARG A0=aa\n{args}FROM x$A60\nARG A60\nENV A=$A60\n")), None);
        let replaced = "ENV A=${A//a/aa}\n".repeat(60);
        assert_eq!(length(&format!("FROM a\nENV A=a\n{replaced}")), None);
        let long = "a".repeat(2 * LONGEST_EXPANSION);
        assert_eq!(length(&format!("FROM a\nENV A={long}\n")), Some(long.len()));
        assert_eq!(length(&format!("FROM a\nENV B={long}\nENV A=$B\n")), None);
    }

    #[test]
    fn a_stage_sees_the_variables_of_all_stages_beneath() {
        let text = "FROM a AS s0\nENV A=1\nARG B=1\nFROM s0 AS s1\nARG A=22\nFROM s1 AS s2\nENV B=22\n\
                    FROM s2\nRUN x\nFROM s0\nRUN x\n";
        of(text, |model| {
            let value = |at, name| model.scopes.look_up(at, name)?.value.clone();
            assert_eq!((value(8, "A"), value(8, "B")), (Some("1".into()), Some("22".into())));
            assert_eq!((value(10, "A"), value(10, "B")), (Some("1".into()), Some("1".into())));
            assert_eq!((value(1, "A"), value(2, "A")), (None, Some("1".into())));
        });
    }
}
