//! Which instructions are beneath an instruction in the image.

use std::ops::Range;

use super::{Model, Stage};
use crate::syntax::Kind;

/// The instructions beneath one.
#[derive(Debug, Clone)]
pub struct Beneath<'m> {
    model: &'m Model<'m>,
    /// The instruction, and its stage.
    above: usize,
    stage: Option<usize>,
}

impl Beneath<'_> {
    /// Whether an instruction is one of them.
    pub fn contains(&self, instruction: usize) -> bool {
        let (Some(stage), Some(its)) = (self.stage, self.model.stage_of(instruction)) else {
            return false;
        };
        instruction < self.above
            && self.model.scopes.lineage.is_on(stage, its.id)
            && !self.is_onbuild(instruction)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> {
        let lineage = &self.model.scopes.lineage;
        let chain = std::iter::successors(self.stage, |&it| lineage.parent(it));
        let stages = chain.filter_map(|it| self.model.stages.get(it));
        let mut ranges: Vec<Range<usize>> =
            stages.map(|it| it.instructions.start..it.instructions.end.min(self.above)).collect();
        ranges.reverse();
        ranges.into_iter().flatten().filter(|&id| !self.is_onbuild(id))
    }

    fn is_onbuild(&self, instruction: usize) -> bool {
        matches!(self.model.doc.instructions[instruction].kind, Kind::Onbuild(_))
    }
}

impl Model<'_> {
    /// The instructions beneath one, oldest first: the earlier ones of its stage and all of the stages that
    /// stage is built on. ONBUILD is left out: it acts in other builds.
    pub fn beneath(&self, instruction: usize) -> Beneath<'_> {
        Beneath {
            model: self,
            above: instruction,
            stage: self.stage_of(instruction).map(|it| it.id),
        }
    }

    /// The instructions whose layers the image of a stage holds: its own, and those of the stages it is built on.
    pub fn image_of(&self, stage: usize) -> Beneath<'_> {
        Beneath { model: self, above: usize::MAX, stage: Some(stage) }
    }

    /// The first of the stages that a stage is built on: the one that is built on an image.
    pub fn root_stage(&self, stage: usize) -> Option<&Stage<'_>> {
        self.stages.get(self.scopes.lineage.root(stage)?)
    }

    /// The image at the root of a stage: that of the first stage it is built on.
    pub fn root_image(&self, stage: usize) -> Option<&super::ImageRef> {
        self.root_stage(stage)?.image()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;

    #[test]
    fn earlier_instructions_and_those_of_the_bases_lie_beneath() {
        let text = "FROM a AS one\nRUN x\nFROM b AS two\nRUN y\nFROM one\nRUN z\nRUN last\n";
        of(text, |model| {
            let beneath = |id| model.beneath(id).iter().collect::<Vec<_>>();
            assert_eq!(beneath(6), [0, 1, 4, 5]);
            assert_eq!(beneath(3), [2]);
            assert!(beneath(0).is_empty());
        });
    }

    #[test]
    fn onbuild_lies_beneath_nothing() {
        of("FROM a\nONBUILD RUN x\nRUN y\n", |model| {
            assert_eq!(model.beneath(2).iter().collect::<Vec<_>>(), [0]);
        });
    }

    #[test]
    fn the_root_image_is_that_of_the_first_base() {
        of("FROM node:22 AS one\nFROM one AS two\nFROM two\n", |model| {
            assert_eq!(model.root_image(2).map(crate::model::ImageRef::name), Some("node"));
            assert!(model.root_image(9).is_none());
        });
        of("ARG BASE\nFROM $BASE\n", |model| assert!(model.root_image(0).is_none()));
    }
}
