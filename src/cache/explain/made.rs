//! The build that follows from two states where there is no log of it: the cache holds the older state and nothing else.

use std::sync::Arc;

use super::sides::Sides;
use crate::cache::log::{Build, Form, LogStep, Outcome, Place, one_line};
use crate::cache::replay::{Limits, Rebuilt, Replay};

/// The lines that may run again, and what decides that.
pub(super) fn open(build: &Build, sides: &Sides<'_>) -> Vec<String> {
    let steps = build.steps.iter().zip(&sides.new.plan.steps);
    let open = steps.filter(|it| it.0.outcome == Outcome::Unknown);
    let lines: Vec<String> = open.map(|it| it.1.line.to_string()).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let what = "whether what is copied from another stage differs is not known without a build";
    vec![format!("{what}: lines that may run again: {}", lines.join(", "))]
}

/// Makes it: its steps are those of the newer plan, one by one.
pub(super) fn build(sides: &Sides<'_>) -> Build {
    let mut replay = Replay::new(sides.objects, Limits::default());
    replay.build(&sides.old.plan, &sides.old.keys, 0);
    let judged = replay.build(&sides.new.plan, &Arc::clone(&sides.new.keys), 0);
    let plan = &sides.new.plan;
    let several = plan.steps.iter().any(|it| it.stage_index != plan.steps[0].stage_index);
    let step = |(at, judged): (usize, &crate::cache::replay::Judged)| {
        let step = &plan.steps[at];
        let of_stage = |it: &&crate::cache::plan::Step| it.stage_index == step.stage_index;
        let of = plan.steps.iter().filter(of_stage).count();
        let index = plan.steps[..=at].iter().filter(of_stage).count();
        LogStep {
            place: Place {
                stage: if several { step.stage.clone() } else { String::new() },
                index,
                of,
            },
            text: one_line(&step.text),
            outcome: match judged.rebuilt {
                Rebuilt::Yes => Outcome::Ran,
                Rebuilt::Maybe => Outcome::Unknown,
                Rebuilt::No => Outcome::Cached,
            },
            seconds: None,
            id: None,
        }
    };
    Build {
        form: Form::Plain,
        steps: judged.iter().enumerate().map(step).collect(),
        partial: Vec::new(),
        has_end: true,
    }
}
