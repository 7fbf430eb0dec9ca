//! One problem, one finding: where several rules see the same fault, one of them reports, and either name silences it.

use std::collections::HashMap;

use super::{Finding, Fix};
use crate::source::Span;

/// Of each finding, those that cover it. The two are in the same instruction, or the one that reports points at the
/// other by a label: of two CMDs, hadolint reports the later and BuildKit the earlier.
struct Links(Vec<Vec<Link>>);

/// One that covers another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    /// The finding, by index.
    speaker: usize,
    /// Whether it sees the same fault. Otherwise it outweighs the other.
    is_same: bool,
}

/// Drops each finding that another one covers; names it in that one's `also` if the fault is the same. Where the one
/// that reports has no fix, that of the other is offered: for the same fault, or for any where `every_fix` holds.
/// The findings are in order of place.
pub(super) fn merge(list: Vec<Finding>, every_fix: bool) -> Vec<Finding> {
    let links = Links::new(&list);
    let mut named = vec![(Vec::new(), Vec::new()); list.len()];
    let mut fixes: Vec<Option<Fix>> = vec![None; list.len()];
    for (finding, links) in list.iter().zip(&links.0) {
        for link in links {
            let (also, outweighed) = &mut named[link.speaker];
            let names: &mut Vec<&'static str> = if link.is_same { also } else { outweighed };
            if !names.contains(&finding.meta.code) {
                names.push(finding.meta.code);
            }
            let helps = link.is_same || every_fix;
            if helps && list[link.speaker].fix.is_none() && fixes[link.speaker].is_none() {
                fixes[link.speaker].clone_from(&finding.fix);
            }
        }
    }
    let all = list.into_iter().zip(named).zip(fixes).zip(links.0);
    let kept = all.filter(|(_, links)| links.is_empty());
    let merged = kept.map(|(((mut finding, (also, outweighed)), fix), _)| {
        finding.fix = finding.fix.take().or(fix);
        Finding { also, outweighed, ..finding }
    });
    merged.collect()
}

/// Silences the faults some of whose names are silenced: of the silenced findings, those that cover them, and whatever
/// those cover. One that covers several findings of one name is silent if all of them are. `keeps` says which
/// findings stay whatever happens to their other names.
pub(super) fn spread(list: &[Finding], silenced: &mut [bool], keeps: impl Fn(&Finding) -> bool) {
    if !silenced.contains(&true) {
        return;
    }
    let links = Links::new(list);
    let mut votes: HashMap<(usize, &str), bool> = HashMap::new();
    for (index, finding) in list.iter().enumerate() {
        for link in links.0[index].iter().filter(|it| it.is_same) {
            *votes.entry((link.speaker, finding.meta.code)).or_insert(true) &= silenced[index];
        }
    }
    for ((speaker, _), _) in votes.into_iter().filter(|(_, all)| *all) {
        silenced[speaker] |= !keeps(&list[speaker]);
    }
    for (index, links) in links.0.iter().enumerate() {
        let speaker_is_silent = links.iter().any(|it| silenced[it.speaker]);
        silenced[index] |= speaker_is_silent && !keeps(&list[index]);
    }
}

impl Links {
    fn new(list: &[Finding]) -> Self {
        let pointing = pointers(list);
        // Which codes cover a code, and where findings of theirs are.
        let mut speakers: HashMap<&str, Vec<(&str, bool)>> = HashMap::new();
        let mut places: HashMap<(Option<usize>, &str), Vec<usize>> = HashMap::new();
        for (index, finding) in list.iter().enumerate() {
            let meta = finding.meta;
            let same = meta.absorbs.iter().map(|code| (*code, true));
            let all = same.chain(meta.outweighs.iter().map(|code| (*code, false)));
            for (code, is_same) in all {
                let known = speakers.entry(code).or_default();
                if !known.contains(&(meta.code, is_same)) {
                    known.push((meta.code, is_same));
                }
                let of_code = places.entry((finding.instruction, meta.code)).or_default();
                if of_code.last() != Some(&index) {
                    of_code.push(index);
                }
            }
        }
        let links = list.iter().map(|finding| {
            let pointing = pointing_at(finding, &pointing);
            let beside = speakers.get(finding.meta.code).into_iter().flatten();
            let beside = beside.filter_map(|&(code, is_same)| {
                let places = places.get(&(finding.instruction, code))?;
                Some(Link { speaker: nearest(list, places, finding), is_same })
            });
            // A rule that points at the place means that place, and not another one in its own instruction.
            let is_other = |link: &Link| {
                pointing.is_none_or(|it| list[it.speaker].meta.code != list[link.speaker].meta.code)
            };
            let mut links: Vec<Link> = beside.filter(is_other).chain(pointing).collect();
            links.sort_unstable();
            links.dedup_by_key(|it| it.speaker);
            links
        });
        Self(links.collect())
    }
}

/// Of some findings in order of place, the last that does not start behind another one, or else the first.
fn nearest(list: &[Finding], places: &[usize], finding: &Finding) -> usize {
    let after = places.partition_point(|it| list[*it].span.start <= finding.span.start);
    places[after.saturating_sub(1)]
}

/// A label of a finding that covers others.
struct Pointer {
    span: Span,
    /// The furthest end of this label and all that start before it.
    furthest: u32,
    link: Link,
}

/// The labels of findings that cover others, by the code of the other.
fn pointers(list: &[Finding]) -> HashMap<&'static str, Vec<Pointer>> {
    let mut pointing: HashMap<&'static str, Vec<Pointer>> = HashMap::new();
    for (speaker, it) in list.iter().enumerate() {
        let same = it.meta.absorbs.iter().map(|code| (*code, true));
        for (code, is_same) in same.chain(it.meta.outweighs.iter().map(|code| (*code, false))) {
            let link = Link { speaker, is_same };
            let spans = it.labels.iter().map(|label| label.span);
            let pointers = spans.map(|span| Pointer { span, furthest: span.end, link });
            pointing.entry(code).or_default().extend(pointers);
        }
    }
    for pointers in pointing.values_mut() {
        pointers.sort_by_key(|it| it.span);
        let mut furthest = 0;
        for it in pointers {
            furthest = it.span.end.max(furthest);
            it.furthest = furthest;
        }
    }
    pointing
}

/// The first finding that covers the given one and has a label on its place.
fn pointing_at(finding: &Finding, pointing: &HashMap<&str, Vec<Pointer>>) -> Option<Link> {
    let pointers = pointing.get(finding.meta.code)?;
    let end = pointers.partition_point(|it| it.span.start <= finding.span.start);
    let near = pointers[..end].iter().rev().take_while(|it| it.furthest >= finding.span.end);
    near.filter(|it| it.span.contains(finding.span)).map(|it| it.link).min()
}
