//! Names of variables and users as instructions give them.

use crate::model::{Install, Model};
use crate::source::Span;
use crate::syntax::{Instruction, Kind, Part, Word};

/// A variable that is used in the ENV that sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedWhereSet {
    /// The variable.
    pub name: String,
    /// Where it is used.
    pub used: Span,
    /// Where the same ENV sets it.
    pub set: Span,
}

impl<'s> Instruction<'s> {
    /// The names that an ENV or ARG sets, in order; none for any other instruction.
    pub fn variable_names(&self) -> Vec<&Word<'s>> {
        match &self.kind {
            Kind::Env(list) => list.pairs.iter().map(|pair| &pair.key).collect(),
            Kind::Arg(list) => list.iter().map(|it| &it.name).collect(),
            _ => Vec::new(),
        }
    }
}

impl Model<'_> {
    /// The variables that an ENV uses in one pair and sets in another, and that nothing before it sets. A use with a
    /// its own default (`${A:-x}`) counts for nothing.
    pub fn used_where_set(&self, instruction: &Instruction<'_>) -> Vec<UsedWhereSet> {
        let Kind::Env(env) = &instruction.kind else { return Vec::new() };
        let mut found = Vec::new();
        for (index, pair) in env.pairs.iter().enumerate() {
            for part in &pair.value.parts {
                let Part::Var(var) = part else { continue };
                let mut others = env.pairs.iter().enumerate().filter(|(other, _)| *other != index);
                let set = others.find(|(_, other)| other.key.text.as_ref() == var.name);
                let Some((_, set)) = set else { continue };
                if var.op.is_none() && !self.is_set_before(instruction.id, &var.name) {
                    let (used, set) = (var.span, set.key.span);
                    found.push(UsedWhereSet { name: var.name.clone(), used, set });
                }
            }
        }
        found
    }

    /// Whether an ARG or ENV anywhere above an instruction defines a variable.
    fn is_set_before(&self, instruction: usize, name: &str) -> bool {
        // They are in order.
        self.scopes.everywhere(name).next().is_some_and(|it| it.instruction < instruction)
    }

    /// Whether an ARG anywhere above an instruction declares a variable.
    fn is_argument_before(&self, instruction: usize, name: &str) -> bool {
        self.scopes.first_argument(name).is_some_and(|first| first < instruction)
    }

    /// Whether the Dockerfile defines a variable for an install: by an ARG above it, or an ENV that it sees.
    pub fn is_defined_for(&self, install: &Install, name: &str) -> bool {
        let id = self.runs[install.run].id();
        self.scopes.look_up(id, name).is_some() || self.is_argument_before(id, name)
    }

    /// Whether a USER names its user by number, or by an ARG that is declared above it.
    pub fn is_user_by_number(&self, instruction: &Instruction<'_>, user: &Word<'_>) -> bool {
        let id = user.text.split(':').next().unwrap_or_default();
        let declared = |name: &str| self.is_argument_before(instruction.id, name);
        let by_argument =
            || user.variables().iter().any(|it| it.op.is_none() && declared(&it.name));
        (!id.is_empty() && id.bytes().all(|it| it.is_ascii_digit())) || by_argument()
    }
}
