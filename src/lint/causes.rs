//! One cause, one finding: what is wrong with a file that many Dockerfiles share is reported once a run.

use std::collections::HashSet;

use super::Finding;

/// The causes that were reported so far.
#[derive(Debug, Default)]
pub struct Causes {
    seen: HashSet<(&'static str, String)>,
}

impl Causes {
    /// Takes out the findings of a file that are repeats: all their causes were reported before under the same code.
    /// Files have to come in the order of the report.
    pub fn take_repeats(&mut self, findings: &mut Vec<Finding>) -> Vec<Finding> {
        let mut is_repeat = |it: &mut Finding| {
            let mut is_new = it.causes.is_empty();
            for cause in &it.causes {
                is_new |= self.seen.insert((it.meta.code, cause.clone()));
            }
            !is_new
        };
        findings.extract_if(.., &mut is_repeat).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Meta;
    use crate::lint::finding::Findings;
    use crate::source::Span;

    const ONE: Meta = Meta { code: "LW401", ..Meta::LAYERWISE };
    const OTHER: Meta = Meta { code: "LW402", ..Meta::LAYERWISE };

    fn file(list: &[(&'static Meta, &str)]) -> Vec<Finding> {
        let mut findings = Findings::new();
        for (meta, causes) in list {
            let causes = causes.split_terminator(' ').map(str::to_owned);
            findings.report_as(meta, Span::default(), "x").causes(causes);
        }
        findings.list
    }

    #[test]
    fn a_finding_is_a_repeat_if_all_its_causes_were_reported() {
        let mut causes = Causes::default();
        let mut repeats = |list: &[(&'static Meta, &str)]| {
            let mut findings = file(list);
            let dropped = causes.take_repeats(&mut findings);
            assert_eq!(findings.len() + dropped.len(), list.len());
            dropped.iter().map(|it| it.causes.join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(repeats(&[(&ONE, "a b"), (&ONE, "")]), [""; 0]);
        assert_eq!(repeats(&[(&ONE, "b"), (&ONE, "b c"), (&OTHER, "b"), (&ONE, "")]), ["b"]);
        assert_eq!(repeats(&[(&ONE, "c a"), (&ONE, "d"), (&ONE, "d")]), ["c a", "d"]);
    }
}
