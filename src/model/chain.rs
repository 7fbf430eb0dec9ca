//! Which instructions lie beneath an instruction in the image.

use std::ops::Range;

use super::{Base, Model, Stage};
use crate::syntax::{Dockerfile, Kind};

/// The instructions beneath one.
#[derive(Debug, Clone)]
pub struct Beneath<'m> {
    doc: &'m Dockerfile<'m>,
    /// One range a stage, in order.
    ranges: Vec<Range<usize>>,
}

impl Beneath<'_> {
    /// Whether an instruction is one of them.
    pub fn contains(&self, instruction: usize) -> bool {
        let at = self.ranges.partition_point(|range| range.end <= instruction);
        self.ranges.get(at).is_some_and(|range| range.contains(&instruction))
            && !self.is_onbuild(instruction)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.ranges.iter().cloned().flatten().filter(|&id| !self.is_onbuild(id))
    }

    fn is_onbuild(&self, instruction: usize) -> bool {
        matches!(self.doc.instructions[instruction].kind, Kind::Onbuild(_))
    }
}

impl Model<'_> {
    /// The instructions beneath one, oldest first: the earlier ones of its stage and all of the stages that
    /// stage is built on. ONBUILD is left out: it acts in other builds.
    pub fn beneath(&self, instruction: usize) -> Beneath<'_> {
        let mut ranges = Vec::new();
        let mut stage = self.stage_of(instruction);
        let mut end = instruction;
        while let Some(it) = stage {
            ranges.push(it.instructions.start..end.min(it.instructions.end));
            end = usize::MAX;
            stage = match it.base {
                Base::Stage(base) if base < it.id => self.stages.get(base),
                _ => None,
            };
        }
        ranges.reverse();
        Beneath { doc: self.doc, ranges }
    }

    /// The first of the stages that a stage is built on: the one that is built on an image.
    pub fn root_stage(&self, stage: usize) -> Option<&Stage<'_>> {
        let mut stage = self.stages.get(stage)?;
        while let Base::Stage(base) = stage.base {
            stage = self.stages.get(base).filter(|it| it.id < stage.id)?;
        }
        Some(stage)
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
