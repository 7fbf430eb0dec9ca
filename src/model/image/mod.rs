//! The image: what it is based on, what runs in it, as whom, and what each instruction adds.

pub(super) mod accounts;
pub(super) mod base_system;
pub(super) mod buildkit;
pub(super) mod casing;
pub(super) mod descriptions;
pub(super) mod entry;
pub(super) mod expose;
pub(super) mod image_ref;
pub(super) mod images;
pub(super) mod json_slips;
pub(super) mod labels;
pub(super) mod layers;
pub(super) mod measured;
pub(super) mod official;
pub(super) mod platform;
pub(super) mod purpose;
pub(super) mod refused;
pub(super) mod rights;
pub(super) mod state;
