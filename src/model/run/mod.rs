//! RUN instructions: their shell, their commands, how they are joined and edited.

pub(super) mod base_shell;
pub(super) mod cd;
pub(super) mod chores;
pub(super) mod edits;
pub(super) mod idle;
pub(super) mod joins;
pub(super) mod misplaced;
pub(super) mod pipefail;
pub(super) mod pipes;
pub(super) mod rewrites;
pub(super) mod runs;
pub(super) mod shell_state;
pub(super) mod touches;
pub(super) mod unchecked;
