//! The language server from outside: the real program, through its standard input and output.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod actions;
mod equality;
#[cfg(feature = "images")]
mod measured;
mod names;
mod reading;
#[cfg(feature = "cache")]
mod replayed;
mod session;
mod signatures;
mod stages;
mod tokens;
mod writing;
