//! What the rules about the build context find, on folders as they are on disk.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../common/mod.rs"]
mod common;

mod ignore_files;
mod projects;
mod secrets;
mod sources;
mod weight;

use std::cell::RefCell;
use std::path::Path;

use common::{folder, layerwise, run};

thread_local! {
    /// What people see of all checks of a test.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Compares what people see of all checks of a test, one after another. `INSTA_UPDATE=always cargo test --test
/// context_rules` writes it.
fn compare(name: &str) {
    insta::assert_snapshot!(name, SHOWN.take());
}

/// `line:code` of all that LW4 rules find, and the whole report. What people see of it is compared at the end of the test.
fn found(folder: &Path, arguments: &[&str]) -> (String, String) {
    let base = ["check", "--no-config", "--select", "LW4,CopyIgnoredFile", "--format", "concise"];
    let (_, out, err) = run(layerwise(folder).args(base).args(arguments));
    assert_eq!(err.lines().filter(|it| it.starts_with("error")).count(), 0, "{err}");
    let full = ["check", "--no-config", "--select", "LW4,CopyIgnoredFile", "--quiet"];
    let (_, whole, _) = run(layerwise(folder).args(full).args(arguments));
    let arguments = arguments.join(" ");
    SHOWN.with_borrow_mut(|it| {
        let whole = whole.trim_end();
        let whole = if whole.is_empty() { "no findings" } else { whole };
        it.push_str(&format!("$ layerwise check {arguments}\n{whole}\n\n"));
    });
    let codes = out.lines().filter_map(|line| {
        let mut parts = line.splitn(4, ':');
        let (_, at, _, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(format!("{at}:{}", rest.split_whitespace().nth(1)?))
    });
    (codes.collect::<Vec<_>>().join(" "), out.clone())
}
