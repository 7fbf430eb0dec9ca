//! What the default profile leaves to the strict one.

use layerwise::lint::Profile;

#[path = "../common/profiles.rs"]
mod common;

mod commands;
mod images;
mod packages;

use common::{assert_in_default, assert_only_strict, codes, helps};
