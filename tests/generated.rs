//! What holds of any input, asked of input that is written by the rules of a grammar. `FUZZ_SECONDS=60 cargo test --release
//! --test generated` looks for a minute in each area.

mod oracles;

use std::time::{Duration, Instant};

use oracles::grammar::{self, Choices};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// As much as the threads have that check files.
const STACK_BYTES: usize = 16 << 20;

/// Asks of what is written by so many choices, at least so often, and for as long as is wanted.
fn ask<T: Into<Vec<u8>> + 'static>(
    least: u32,
    longest: usize,
    write: fn(&mut Choices<'_>) -> T,
    oracle: fn(&[u8]),
) {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|it| it.parse().ok()).unwrap_or(0);
    let work = move || {
        let end = Instant::now() + Duration::from_secs(seconds);
        let mut config = Config { cases: least, failure_persistence: None, ..Config::default() };
        config.max_shrink_time = 60_000;
        // The same cases each time, unless it is asked to look long.
        let mut runner = TestRunner::new_with_rng(
            config.clone(),
            TestRng::deterministic_rng(RngAlgorithm::ChaCha),
        );
        loop {
            let choices = vec(any::<u8>(), 0..longest);
            let asked = runner.run(&choices, |choices| {
                oracle(&write(&mut Choices::new(&choices)).into());
                Ok(())
            });
            if let Err(fault) = asked {
                panic!("{fault}");
            }
            if Instant::now() >= end {
                break;
            }
            runner = TestRunner::new(config.clone());
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work);
    if let Err(fault) = thread.expect("a thread can be started").join() {
        std::panic::resume_unwind(fault);
    }
}

#[test]
fn dockerfiles_are_parsed() {
    ask(2000, 300, grammar::dockerfile, oracles::parser);
}

#[test]
fn dockerfiles_are_checked_and_reported() {
    ask(240, 300, grammar::dockerfile, oracles::check);
}

#[test]
fn dockerfiles_are_fixed() {
    ask(75, 200, grammar::dockerfile, oracles::fix);
}

#[test]
fn shell_text_is_read() {
    ask(400, 120, grammar::shell, oracles::shell);
}

#[test]
fn patterns_are_matched() {
    ask(10_000, 60, grammar::ignore, oracles::ignore);
}

#[test]
fn settings_are_read() {
    ask(1200, 60, grammar::configuration, oracles::configuration);
}

#[test]
fn images_are_read() {
    ask(1000, 120, grammar::image, oracles::image);
}

#[cfg(feature = "cache")]
#[test]
fn logs_are_explained() {
    ask(2000, 120, grammar::log, oracles::log);
}

#[test]
fn histories_are_aligned() {
    ask(400, 200, grammar::history, oracles::history);
}

#[test]
fn projects_are_checked() {
    ask(100, 300, grammar::project, oracles::project);
}

#[test]
fn editors_are_served() {
    ask(60, 250, grammar::lsp, oracles::lsp);
}
