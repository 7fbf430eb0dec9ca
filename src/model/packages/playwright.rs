//! Playwright's browsers (<https://playwright.dev/docs/browsers>).

use super::description::Description;
use super::inputs::Reads;
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "playwright",
    programs: &["playwright", "npx", "pnpx", "bunx"],
    installs: &[
        Grammar {
            names: &["playwright"],
            verbs: &["install", "install-deps"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            names: &["npx", "pnpx", "bunx"],
            prefix: &["playwright"],
            verbs: &["install", "install-deps"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    // The browsers are those of the version that is installed.
    inputs: |_| Reads::Named,
    ..Description::NONE
};
