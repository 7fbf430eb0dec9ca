//! Which instructions lie beneath an instruction in the image.

use super::{Base, Model};

impl Model<'_> {
    /// The instructions beneath one, oldest first: the earlier ones of its stage and all of the stages that
    /// stage is built on. ONBUILD is left out: it acts in other builds.
    pub fn beneath(&self, instruction: usize) -> Vec<usize> {
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
        let onbuild =
            |id: &usize| matches!(self.doc.instructions[*id].kind, crate::syntax::Kind::Onbuild(_));
        ranges.into_iter().rev().flatten().filter(|id| !onbuild(id)).collect()
    }

    /// The image at the root of a stage: that of the first stage it is built on.
    pub fn root_image(&self, stage: usize) -> Option<&super::ImageRef> {
        let mut stage = self.stages.get(stage)?;
        loop {
            match stage.base {
                Base::Stage(base) if base < stage.id => stage = self.stages.get(base)?,
                _ => return stage.image(),
            }
        }
    }
}
