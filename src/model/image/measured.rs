//! What was measured in the layers of the image that a file builds.

/// Bytes that an image wastes, by the instructions that are at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasuredWaste {
    /// The index of the item in the list of the measurement.
    pub item: usize,
    /// The number of the class, from 1: see `measure::Class`.
    pub class: u8,
    /// File bytes.
    pub bytes: u64,
    /// The instruction whose layer holds the bytes, by index.
    pub made: usize,
    /// The instruction that should change, by index.
    pub fix: usize,
    /// Paths, or names of packages, with their bytes: the largest first.
    pub paths: Vec<(String, u64)>,
    /// What changed, where only metadata did.
    pub change: Option<&'static str>,
}
