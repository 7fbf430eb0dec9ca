#![no_main]

#[path = "../../tests/oracles/mod.rs"]
mod oracles;

use oracles::grammar::{self, Choices};

// Behind this byte are choices between the alternatives of a grammar.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| match bytes.strip_prefix(b"\xff") {
    Some(choices) => oracles::image(&grammar::image(&mut Choices::new(choices))),
    None => oracles::image(bytes),
});
