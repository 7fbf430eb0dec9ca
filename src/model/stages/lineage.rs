//! Which stages are built on which: who is an ancestor of whom is known at once, however long the chain.

/// The stages as trees: each hangs on the stage that it is built on.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Lineage {
    /// The stage each stage is built on; an earlier one.
    parents: Vec<Option<usize>>,
    /// The first of the stages each stage is built on, perhaps itself.
    roots: Vec<usize>,
    /// The stages that are built right on each, in order.
    children: Vec<Vec<usize>>,
    /// When each stage is entered on a walk that goes from each stage through all that are built on it.
    enter: Vec<u32>,
    /// When the last stage that is built on it has been entered.
    exit: Vec<u32>,
}

impl Lineage {
    /// The trees for a list of parents. A stage that is not built on an earlier one is a root.
    pub(in crate::model) fn new(parents: impl Iterator<Item = Option<usize>>) -> Self {
        let parents: Vec<Option<usize>> =
            parents.enumerate().map(|(id, parent)| parent.filter(|it| *it < id)).collect();
        let mut sizes = vec![1_u32; parents.len()];
        for (id, parent) in parents.iter().enumerate().rev() {
            if let Some(parent) = *parent {
                sizes[parent] += sizes[id];
            }
        }
        let mut found = Self { parents, ..Self::default() };
        // Where the next stage that is built on a stage is entered.
        let mut next: Vec<u32> = Vec::with_capacity(sizes.len());
        let mut outside = 0;
        for (id, size) in sizes.iter().enumerate() {
            let parent = found.parents[id];
            let slot = parent.map_or(&mut outside, |it| &mut next[it]);
            let enter = *slot;
            *slot += size;
            next.push(enter + 1);
            found.enter.push(enter);
            found.exit.push(enter + size);
            found.children.push(Vec::new());
            if let Some(parent) = parent {
                found.children[parent].push(id);
            }
            found.roots.push(parent.map_or(id, |it| found.roots[it]));
        }
        found
    }

    /// The stage that a stage is built on.
    pub(in crate::model) fn parent(&self, stage: usize) -> Option<usize> {
        self.parents.get(stage).copied().flatten()
    }

    /// The first of the stages that a stage is built on; itself if it is built on an image.
    pub(in crate::model) fn root(&self, stage: usize) -> Option<usize> {
        self.roots.get(stage).copied()
    }

    /// The stages that are built right on a stage, in order.
    pub(in crate::model) fn children(&self, stage: usize) -> &[usize] {
        self.children.get(stage).map_or(&[], Vec::as_slice)
    }

    /// Whether `stage` is `ancestor` or built on it, through others or not.
    pub(in crate::model) fn is_on(&self, stage: usize, ancestor: usize) -> bool {
        let Some(enter) = self.enter.get(stage) else { return false };
        self.enter.get(ancestor).is_some_and(|start| start <= enter)
            && self.exit.get(ancestor).is_some_and(|end| enter < end)
    }

    /// When a stage and all that are built on it are entered.
    pub(in crate::model) fn span(&self, stage: usize) -> Option<(u32, u32)> {
        Some((*self.enter.get(stage)?, *self.exit.get(stage)?))
    }
}

#[cfg(test)]
mod tests {
    use super::Lineage;

    #[test]
    fn ancestors_are_known() {
        // 0 ← 1 ← 3, 0 ← 4, and 2 alone.
        let lineage = Lineage::new([None, Some(0), None, Some(1), Some(0), Some(9)].into_iter());
        let on = |stage: usize| {
            (0..6).filter(|ancestor| lineage.is_on(stage, *ancestor)).collect::<Vec<_>>()
        };
        assert_eq!(on(3), [0, 1, 3]);
        assert_eq!(on(4), [0, 4]);
        assert_eq!(on(2), [2]);
        assert_eq!(on(5), [5]);
        assert_eq!((lineage.children(0), lineage.children(3)), (&[1, 4][..], &[][..]));
        let roots: Vec<_> = (0..6).filter_map(|it| lineage.root(it)).collect();
        assert_eq!(roots, [0, 0, 2, 0, 0, 5]);
    }
}
