//! Time per byte as files grow: `cargo bench --bench linear`. The figures in a row stay about the same where the
//! analysis takes linear time.

#![allow(clippy::print_stdout, reason = "it is a program")]

mod shapes;

use std::time::{Duration, Instant};

use layerwise::config::Settings;
use layerwise::session;
use layerwise::source::Source;
use shapes::SHAPES;

/// How many times the smallest input the inputs are.
const SIZES: [usize; 4] = [1, 4, 16, 64];

fn main() {
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    print!("{:34}", "nanoseconds a byte");
    SIZES.iter().for_each(|size| print!("{:>10}", format!("×{size}")));
    println!("{:>12}", "largest");
    for (name, text) in SHAPES {
        if only.as_ref().is_some_and(|it| !name.contains(it.as_str())) {
            continue;
        }
        print!("{name:34}");
        let mut bytes = 0;
        for size in SIZES {
            let text = text(50 * size);
            bytes = text.len();
            let time = measure(&text);
            print!("{:>10.1}", time.as_secs_f64() * 1e9 / bytes as f64);
        }
        println!("{:>9} kB", bytes / 1000);
    }
}

/// The fastest of a few runs.
fn measure(text: &str) -> Duration {
    let settings = Settings::default();
    let (mut best, started) = (Duration::MAX, Instant::now());
    while best == Duration::MAX || started.elapsed() < Duration::from_millis(300) {
        let source = Source::new("Dockerfile", text);
        let start = Instant::now();
        std::hint::black_box(session::check(source, &settings));
        best = best.min(start.elapsed());
    }
    best
}
