//! What findings cost, from what was measured in the image.

use super::{Finding, Impact};
use crate::model::{MeasuredWaste, Model};

/// Gives findings the measured bytes of the waste that their rules speak of, at the instructions that they name.
pub fn weigh(model: &Model<'_>, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|it| !it.meta.measured_by.is_empty()) {
        let spans = [finding.span].into_iter().chain(finding.labels.iter().map(|it| it.span));
        let named: Vec<usize> = spans
            .filter_map(|span| {
                let instructions = &model.doc.instructions;
                let at = instructions.partition_point(|it| it.span.start <= span.start);
                at.checked_sub(1)
            })
            .collect();
        let is_there = |it: &&MeasuredWaste| named.contains(&it.made) || named.contains(&it.fix);
        let bytes = |it: &MeasuredWaste| -> u64 {
            let parts = finding.meta.measured_by.iter().filter(|(class, _)| *class == it.class);
            let parts: Vec<&str> = parts.map(|it| it.1).collect();
            let is_meant = |path: &str| parts.iter().any(|part| path.contains(part));
            it.paths.iter().filter(|(path, _)| is_meant(path)).map(|it| it.1).sum()
        };
        let sum: u64 = model.measured.iter().filter(is_there).map(bytes).sum();
        if sum > 0 {
            let layers = finding.impact.and_then(|it| it.layers);
            finding.impact = Some(Impact { bytes: Some(sum), layers, measured: true });
        }
    }
}
