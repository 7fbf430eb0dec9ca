//! Inputs from the rules by which they are written: bytes choose between the alternatives, and when they are used up the
//! first one is taken, which ends soon.

mod dockerfile;
mod image;
#[cfg(feature = "cache")]
mod log;
mod project;
mod settings;
mod shell;

pub(crate) use dockerfile::dockerfile;
pub(crate) use image::{history, image};
#[cfg(feature = "cache")]
pub(crate) use log::log;
pub(crate) use project::{lsp, project};
pub(crate) use settings::{configuration, ignore};
pub(crate) use shell::shell;

/// Choices, read from bytes.
pub(crate) struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    fn below(&mut self, most: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % most
    }

    fn pick<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.below(list.len())]
    }

    /// Whether something happens that happens once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    fn join(
        &mut self,
        most: usize,
        between: &str,
        mut each: impl FnMut(&mut Self) -> String,
    ) -> String {
        let count = self.below(most) + 1;
        (0..count).map(|_| each(self)).collect::<Vec<_>>().join(between)
    }
}

const PATHS: &[&str] = &[
    ".",
    "a",
    "/app",
    "/app/",
    "package.json",
    "package*.json",
    "src/",
    "/var/lib/apt/lists/*",
    "/tmp/x",
    "/etc/passwd",
    "../up",
    "a b",
    "$HOME/x",
    "~/.cache",
    "requirements.txt",
    "x.tar.gz",
    "/",
    "ñ",
    "C:\\app",
    "\"/q q\"",
    "*",
];
const NAMES: &[&str] = &[
    "A",
    "PATH",
    "TOKEN",
    "DEBIAN_FRONTEND",
    "NODE_ENV",
    "VERSION",
    "http_proxy",
    "a-b",
    "é",
    "PASSWORD",
    "BASE",
    "1X",
];
