//! Fixing to the end: apply what can be applied, look again, until nothing is left that can be fixed.
//!
//! It always comes to an end, and what comes out is not changed by doing it again, unless the rounds ran out: what was undone
//! is tried once more on the final text, and a rule whose fixes go on forever, or undo those of another, is left out from
//! the start.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::apply::{apply, choose};
use super::proof::prove;
use crate::lint::{Finding, Fix};
use crate::source::{Encoding, Source, Span};

/// Larger files get no fixes, in bytes: each round looks at the whole file several times.
const MAX_FIXED_BYTES: usize = 100_000;

/// What to say of these.
pub const TOO_LARGE: &str = "the file is larger than 100 kB";

/// After so many rounds a file of usual size stays as it is by then. None of 1,600 public files needs as many.
pub const MAX_ROUNDS: usize = 100;

/// A large file has fewer rounds: so many bytes are looked at in all of them.
const MAX_ROUND_BYTES: usize = 512 << 10;

/// The largest file that is fixed has so many.
const MIN_ROUNDS: usize = 12;

/// Of fixes that go on forever, those of the last rounds are to blame.
const LAST_ROUNDS: usize = 3;

/// After so many rules were left out as endless, the file stays as it was.
const MAX_ENDLESS: usize = 6;

/// After so many fixes of one rule were undone in a file, its others are not tried.
const MAX_UNDONE: usize = 8;

/// So many bytes of a file are looked at to find which of several fixes break it: 100 looks at a file of 10 kB, 10 at the largest.
const MAX_SEARCHED_BYTES: usize = 1 << 20;

/// What became of a file.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// The text afterwards.
    pub source: Source,
    /// What is still wrong with it; nothing is known of a file that is too large.
    pub findings: Vec<Finding>,
    /// The codes of the fixes that were applied, and how often.
    pub applied: BTreeMap<&'static str, usize>,
    /// Fixes that are not in the text, the first of each rule.
    pub rejected: Vec<Rejected>,
    /// Whether it is larger than the limit, so that it was not even checked.
    pub is_too_large: bool,
    /// Whether the rounds ran out, so that there may be more to fix.
    pub is_unfinished: bool,
}

/// A fix that was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The rule.
    pub code: &'static str,
    /// What its fix would have broken.
    pub reason: String,
    /// Whether the file would have said something else: that is a bug of the rule.
    pub is_fault: bool,
}

impl Fixed {
    /// The file as it is.
    fn untouched(source: Source, findings: Vec<Finding>) -> Self {
        let (applied, rejected) = (BTreeMap::new(), Vec::new());
        let (is_too_large, is_unfinished) = (false, false);
        Self { source, findings, applied, rejected, is_too_large, is_unfinished }
    }
}

/// Fixes a file: applies the fixes of findings that are `wanted`, as many at once as do not get in each other's way,
/// and looks again. An application is undone that changes more than its fixes declare, or that makes a finding which
/// was not there; the fixes to blame are left out from then on. A file that is not UTF-8, or is larger than
/// 100 kB, is left as it is.
///
/// `check` gives the findings of a text.
pub fn settle(
    source: Source,
    wanted: impl Fn(&Finding) -> bool,
    check: impl Fn(&Source) -> Vec<Finding>,
) -> Fixed {
    if source.text.len() > MAX_FIXED_BYTES {
        return Fixed { is_too_large: true, ..Fixed::untouched(source, Vec::new()) };
    }
    let findings = check(&source);
    let start = Fixed::untouched(source, findings);
    if start.source.encoding != Encoding::Utf8 {
        return start;
    }
    let mut endless: BTreeSet<&'static str> = BTreeSet::new();
    let length = start.source.text.len() + 1;
    let most = (MAX_ROUND_BYTES / length).clamp(MIN_ROUNDS, MAX_ROUNDS);
    let mut searches = MAX_SEARCHED_BYTES / length;
    loop {
        let is_wanted = |it: &Finding| wanted(it) && !endless.contains(it.meta.code);
        let mut fixed = match pass(start.clone(), is_wanted, &check, most, &mut searches) {
            Ok(fixed) => fixed,
            // The same one is left out whichever of them was applied first.
            Err(codes) => match codes.last() {
                Some(code) if endless.len() < MAX_ENDLESS => {
                    endless.insert(code);
                    continue;
                }
                _ => {
                    endless.extend(codes);
                    start
                }
            },
        };
        fixed.rejected.extend(endless.into_iter().map(|code| Rejected {
            code,
            reason: "it would never end together with other fixes".to_owned(),
            is_fault: true,
        }));
        return fixed;
    }
}

/// Applies fixes in up to `most` rounds. Where they fight each other, gives the codes of those that do. `searches` are the
/// looks that are left to find which of several fixes break something.
fn pass(
    mut fixed: Fixed,
    wanted: impl Fn(&Finding) -> bool,
    check: &impl Fn(&Source) -> Vec<Finding>,
    most: usize,
    searches: &mut usize,
) -> Result<Fixed, BTreeSet<&'static str>> {
    let mut banned = Banned::default();
    // The texts that there were, with the number of findings, and the codes of the fixes that made the next one of each.
    let mut history: Vec<(String, usize, BTreeSet<&'static str>)> = Vec::new();
    loop {
        let open: Vec<Open<'_>> = fixed
            .findings
            .iter()
            .filter(|it| wanted(it))
            .filter_map(|it| Some(Open { code: it.meta.code, fix: it.fix.as_ref()? }))
            .filter(|it| !banned.has(&fixed.source, it))
            .collect();
        let fixes: Vec<&Fix> = open.iter().map(|it| it.fix).collect();
        let chosen = choose(&fixed.source.text, &fixes);
        if chosen.is_empty() && banned.is_old {
            // What broke something in an earlier text may be right in this one.
            banned = Banned::default();
            fixed.rejected.clear();
            continue;
        }
        if chosen.is_empty() {
            return Ok(fixed);
        }
        if history.len() >= most {
            // Fixes that fight each other leave as many findings as there were.
            let last = most.saturating_sub(LAST_ROUNDS);
            if history.get(last).is_some_and(|it| it.1 <= fixed.findings.len()) {
                return Err(history.drain(last..).flat_map(|it| it.2).collect());
            }
            return Ok(Fixed { is_unfinished: true, ..fixed });
        }
        let chosen: Vec<Open<'_>> = chosen.into_iter().map(|index| open[index]).collect();
        let mut round = Round { searches: *searches, ..Round::default() };
        round.add(&fixed, &chosen, check);
        let applied: Vec<&'static str> = round.applied.iter().map(|it| it.code).collect();
        *searches = round.searches;
        let Round { rejected, untried, result, .. } = round;
        for (open, _) in &rejected {
            banned.add(&fixed.source, open);
        }
        banned.add_all(&untried);
        note(&mut fixed.rejected, rejected.into_iter().map(|it| it.1), untried);
        let Some((source, findings)) = result else { continue };
        banned.is_old = !banned.counts.is_empty();
        let codes = applied.iter().copied().collect();
        history.push((fixed.source.text, fixed.findings.len(), codes));
        if let Some(at) = history.iter().position(|it| it.0 == source.text) {
            return Err(history.drain(at..).flat_map(|it| it.2).collect());
        }
        for code in applied {
            *fixed.applied.entry(code).or_default() += 1;
        }
        (fixed.source, fixed.findings) = (source, findings);
    }
}

/// Notes the first fix of each rule that was undone or not tried.
fn note(
    known: &mut Vec<Rejected>,
    rejected: impl Iterator<Item = Rejected>,
    untried: BTreeSet<&'static str>,
) {
    let untried = untried.into_iter().map(|code| Rejected {
        code,
        reason: "the file is too large to try its fixes one by one".to_owned(),
        is_fault: false,
    });
    for rejected in rejected.chain(untried) {
        if known.iter().all(|it| it.code != rejected.code) {
            known.push(rejected);
        }
    }
}

/// A fix that could be applied, and its rule.
#[derive(Clone, Copy)]
struct Open<'f> {
    code: &'static str,
    fix: &'f Fix,
}

/// The fixes of a file that were undone.
#[derive(Default)]
struct Banned {
    fixes: HashSet<String>,
    counts: HashMap<&'static str, usize>,
    /// Whether the text has changed since some of them were undone.
    is_old: bool,
}

impl Banned {
    fn has(&self, source: &Source, open: &Open<'_>) -> bool {
        let count = self.counts.get(open.code).copied().unwrap_or(0);
        count >= MAX_UNDONE || count > 0 && self.fixes.contains(&identity(source, open))
    }

    fn add(&mut self, source: &Source, open: &Open<'_>) {
        self.fixes.insert(identity(source, open));
        *self.counts.entry(open.code).or_default() += 1;
    }

    /// All fixes of some rules.
    fn add_all(&mut self, codes: &BTreeSet<&'static str>) {
        self.counts.extend(codes.iter().map(|code| (*code, MAX_UNDONE)));
    }
}

/// What distinguishes a fix from others while fixes are applied elsewhere in its file: its rule, the lines it edits, and where
/// in them it puts what.
fn identity(source: &Source, open: &Open<'_>) -> String {
    let edits = &open.fix.edits;
    let (Some(first), Some(last)) = (edits.first(), edits.last()) else { return String::new() };
    let start = source.line_span(source.line(first.span.start)).start;
    let end = source.line_span(source.line(last.span.end)).end;
    let mut text = format!("{}\0{}", open.code, source.slice(Span { start, end }));
    for edit in edits {
        let (from, to) = (edit.span.start - start, edit.span.end - start);
        text.push_str(&format!("\0{from}-{to}\0{}", edit.text));
    }
    text
}

/// What came of one round.
#[derive(Default)]
struct Round<'f> {
    applied: Vec<Open<'f>>,
    rejected: Vec<(Open<'f>, Rejected)>,
    /// Rules some of whose fixes were not tried, because too many looks would be necessary.
    untried: BTreeSet<&'static str>,
    result: Option<(Source, Vec<Finding>)>,
    /// The looks that are left to find which fixes break something.
    searches: usize,
}

impl<'f> Round<'f> {
    /// Applies fixes on top of those that are applied already. Where they break something together, each half is tried
    /// alone, down to the single fix that is to blame, as long as there are looks left for that.
    fn add(&mut self, fixed: &Fixed, more: &[Open<'f>], check: &impl Fn(&Source) -> Vec<Finding>) {
        let together = || self.applied.iter().chain(more);
        let fixes: Vec<&Fix> = together().map(|it| it.fix).collect();
        match (attempt(fixed, &fixes, check), more) {
            (Ok(result), _) => {
                self.applied.extend(more);
                self.result = Some(result);
            }
            (Err(undone), [one]) => {
                // What only does not go with the others has its turn in the next round.
                let alone = || attempt(fixed, &[one.fix], check).is_ok();
                if !self.applied.is_empty() && alone() {
                    return;
                }
                let Undone { reason, is_fault } = undone;
                self.rejected.push((*one, Rejected { code: one.code, reason, is_fault }));
            }
            (Err(_), _) => {
                let (first, second) = more.split_at(more.len() / 2);
                for half in [first, second] {
                    let mut half = half.to_vec();
                    half.retain(|it| self.undone(it.code) < MAX_UNDONE);
                    if half.is_empty() {
                        continue;
                    }
                    if self.searches == 0 {
                        self.untried.extend(half.iter().map(|it| it.code));
                        continue;
                    }
                    self.searches -= 1;
                    self.add(fixed, &half, check);
                }
            }
        }
    }

    /// How many fixes of a rule were undone.
    fn undone(&self, code: &str) -> usize {
        self.rejected.iter().filter(|it| it.0.code == code).count()
    }
}

/// Why an application was undone.
struct Undone {
    reason: String,
    is_fault: bool,
}

/// Applies some fixes and looks again; says what they would break.
fn attempt(
    fixed: &Fixed,
    fixes: &[&Fix],
    check: impl Fn(&Source) -> Vec<Finding>,
) -> Result<(Source, Vec<Finding>), Undone> {
    let before = &fixed.source;
    let text = apply(&before.text, fixes.iter().flat_map(|fix| &fix.edits));
    let after = Source::new(before.name.clone(), text);
    prove(before, &after, fixes)
        .map_err(|broken| Undone { reason: broken.reason, is_fault: true })?;
    let findings = check(&after);
    let (old, new) = (counts(&fixed.findings), counts(&findings));
    let revealed = |code: &str| fixes.iter().any(|fix| fix.reveals.contains(&code));
    let more = new
        .iter()
        .find(|(code, count)| old.get(*code).copied().unwrap_or(0) < **count && !revealed(code));
    match more {
        Some((code, _)) => {
            Err(Undone { reason: format!("it would cause a new {code} finding"), is_fault: false })
        }
        None => Ok((after, findings)),
    }
}

/// How often each rule fires, those whose findings others cover too: they are not new when they report themselves.
fn counts(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let spoken_for = findings.iter().flat_map(|it| it.also.iter().chain(&it.outweighed));
    for code in spoken_for.copied().chain(findings.iter().map(|it| it.meta.code)) {
        *counts.entry(code).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
