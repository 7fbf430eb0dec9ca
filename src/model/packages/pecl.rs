//! pecl, pear, and the scripts of PHP's images (<https://hub.docker.com/_/php>).

use super::description::Description;
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "pecl",
    programs: &["docker-php-ext-install", "pear", "pecl"],
    installs: &[
        Grammar {
            names: &["pecl", "pear"],
            verbs: &["install"],
            value_flags: &["-D", "--configureoptions"],
            version: VersionStyle::Dash,
            ..Grammar::NONE
        },
        Grammar {
            names: &["docker-php-ext-install"],
            bare: true,
            value_flags: &["-j"],
            version: VersionStyle::Dash,
            ..Grammar::NONE
        },
    ],
    ..Description::NONE
};
