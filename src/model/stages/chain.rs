//! Which instructions are beneath an instruction in the image.

use std::ops::Range;

use crate::model::{Build, Install, Model, Run, Stage};
use crate::syntax::Kind;

/// The instructions beneath one.
#[derive(Debug, Clone)]
pub struct Beneath<'m> {
    model: &'m Model<'m>,
    /// The instruction, and its stage.
    above: usize,
    stage: Option<usize>,
}

impl<'m> Beneath<'m> {
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
        self.ranges().into_iter().flatten().filter(|&id| !self.is_onbuild(id))
    }

    /// The RUNs among them with their index, oldest first.
    pub fn runs(&self) -> impl Iterator<Item = (usize, &'m Run<'m>)> + use<'m> {
        let runs = &self.model.runs;
        let ids = self.run_ranges().into_iter().flatten();
        ids.map(|it| (it, &runs[it])).filter(|it| !it.1.onbuild)
    }

    /// What they install, oldest first.
    pub fn installs(&self) -> impl Iterator<Item = &'m Install> + Clone + use<'m> {
        self.of_runs(&self.model.installs, |it| it.run)
    }

    /// What they build, oldest first.
    pub fn builds(&self) -> impl Iterator<Item = &'m Build> + use<'m> {
        self.of_runs(self.model.builds(), |it| it.run)
    }

    /// The part of a list in the order of RUNs that is about them.
    fn of_runs<T, F: Fn(&T) -> usize + Copy>(
        &self,
        list: &'m [T],
        run: F,
    ) -> impl Iterator<Item = &'m T> + Clone + use<'m, T, F> {
        let runs = &self.model.runs;
        let part = move |its: Range<usize>| {
            let start = list.partition_point(|it| run(it) < its.start);
            let length = list[start..].partition_point(|it| run(it) < its.end);
            &list[start..start + length]
        };
        let parts = self.run_ranges().into_iter().flat_map(part);
        parts.filter(move |it| !runs[run(it)].onbuild)
    }

    fn run_ranges(&self) -> Vec<Range<usize>> {
        let at = |id: usize| self.model.runs.partition_point(|it| it.id() < id);
        self.ranges().into_iter().map(|it| at(it.start)..at(it.end)).collect()
    }

    /// The instructions of each stage.
    fn ranges(&self) -> Vec<Range<usize>> {
        let lineage = &self.model.scopes.lineage;
        let chain = std::iter::successors(self.stage, |&it| lineage.parent(it));
        let stages = chain.filter_map(|it| self.model.stages.get(it));
        let mut ranges: Vec<Range<usize>> =
            stages.map(|it| it.instructions.start..it.instructions.end.min(self.above)).collect();
        ranges.reverse();
        ranges
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
    pub fn root_image(&self, stage: usize) -> Option<&crate::model::ImageRef> {
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
            let runs = |id| model.beneath(id).runs().map(|it| it.0).collect::<Vec<_>>();
            assert_eq!(runs(6), [0, 2]);
            assert_eq!(runs(2), [0; 0]);
        });
    }

    #[test]
    fn installs_and_builds_are_those_of_the_runs_beneath() {
        let text = "FROM a AS one\nRUN npm ci\nONBUILD RUN npm i x\nFROM b\nRUN go build && npm i y\nFROM one\nRUN npm i z && make\nRUN npm i last\n";
        of(text, |model| {
            let packages = |id: usize| {
                let installs = model.beneath(id).installs();
                installs.map(|it| it.packages.first().map_or("", |it| &it.name)).collect::<Vec<_>>()
            };
            assert_eq!((packages(7), packages(4)), (vec!["", "z"], vec![]));
            let builds =
                |stage| model.image_of(stage).builds().map(|it| it.run).collect::<Vec<_>>();
            assert_eq!((builds(1), builds(2), builds(0)), (vec![2], vec![3], vec![]));
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
