//! All that a file writes, found by instruction, by path and by what deletes it.

use std::collections::HashMap;

use super::path_table::{self, PathTable};
use super::paths::covers;
use crate::model::{Model, Write};

/// All that a file writes, with what is asked for.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Writes {
    list: Vec<Write>,
    /// The places in the list by instruction, and by the RUN that deletes them first.
    of: HashMap<usize, Vec<usize>>,
    deleted_in: HashMap<usize, Vec<usize>>,
    /// The paths with their places in the list.
    paths: Vec<(String, usize)>,
}

/// How many of the files that are in one folder are looked at. No real file has as many.
const MOST_IN_FOLDER: usize = 32;

impl Model<'_> {
    /// What the instructions bring into the image, in no special order; ONBUILD is left out.
    pub fn writes(&self) -> &[Write] {
        &self.all_writes().list
    }

    fn all_writes(&self) -> &Writes {
        self.found.written.get_or_init(|| {
            let mut list = self.find_writes();
            let mut deletions = PathTable::default();
            let sure = self.deletions.iter().enumerate();
            sure.for_each(|(number, it)| deletions.push(&it.path, number));
            for write in &mut list {
                let is_before = |number: &usize| {
                    let it = &self.deletions[*number];
                    let id = self.runs[it.run].id();
                    let same = || write.command.is_none_or(|at| at < it.command);
                    !(id > write.instruction || (id == write.instruction && same()))
                };
                let lists = deletions.covering(&write.path);
                let first = lists.filter_map(|list| list.get(list.partition_point(is_before)));
                let first = first.min().map(|it| &self.deletions[*it]);
                write.deleted = first.map(|it| (it.run, it.command));
            }
            Writes::new(list)
        })
    }

    /// What an instruction brings into the image.
    pub fn writes_of(&self, instruction: usize) -> impl DoubleEndedIterator<Item = &Write> {
        let all = self.all_writes();
        all.of.get(&instruction).into_iter().flatten().map(|it| &all.list[*it])
    }

    /// What commands of a RUN delete and nothing has deleted before.
    pub fn writes_deleted_in(&self, run: usize) -> impl DoubleEndedIterator<Item = &Write> {
        let all = self.all_writes();
        all.deleted_in.get(&run).into_iter().flatten().map(|it| &all.list[*it])
    }

    /// What is written to one of the paths, which may have wildcards, or beneath it; in the order of [`Self::writes`].
    pub fn writes_in<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> impl DoubleEndedIterator<Item = &Write> {
        let all = self.all_writes();
        let mut found: Vec<usize> = Vec::new();
        for path in paths {
            let (start, _) = path_table::key(path);
            let from = all.paths.partition_point(|it| it.0 < start);
            let inside = all.paths[from..].iter().take_while(|it| it.0.starts_with(&start));
            let inside = inside.take(MOST_IN_FOLDER).map(|it| it.1);
            found.extend(inside.filter(|it| covers(path, &all.list[*it].path)));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|it| &all.list[it])
    }

    /// Whether what was written is deleted again before a command, given by the indices of its RUN and of itself.
    pub fn is_deleted_before(&self, write: &Write, run: usize, command: usize) -> bool {
        write.deleted.is_some_and(|it| it < (run, command))
    }
}

impl Writes {
    fn new(list: Vec<Write>) -> Self {
        let mut all = Self::default();
        for (at, it) in list.iter().enumerate() {
            all.of.entry(it.instruction).or_default().push(at);
            if let Some((run, _)) = it.deleted {
                all.deleted_in.entry(run).or_default().push(at);
            }
            all.paths.push((path_table::whole(&it.path), at));
        }
        all.paths.sort_unstable();
        all.list = list;
        all
    }
}
