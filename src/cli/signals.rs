//! What a signal does: whatever is half written goes away, and whoever asked for it may end in order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once, OnceLock};

/// The exit code of a run that a signal ended.
const INTERRUPTED: i32 = 130;

/// Set by the first signal, if somebody looks at it.
static CANCEL: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Takes away what is half written.
static CLEAN_UP: OnceLock<fn()> = OnceLock::new();

/// From now on a signal leaves nothing behind that is half written: `clean_up` takes it away.
pub(super) fn watch(clean_up: fn()) {
    CLEAN_UP.get_or_init(|| clean_up);
    install();
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Without a handler the system stops the program, and may leave a file.
        let _ = ctrlc::set_handler(|| {
            let is_first = |flag: &Arc<AtomicBool>| !flag.swap(true, Ordering::Relaxed);
            if !CANCEL.get().is_some_and(is_first) {
                if let Some(clean_up) = CLEAN_UP.get() {
                    clean_up();
                }
                std::process::exit(INTERRUPTED);
            }
        });
    });
}

/// What the first signal sets, for work that ends in order; the second one ends the program at once.
#[cfg(feature = "images")]
pub(super) fn cancel() -> Arc<AtomicBool> {
    // Before there is a handler: a signal in between would be taken for the second one.
    let flag = Arc::clone(CANCEL.get_or_init(Arc::default));
    install();
    flag
}
