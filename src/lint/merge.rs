//! One problem, one finding: where several rules see the same fault, one of them speaks.

use std::collections::HashMap;

use super::Finding;
use crate::source::Span;

/// Drops each finding that another one absorbs, and names it in that one's `also`. The two stand in the same
/// instruction, or the one that speaks points at the other by a label: of two CMDs, hadolint reports the later and
/// BuildKit the earlier.
pub(super) fn merge(list: Vec<Finding>) -> Vec<Finding> {
    let mut speakers: HashMap<(Option<usize>, &'static str), usize> = HashMap::new();
    for (index, finding) in list.iter().enumerate() {
        for &code in finding.meta.absorbs {
            speakers.entry((finding.instruction, code)).or_insert(index);
        }
    }
    let speaks = |it: &Finding| !it.meta.absorbs.is_empty() && !it.labels.is_empty();
    let mut pointing: HashMap<&'static str, Vec<Pointer>> = HashMap::new();
    for (speaker, it) in list.iter().enumerate().filter(|(_, it)| speaks(it)) {
        for &code in it.meta.absorbs {
            let spans = it.labels.iter().map(|label| label.span);
            let pointers = spans.map(|span| Pointer { span, furthest: span.end, speaker });
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
    let mut also: Vec<Vec<&'static str>> = vec![Vec::new(); list.len()];
    let mut absorbed = vec![false; list.len()];
    for (index, finding) in list.iter().enumerate() {
        let beside = speakers.get(&(finding.instruction, finding.meta.code)).copied();
        if let Some(speaker) = pointing_at(finding, &pointing).or(beside) {
            absorbed[index] = true;
            if !also[speaker].contains(&finding.meta.code) {
                also[speaker].push(finding.meta.code);
            }
        }
    }
    let kept = list.into_iter().zip(also).zip(absorbed).filter(|(_, absorbed)| !absorbed);
    kept.map(|((finding, also), _)| Finding { also, ..finding }).collect()
}

/// A label of a finding that absorbs others.
struct Pointer {
    span: Span,
    /// The furthest end of this label and all that start before it.
    furthest: u32,
    /// The finding, by index.
    speaker: usize,
}

/// The first finding that absorbs the given one and has a label on its place.
fn pointing_at(finding: &Finding, pointing: &HashMap<&str, Vec<Pointer>>) -> Option<usize> {
    let pointers = pointing.get(finding.meta.code)?;
    let end = pointers.partition_point(|it| it.span.start <= finding.span.start);
    let near = pointers[..end].iter().rev().take_while(|it| it.furthest >= finding.span.end);
    near.filter(|it| it.span.contains(finding.span)).map(|it| it.speaker).min()
}
