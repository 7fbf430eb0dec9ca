//! Stages: their graph, their names, what is beneath an instruction and what reaches the image.

pub(super) mod chain;
pub(super) mod lineage;
pub(super) mod reach;
pub(super) mod relations;
pub(super) mod stage;
pub(super) mod stage_names;
pub(super) mod trail;
pub(super) mod two_stages;
