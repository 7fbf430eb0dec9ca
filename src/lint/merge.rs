//! One problem, one finding: where several rules see the same fault, one of them speaks.

use std::collections::HashMap;

use super::Finding;

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
    let mut also: Vec<Vec<&'static str>> = vec![Vec::new(); list.len()];
    let mut absorbed = vec![false; list.len()];
    for (index, finding) in list.iter().enumerate() {
        let speaker = speakers.get(&(finding.instruction, finding.meta.code)).copied();
        if let Some(speaker) = speaker.or_else(|| pointing_at(&list, finding)) {
            absorbed[index] = true;
            if !also[speaker].contains(&finding.meta.code) {
                also[speaker].push(finding.meta.code);
            }
        }
    }
    let kept = list.into_iter().zip(also).zip(absorbed).filter(|(_, absorbed)| !absorbed);
    kept.map(|((finding, also), _)| Finding { also, ..finding }).collect()
}

/// The finding that absorbs the given one and has a label on its place.
fn pointing_at(list: &[Finding], finding: &Finding) -> Option<usize> {
    list.iter().position(|it| {
        it.meta.absorbs.contains(&finding.meta.code)
            && it.labels.iter().any(|label| label.span.contains(finding.span))
    })
}
