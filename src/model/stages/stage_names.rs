//! Stages by name. A file may give one name to several.

use std::collections::HashMap;

use crate::model::{Model, Stage};

/// The stages of each name, in order.
pub(in crate::model) type StageNames = HashMap<String, Vec<usize>>;

impl Model<'_> {
    /// The stages of a lower-case name, in order.
    fn stages_named(&self, name: &str) -> &[usize] {
        let names = self.found.stage_names.get_or_init(|| {
            let mut names = StageNames::new();
            for stage in &self.stages {
                if let Some(name) = &stage.name {
                    names.entry(name.clone()).or_default().push(stage.id);
                }
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The stage that a number or a name in any case stands for, of those up to `last`: the last one of that name, as in BuildKit.
    pub(in crate::model) fn last_stage_called(&self, name: &str, last: usize) -> Option<usize> {
        if let Ok(index) = name.parse::<usize>() {
            return (index <= last && index < self.stages.len()).then_some(index);
        }
        let named = self.stages_named(&name.to_lowercase());
        let seen = named.partition_point(|id| *id <= last);
        named[..seen].last().copied()
    }

    /// Whether a stage above another one has that lower-case name.
    pub fn is_stage_before(&self, stage: &Stage<'_>, name: &str) -> bool {
        self.stages_named(name).first().is_some_and(|first| *first < stage.id)
    }

    /// The first stage below another one that has that lower-case name.
    pub fn stage_after(&self, stage: &Stage<'_>, name: &str) -> Option<&Stage<'_>> {
        let named = self.stages_named(name);
        let first = named.partition_point(|id| *id <= stage.id);
        named.get(first).and_then(|id| self.stages.get(*id))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn names_are_found_above_and_below() {
        of("FROM a AS X\nFROM b\nFROM c AS x\nFROM d AS y\n", |model| {
            let above = |id: usize, name| model.is_stage_before(&model.stages[id], name);
            let below =
                |id: usize, name| model.stage_after(&model.stages[id], name).map(|it| it.id);
            assert_eq!([0, 1, 2, 3].map(|id| above(id, "x")), [false, true, true, true]);
            assert_eq!([0, 1, 2, 3].map(|id| below(id, "x")), [Some(2), Some(2), None, None]);
            let called = |name, last| model.last_stage_called(name, last);
            assert_eq!((called("X", 1), called("x", 9), called("y", 2)), (Some(0), Some(2), None));
            assert_eq!((called("1", 0), called("1", 1), called("4", 9)), (None, Some(1), None));
            assert_eq!((above(3, "y"), below(0, "y"), below(0, "X")), (false, Some(3), None));
        });
    }
}
