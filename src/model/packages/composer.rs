//! Composer (<https://getcomposer.org/doc/03-cli.md>).

use super::description::{
    Advice, Cache, CachePath, Commands, Description, Development, Ecosystem, Fills, Scripts,
};
use super::inputs::{Reading, Reads};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "composer",
    programs: &["composer"],
    installs: &[
        Grammar {
            verbs: &["install", "require", "update", "create-project"],
            value_flags: &["-d", "--working-dir"],
            version: VersionStyle::Colon,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["global"],
            verbs: &["require"],
            version: VersionStyle::Colon,
            ..Grammar::NONE
        },
    ],
    names_have_slashes: true,
    commands: Commands {
        removes: &["remove", "rm", "uninstall"],
        cleans: &[Says::Words(&[&["clear-cache", "clearcache", "cc"]])],
        scripts: Scripts::With(&["run", "run-script", "exec"]),
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[
            CachePath { path: "/root/.composer/cache", what: "package archives" },
            CachePath { path: "/root/.cache/composer", what: "package archives" },
        ],
        others: &["/tmp/cache", "/root/.composer"],
        measured: &["~/.composer/cache/"],
        counts: true,
        variables: &["COMPOSER_CACHE_DIR", "COMPOSER_HOME", "XDG_CACHE_HOME"],
        avoided_by: &["no-cache", "dry-run"],
        advice: Advice {
            left: "add `--no-cache`, or end the `RUN` with `&& composer clear-cache`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    inputs,
    project: Some(Ecosystem {
        manifests: &["composer.json", "composer.lock"],
        how: "run `composer install --no-scripts --no-autoloader`",
        ..Ecosystem::NONE
    }),
    fills: Some(Fills { folder: "vendor", verbs: &["install", "update"], programs: &[] }),
    development: Some(Development {
        manifest: "composer.json",
        folders: &["vendor"],
        is_beside_manifest: true,
        flags: &["no-dev"],
        variables: &["COMPOSER_NO_DEV"],
        programs: &[
            "apache2-foreground",
            "php-fpm",
            "httpd-foreground",
            "apache2ctl",
            "frankenphp",
        ],
        verbs: &["install"],
        option: Some("--no-dev"),
        advice: "add `--no-dev`",
        copied: "install with `--no-dev` in a separate stage, and copy from it",
        ..Development::NONE
    }),
    seconds: &[("composer", 20.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    match () {
        () if it.operand("global") => it.named(),
        () if it.operand("install") => Reads::Manifests,
        () => Reads::Unknown,
    }
}
