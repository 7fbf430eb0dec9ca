//! cpanm and carton, of Perl (<https://metacpan.org/pod/cpanm>).

use super::description::{Alone, Description, Ecosystem};
use super::inputs::{Reading, Reads};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "cpanm",
    programs: &["cpanm", "carton"],
    installs: &[
        Grammar {
            names: &["cpanm"],
            bare: true,
            value_flags: &["-M", "--mirror", "-l", "--local-lib", "-L", "--local-lib-contained"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            names: &["carton"],
            verbs: &["install"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    inputs,
    alone: Alone::Always,
    project: Some(Ecosystem { manifests: &["cpanfile", "cpanfile.snapshot"], ..Ecosystem::NONE }),
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    match () {
        () if it.command.is("cpanm") && !it.has(&["installdeps"]) => it.named(),
        () if it.install.packages.iter().all(|it| it.text == ".") => Reads::Manifests,
        () => Reads::Unknown,
    }
}
