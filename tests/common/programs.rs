//! Which programs of the machine tests may start.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

/// Whether tests may start engines, browsers and editors. A plain `cargo test` starts no daemon on the machine of whoever runs it.
pub(crate) fn may_start(what: &str) -> bool {
    let may = std::env::var_os("LAYERWISE_TEST_PROGRAMS").is_some();
    if !may {
        eprintln!("skipped: {what} is started only if LAYERWISE_TEST_PROGRAMS is set");
    }
    may
}
