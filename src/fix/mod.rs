//! Fixes: which of them can be applied together, their application, and the proof that a file still says the same.

mod apply;
mod edits;
mod proof;
mod settle;
mod silence;

pub use apply::{apply, choose};
pub use proof::{Broken, prove};
pub use settle::{Fixed, MAX_ROUNDS, Rejected, TOO_LARGE, settle};
pub use silence::{Reach, silence, silence_all};
