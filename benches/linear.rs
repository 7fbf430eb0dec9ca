//! Time per byte as files grow: `cargo bench --bench linear`. The figures in a row stay about the same where the
//! analysis takes linear time.

#![allow(clippy::print_stdout, reason = "it is a program")]

use std::time::{Duration, Instant};

use layerwise::config::Settings;
use layerwise::session;
use layerwise::source::Source;

/// How many times the smallest input the inputs are.
const SIZES: [usize; 4] = [1, 4, 16, 64];

/// An input that grows: its name, and its text for a size.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("many instructions", |n| {
        let lines = "RUN apt-get update && apt-get install -y curl\nENV A=b\nCOPY a /b\n";
        format!("FROM debian:12\n{}", lines.repeat(25 * n))
    }),
    ("many stages", |n| {
        let stage = |i: usize| format!("FROM debian:12 AS s{i}\nRUN make\nCOPY --from=s0 /a /b\n");
        (0..25 * n).map(stage).collect()
    }),
    ("many variables", |n| {
        let line = |i: usize| format!("ARG V{i}=x\nENV W{i}=$V{i}\n");
        format!("FROM debian:12\n{}", (0..25 * n).map(line).collect::<String>())
    }),
    ("one long RUN", |n| {
        let commands = " && \\\n    echo some words | tee /tmp/file".repeat(50 * n);
        format!("FROM debian:12\nRUN true{commands}\n")
    }),
    ("one long line", |n| format!("FROM debian:12\nRUN echo{}\n", " word".repeat(500 * n))),
    ("many packages", |n| {
        format!("FROM debian:12\nRUN apt-get install -y{}\n", " \\\n    package".repeat(200 * n))
    }),
    ("nested commands", |n| {
        // Deep nesting is cut off at a depth, so that only its length may grow.
        let nested = format!("echo {}x{}; ", "$(echo ".repeat(10), ")".repeat(10));
        format!("FROM debian:12\nRUN {}\n", nested.repeat(10 * n))
    }),
    ("heredocs", |n| {
        let heredoc = "RUN <<EOF\nset -e\nmake all\ncp a b\nEOF\n";
        format!("FROM debian:12\n{}", heredoc.repeat(40 * n))
    }),
    ("comments", |n| {
        let lines = "# layerwise ignore=DL3008 reason\nRUN apt-get install -y curl\n";
        format!("FROM debian:12\n{}", lines.repeat(25 * n))
    }),
    ("long lines in UTF-8", |n| format!("FROM debian:12\nLABEL a=\"{}\"\n", "ñ".repeat(2000 * n))),
];

fn main() {
    let only = std::env::args().skip(1).find(|it| !it.starts_with('-'));
    print!("{:22}", "nanoseconds a byte");
    SIZES.iter().for_each(|size| print!("{:>10}", format!("×{size}")));
    println!("{:>12}", "largest");
    for (name, text) in SHAPES {
        if only.as_ref().is_some_and(|it| !name.contains(it.as_str())) {
            continue;
        }
        print!("{name:22}");
        let mut bytes = 0;
        for size in SIZES {
            let text = text(size);
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
