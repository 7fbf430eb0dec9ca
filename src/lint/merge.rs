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
    let speaks = |it: &Finding| !it.meta.absorbs.is_empty() && !it.labels.is_empty();
    let pointing: Vec<usize> = (0..list.len()).filter(|&index| speaks(&list[index])).collect();
    let mut also: Vec<Vec<&'static str>> = vec![Vec::new(); list.len()];
    let mut absorbed = vec![false; list.len()];
    for (index, finding) in list.iter().enumerate() {
        let beside = speakers.get(&(finding.instruction, finding.meta.code)).copied();
        if let Some(speaker) = pointing_at(&list, finding, &pointing).or(beside) {
            absorbed[index] = true;
            if !also[speaker].contains(&finding.meta.code) {
                also[speaker].push(finding.meta.code);
            }
        }
    }
    let kept = list.into_iter().zip(also).zip(absorbed).filter(|(_, absorbed)| !absorbed);
    kept.map(|((finding, also), _)| Finding { also, ..finding }).collect()
}

/// The finding that absorbs the given one and has a label on its place, among those of `pointing`.
fn pointing_at(list: &[Finding], finding: &Finding, pointing: &[usize]) -> Option<usize> {
    pointing.iter().copied().find(|&index| {
        let it = &list[index];
        it.meta.absorbs.contains(&finding.meta.code)
            && it.labels.iter().any(|label| label.span.contains(finding.span))
    })
}
