//! conda, mamba and micromamba (<https://docs.conda.io/projects/conda/en/stable/commands>).

use super::description::{Advice, Cache, CachePath, Commands, Description};
use super::inputs::{Reading, Reads};
use super::{Grammar, Says, VersionStyle};
use crate::model::files::writes::value_of;

pub(super) static DESCRIPTION: Description = Description {
    name: "conda",
    programs: &["conda", "mamba", "micromamba"],
    installs: &[
        Grammar {
            verbs: &["install", "create", "update"],
            value_flags: &["-c", "--channel", "-n", "--name", "-p", "--prefix", "-f", "--file"],
            version: VersionStyle::Equals,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["env"],
            verbs: &["create", "update"],
            value_flags: &["-f", "--file", "-n", "--name", "-p", "--prefix"],
            version: VersionStyle::Equals,
            ..Grammar::NONE
        },
    ],
    commands: Commands {
        removes: &["remove", "uninstall"],
        cleans: &[Says::Words(&[&["clean"]])],
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/opt/conda/pkgs", what: "packages" }],
        others: &["/root/.conda/pkgs", "/opt/miniconda/pkgs", "/root/miniconda3/pkgs"],
        counts: true,
        variables: &["CONDA_PKGS_DIRS", "MAMBA_PKGS_DIRS"],
        avoided_by: &["dry-run", "offline"],
        advice: Advice {
            clean_up: Some("{tool} clean -afy"),
            left: "end the `RUN` with `&& conda clean -afy`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    inputs,
    seconds: &[("conda", 60.0), ("mamba", 40.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    match value_of(it.command, &["-f", "--file"]) {
        Some(file) if file.is_static => Reads::Files(vec![file.text.clone()]),
        None if it.install.verb_name == "install" => it.named(),
        _ => Reads::Unknown,
    }
}
