//! Panics of the shell parser cost one text and are caught: without this, libFuzzer would end the process at each of them.

/// Leaves those panics to layerwise, and all others to libFuzzer.
pub fn leave() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !layerwise::shell::is_guarded() {
            hook(info);
        }
    }));
}
