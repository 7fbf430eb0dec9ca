//! Progress of what takes longer than a second, on terminals.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::escape;
use crate::measure::session::{self, Task};

/// What takes less time is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often it is drawn.
const PULSE: Duration = Duration::from_millis(100);

/// Shows progress, unless it is to be quiet.
pub(super) struct Bars {
    pub(super) quiet: bool,
}

impl session::Progress for Bars {
    fn start(&self) -> Box<dyn Task + '_> {
        Box::new(Progress::start(self.quiet))
    }
}

/// A line on standard error that says what is going on.
struct Progress {
    shown: Arc<Shown>,
    drawing: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shown {
    text: Mutex<String>,
    is_over: AtomicBool,
}

impl Progress {
    /// Starts it; with `quiet` it never shows.
    fn start(quiet: bool) -> Self {
        let shown = Arc::<Shown>::default();
        let drawn = Arc::clone(&shown);
        let drawing = (!quiet).then(|| thread::spawn(move || draw(&drawn)));
        Self { shown, drawing }
    }
}

impl Task for Progress {
    fn say(&self, text: &str) {
        let mut shown = self.shown.text.lock().unwrap_or_else(PoisonError::into_inner);
        text.clone_into(&mut shown);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shown.is_over.store(true, Ordering::Relaxed);
        if let Some(drawing) = self.drawing.take() {
            let _ = drawing.join();
        }
    }
}

fn draw(shown: &Shown) {
    let start = Instant::now();
    // It draws nothing where standard error is not a terminal.
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    while !shown.is_over.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(10));
        if start.elapsed() >= PATIENCE {
            let text = shown.text.lock().unwrap_or_else(PoisonError::into_inner).clone();
            bar.set_message(escape::line(&text).into_owned());
            bar.tick();
            thread::sleep(PULSE);
        }
    }
    bar.finish_and_clear();
}
