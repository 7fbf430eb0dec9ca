#![no_main]

#[path = "../../tests/oracles/mod.rs"]
mod oracles;

mod guarded;

use oracles::grammar::{self, Choices};

// Behind this byte are choices between the alternatives of a grammar.
libfuzzer_sys::fuzz_target!(init: guarded::leave(), |bytes: &[u8]| match bytes.strip_prefix(b"\xff") {
    Some(choices) => oracles::history(grammar::history(&mut Choices::new(choices)).as_bytes()),
    None => oracles::history(bytes),
});
