//! What findings cost, from what was measured in the image.

use super::{Finding, Impact};
use crate::model::{MeasuredWaste, Model};

/// Gives findings the measured bytes of the waste that their rules report, at the instructions that they name.
pub fn weigh(model: &Model<'_>, findings: &mut [Finding]) {
    for finding in findings {
        let sum: u64 = meant(model, finding).map(|(_, bytes)| bytes).sum();
        if sum > 0 {
            let known = finding.impact.unwrap_or_default();
            finding.impact = Some(Impact { bytes: Some(sum), measured: true, ..known });
        }
    }
}

/// The waste that a finding reports, with the bytes of it.
pub fn meant<'m>(
    model: &'m Model<'_>,
    finding: &Finding,
) -> impl Iterator<Item = (&'m MeasuredWaste, u64)> {
    let spans = [finding.span].into_iter().chain(finding.labels.iter().map(|it| it.span));
    let named: Vec<usize> = spans
        .filter_map(|span| {
            let instructions = &model.doc.instructions;
            let at = instructions.partition_point(|it| it.span.start <= span.start);
            at.checked_sub(1)
        })
        .collect();
    let measured_by = finding.meta.measured_by;
    let bytes = move |it: &MeasuredWaste| -> u64 {
        let parts = || measured_by.iter().filter(|(class, _)| *class == it.class);
        let is_meant = |path: &str| parts().any(|(_, part)| path.contains(part));
        it.paths.iter().filter(|(path, _)| is_meant(path)).map(|it| it.1).sum()
    };
    let is_there = move |it: &&MeasuredWaste| named.contains(&it.made) || named.contains(&it.fix);
    let found = model.measured.iter().filter(is_there).map(move |it| (it, bytes(it)));
    found.filter(|(_, bytes)| *bytes > 0)
}
