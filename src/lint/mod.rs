//! The rule system: what a rule is, what it sees, which ones run, and what is done with what they find.

mod causes;
mod context;
mod date;
mod finding;
mod fix;
mod label_value;
mod mask;
mod merge;
mod options;
pub mod prelude;
mod repeats;
mod rule;
mod select;
mod suggest;
mod suppress;
mod weigh;

pub use causes::Causes;
pub use context::Context;
pub use date::Date;
pub use finding::{Finding, Findings, Impact, Label, Reruns, Weight, shorten, size, sizes};
pub use fix::{Applicability, Edit, Effect, Fix};
pub use mask::Mask;
pub use options::{LabelType, Options, RuleOptions};
pub use repeats::fold;
pub use rule::{Category, Family, Meta, Once, Profile, Rule, Severity};
pub use select::{Selection, Selector};
pub use suggest::did_you_mean;
pub use weigh::{meant, weigh};

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::model::Model;
use suppress::Suppressions;

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
    let rules: Vec<&'static Rule> = rules.collect();
    let checks = suppress::check_options(model);
    let suppressions = match options.disable_ignore_comments {
        true => Suppressions::default(),
        false => Suppressions::of(model, options.today),
    };
    let by_profile = options.selection == Selection::default();
    let turned_on = |meta: &Meta| by_profile && suppress::is_turned_on(&checks, meta);
    // A rule that is silenced runs all the same where it may be another name of a fault that is found.
    let has_names = |meta: &Meta| {
        !meta.absorbs.is_empty()
            || !meta.outweighs.is_empty()
            || rules.iter().any(|it| it.meta.absorbs.contains(&meta.code))
    };
    let is_silenced = |meta: &Meta| options.silences(meta) || suppressions.name(meta);
    let is_witness =
        |meta: &Meta| is_silenced(meta) && options.selection.touches(meta) && has_names(meta);
    let runs = |it: &&&Rule| options.may_report(it) || turned_on(&it.meta) || is_witness(&it.meta);
    for rule in rules.iter().filter(runs) {
        findings.current = &rule.meta;
        (rule.check)(&cx, &mut findings);
    }
    let mut list = findings.list;
    for finding in &mut list {
        settle(model, options, finding);
    }
    suppress::harden(&checks, &mut list);
    in_order(&mut list);
    // Before anything else is dropped, so that what a comment suppresses is known whatever the profile; and before
    // merging, so that one that would be absorbed can be suppressed.
    let (mut by_comment, used) = suppressions.find(&list);
    merge::spread(&list, &mut by_comment, |_| false);
    let mut by_option: Vec<bool> = list.iter().map(|it| options.silences(it.meta)).collect();
    merge::spread(&list, &mut by_option, |it| options.names(it.meta));
    let mut silenced = by_comment.into_iter().zip(by_option);
    list.retain(|_| silenced.next() == Some((false, false)));
    list.extend(suppressions.findings(model, options, &rules, used));
    list.retain(|it| {
        let shown = it.profile == it.meta.profile || it.profile <= options.profile;
        shown && options.includes(it.meta) || turned_on(it.meta)
    });
    retain_released(model, options, &mut list);
    if !model.is_read_to_the_end() {
        // A fix may bring commands below the bound that were not read before: their findings would look like its fault.
        list.iter_mut().for_each(|it| it.fix = None);
    }
    in_order(&mut list);
    let mut list = merge::merge(list, options.profile == Profile::Strict);
    if options.profile == Profile::Default {
        list.iter_mut().for_each(|it| it.group = group(model, it));
    }
    list
}

/// Leaves out what matters only in images that are shipped or released, where an image is not, and matters of manner in
/// images for show.
fn retain_released(model: &Model<'_>, options: &Options, list: &mut Vec<Finding>) {
    if options.profile != Profile::Strict {
        list.retain(|it| !it.meta.shipped_only || it.instruction.is_none_or(|id| model.ships(id)));
    }
    if options.profile == Profile::Default {
        let speaks_of_releases = |meta: &Meta| meta.shipped_only || meta.released_only;
        // What a person chose by its name is wanted wherever it is.
        let is_chosen = |meta: &Meta| options.names(meta) || options.severity_of(meta).is_some();
        let is_tool = OnceCell::new();
        // The same for all instructions of a stage.
        let mut developed: HashMap<Option<usize>, bool> = HashMap::new();
        let mut is_released = |it: &Finding| {
            let stage = it.instruction.and_then(|it| model.stage_of(it)).map(|it| it.id);
            let develops = developed.entry(stage);
            !*develops.or_insert_with(|| model.is_for_development(it.instruction))
                && !*is_tool.get_or_init(|| model.is_tool())
        };
        list.retain(|it| {
            is_chosen(it.meta)
                || it.everywhere
                || (!speaks_of_releases(it.meta) || is_released(it))
                    && !(it.meta.manner && model.is_for_show())
        });
    }
}

fn in_order(list: &mut [Finding]) {
    list.sort_by(|a, b| {
        let key = |it: &Finding| (it.span.start, it.severity, it.meta.code, it.span.end);
        key(a).cmp(&key(b))
    });
}

/// Where a finding only repeats others of its rule: the file, or its stage.
fn group(model: &Model<'_>, finding: &Finding) -> Option<usize> {
    Some(match finding.meta.once? {
        Once::File => 0,
        Once::Stage => {
            let stage = model.stage_of(finding.instruction?)?;
            stage.instructions.start
        }
    })
}

/// Finds the instruction a finding is in, and its severity in the profile.
fn settle(model: &Model<'_>, options: &Options, finding: &mut Finding) {
    let instructions = &model.doc.instructions;
    let after = instructions.partition_point(|it| it.span.start <= finding.span.start);
    finding.instruction =
        after.checked_sub(1).filter(|&id| finding.span.start <= instructions[id].span.end);
    if let Some(severity) = options.severity_of(finding.meta) {
        finding.severity = severity;
    } else if options.profile == Profile::Default
        && finding.severity == finding.meta.severity
        && let Some(severity) = finding.meta.default_severity
    {
        finding.severity = severity;
    }
    if finding.fix.as_ref().is_some_and(|it| loses_comment(model, it)) {
        finding.fix = None;
    }
}

/// Whether a safe fix takes away a comment, which nobody would accept unseen, and puts it nowhere else.
fn loses_comment(model: &Model<'_>, fix: &Fix) -> bool {
    let comments = &model.doc.comments;
    let is_lost = |edit: &Edit| {
        let first = comments.partition_point(|it| it.span.start < edit.span.start);
        let mut inside = comments[first..].iter().take_while(|it| it.span.end <= edit.span.end);
        inside.any(|it| {
            let text = model.doc.source.slice(it.span).trim();
            !fix.edits.iter().any(|edit| edit.text.contains(text))
        })
    };
    fix.applicability == Applicability::Safe && fix.edits.iter().any(is_lost)
}
