//! Four times the input costs less than five times the work, whatever a file repeats.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use layerwise::config::Settings;
use layerwise::lint::Profile;
use layerwise::session;
use layerwise::source::{Source, work};

/// The steps that the check of a text takes, all rules on.
fn work_of(text: String) -> u64 {
    let mut settings = Settings::default();
    settings.lint.profile = Profile::Audit;
    let before = work::counted().unwrap_or_default();
    std::hint::black_box(session::check(Source::new("Dockerfile", text), &settings));
    work::counted().unwrap_or_default() - before
}

#[test]
fn work_grows_with_the_size_of_the_file() {
    const SIZE: usize = 60;
    let mut faults = Vec::new();
    for (name, text) in shapes::SHAPES {
        eprintln!("{name}");
        let (small, large) = (work_of(text(SIZE)), work_of(text(4 * SIZE)));
        if large > 5 * small.max(200) {
            faults.push(format!("{name}: {small} steps, {large} for four times as much"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
