//! Which programs of the machine tests may start.

#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::io;
use std::process::Output;

/// Whether tests may start engines, browsers and editors. A plain `cargo test` starts no daemon on the machine of whoever runs it.
pub(crate) fn may_start(what: &str) -> bool {
    let may = std::env::var_os("LAYERWISE_TEST_PROGRAMS").is_some();
    if !may {
        eprintln!("skipped: {what} is started only if LAYERWISE_TEST_PROGRAMS is set");
    }
    may
}

/// What buildah prints. It seals a copy of itself in memory, which Linux refuses while it moves one of its pages: then it is
/// called again.
pub(crate) fn repeated(mut call: impl FnMut() -> io::Result<Output>) -> io::Result<Output> {
    let mut output = call()?;
    for _ in 0..3 {
        if String::from_utf8_lossy(&output.stderr).contains("sealing memfd copy") {
            output = call()?;
        }
    }
    Ok(output)
}
