//! One problem, one finding: where several rules see the same fault, one of them speaks.

use std::collections::HashMap;

use super::Finding;

/// Drops each finding that another one of the same instruction absorbs, and names it in that one's `also`.
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
        if let Some(&speaker) = speakers.get(&(finding.instruction, finding.meta.code)) {
            absorbed[index] = true;
            if !also[speaker].contains(&finding.meta.code) {
                also[speaker].push(finding.meta.code);
            }
        }
    }
    let kept = list.into_iter().zip(also).zip(absorbed).filter(|(_, absorbed)| !absorbed);
    kept.map(|((finding, also), _)| Finding { also, ..finding }).collect()
}
