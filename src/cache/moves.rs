//! Other orders of the steps of a stage: installs above the copies that they do not need. Nothing is moved past what it is
//! tied to, so that all steps do what they did.

use std::collections::{BTreeSet, HashMap};

use super::history::History;
use super::replay::Rebuilt;
use crate::fix::apply;
use crate::lint::{Context, Edit, Effect, Fix, Options};
use crate::model::{Manager, Model, Stage, Ties};
use crate::source::{Source, Span};
use crate::syntax::{Kind, parse};

/// Another order.
#[derive(Debug, Clone)]
pub struct Move {
    /// The change.
    pub fix: Fix,
    /// The steps that come earlier, by instruction.
    pub steps: BTreeSet<usize>,
    /// The seconds that it saves at most.
    pub gain: f64,
}

/// A step has to run so often before it is worth a move.
const LEAST_RUNS: usize = 2;

/// Longer stages are left alone: each pair of instructions is compared.
const MOST_INSTRUCTIONS: usize = 200;

/// The orders that may save something over a history, those that may save most first. `history` is that of the file itself.
pub fn moves(model: &Model<'_>, history: &History) -> Vec<Move> {
    let search = Search { model, ties: Ties::new(model), ran: Ran::new(history) };
    let stages = model.stages.iter().filter(|it| it.needed);
    let mut found: Vec<Move> = stages.flat_map(|it| search.stage(it)).collect();
    found.sort_by(|a, b| b.gain.total_cmp(&a.gain));
    found
}

/// How often the steps of each line ran.
struct Ran {
    /// At how many commits a line ran for a reason of its own.
    by_itself: HashMap<u32, usize>,
    /// At how many it ran or may have run, and the seconds of one run.
    all: HashMap<u32, (usize, f64)>,
}

impl Ran {
    fn new(history: &History) -> Self {
        let steps = history.commits.iter().flat_map(|it| &it.steps);
        let mut by_itself: HashMap<u32, usize> = HashMap::new();
        for step in steps.filter(|it| it.rebuilt != Rebuilt::No && it.follows.is_none()) {
            *by_itself.entry(step.line).or_default() += 1;
        }
        let lines = history.lines.iter();
        let all = lines.map(|it| (it.line, (it.rebuilds + it.maybe, it.seconds))).collect();
        Self { by_itself, all }
    }
}

struct Search<'m> {
    model: &'m Model<'m>,
    ties: Ties<'m>,
    ran: Ran,
}

impl Search<'_> {
    fn stage(&self, stage: &Stage<'_>) -> Vec<Move> {
        if stage.instructions.len() > MOST_INSTRUCTIONS {
            return Vec::new();
        }
        let wanted: Vec<usize> =
            stage.instructions.clone().filter(|it| self.is_worth(*it)).collect();
        let mut sets: Vec<BTreeSet<usize>> =
            wanted.iter().map(|it| BTreeSet::from([*it])).collect();
        if wanted.len() > 1 {
            sets.push(wanted.into_iter().collect());
        }
        let mut found: Vec<Move> = Vec::new();
        for moved in sets.into_iter().filter_map(|it| self.earlier(stage, it)) {
            if !found.iter().any(|it| it.fix.edits == moved.fix.edits) {
                found.push(moved);
            }
        }
        found
    }

    fn line(&self, instruction: usize) -> u32 {
        self.model.doc.source.line(self.model.doc.instructions[instruction].span.start)
    }

    /// Whether a step installs or fetches something, and ran more than once. What sets up something that is there, or only
    /// upgrades a package manager, takes no time.
    fn is_worth(&self, instruction: usize) -> bool {
        let Some(touches) = self.ties.touches(instruction).filter(|it| !it.builds) else {
            return false;
        };
        let run = self.model.run_at(instruction);
        let mut installs = self.model.installs.iter().filter(|it| Some(it.run) == run);
        let looks_up = |it: &String| Manager::of_program(it).is_some_and(Manager::is_system);
        let fetches = |it: &String| matches!(it.as_str(), "curl" | "wget");
        let ran = self.ran.all.get(&self.line(instruction)).map_or(0, |it| it.0);
        ran >= LEAST_RUNS
            && (touches.scripts
                || installs.any(|it| !it.only_upgrades_itself())
                || touches.programs.iter().any(|it| looks_up(it) || fetches(it)))
    }

    /// Whether what a step copies changed.
    fn changes(&self, instruction: usize) -> bool {
        let kind = &self.model.doc.instructions[instruction].kind;
        let ran = self.ran.by_itself.get(&self.line(instruction)).copied().unwrap_or(0);
        matches!(kind, Kind::Copy(_) | Kind::Add(_)) && ran >= LEAST_RUNS
    }

    /// Some steps, with all that they need, above the first copy of something that changes and that none of them needs.
    fn earlier(&self, stage: &Stage<'_>, mut steps: BTreeSet<usize>) -> Option<Move> {
        let start = stage.instructions.start + 1;
        let last = *steps.last()?;
        for it in (start..last).rev() {
            let is_needed = || steps.range(it + 1..).any(|later| self.ties.are_tied(it, *later));
            if !steps.contains(&it) && is_needed() {
                steps.insert(it);
            }
        }
        let first = (start..last).find(|it| !steps.contains(it) && self.changes(*it))?;
        let up: BTreeSet<usize> = steps.range(first..).copied().collect();
        let runs = up.iter().filter_map(|it| self.ran.all.get(&self.line(*it)));
        let gain = runs.map(|(runs, seconds)| seconds * runs.saturating_sub(1) as f64).sum();
        let down: Vec<usize> = (first..last).filter(|it| !up.contains(it)).collect();
        let up_list: Vec<usize> = up.iter().copied().collect();
        let fix = self.fix(&up_list, &down)?;
        Some(Move { fix, steps: up, gain })
    }

    /// The edits that move fewer instructions: some above the first of the others, or the others below the last of them.
    fn fix(&self, up: &[usize], down: &[usize]) -> Option<Fix> {
        let (doc, options) = (self.model.doc, Options::default());
        let cx = Context { model: self.model, options: &options };
        let (first, last) = (*down.first()?, *up.last()?);
        let (moved, at, title) = if up.len() <= down.len() {
            let at = cx.start_with_comments(&doc.instructions[first]);
            (up, at, format!("move {} above line {}", self.lines(up), self.line(first)))
        } else {
            let at = Span::at(cx.lines_of(&doc.instructions[last]).end);
            (down, at, format!("move {} below line {}", self.lines(down), self.line(last)))
        };
        if !doc.source.slice(Span { start: 0, end: at.start }).ends_with('\n') {
            return None;
        }
        let mut text = String::new();
        let mut edits = Vec::new();
        for id in moved {
            let block = cx.block_of(&doc.instructions[*id]);
            let own = doc.source.slice(block);
            if !own.ends_with('\n') {
                return None;
            }
            text.push_str(own);
            let limit = if block.start < at.start { at.start } else { doc.source.span().end };
            edits.push(cx.take_out(block, limit));
        }
        edits.push(Edit::replace(at, text));
        edits.sort_by_key(|it| it.span);
        let fix = Fix::unsafe_(title, edits).effect(Effect::Instructions);
        is_same(doc.source, &fix).then_some(fix)
    }

    /// `line 3`, `lines 3 and 5`.
    fn lines(&self, instructions: &[usize]) -> String {
        let lines: Vec<String> = instructions.iter().map(|it| self.line(*it).to_string()).collect();
        match lines.split_last() {
            Some((last, [])) => format!("line {last}"),
            Some((last, rest)) => format!("lines {} and {last}", rest.join(", ")),
            None => String::new(),
        }
    }
}

/// Whether a change leaves the same instructions, in whatever order.
fn is_same(source: &Source, fix: &Fix) -> bool {
    let after = Source::new(source.name.clone(), apply(&source.text, fix.edits.iter()));
    let all = |source: &Source| {
        let doc = parse(source);
        let mut all: Vec<String> = doc
            .instructions
            .iter()
            .map(|it| {
                let bodies = it.heredocs.iter().map(|it| source.slice(it.body));
                std::iter::once(source.slice(it.span)).chain(bodies).collect::<Vec<_>>().join("\n")
            })
            .collect();
        all.sort_unstable();
        all
    };
    all(source) == all(&after)
}
