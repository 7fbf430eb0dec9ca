//! What is wasted in an image.

use super::class::Class;
use super::tree::Place;

/// One reason at one pair of layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The reason.
    pub class: Class,
    /// File bytes.
    pub bytes: u64,
    /// The layer that holds the bytes, by index.
    pub made_in: usize,
    /// The layer whose instruction should change, by index.
    pub fix_in: usize,
    /// The paths, or the names of packages, with their bytes: the largest first.
    pub paths: Vec<(String, u64)>,
    /// What happened to them, where that can be reported: `mode`, `owner`, `attributes`, `times`.
    pub change: Option<&'static str>,
    /// The entries with the bytes; none where packages or layers are meant.
    pub places: Vec<Place>,
}

/// All that is wasted in an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waste {
    /// The reasons, the largest first.
    pub items: Vec<Item>,
    /// The bytes that count, of the layers above the base.
    pub own: u64,
    /// The bytes that count, of the base.
    pub inherited: u64,
}
