//! Which step of a Dockerfile is which in the next version of it.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::plan::{Plan, Step};

/// For each step, the one that it was before, by index.
pub(super) fn matching(before: &Plan, after: &Plan) -> Vec<Option<usize>> {
    let mut found = vec![None; after.steps.len()];
    let mut taken = vec![false; before.steps.len()];
    // Stages keep their names, or else their places.
    let same_stage = |a: &Step, b: &Step| a.stage == b.stage;
    let same_place = |a: &Step, b: &Step| a.stage_index == b.stage_index;
    by(before, after, &mut found, &mut taken, |step| step.text.clone(), same_stage);
    by(before, after, &mut found, &mut taken, |step| step.text.clone(), |_, _| true);
    // A directory has no other name by which to know it.
    let directory = |step: &Step| step.keyword == "WORKDIR";
    let is_directory = |a: &Step, b: &Step| directory(a) && directory(b) && same_stage(a, b);
    let keyword = |step: &Step| step.keyword.to_owned();
    by(before, after, &mut found, &mut taken, keyword, is_directory);
    alike(before, after, &mut found, &mut taken, same_stage);
    alike(before, after, &mut found, &mut taken, same_place);
    found
}

/// Steps that share less of their words, in percent, are not the same.
const LEAST_SHARED: usize = 30;

/// More pairs are not compared.
const MOST_PAIRS: usize = 10_000;

/// Pairs steps of one keyword that share words, those that share most first, and of these the nearest.
fn alike(
    before: &Plan,
    after: &Plan,
    found: &mut [Option<usize>],
    taken: &mut [bool],
    fits: impl Fn(&Step, &Step) -> bool,
) {
    let words = |plan: &Plan, is_free: &dyn Fn(usize) -> bool| -> Vec<(usize, HashSet<String>)> {
        let steps = plan.steps.iter().enumerate().filter(|it| is_free(it.0));
        let words = |step: &Step| step.text.split_whitespace().skip(1).map(str::to_owned).collect();
        steps.map(|(at, step)| (at, words(step))).collect()
    };
    let old = words(before, &|at| !taken[at]);
    let new = words(after, &|at| found[at].is_none());
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return;
    }
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (b, after_words) in &new {
        for (a, before_words) in &old {
            let (one, other) = (&before.steps[*a], &after.steps[*b]);
            let all = before_words.len().max(after_words.len()).max(1);
            let shared = before_words.intersection(after_words).count() * 100 / all;
            if one.keyword == other.keyword && shared >= LEAST_SHARED && fits(one, other) {
                pairs.push((shared, *a, *b));
            }
        }
    }
    pairs.sort_by_key(|(shared, a, b)| (Reverse(*shared), a.abs_diff(*b), *b));
    for (_, a, b) in pairs {
        if !taken[a] && found[b].is_none() {
            taken[a] = true;
            found[b] = Some(a);
        }
    }
}

/// Pairs steps of one key, in order.
fn by(
    before: &Plan,
    after: &Plan,
    found: &mut [Option<usize>],
    taken: &mut [bool],
    key: impl Fn(&Step) -> String,
    fits: impl Fn(&Step, &Step) -> bool,
) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, step) in before.steps.iter().enumerate().filter(|it| !taken[it.0]) {
        places.entry(key(step)).or_default().push(at);
    }
    for (at, step) in after.steps.iter().enumerate() {
        if found[at].is_some() {
            continue;
        }
        let Some(places) = places.get(&key(step)) else { continue };
        let free = places.iter().find(|it| !taken[**it] && fits(&before.steps[**it], step));
        if let Some(&place) = free {
            taken[place] = true;
            found[at] = Some(place);
        }
    }
}
