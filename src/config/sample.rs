//! The file that `layerwise init config` writes.

/// A `layerwise.yaml` in which every key is in a comment, with an example.
pub const SAMPLE: &str = "\
# Settings of layerwise. Every key is optional: remove the `#` before those that you want to set.
# `layerwise config FILE` prints what holds for a Dockerfile, and where it comes from.

# The versions of layerwise that may read this file; others stop with an error.
# required-version: \">=0.1\"

# A file to build on, relative to this file.
# extends: ../layerwise.yaml

# How much is reported: default, strict (what hadolint, BuildKit and ShellCheck report) or audit.
# profile: default

# Rules are named by codes (DL3008), prefixes (LW1), families (hadolint, buildkit, shellcheck, layerwise),
# categories (packages, security, ...), ALL or DEFAULT; `layerwise rules` lists them.
# Only these rules:
# select: [hadolint, shellcheck]
# These rules too:
# extend-select: [LW303]
# Never these rules:
# ignore: [DL3008]

# The severity of rules: error, warning, info or style.
# severity:
#   DL3007: error

# The lowest severity that makes the exit code 1: error, warning, info, style or never.
# fail-on: info

# Findings that are known and not reported: a file that `layerwise check --write-baseline FILE` writes.
# baseline: layerwise-baseline.json

# Patterns as in .gitignore, from the folder of this file. Files that are checked whatever their names are:
# include: [\"images/*.txt\"]
# Files and folders that are left out:
# exclude: [vendor/]

# The only registries that images may come from.
# trusted-registries: [docker.io, ghcr.io]

# Labels that a stage must have, with the type of the value, and whether other labels are reported.
# label-schema:
#   org.opencontainers.image.source: url
# strict-labels: false

# Limits of the final image. All but max-layers are gates of `layerwise measure`.
# max-layers: 40
# max-size: 200MB
# max-waste: 5%
# min-efficiency: 0.95
# max-growth: 1MB
# Paths that are never counted as waste:
# ignore-paths: [/var/log/]

# Whether a comment that suppresses a finding must give a reason, and whether such comments are left aside.
# require-reason: false
# disable-ignore-comments: false

# What `docker build` is called with.
# build-args:
#   VERSION: \"3.10\"
# target: final

# Settings for some files; later entries override earlier ones.
# per-path:
#   - path: legacy/
#     ignore: [DL3006, DL3007]
#     fail-on: never
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::schema::KEYS;
    use crate::lint::Selector;
    use std::path::Path;

    #[test]
    fn every_key_has_an_example_that_can_be_read() {
        let selector = |word: &str| {
            let Ok(selector) = word.parse::<Selector>();
            Ok(selector)
        };
        let is_key = |line: &str| {
            let (key, _) = line.split_once(':').unwrap_or_default();
            KEYS.iter().any(|it| it.name == key)
        };
        let lines = SAMPLE.lines().filter_map(|it| it.strip_prefix("# "));
        let lines = lines.filter(|it| is_key(it) || it.starts_with("  "));
        let text: String = lines.map(|it| format!("{it}\n")).collect();
        for key in KEYS {
            assert!(
                text.lines().any(|it| it.starts_with(&format!("{}:", key.name))),
                "{}",
                key.name
            );
        }
        let read = Config::read(Path::new("x"), text.as_bytes(), &selector);
        assert!(read.is_ok(), "{read:?}\n{text}");
        let none = Config::read(Path::new("x"), SAMPLE.as_bytes(), &selector);
        assert_eq!(none, Ok(Config::default()));
    }
}
