//! From the layers of an image to the lines of its Dockerfile: the steps of the history are aligned with the
//! instructions of the stages that make the image.

use super::base::{self, Base, Evidence};
use super::dialects::{Builder, Made, read, squeeze};
use super::history;
use crate::image::{Image, Kind as EntryKind, Layer};
use crate::model::{Base as StageBase, Model, join};
use crate::syntax::{Form, Instruction, Keyword, Kind, Pairs, Run, Transfer, Word};

/// How sure it is that a layer comes from an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// By nothing but what is in the layer.
    Content,
    /// By its place between others, or by a text that resembles it.
    Positional,
    /// By the text, after variables and paths were made comparable, or as far as the builder records it.
    Normalised,
    /// By the text, or by the builder itself.
    Exact,
}

impl Confidence {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Positional => "positional",
            Self::Normalised => "normalised",
            Self::Exact => "exact",
        }
    }
}

/// The instruction, or the run of instructions, that made a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The first instruction, by index.
    pub first: usize,
    /// The last one: another one where the builder put several into one layer.
    pub last: usize,
    /// How sure that is.
    pub confidence: Confidence,
}

/// Where the layers of an image come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The base, as the Dockerfile shows it.
    pub base: Base,
    /// Of each layer, by index: its instruction; none for layers of the base and where it is not known.
    pub origins: Vec<Option<Origin>>,
}

/// An image that was not built from the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// How many instructions the image knows.
    pub matched: usize,
    /// Of how many.
    pub of: usize,
}

/// Less than this share of the instructions found in the history, in percent, means another file.
const THRESHOLD: usize = 60;

/// Points for a step and an instruction that are one, and for what is left over.
mod score {
    pub(super) const EXACT: i32 = 20;
    pub(super) const NORMALISED: i32 = 16;
    pub(super) const POSITIONAL: i32 = 6;
    pub(super) const UNLIKE: i32 = -12;
    pub(super) const LEFT_OUT: i32 = -4;
    pub(super) const LEFT_OUT_METADATA: i32 = -1;
}

/// More steps or instructions are not aligned: an image has at most 127 layers.
const MOST: usize = 1500;

/// Finds where layers come from. `base` is the base where it is known from elsewhere.
pub fn find(model: &Model<'_>, image: &Image, base: Option<Base>) -> Result<Lines, Foreign> {
    let expected = expected(model);
    let built: Vec<usize> = expected.iter().copied().filter(|it| tells(model, *it)).collect();
    if expected.len() > MOST || image.history.len() > MOST {
        return Err(Foreign { matched: 0, of: built.len() });
    }
    let made: Vec<Made> = image.history.iter().map(read).collect();
    let mut pairs = align(model, &expected, &made);
    for pair in &mut pairs {
        let layer = image.layers.iter().find(|it| it.step == Some(pair.step));
        if layer.is_some_and(|it| !fits(model, pair.instruction, it)) {
            pair.confidence = Confidence::Content;
        }
    }
    let is_known =
        |it: &&Pair| it.confidence >= Confidence::Normalised && built.contains(&it.instruction);
    let matched = pairs.iter().filter(is_known).count();
    let base = base.unwrap_or_else(|| base_of(model, image, &pairs));
    let alignment = Alignment { model, image, pairs: &pairs, base };
    let mut origins: Vec<Option<Origin>> =
        (0..image.layers.len()).map(|it| alignment.origin(it)).collect();
    let is_squashed = image.layers.len() == base.layers + 1 && matched == 0;
    if is_squashed
        && let (Some(first), Some(last)) = (built.first(), built.last())
        && holds_all_copies(model, &expected, &image.layers[base.layers])
    {
        let confidence = Confidence::Content;
        origins[base.layers] = Some(Origin { first: *first, last: *last, confidence });
        return Ok(Lines { base, origins });
    }
    if matched * 100 < built.len() * THRESHOLD {
        return Err(Foreign { matched, of: built.len() });
    }
    Ok(Lines { base, origins })
}

/// A step of the history and the instruction that it is, both by index.
#[derive(Debug, Clone, Copy)]
struct Pair {
    step: usize,
    instruction: usize,
    confidence: Confidence,
}

/// The base, which is not accounted for by the Dockerfile.
fn base_of(model: &Model<'_>, image: &Image, pairs: &[Pair]) -> Base {
    let own = |steps: usize| base::of_steps(image, steps, Evidence::Dockerfile);
    if is_scratch(model) {
        return own(0);
    }
    let named = base::by_history(image);
    match pairs.first() {
        // Triggers that the base left behind run first, and no line says so.
        Some(first) if named.evidence == Evidence::Named && named.steps <= first.step => named,
        Some(first) => own(first.step),
        None => named,
    }
}

/// An image next to the instructions that make it.
struct Alignment<'a> {
    model: &'a Model<'a>,
    image: &'a Image,
    pairs: &'a [Pair],
    base: Base,
}

impl Alignment<'_> {
    /// Where a layer comes from.
    fn origin(&self, layer: usize) -> Option<Origin> {
        let step = self.image.layers[layer].step.filter(|_| layer >= self.base.layers)?;
        let alone = self.pairs.iter().find(|it| it.step == step);
        let silent = self.silent(layer, step);
        if !self.is_one_layer(alone, &silent) {
            return match alone {
                Some(it) => {
                    let (first, confidence) = (it.instruction, it.confidence);
                    Some(Origin { first, last: first, confidence })
                }
                None => self.trigger(step),
            };
        }
        let own = alone.filter(|it| makes_files(self.model, it.instruction));
        let all = || silent.iter().copied().chain(own);
        Some(Origin {
            first: all().map(|it| it.instruction).min()?,
            last: all().map(|it| it.instruction).max()?,
            confidence: all().map(|it| it.confidence).min()?,
        })
    }

    /// The steps since the layer below that may make files and have no layer.
    fn silent(&self, layer: usize, step: usize) -> Vec<&Pair> {
        let below = self.image.layers[..layer].iter().rev().find_map(|it| it.step);
        let from = below.map_or(0, |it| it + 1).max(self.base.steps);
        let is_silent = |it: &&Pair| {
            it.step >= from && it.step < step && makes_files(self.model, it.instruction)
        };
        self.pairs.iter().filter(is_silent).collect()
    }

    /// Whether the builder put silent steps into the layer of this one: a RUN may change nothing, and buildah puts the
    /// folder of WORKDIR into the next layer; but a COPY always has files, and metadata never.
    fn is_one_layer(&self, alone: Option<&Pair>, silent: &[&Pair]) -> bool {
        let keyword = |it: &Pair| self.model.doc.instructions[it.instruction].keyword;
        let has_files = |it: &&Pair| !matches!(keyword(it), Keyword::Run | Keyword::Workdir);
        silent.iter().any(has_files)
            || !silent.is_empty()
                && alone.is_some_and(|it| !makes_files(self.model, it.instruction))
    }

    /// A step before the first line that is known, after the base: a trigger of ONBUILD, which FROM sets off.
    fn trigger(&self, step: usize) -> Option<Origin> {
        let made = read(&self.image.history[step]);
        if made.keyword.is_empty() || self.pairs.first().is_some_and(|it| step > it.step) {
            return None;
        }
        let from = self.model.stages.get(self.model.final_stage?)?.instruction.id;
        Some(Origin { first: from, last: from, confidence: Confidence::Positional })
    }
}

/// The instructions of the stages that make the image, in the order in which they run.
fn expected(model: &Model<'_>) -> Vec<usize> {
    let mut stages = Vec::new();
    let mut next = model.final_stage;
    while let Some(stage) = next.and_then(|it| model.stages.get(it)) {
        stages.push(stage);
        next = match stage.base {
            // A stage is built on an earlier one.
            StageBase::Stage(below) if below < stage.id => Some(below),
            _ => None,
        };
    }
    let stages = stages.iter().rev();
    stages
        .flat_map(|it| it.instructions.clone().skip(1))
        .filter(|it| model.doc.instructions[*it].keyword != Keyword::Unknown)
        .collect()
}

/// Whether the image has no base.
fn is_scratch(model: &Model<'_>) -> bool {
    let root = model.final_stage.and_then(|it| model.root_stage(it));
    root.is_some_and(|it| it.base == StageBase::Scratch)
}

/// Whether an instruction may make a layer.
fn makes_files(model: &Model<'_>, instruction: usize) -> bool {
    model.layers[instruction] == crate::model::Layer::Files
}

/// Whether a match of this instruction says that the image is of the file. Metadata alone is alike in many files.
fn tells(model: &Model<'_>, instruction: usize) -> bool {
    use Keyword::{Add, Cmd, Copy, Entrypoint, Env, Run, Workdir};
    matches!(
        model.doc.instructions[instruction].keyword,
        Run | Copy | Add | Workdir | Env | Cmd | Entrypoint
    )
}

/// The pairs that explain the history best, in order. Steps of the base, which come first, cost nothing.
fn align(model: &Model<'_>, expected: &[usize], made: &[Made]) -> Vec<Pair> {
    let (rows, columns) = (made.len(), expected.len());
    let wide = columns + 1;
    let mut best = vec![0_i32; (rows + 1) * wide];
    let mut scores = vec![None; rows * columns];
    let left_out = |at: usize| match makes_files(model, expected[at]) {
        true => score::LEFT_OUT,
        false => score::LEFT_OUT_METADATA,
    };
    for column in 1..=columns {
        best[column] = best[column - 1] + left_out(column - 1);
    }
    for row in 1..=rows {
        for column in 0..=columns {
            let above =
                best[(row - 1) * wide + column] + if column == 0 { 0 } else { score::LEFT_OUT };
            let mut most = above;
            if column > 0 {
                most = most.max(best[row * wide + column - 1] + left_out(column - 1));
                let likeness =
                    compare(model, &model.doc.instructions[expected[column - 1]], &made[row - 1]);
                scores[(row - 1) * columns + column - 1] = likeness;
                if let Some((points, _)) = likeness {
                    most = most.max(best[(row - 1) * wide + column - 1] + points);
                }
            }
            best[row * wide + column] = most;
        }
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (rows, columns);
    while row > 0 && column > 0 {
        let here = best[row * wide + column];
        match scores[(row - 1) * columns + column - 1] {
            Some((points, confidence)) if here == best[(row - 1) * wide + column - 1] + points => {
                let (step, instruction) = (row - 1, expected[column - 1]);
                pairs.push(Pair { step, instruction, confidence });
                (row, column) = (row - 1, column - 1);
            }
            _ if here == best[row * wide + column - 1] + left_out(column - 1) => column -= 1,
            _ => row -= 1,
        }
    }
    pairs.reverse();
    pairs
}

/// How a step and an instruction of the same keyword are alike.
enum Likeness {
    Exact,
    Normalised,
    /// They may still be the same, in another form.
    Unlike,
}

/// How alike a step and an instruction are; none if they cannot be one.
fn compare(
    model: &Model<'_>,
    instruction: &Instruction<'_>,
    made: &Made,
) -> Option<(i32, Confidence)> {
    if made.keyword != instruction.keyword.name() {
        // Kaniko and others call all of it RUN, and builders write ADD for COPY.
        return None;
    }
    let written = squeeze(&instruction.body.value);
    let resolve = |word: &Word<'_>| model.scopes.resolve(instruction.id, word).text;
    let likeness = match &instruction.kind {
        Kind::Run(run) => run_likeness(model, instruction, run, &made.text, &written),
        Kind::Copy(it) | Kind::Add(it) => transfer_likeness(it, made, &written, resolve),
        Kind::Workdir(word) => folder_likeness(&word.text, &resolve(word), &made.text),
        Kind::Env(pairs) | Kind::Label(pairs) => {
            if made.text == written || made.text == joined(pairs, resolve) {
                Likeness::Exact
            } else if pairs.pairs.iter().all(|it| made.text.contains(&*it.key.text)) {
                Likeness::Normalised
            } else {
                Likeness::Unlike
            }
        }
        Kind::Arg(names) => {
            let name = made.text.split(['=', ' ']).next().unwrap_or("");
            names.iter().any(|it| *it.name.text == *name).then_some(Likeness::Exact)?
        }
        _ if made.text == written => Likeness::Exact,
        // Builders write ports, health checks and commands in their own forms.
        _ => return Some((score::NORMALISED / 2, Confidence::Normalised)),
    };
    Some(match likeness {
        Likeness::Exact => (score::EXACT, Confidence::Exact),
        Likeness::Normalised => (score::NORMALISED, Confidence::Normalised),
        Likeness::Unlike if resembles(&written, history::command(&made.text)) => {
            (score::POSITIONAL, Confidence::Positional)
        }
        Likeness::Unlike => (score::UNLIKE, Confidence::Positional),
    })
}

fn run_likeness(
    model: &Model<'_>,
    instruction: &Instruction<'_>,
    run: &Run<'_>,
    made: &str,
    written: &str,
) -> Likeness {
    let is_it = |text: &str| {
        let text = squeeze(text);
        let before = made.strip_suffix(text.as_str()).filter(|_| !text.is_empty());
        before.is_some_and(|before| before.is_empty() || before.ends_with(' '))
    };
    let is_exact = match &run.form {
        Form::Shell(text) => {
            let bodies = instruction.heredocs.iter().map(|it| model.doc.source.slice(it.body));
            let bodies = bodies.collect::<Vec<_>>().join(" ");
            // Builders add the delimiter behind the body, or leave out the line with its marker.
            is_it(&text.value)
                || !instruction.heredocs.is_empty()
                    && (is_it(&format!("{} {bodies}", text.value))
                        || is_it(&bodies)
                        || made.contains(&squeeze(&bodies)))
        }
        Form::Json(words) => {
            let words: Vec<_> = words.iter().map(|it| &*it.text).collect();
            is_it(&words.join(" ")) || is_it(written)
        }
    };
    if is_exact { Likeness::Exact } else { Likeness::Unlike }
}

fn transfer_likeness(
    transfer: &Transfer<'_>,
    made: &Made,
    written: &str,
    resolve: impl Fn(&Word<'_>) -> String,
) -> Likeness {
    if let Some((source, destination)) = made.text.rsplit_once(" in ")
        && made.builder == Builder::Classic
        && ["file:", "dir:", "multi:"].iter().any(|it| source.contains(it))
    {
        let own = [&*transfer.destination.text, &resolve(&transfer.destination)];
        return if own.contains(&destination) { Likeness::Normalised } else { Likeness::Unlike };
    }
    let plain: Vec<&str> = made.text.split(' ').skip_while(|it| it.starts_with("--")).collect();
    let plain = plain.join(" ");
    let words = || transfer.sources.iter().map(|it| &it.word).chain([&transfer.destination]);
    let as_written = words().map(|it| it.text.to_string()).collect::<Vec<_>>().join(" ");
    if plain == as_written || made.text == written {
        Likeness::Exact
    } else if plain == words().map(resolve).collect::<Vec<_>>().join(" ") {
        Likeness::Normalised
    } else {
        Likeness::Unlike
    }
}

fn folder_likeness(written: &str, resolved: &str, made: &str) -> Likeness {
    if made == written || made == resolved {
        Likeness::Exact
    } else if made.ends_with(&format!("/{}", resolved.trim_matches('/'))) {
        Likeness::Normalised
    } else {
        Likeness::Unlike
    }
}

fn joined(pairs: &Pairs<'_>, resolve: impl Fn(&Word<'_>) -> String) -> String {
    let pairs = pairs.pairs.iter().map(|it| format!("{}={}", resolve(&it.key), resolve(&it.value)));
    squeeze(&pairs.collect::<Vec<_>>().join(" "))
}

/// Whether two texts share most of their words, as those of a line that was edited do.
fn resembles(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    let (a, b) = (words(a), words(b));
    let shared = a.iter().filter(|it| b.binary_search(it).is_ok()).count();
    shared * 2 >= a.len().max(b.len())
}

/// Whether what is in a layer can come from an instruction: COPY and ADD write below their destination alone, and
/// WORKDIR makes directories.
fn fits(model: &Model<'_>, instruction: usize, layer: &Layer) -> bool {
    let it = &model.doc.instructions[instruction];
    let entries = &layer.content.entries;
    match &it.kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            let resolved = model.scopes.resolve(instruction, &transfer.destination);
            let Some(target) =
                absolute(model, instruction, &resolved.text).filter(|_| resolved.certain)
            else {
                return true;
            };
            // A link on the way may lead elsewhere.
            let below = |path: &[u8]| path.starts_with(&target);
            let files = entries.iter().filter(|it| it.kind != EntryKind::Directory);
            let (inside, outside): (Vec<_>, Vec<_>) = files.partition(|it| below(&it.path));
            !inside.is_empty() || !is_foreign(&outside)
        }
        Kind::Workdir(_) => entries.iter().all(|it| it.kind == EntryKind::Directory),
        _ => true,
    }
}

/// Whether entries are spread over folders as nothing that was copied to one place, through whatever link.
fn is_foreign(entries: &[&crate::image::Entry]) -> bool {
    let mut roots: Vec<&[u8]> = entries
        .iter()
        .map(|it| it.path.split(|byte| *byte == b'/').next().unwrap_or_default())
        .collect();
    roots.sort_unstable();
    roots.dedup();
    roots.len() > 1
}

/// A path from the root, without a slash at either end; none where the base decides.
fn absolute(model: &Model<'_>, instruction: usize, path: &str) -> Option<Vec<u8>> {
    let path = join(model.states[instruction].workdir.as_deref(), path)?;
    Some(path.trim_start_matches('/').as_bytes().to_vec())
}

/// Whether a layer has something at the destination of every COPY and ADD.
fn holds_all_copies(model: &Model<'_>, expected: &[usize], layer: &Layer) -> bool {
    let mut targets = expected.iter().filter_map(|at| match &model.doc.instructions[*at].kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            let resolved = model.scopes.resolve(*at, &transfer.destination).text;
            absolute(model, *at, &resolved)
        }
        _ => None,
    });
    let has = |target: Vec<u8>| layer.content.entries.iter().any(|it| it.path.starts_with(&target));
    let first = targets.next();
    first.is_some_and(has) && targets.all(has)
}
