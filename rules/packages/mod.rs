//! Package managers.

mod apt_command;
mod apt_recommended_packages;
mod apt_without_yes;
mod both_curl_and_wget;
mod unpinned_apk_package;
mod unpinned_apt_package;
mod unpinned_pip_package;

use crate::lint::Rule;
use crate::lint::prelude::{Context, Findings, Install};

/// The rules of this folder.
pub(super) const RULES: &[Rule] = &[
    apt_command::RULE,
    apt_recommended_packages::RULE,
    apt_without_yes::RULE,
    both_curl_and_wget::RULE,
    unpinned_apk_package::RULE,
    unpinned_apt_package::RULE,
    unpinned_pip_package::RULE,
];

/// Reports, once a RUN, the first package without a version among the installs that `counts` accepts.
fn report_unpinned(
    cx: &Context<'_>,
    findings: &mut Findings,
    help: &str,
    counts: impl Fn(&Install) -> bool,
) {
    for (_, installs) in cx.model.installs_by_run() {
        let installs = installs.iter().filter(|it| counts(it));
        let mut unpinned = installs.flat_map(|it| &it.packages).filter(|it| !it.pinned);
        let Some(package) = unpinned.next() else { continue };
        let more = match unpinned.count() {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        let message = format!("`{}`{more} is installed without a version", package.shown());
        findings.report(package.span, message).help(help);
    }
}
