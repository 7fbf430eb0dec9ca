//! Whether a changed Dockerfile makes the same image, but for what was wasted.

use std::collections::HashSet;

use super::{Changed, How, Measured, Weight, compare};

/// What became of a changed Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was changed: the codes of the fixes, with how many of each; none where somebody else changed it.
    pub fixes: Vec<(&'static str, usize)>,
    /// What was predicted of the fixes whose waste was measured.
    pub predicted: Option<Weight>,
    /// What was built, or why it could not be.
    pub proof: Result<Proof, String>,
}

/// Two images side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What the image of the changed Dockerfile weighs.
    pub measured: Weight,
    /// Paths that a container sees otherwise, and that no one expected.
    pub different: Vec<Changed>,
    /// How many paths differ that were wasted before, or that each build makes again.
    pub left_aside: usize,
}

impl Verified {
    /// Whether it was proved that containers see the same.
    pub fn is_same(&self) -> bool {
        self.proof.as_ref().is_ok_and(|it| it.different.is_empty())
    }
}

/// Files and folders that two builds of one Dockerfile make differently.
const VARYING: &[&str] = &[
    "var/log/",
    "var/cache/",
    "var/lib/apt/lists/",
    "var/lib/dpkg/info/",
    "var/tmp/",
    "tmp/",
    "run/",
    "dev/",
    "proc/",
    "sys/",
    "root/.cache/",
    "etc/ld.so.cache",
    "etc/hosts",
    "etc/hostname",
    "etc/resolv.conf",
    "etc/mtab",
];

/// Endings of files with a time in them.
const VARYING_ENDINGS: &[&str] = &[".pyc", ".log", "-old"];

/// Whether a path is made again by each build: logs, caches, and files with times in them.
pub fn is_left_aside(path: &str) -> bool {
    let is_it = |it: &str| {
        path.starts_with(it) || it.strip_suffix('/').is_some_and(|folder| path == folder)
    };
    VARYING.iter().any(|it| is_it(it)) || VARYING_ENDINGS.iter().any(|it| path.ends_with(it))
}

/// Compares what containers of two images see.
pub fn prove(before: &Measured, after: &Measured, weight: Weight) -> Proof {
    let wasted: HashSet<&str> = before
        .waste
        .items
        .iter()
        .filter(|it| it.class.counts())
        .flat_map(|it| it.paths.iter().map(|it| it.0.as_str()))
        .collect();
    let is_expected = |it: &Changed| {
        is_left_aside(&it.path) || it.how == How::Removed && wasted.contains(it.path.as_str())
    };
    let (expected, different): (Vec<Changed>, Vec<Changed>) =
        compare(before, after).paths.into_iter().partition(is_expected);
    Proof { measured: weight, different, left_aside: expected.len() }
}

#[cfg(test)]
mod tests {
    use super::is_left_aside;

    #[test]
    fn what_builds_make_anew_is_left_aside() {
        for path in [
            "var/log/apt/term.log",
            "tmp",
            "usr/lib/x.pyc",
            "etc/ld.so.cache",
            "var/lib/dpkg/status-old",
        ] {
            assert!(is_left_aside(path), "{path}");
        }
        for path in ["usr/bin/x", "tmpfiles", "etc/passwd", "srv/data"] {
            assert!(!is_left_aside(path), "{path}");
        }
    }
}
