//! Bundler (<https://bundler.io/man/bundle-install.1.html>).

use super::description::{Alone, Cache, Commands, Description, Development, Ecosystem, Scripts};
use super::{Grammar, VersionStyle, gem};

pub(super) static DESCRIPTION: Description = Description {
    name: "bundler",
    programs: &["bundle", "bundler"],
    installs: &[Grammar {
        verbs: &["install"],
        bare: true,
        value_flags: &[
            "--jobs",
            "-j",
            "--without",
            "--with",
            "--path",
            "--retry",
            "--gemfile",
            "--binstubs",
        ],
        version: VersionStyle::Colon,
        ..Grammar::NONE
    }],
    compiles_extensions: true,
    commands: Commands { scripts: Scripts::With(&["exec"]), ..Commands::NONE },
    cache: Cache { folders: gem::FOLDERS, measured: gem::MEASURED, ..Cache::NONE },
    alone: Alone::Always,
    project: Some(Ecosystem {
        manifests: &["Gemfile", "Gemfile.lock"],
        settings: &[".ruby-version", ".tool-versions"],
        others: &["*.gemspec", "vendor/cache"],
        ..Ecosystem::NONE
    }),
    development: Some(Development {
        manifest: "Gemfile",
        flags: &["without", "deployment"],
        variables: &["BUNDLE_WITHOUT", "BUNDLE_DEPLOYMENT"],
        production: &["RAILS_ENV", "RACK_ENV"],
        advice: "set `BUNDLE_WITHOUT=development:test`",
        ..Development::NONE
    }),
    seconds: &[("bundle", 40.0)],
    ..Description::NONE
};
