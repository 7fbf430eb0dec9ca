//! renv, of R (<https://rstudio.github.io/renv/>).

use super::description::{Description, Ecosystem};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "R",
    programs: &["R", "Rscript"],
    installs: &[Grammar {
        verbs: &["renv::restore()", "renv::restore(prompt = FALSE)", "renv::restore(prompt=FALSE)"],
        version: VersionStyle::At,
        ..Grammar::NONE
    }],
    project: Some(Ecosystem {
        manifests: &["renv.lock", ".Rprofile"],
        how: "run `renv::restore()`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};
