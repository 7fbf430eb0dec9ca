//! What instructions did of one kind, found by who sees it: the nearest of them above an instruction, in its stage or in
//! one of those it is built on.

use std::collections::{BTreeMap, HashMap};

use super::lineage::Lineage;

/// What instructions did of one kind, each with a value.
#[derive(Debug, Clone)]
pub(in crate::model) struct Trail<T> {
    /// By stage, in the order of instructions.
    own: HashMap<usize, Vec<(usize, T)>>,
    /// The nearest stage that has some, from that moment of the lineage's walk on.
    nearest: BTreeMap<u32, Option<usize>>,
}

impl<T> Default for Trail<T> {
    fn default() -> Self {
        Self { own: HashMap::new(), nearest: BTreeMap::new() }
    }
}

impl<T> Trail<T> {
    /// Notes what an instruction of a stage did. Instructions come in order.
    pub(in crate::model) fn push(
        &mut self,
        lineage: &Lineage,
        stage: usize,
        instruction: usize,
        value: T,
    ) {
        if let Some(own) = self.own.get_mut(&stage) {
            own.push((instruction, value));
            return;
        }
        self.own.insert(stage, vec![(instruction, value)]);
        if let Some((enter, exit)) = lineage.span(stage) {
            // Stages that are built on it come later, so that nothing is noted of them yet.
            let before = self.stage_at(enter);
            self.nearest.insert(enter, Some(stage));
            self.nearest.entry(exit).or_insert(before);
        }
    }

    /// The last of them that an instruction of a stage sees above itself.
    pub(in crate::model) fn before(
        &self,
        lineage: &Lineage,
        stage: usize,
        instruction: usize,
    ) -> Option<&(usize, T)> {
        let own = self.own.get(&stage).map_or(&[][..], Vec::as_slice);
        let seen = own.partition_point(|it| it.0 < instruction);
        if let Some(last) = own[..seen].last() {
            return Some(last);
        }
        let (enter, _) = lineage.span(lineage.parent(stage)?)?;
        self.own.get(&self.stage_at(enter)?)?.last()
    }

    fn stage_at(&self, moment: u32) -> Option<usize> {
        self.nearest.range(..=moment).next_back().and_then(|it| *it.1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lineage, Trail};

    #[test]
    fn the_nearest_is_that_of_the_stage_or_of_the_next_beneath() {
        // 0 ← 1 ← 3, 0 ← 4, and 2 alone; each stage has ten instructions.
        let lineage = Lineage::new([None, Some(0), None, Some(1), Some(0)].into_iter());
        let mut trail = Trail::default();
        for (stage, instruction) in [(0, 2), (0, 5), (1, 14), (2, 21)] {
            trail.push(&lineage, stage, instruction, ());
        }
        let before = |stage, instruction| trail.before(&lineage, stage, instruction).map(|it| it.0);
        assert_eq!((before(0, 2), before(0, 3), before(0, 9)), (None, Some(2), Some(5)));
        assert_eq!((before(1, 12), before(1, 15)), (Some(5), Some(14)));
        assert_eq!((before(3, 31), before(4, 41)), (Some(14), Some(5)));
        assert_eq!((before(2, 20), before(2, 22)), (None, Some(21)));
    }
}
