//! Names of build arguments and variables whose value differs from build to build.

use crate::source::Span;
use crate::syntax::{Instruction, Kind};

/// Whether a value by its name differs from build to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Kindness {
    Always,
    /// Only where it is what the caller releases.
    Released,
}

fn volatility(name: &str) -> Option<Kindness> {
    let bare: String =
        name.chars().filter(|it| *it != '_').collect::<String>().to_ascii_uppercase();
    let commit = bare.strip_suffix("COMMIT").is_some_and(|it| COMMIT_STARTS.contains(&it));
    if VOLATILE.binary_search(&bare.as_str()).is_ok()
        || commit
        || COMMIT_ENDS.iter().any(|it| bare.ends_with(it))
    {
        Some(Kindness::Always)
    } else {
        RELEASED.binary_search(&bare.as_str()).is_ok().then_some(Kindness::Released)
    }
}

/// Names of values that differ from build to build: those of the Open Containers labels' usual arguments and of CI
/// systems' variables. Sorted, without `_`. Names such as `CACHEBUST` are in their place on purpose, and programs look for
/// `SOURCE_DATE_EPOCH` by themselves.
const VOLATILE: &[&str] = &[
    "BUILDDATE",
    "BUILDDATETIME",
    "BUILDHASH",
    "BUILDID",
    "BUILDNO",
    "BUILDNUM",
    "BUILDNUMBER",
    "BUILDREF",
    "BUILDREV",
    "BUILDREVISION",
    "BUILDSHA",
    "BUILDTIME",
    "BUILDTIMESTAMP",
    "CIPIPELINEID",
    "COMMIT",
    "GITHASH",
    "GITHEAD",
    "GITHUBRUNID",
    "GITHUBRUNNUMBER",
    "GITHUBSHA",
    "GITREF",
    "GITREV",
    "GITREVISION",
    "GITSHA",
    "GITSHA1",
    "SOURCEREVISION",
    "VCSREF",
    "VCSREVISION",
];

/// How names end that say a commit: `BUILD_COMMIT_SHA`, `GIT_COMMIT`, `SOURCE_COMMIT`. Without `_`.
const COMMIT_ENDS: &[&str] =
    &["COMMITHASH", "COMMITID", "COMMITREF", "COMMITREV", "COMMITSHA", "COMMITSHORTSHA"];

/// How names of commits start that end in `COMMIT`.
const COMMIT_STARTS: &[&str] =
    &["APP", "BUILD", "CI", "GIT", "HEAD", "SOURCE", "SRC", "TRAVIS", "VCS"];

/// Names of what is released, which differ from build to build where the caller gives them and nothing is downloaded by
/// them. Sorted, without `_`.
const RELEASED: &[&str] = &[
    "APPRELEASE",
    "APPVERSION",
    "BRANCH",
    "BUILDVERSION",
    "GITBRANCH",
    "GITTAG",
    "IMAGETAG",
    "IMAGEVERSION",
    "PROJECTVERSION",
    "RELEASE",
    "RELEASEVERSION",
    "SERVICEVERSION",
    "VCSBRANCH",
    "VERSION",
];

/// Defaults that stand for a version which the caller gives.
pub(in crate::model) const STAND_INS: &[&str] = &[
    "",
    "0",
    "0.0.0",
    "0.0.0-dev",
    "0.0.1",
    "canary",
    "dev",
    "development",
    "edge",
    "head",
    "latest",
    "local",
    "main",
    "master",
    "n/a",
    "nightly",
    "none",
    "null",
    "snapshot",
    "undefined",
    "unknown",
    "unreleased",
    "unset",
];

/// The volatile names that an ARG or ENV declares, each with its place.
pub(in crate::model) fn declared(instruction: &Instruction<'_>) -> Vec<(String, Span, Kindness)> {
    match &instruction.kind {
        Kind::Arg(list) => list
            .iter()
            .filter_map(|it| {
                Some((it.name.text.to_string(), it.name.span, volatility(&it.name.text)?))
            })
            .collect(),
        // A constant changes only with the file.
        Kind::Env(env) => env
            .pairs
            .iter()
            .filter(|it| !it.value.variables().is_empty())
            .filter_map(|it| {
                Some((it.key.text.to_string(), it.key.span, volatility(&it.key.text)?))
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{COMMIT_ENDS, RELEASED, VOLATILE};

    #[test]
    fn the_tables_are_sorted() {
        assert!(VOLATILE.is_sorted() && RELEASED.is_sorted() && COMMIT_ENDS.is_sorted());
    }
}
