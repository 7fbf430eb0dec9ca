//! How much work was done, for tests of growth: time on a busy machine says little, a count says it exactly. Nothing is
//! counted in optimized builds.

#[cfg(debug_assertions)]
thread_local! {
    static DONE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Notes that so many steps were done. What asks about one command, path or variable of a file counts one.
#[inline]
pub fn count(steps: usize) {
    #[cfg(debug_assertions)]
    DONE.with(|it| it.set(it.get() + steps as u64));
    #[cfg(not(debug_assertions))]
    let _ = steps;
}

/// The steps that this thread has done so far; none where nothing is counted.
pub fn counted() -> Option<u64> {
    #[cfg(debug_assertions)]
    return Some(DONE.with(std::cell::Cell::get));
    #[cfg(not(debug_assertions))]
    return None;
}
