//! Labels: what each stage carries, and what the values are.

use std::collections::HashSet;

use crate::model::{Base, Model, Stage};
use crate::source::Span;
use crate::syntax::{Keyword, Kind, Word};

/// One `key=value` of a LABEL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The key without quotes.
    pub key: String,
    /// Where the key is.
    pub key_span: Span,
    /// The value, where the file alone decides it.
    pub value: Option<String>,
    /// Where the value is; the key where there is none.
    pub value_span: Span,
}

impl Model<'_> {
    /// The labels of each LABEL instruction, in order.
    pub fn labels(&self) -> Vec<Vec<Label>> {
        let mut found = Vec::new();
        for instruction in &self.doc.instructions {
            let Kind::Label(labels) = &instruction.kind else { continue };
            let pairs = labels.pairs.iter().map(|pair| {
                let value = self.scopes.resolve(instruction.id, &pair.value);
                let span = pair.value.span;
                Label {
                    key: unquoted(&pair.key).to_owned(),
                    key_span: pair.key.span,
                    value: value.certain.then_some(value.text),
                    value_span: if span.is_empty() { pair.key.span } else { span },
                }
            });
            found.push(pairs.collect());
        }
        found
    }

    /// The stages that carry no label of that key: neither they nor a stage they are built on set it. Stages that are
    /// the base of one that sets it, and those whose files alone are taken, are left out.
    pub fn stages_without_label(&self, key: &str) -> Vec<&Stage<'_>> {
        let sets = |stage: &Stage<'_>| {
            self.doc.instructions[stage.instructions.clone()].iter().any(|it| match &it.kind {
                Kind::Label(labels) => labels.pairs.iter().any(|it| unquoted(&it.key) == key),
                _ => false,
            })
        };
        let mut without = self.stages_that_lack(&sets);
        let taken: HashSet<usize> =
            self.stages.iter().flat_map(|it| it.takes_from.iter().copied()).collect();
        without.retain(|stage| !taken.contains(&stage.id));
        without
    }

    /// The stages that have no instruction of that keyword: neither they nor a stage they are built on, nor one that is
    /// built on them.
    pub fn stages_without(&self, keyword: Keyword) -> Vec<&Stage<'_>> {
        self.stages_that_lack(&|stage| {
            let range = stage.instructions.clone();
            self.doc.instructions[range].iter().any(|it| it.keyword == keyword)
        })
    }

    /// The stages that neither have something, nor are built on one that has it, nor are the base of one that has it.
    fn stages_that_lack(&self, has: &dyn Fn(&Stage<'_>) -> bool) -> Vec<&Stage<'_>> {
        let mut have: Vec<bool> = self.stages.iter().map(has).collect();
        let own = have.clone();
        for stage in &self.stages {
            if let Base::Stage(base) = stage.base {
                have[stage.id] |= have[base];
            }
        }
        // A base is good where a stage on it has what it lacks.
        let mut above = own;
        for stage in self.stages.iter().rev() {
            if above[stage.id]
                && let Base::Stage(base) = stage.base
                && base < stage.id
            {
                above[base] = true;
                have[base] = true;
            }
        }
        self.stages.iter().filter(|stage| !have[stage.id]).collect()
    }
}

/// A key without quotes.
fn unquoted<'w>(key: &'w Word<'_>) -> &'w str {
    key.text.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use crate::model::tests::of;
    use crate::syntax::Keyword;

    #[test]
    fn values_are_known_where_the_file_decides_them() {
        let text = "ARG A\nFROM a\nARG A\nENV B=1\nLABEL 'x'=\"y z\" b=$B a=$A\n";
        of(text, |model| {
            let labels = model.labels().remove(0);
            let values: Vec<_> =
                labels.iter().map(|it| (it.key.as_str(), it.value.as_deref())).collect();
            assert_eq!(values, [("x", Some("y z")), ("b", Some("1")), ("a", None)]);
        });
    }

    #[test]
    fn what_a_stage_lacks_can_come_from_below_or_above() {
        let text =
            "FROM a AS base\nFROM base AS one\nHEALTHCHECK NONE\nFROM one\nFROM base\nFROM b\n";
        of(text, |model| {
            let lacking: Vec<_> =
                model.stages_without(Keyword::Healthcheck).iter().map(|it| it.id).collect();
            assert_eq!(lacking, [3, 4]);
        });
    }
}
