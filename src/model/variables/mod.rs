//! Variables of the builder and of the shell: where they are set, what they hold, and who misses them.

pub(super) mod lost;
pub(super) mod names;
pub(super) mod scope;
pub(super) mod secrets;
pub(super) mod undefined;
pub(super) mod unset;
pub(super) mod varying;
pub(super) mod volatile;
pub(super) mod volatile_names;
