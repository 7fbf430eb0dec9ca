//! Stages, what each is built on, and which of them reach the final image.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::model::image::purpose::is_of_development;
use crate::model::{BuildOptions, ImageRef};
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
    /// Whether its own layers are in an image that is given away: it becomes one, or is a base of one that does.
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
pub(in crate::model) fn find<'s>(
    doc: &'s Dockerfile<'s>,
    options: &BuildOptions,
) -> Vec<Stage<'s>> {
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
    mark_reach(doc, &mut stages, options, &HashSet::new());
    stages
}

/// The stage that becomes the image.
pub(in crate::model) fn final_stage(stages: &[Stage<'_>], options: &BuildOptions) -> Option<usize> {
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
pub(in crate::model) fn look_up(stages: &[Stage<'_>], name: &str) -> Option<usize> {
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
    let Some(text) = crate::model::variables::scope::expand(parts, &mut |name| globals.value(name))
    else {
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
            .and_then(|it| {
                crate::model::variables::scope::expand(&it.parts, &mut |inner| self.value(inner))
            })
            .filter(|it| it.len() <= crate::model::variables::scope::LONGEST_EXPANSION);
        self.values.insert(name.to_owned(), value);
    }
}

/// Further words in the names of stages that are made to work or test in, and are given to nobody.
const NOT_GIVEN_AWAY: &[&str] = &[
    "build", "builder", "check", "coverage", "docs", "fmt", "format", "linter", "qa", "unit",
    "validate", "watch",
];

/// Marks what ships and what is needed, from the stages that become images backwards.
pub(in crate::model) fn mark_reach(
    doc: &Dockerfile<'_>,
    stages: &mut [Stage<'_>],
    options: &BuildOptions,
    named: &HashSet<String>,
) {
    let Some(last) = final_stage(stages, options) else { return };
    for stage in &mut *stages {
        (stage.ships, stage.needed) = (false, false);
    }
    for output in outputs(doc, stages, options, named) {
        let mut shipped = vec![output];
        while let Some(id) = shipped.pop() {
            if !std::mem::replace(&mut stages[id].ships, true) {
                shipped.extend(bases(stages, id));
            }
        }
    }
    let mut todo = vec![last];
    while let Some(id) = todo.pop() {
        if !std::mem::replace(&mut stages[id].needed, true) {
            todo.extend(bases(stages, id));
            todo.extend(stages[id].takes_from.iter().copied());
        }
    }
}

/// The stages that a stage is built on, or may be where a variable chooses.
fn bases(stages: &[Stage<'_>], stage: usize) -> Vec<usize> {
    match stages[stage].base {
        Base::Stage(base) => vec![base],
        Base::Unknown => {
            crate::model::image::platform::stages_by_variable(stages, &stages[stage]).collect()
        }
        _ => Vec::new(),
    }
}

/// The stages that become images: the target; without one the last stage, and any other from which nothing is taken that
/// says what it runs or is named by a build file. What is made to test or to work in is none.
pub(in crate::model) fn outputs(
    doc: &Dockerfile<'_>,
    stages: &[Stage<'_>],
    options: &BuildOptions,
    named: &HashSet<String>,
) -> Vec<usize> {
    let Some(last) = final_stage(stages, options) else { return Vec::new() };
    if options.target.is_some() {
        return vec![last];
    }
    let mut taken = vec![false; stages.len()];
    for stage in stages {
        for other in stage.takes_from.iter().copied().chain(bases(stages, stage.id)) {
            taken[other] = true;
        }
    }
    let is_other = |stage: &&Stage<'_>| {
        let Some(name) = stage.name.as_deref() else { return false };
        let mut words = name.split(|it: char| !it.is_ascii_alphanumeric());
        let runs = doc.instructions[stage.instructions.clone()]
            .iter()
            .any(|it| matches!(it.kind, Kind::Cmd(_) | Kind::Entrypoint(_)));
        stage.id != last
            && !taken[stage.id]
            && !words.any(|it| is_of_development(it) || NOT_GIVEN_AWAY.binary_search(&it).is_ok())
            && (runs || named.contains(name))
    };
    let others = stages.iter().filter(is_other).map(|it| it.id);
    others.chain([last]).collect()
}

#[cfg(test)]
mod tests {
    use super::NOT_GIVEN_AWAY;
    use crate::model::tests::of;

    /// The stages that ship, by name.
    fn ships(text: &str) -> Vec<String> {
        of(text, |model| {
            let shipped = model.stages.iter().filter(|it| it.ships);
            shipped.map(|it| it.name.clone().unwrap_or_else(|| it.id.to_string())).collect()
        })
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(NOT_GIVEN_AWAY.is_sorted());
    }

    #[test]
    fn leaves_that_run_something_ship() {
        let base = "FROM a AS base\nRUN x\n";
        let api = "FROM base AS api\nCMD [\"api\"]\nFROM base AS worker\nCMD [\"worker\"]\n";
        assert_eq!(ships(&format!("{base}{api}")), ["base", "api", "worker"]);
        let test = "FROM base AS unit-test\nCMD [\"test\"]\nFROM a\nCMD [\"x\"]\n";
        assert_eq!(ships(&format!("{base}{test}")), ["2"]);
        // What others are built on or take from is not its own image.
        let used = "FROM a AS tool\nCMD [\"x\"]\nFROM b\nCOPY --from=tool /x /x\n";
        assert_eq!(ships(used), ["1"]);
        assert_eq!(ships("FROM a AS extra\nRUN x\nFROM b\n"), ["1"]);
    }

    #[test]
    fn stages_that_a_variable_chooses_ship() {
        let text =
            "FROM a AS run-amd64\nFROM b AS run-arm64\nFROM c AS other\nFROM run-$TARGETARCH\n";
        assert_eq!(ships(text), ["run-amd64", "run-arm64", "3"]);
    }

    #[test]
    fn what_a_build_file_names_ships() {
        let text = "FROM a AS api\nRUN x\nFROM b AS lint\nFROM c\n";
        let source = crate::source::Source::new("Dockerfile", text);
        let doc = crate::syntax::parse(&source);
        let options = crate::model::BuildOptions::default();
        let mut model = crate::model::Model::build(&doc, &options);
        assert!(model.asks_for_targets());
        model.take_targets(["api".to_owned(), "lint".to_owned()].into(), &options);
        let ships: Vec<bool> = model.stages.iter().map(|it| it.ships).collect();
        assert_eq!(ships, [true, false, true]);
        assert_eq!(model.outputs(), [0, 2]);
    }
}
