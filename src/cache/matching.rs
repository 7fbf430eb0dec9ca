//! Which step of a Dockerfile is which in the next version of it.

use std::collections::HashMap;

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
    by(before, after, &mut found, &mut taken, |step| step.keyword.to_owned(), same_stage);
    by(before, after, &mut found, &mut taken, |step| step.keyword.to_owned(), same_place);
    found
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
