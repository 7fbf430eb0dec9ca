//! When a test writes what it compares with.

/// Whether files that are compared with are written instead: `UPDATE=1`, but never where `CI` is set.
pub(crate) fn update() -> bool {
    std::env::var_os("UPDATE").is_some() && std::env::var_os("CI").is_none()
}
