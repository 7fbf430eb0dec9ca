//! Repeats: findings of one rule that only say the same of other places become one, "and 3 more".

use std::collections::HashMap;

use super::{Edit, Finding, Fix, Label};

/// How many of the other places are shown.
const SHOWN: usize = 3;

/// More findings of one rule in one file are counted, not listed: nobody reads them.
const MOST: usize = 1000;

/// More labels of one finding are left out.
const MOST_LABELS: usize = 200;

/// Makes one finding of those in one group of one rule. The first reports, and its fix is that of all.
pub fn fold(findings: &mut Vec<Finding>) {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut speakers: HashMap<(&'static str, usize), usize> = HashMap::new();
    let mut counts: HashMap<&'static str, (usize, usize)> = HashMap::new();
    let mut repeats: HashMap<usize, usize> = HashMap::new();
    for finding in findings.drain(..) {
        let code = finding.meta.code;
        let speaker = finding.group.and_then(|it| speakers.get(&(code, it)).copied());
        let (count, last) = counts.entry(code).or_default();
        let more = finding.more;
        let at = match speaker {
            Some(speaker) => {
                *repeats.entry(speaker).or_default() += 1;
                kept[speaker].speak_for(finding, repeats[&speaker] <= SHOWN);
                speaker
            }
            None if *count == MOST => {
                *repeats.entry(*last).or_default() += 1;
                *last
            }
            None => {
                (*count, *last) = (*count + 1, kept.len());
                speakers.extend(finding.group.map(|group| ((code, group), kept.len())));
                kept.push(finding);
                *last
            }
        };
        if more > 0 {
            *repeats.entry(at).or_default() += more;
        }
    }
    for (speaker, count) in repeats {
        kept[speaker].message += &format!(" (and {count} more)");
    }
    kept.iter_mut().for_each(|it| it.labels.truncate(MOST_LABELS));
    *findings = kept;
}

impl Finding {
    fn speak_for(&mut self, other: Self, is_shown: bool) {
        self.severity = self.severity.min(other.severity);
        if is_shown {
            self.labels.push(Label { span: other.span, message: "here too".to_owned() });
        }
        for code in other.also {
            if !self.also.contains(&code) {
                self.also.push(code);
            }
        }
        if let (Some(own), Some(more)) = (&mut self.impact, other.impact) {
            let sum = |a: Option<u64>, b: Option<u64>| {
                a.or(b).map(|_| a.unwrap_or(0).saturating_add(b.unwrap_or(0)))
            };
            own.bytes = sum(own.bytes, more.bytes);
            let layers = sum(own.layers.map(u64::from), more.layers.map(u64::from));
            own.layers = layers.map(|it| u32::try_from(it).unwrap_or(u32::MAX));
            own.measured &= more.measured;
        }
        if let (Some(own), Some(more)) = (&mut self.fix, other.fix) {
            own.join(more);
        }
    }
}

impl Fix {
    /// Takes over the edits of another fix of the same kind, unless they get in the way of its own.
    fn join(&mut self, other: Self) {
        let is_new = |edit: &Edit| !self.edits.contains(edit);
        let new: Vec<Edit> = other.edits.into_iter().filter(is_new).collect();
        // Findings come in order of place, and so do their edits mostly.
        let end = self.edits.last().map_or(0, |it| it.span.end);
        let is_behind = new.first().is_none_or(|it| it.span.start > end);
        if self.applicability == other.applicability && self.reveals == other.reveals && is_behind {
            self.effect = self.effect.max(other.effect);
            self.edits.extend(new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::finding::Findings;
    use crate::lint::{Applicability, Impact, Meta, Once, Severity};
    use crate::source::Span;

    const ONE: Meta = Meta { code: "DL3020", once: Some(Once::File), ..Meta::HADOLINT };
    const OTHER: Meta = Meta { code: "DL3045", once: Some(Once::Stage), ..Meta::HADOLINT };

    fn list(items: &[(&'static Meta, usize, Option<usize>)]) -> Vec<Finding> {
        let mut findings = Findings::new();
        for &(meta, at, group) in items {
            let span = Span::new(at, at + 2);
            let finding = findings.report_as(meta, span, "`ADD` of a file");
            finding.group = group;
            finding.fix(Fix::safe("x", vec![Edit::replace(span, "COPY")]));
            finding.impact(Impact { bytes: Some(10), ..Impact::default() });
        }
        findings.list
    }

    #[test]
    fn the_first_of_a_group_speaks_for_all_of_it() {
        let at = |meta, at, group| (meta, at, Some(group));
        let mut all = list(&[
            at(&ONE, 0, 0),
            at(&OTHER, 10, 1),
            at(&ONE, 20, 0),
            at(&OTHER, 30, 2),
            at(&ONE, 40, 0),
            (&ONE, 50, None),
            at(&ONE, 60, 0),
            at(&ONE, 70, 0),
        ]);
        all[7].severity = Severity::Error;
        fold(&mut all);
        let shown: Vec<_> = all.iter().map(|it| (it.span.start, it.message.as_str())).collect();
        let plain = "`ADD` of a file";
        let expected = [(0, "`ADD` of a file (and 4 more)"), (10, plain), (30, plain), (50, plain)];
        assert_eq!(shown, expected);
        let labels: Vec<_> = all[0].labels.iter().map(|it| it.span.start).collect();
        assert_eq!(labels, [20, 40, 60]);
        let edits = &all[0].fix.as_ref().unwrap().edits;
        assert_eq!(edits.iter().map(|it| it.span.start).collect::<Vec<_>>(), [0, 20, 40, 60, 70]);
        assert_eq!(all[0].severity, Severity::Error);
        assert_eq!(all[0].impact.unwrap().bytes, Some(50));
    }

    #[test]
    fn fixes_that_differ_or_get_in_each_others_way_are_not_joined() {
        let mut all = list(&[(&ONE, 0, Some(0)), (&ONE, 2, Some(0)), (&ONE, 20, Some(0))]);
        all[2].fix.as_mut().unwrap().applicability = Applicability::Unsafe;
        fold(&mut all);
        assert_eq!(all[0].fix.as_ref().unwrap().edits.len(), 1);
        // One edit that fixes all of them is one edit.
        let mut all = list(&[(&ONE, 0, Some(0)), (&ONE, 20, Some(0))]);
        all[1].fix = all[0].fix.clone();
        fold(&mut all);
        assert_eq!(all[0].fix.as_ref().unwrap().edits.len(), 1);
    }

    #[test]
    fn what_is_not_kept_is_counted_too() {
        let items: Vec<_> = (0..25_000).map(|at| (&ONE, at * 10, None)).collect();
        let mut all = list(&items);
        assert_eq!(all.len(), 10_000);
        fold(&mut all);
        assert_eq!(all[MOST - 1].message, "`ADD` of a file (and 24000 more)");
    }

    #[test]
    fn a_flood_is_counted() {
        let items: Vec<_> = (0..1500).map(|at| (&ONE, at * 10, None)).collect();
        let mut all = list(&items);
        fold(&mut all);
        assert_eq!(all.len(), MOST);
        assert_eq!(all[MOST - 1].message, "`ADD` of a file (and 500 more)");
        assert_eq!(all[0].message, "`ADD` of a file");
    }
}
