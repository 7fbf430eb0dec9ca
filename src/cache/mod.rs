//! What a builder's cache makes of a project's history: which steps run again at which commit, and why. Nothing is built:
//! keys are computed from a Dockerfile and the objects of git, by what real builders were seen to do.

mod archive;
mod builder;
mod causes;
mod cost;
pub mod dates;
mod differ;
mod explain;
mod facts;
mod flags;
mod generators;
pub mod git;
mod heredocs;
mod history;
mod kept;
mod key;
mod keys;
mod lines;
pub mod log;
pub mod manifest;
mod matching;
mod mounts;
mod moves;
mod orders;
mod origins;
mod paths;
mod plan;
mod replay;
mod select;
mod settings;
mod sources;
mod timings;
mod tree;
mod versions;

pub use builder::{Builder, Traits};
pub use causes::Cause;
pub use differ::{FileChange, How};
pub use explain::{Asked, Explanation, Inspect, Miss, Reason, Why, explain};
pub use generators::{GENERATORS, Generator};
pub use history::{CommitReport, History, Replays, Request, State, StepReport, replay, states};
pub use key::Key;
pub use keys::{Evaluation, Evaluator, Note, Pair, Snapshot, StepKeys};
pub use lines::{CauseCount, LineReport};
pub use moves::{Move, moves};
pub use orders::{Order, Saving, saving};
pub use origins::Written;
pub use paths::{dockerfiles, ignore_places};
pub use plan::{Fact, Input, Plan, Step, Taken, plan};
pub use replay::{Judged, Limits, Rebuilt, Replay};
pub use select::{Filter, Memory, Root, Selected, Selector};
pub use timings::Timings;
pub use tree::{Entry, Extra, Folder, Id, Kind, Lack, MadeTree, Objects, find};

#[cfg(test)]
mod tests;
