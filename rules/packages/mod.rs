//! Package managers.

mod apt_command;
mod apt_recommended_packages;
mod apt_without_yes;
mod both_curl_and_wget;
mod unpinned_apk_package;
mod unpinned_apt_package;
mod unpinned_pip_package;

use crate::lint::Rule;

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
