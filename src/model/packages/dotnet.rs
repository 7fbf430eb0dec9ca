//! dotnet and NuGet (<https://learn.microsoft.com/dotnet/core/tools/>).

use super::description::{Cache, CachePath, Commands, Description, Ecosystem, Mounts, Scripts};
use super::inputs::{Reading, Reads};
use super::{Grammar, VersionStyle};

pub(super) static DESCRIPTION: Description = Description {
    name: "dotnet",
    programs: &["dotnet"],
    installs: &[
        Grammar {
            verbs: &["restore", "build", "publish"],
            value_flags: &[
                "-c",
                "--configuration",
                "-o",
                "--output",
                "-r",
                "--runtime",
                "-f",
                "--framework",
                "-v",
                "--source",
                "-s",
            ],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
        Grammar {
            prefix: &["tool"],
            verbs: &["install"],
            value_flags: &["--version", "--tool-path"],
            version: VersionStyle::At,
            ..Grammar::NONE
        },
    ],
    commands: Commands { scripts: Scripts::Always, ..Commands::NONE },
    cache: Cache {
        folders: &[CachePath { path: "/root/.nuget", what: "packages" }],
        measured: &["~/.nuget/packages/"],
        is_used_later: true,
        filled_by: &["dotnet"],
        ..Cache::NONE
    },
    mounts: Mounts { is_advised: true, ..Mounts::NONE },
    inputs,
    read_here: &["global.json", "NuGet.config", "nuget.config"],
    project: Some(Ecosystem {
        manifests: &["*.csproj"],
        settings: &[
            "Directory.Packages.props",
            "Directory.Build.props",
            "Directory.Build.targets",
            "NuGet.Config",
            "NuGet.config",
            "nuget.config",
            "global.json",
            "packages.lock.json",
        ],
        how: "run `dotnet restore`",
        settings_above: true,
        ..Ecosystem::NONE
    }),
    seconds: &[("dotnet", 40.0)],
    ..Description::NONE
};

fn inputs(it: &Reading<'_, '_>) -> Reads {
    let packages = &it.install.packages;
    if it.operand("tool") {
        let is_global = it.has(&["g", "global", "tool-path"]);
        return if is_global { it.named() } else { Reads::Unknown };
    }
    // The projects of a solution are not known, and settings may be anywhere.
    let is_project = |text: &str| {
        text.rsplit_once('.').is_some_and(|it| matches!(it.1, "csproj" | "fsproj" | "vbproj"))
    };
    match () {
        () if it.has(&["no-restore", "configfile"]) => Reads::Unknown,
        () if packages.is_empty() => Reads::Manifests,
        () if packages.iter().all(|it| is_project(&it.text)) => it.files(),
        () => Reads::Unknown,
    }
}
