//! What the stages say about each other and about themselves: what precedes an instruction in its stage and the
//! stages it is built on, which instructions replace earlier ones, which names repeat.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::files::transfers::is_relative;
use crate::model::variables::undefined::MOST_COMPARED;
use crate::model::{Base, Model, Stage};
use crate::source::{Source, Span};
use crate::syntax::{Instruction, Keyword, Kind, Transfer, Word};

impl<'s> Model<'s> {
    /// The instructions of which the instruction sees the effect, nearest first: those before it in its stage, then
    /// those of the stages that one is built on.
    pub fn preceding(&self, instruction: usize) -> impl Iterator<Item = &'s Instruction<'s>> {
        let base = |stage: &&Stage<'s>| match stage.base {
            Base::Stage(base) => self.stages.get(base),
            _ => None,
        };
        let chain = std::iter::successors(self.stage_of(instruction), base);
        chain.flat_map(move |stage| {
            let Range { start, end } = stage.instructions;
            self.doc.instructions[start..end.min(instruction).max(start)].iter().rev()
        })
    }

    /// Whether a WORKDIR of this file is in force at the instruction.
    pub fn has_workdir(&self, instruction: usize) -> bool {
        self.states.get(instruction).is_some_and(|it| it.has_workdir)
    }

    /// Whether only the base image decides where a COPY or ADD puts things: its destination is relative, and no WORKDIR of
    /// this file is in force.
    pub fn lands_by_base(&self, instruction: usize, transfer: &Transfer<'_>) -> bool {
        is_relative(&transfer.destination) && !self.has_workdir(instruction)
    }

    /// The instructions of that keyword that a later one of the same stage replaces: (earlier, later), each earlier
    /// one with the next.
    pub fn overridden(&self, keyword: Keyword) -> Vec<(&'s Instruction<'s>, &'s Instruction<'s>)> {
        let mut found = Vec::new();
        for stage in &self.stages {
            let all = self.doc.instructions[stage.instructions.clone()].iter();
            let same: Vec<_> = all.filter(|it| it.keyword == keyword).collect();
            found.extend(same.windows(2).map(|pair| (pair[0], pair[1])));
        }
        found
    }

    /// The stages whose name an earlier one has already, each with the first of that name.
    pub fn repeated_names(&self) -> Vec<(&Stage<'s>, &Stage<'s>)> {
        let mut named: HashMap<&str, &Stage<'s>> = HashMap::new();
        let repeats = self.stages.iter().filter_map(|stage| {
            let first = *named.entry(stage.name.as_deref()?).or_insert(stage);
            (first.id < stage.id).then_some((first, stage))
        });
        repeats.collect()
    }

    /// The stage that a name or index means at an instruction: one up to and including its own.
    pub fn stage_called(&self, instruction: usize, name: &str) -> Option<&Stage<'s>> {
        let own = self.stage_of(instruction)?;
        self.last_stage_called(name, own.id).and_then(|id| self.stages.get(id))
    }

    /// Where stages are called by a name with capital letters, by stage.
    pub fn cased_references(&self) -> HashMap<usize, Vec<Span>> {
        let mut found: HashMap<usize, Vec<Span>> = HashMap::new();
        let mut named: HashMap<&str, usize> = HashMap::new();
        for stage in &self.stages {
            // FROM looks at the stages above it, the others at their own too.
            note(&mut found, &named, self.doc.source, &stage.from.image);
            named.extend(stage.name.as_deref().map(|it| (it, stage.id)));
            for instruction in &self.doc.instructions[stage.instructions.clone()] {
                let by_flag = instruction.flag("from").and_then(|it| it.value.as_ref());
                let mounts = match &instruction.kind {
                    Kind::Run(it) => &it.mounts[..],
                    _ => &[],
                };
                let by_mounts = mounts.iter().filter_map(|it| it.option("from"));
                for word in by_flag.into_iter().chain(by_mounts) {
                    note(&mut found, &named, self.doc.source, word);
                }
            }
        }
        found
    }

    /// The name of an earlier stage that a name was probably meant to be.
    pub fn near_stage(&self, instruction: usize, name: &str) -> Option<&str> {
        let own = self.stage_of(instruction)?;
        let names = self.stages[..own.id].iter().filter_map(|it| it.name.as_deref());
        names
            .rev()
            .take(MOST_COMPARED)
            .find(|it| crate::model::variables::undefined::is_near_miss(name, it))
    }
}

/// Notes a word that calls a stage by a name with capital letters.
fn note(
    found: &mut HashMap<usize, Vec<Span>>,
    named: &HashMap<&str, usize>,
    source: &Source,
    word: &Word<'_>,
) {
    let text = source.slice(word.span);
    let lower = text.to_lowercase();
    if lower != text
        && let Some(stage) = named.get(lower.as_str())
    {
        found.entry(*stage).or_default().push(word.span);
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{BuildOptions, Model};
    use crate::source::Source;
    use crate::syntax::{self, Keyword};

    const TEXT: &str = "FROM a AS one\nWORKDIR /x\nCMD [\"1\"]\nCMD [\"2\"]\nCMD [\"3\"]\n\
                        FROM one AS two\nCMD [\"4\"]\nFROM b AS ONE\nRUN x\n";

    #[test]
    fn a_stage_sees_what_it_is_built_on() {
        let source = Source::new("Dockerfile", TEXT);
        let doc = syntax::parse(&source);
        let model = Model::build(&doc, &BuildOptions::default());
        let seen: Vec<_> = model.preceding(6).map(|it| it.id).collect();
        assert_eq!(seen, [5, 4, 3, 2, 1, 0]);
        assert!(model.has_workdir(6) && !model.has_workdir(8));
        let replaced: Vec<_> =
            model.overridden(Keyword::Cmd).iter().map(|(a, b)| (a.id, b.id)).collect();
        assert_eq!(replaced, [(2, 3), (3, 4)]);
        let repeats: Vec<_> = model.repeated_names().iter().map(|(a, b)| (a.id, b.id)).collect();
        assert_eq!(repeats, [(0, 2)]);
        assert_eq!(model.stage_called(6, "One").map(|it| it.id), Some(0));
        assert_eq!(model.stage_called(1, "two").map(|it| it.id), None);
    }
}
