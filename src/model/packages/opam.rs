//! opam, of OCaml (<https://opam.ocaml.org/doc/man/opam-install.html>, <https://opam.ocaml.org/doc/man/opam-clean.html>).

use super::description::{Advice, Cache, CachePath, Commands, Description, Ecosystem};
use super::inputs::{Reading, Reads};
use super::{Grammar, Says, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "opam",
    programs: &["opam"],
    installs: &[Grammar {
        verbs: &["install"],
        value_flags: &["--switch", "-j", "--jobs", "--root", "--solver", "--criteria", "--cli"],
        version: VersionStyle::Equals,
        ..Grammar::NONE
    }],
    // `dune.3.17.2`, `dune=3.17.2`, `dune>=3`, and folders. Names of packages have no dots.
    pins: |word, _| word.contains(['.', '=', '<', '>', '/']),
    commands: Commands {
        removes: &["remove"],
        cleans: &[Says::Verb(&["clean"])],
        ..Commands::NONE
    },
    cache: Cache {
        folders: &[CachePath { path: "/root/.opam/download-cache", what: "source archives" }],
        measured: &["~/.opam/download-cache/"],
        counts: true,
        variables: &["OPAMROOT"],
        avoided_by: &["root", "dry-run", "show-actions", "fake"],
        advice: Advice {
            clean_up: Some("{tool} clean"),
            left: "end the `RUN` with `&& opam clean`",
            ..Advice::NONE
        },
        ..Cache::NONE
    },
    inputs,
    project: Some(Ecosystem {
        manifests: &["*.opam"],
        how: "run `opam install --deps-only .`",
        ..Ecosystem::NONE
    }),
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    let packages = &it.install.packages;
    let is_project = !packages.is_empty() && packages.iter().all(|it| it.text == ".");
    match () {
        () if is_project && it.has(&["deps-only"]) => Reads::Manifests,
        () if is_project => Reads::Unknown,
        () => it.named(),
    }
}
