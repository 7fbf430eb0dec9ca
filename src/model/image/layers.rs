//! What each instruction adds to the image.

use crate::model::State;
use crate::syntax::{Instruction, Kind};

/// What an instruction adds to the image
/// (Docker's storage driver documentation: only instructions that change the file system make layers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A layer of files.
    Files,
    /// Only configuration, such as ENV or CMD.
    Metadata,
    /// Nothing: FROM, ARG, or an instruction that is broken.
    Nothing,
}

/// What one instruction adds, given the state before it.
pub(in crate::model) fn of(instruction: &Instruction<'_>, state: &State) -> Layer {
    match &instruction.kind {
        // WORKDIR makes the folder; `/` is there already.
        Kind::Workdir(word)
            if super::state::join(state.workdir.as_deref(), &word.text).as_deref() == Some("/") =>
        {
            Layer::Metadata
        }
        Kind::Run(_) | Kind::Copy(_) | Kind::Add(_) | Kind::Workdir(_) => Layer::Files,
        Kind::From(_) | Kind::Arg(_) | Kind::Invalid => Layer::Nothing,
        _ => Layer::Metadata,
    }
}
