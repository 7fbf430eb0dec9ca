//! The rule system: what a rule is, what it sees, which ones run, and what is done with what they find.

mod context;
mod finding;
mod merge;
pub mod prelude;
mod rule;
mod select;
mod suppress;

pub use context::Context;
pub use finding::{Finding, Findings, Impact, Label};
pub use rule::{Category, Family, Meta, Profile, Rule, Severity};
pub use select::{Selection, Selector};

use crate::model::Model;

/// What the person chose about one run of the rules.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How much the person tolerates being bothered.
    pub profile: Profile,
    /// Which codes run.
    pub selection: Selection,
}

/// Runs the rules over one file and returns its findings in order of place.
///
/// `rules` is the whole catalogue; `options` choose from it. Suppression comments of the file are honoured.
pub fn lint(
    model: &Model<'_>,
    rules: impl Iterator<Item = &'static Rule>,
    options: &Options,
) -> Vec<Finding> {
    let cx = Context { model, options };
    let mut findings = Findings::new();
    // Without facts only the rules that look at the tree alone have something to say.
    let has_ground = |rule: &&Rule| {
        let meta = &rule.meta;
        !model.is_beyond_bounds
            || (meta.family == Family::Layerwise && meta.category == Category::Syntax)
    };
    let rules = rules.filter(has_ground);
    for rule in rules.filter(|rule| options.selection.may_report(rule, options.profile)) {
        findings.current = &rule.meta;
        (rule.check)(&cx, &mut findings);
    }
    let mut list = findings.list;
    list.retain(|it| {
        let shown = it.profile == it.meta.profile || it.profile <= options.profile;
        shown && options.selection.includes(it.meta, options.profile)
    });
    for finding in &mut list {
        settle(model, options, finding);
    }
    if options.profile != Profile::Strict {
        list.retain(|it| !it.meta.shipped_only || it.instruction.is_none_or(|id| model.ships(id)));
    }
    // Before merging: a suppressed finding absorbs nothing, and one that would be absorbed can be suppressed.
    suppress::apply(model, &mut list);
    list.sort_by(|a, b| {
        let key = |it: &Finding| (it.span.start, it.severity, it.meta.code, it.span.end);
        key(a).cmp(&key(b))
    });
    merge::merge(list)
}

/// Finds the instruction a finding stands in, and its severity in the profile.
fn settle(model: &Model<'_>, options: &Options, finding: &mut Finding) {
    let instructions = &model.doc.instructions;
    let after = instructions.partition_point(|it| it.span.start <= finding.span.start);
    finding.instruction =
        after.checked_sub(1).filter(|&id| finding.span.start <= instructions[id].span.end);
    if options.profile == Profile::Default
        && finding.severity == finding.meta.severity
        && let Some(severity) = finding.meta.default_severity
    {
        finding.severity = severity;
    }
}
