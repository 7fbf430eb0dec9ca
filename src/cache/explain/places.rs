//! Which step of a plan each step of a log is.

use super::chains::Chain;
use crate::cache::log::{Build, Form, one_line};
use crate::cache::plan::Plan;

/// For each step of a log, its step of the plan; none where the two do not fit.
pub(super) fn places(build: &Build, chains: &[Chain], plan: &Plan) -> Vec<Option<usize>> {
    let mut found = vec![None; build.steps.len()];
    if build.form == Form::Classic {
        for (at, step) in build.steps.iter().enumerate() {
            let place = plan.steps.iter().position(|it| it.instruction + 1 == step.place.index);
            found[at] = place.filter(|it| plan.steps[*it].keyword == step.keyword());
        }
        return found;
    }
    for chain in chains {
        for (at, place) in of_chain(build, chain, plan) {
            found[at] = Some(place);
        }
    }
    found
}

/// Whether the name is the same, and how many texts are.
type Score = (bool, usize);

/// The stage whose steps have the same keywords in the same places, best one with the same name and texts.
fn of_chain(build: &Build, chain: &Chain, plan: &Plan) -> Vec<(usize, usize)> {
    let mut stages: Vec<usize> = plan.steps.iter().map(|it| it.stage_index).collect();
    stages.dedup();
    let mut best: Option<(Score, Vec<(usize, usize)>)> = None;
    for stage in stages {
        let of_stage = plan.steps.iter().enumerate().filter(|it| it.1.stage_index == stage);
        let counted =
            |it: &(usize, &crate::cache::plan::Step)| it.1.has_layer || build.form == Form::Buildah;
        let steps: Vec<usize> = of_stage.filter(counted).map(|it| it.0).collect();
        let Some(name) = steps.first().map(|it| plan.steps[*it].stage.to_lowercase()) else {
            continue;
        };
        let number = stage.to_string();
        let has_name = chain.names.iter().any(|it| *it == name || *it == number);
        let fits = |log: &usize| {
            let step = &build.steps[*log];
            // FROM counts where it is a step of its own.
            let before = step.place.of.checked_sub(steps.len()).filter(|it| *it <= 1)?;
            let at = *steps.get(step.place.index.checked_sub(before + 1)?)?;
            (plan.steps[at].keyword == step.keyword()).then_some((*log, at))
        };
        let pairs: Option<Vec<(usize, usize)>> = chain.steps.iter().map(fits).collect();
        let Some(pairs) = pairs else { continue };
        let is_same =
            |it: &&(usize, usize)| one_line(&plan.steps[it.1].text) == build.steps[it.0].text;
        let score = (has_name, pairs.iter().filter(is_same).count());
        if best.as_ref().is_none_or(|it| it.0 < score) {
            best = Some((score, pairs));
        }
    }
    best.map(|it| it.1).unwrap_or_default()
}
