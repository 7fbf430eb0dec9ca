//! Which system an image holds, as far as its name says.

use crate::model::{Base, ImageRef, Model, Stage};
use crate::syntax::Dockerfile;

/// A family of systems whose images have the same shells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Debian up to 12, Ubuntu up to 24.10, and what is built on them: dash without `pipefail`, Bash.
    Debian,
    /// Later ones, whose dash has it (tried with 0.5.12-12 of Debian 13), or those whose release the name leaves open.
    RecentDebian,
    /// Alpine, Wolfi and BusyBox: BusyBox's shell.
    BusyBox,
    /// Red Hat's systems, SUSE's, Arch and Azure Linux: Bash, also as `sh`.
    BashAsSh,
    /// Windows: cmd.
    Windows,
}

/// Official images of Docker Hub that are built on Debian or Ubuntu unless their tag names another system, sorted.
/// From the images' own Dockerfiles (the library of official images, 2026).
const ON_DEBIAN: &[&str] = &[
    "buildpack-deps",
    "debian",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "gcc",
    "golang",
    "haskell",
    "httpd",
    "mariadb",
    "maven",
    "mongo",
    "nginx",
    "node",
    "perl",
    "php",
    "postgres",
    "python",
    "redis",
    "ruby",
    "rust",
    "tomcat",
    "ubuntu",
];

/// Images whose name is that of their system, wherever they come from in [`OF_SYSTEMS`], sorted.
const NAMES: &[(&str, System)] = &[
    ("almalinux", System::BashAsSh),
    ("alpine", System::BusyBox),
    ("amazonlinux", System::BashAsSh),
    ("archlinux", System::BashAsSh),
    ("busybox", System::BusyBox),
    ("centos", System::BashAsSh),
    ("debian", System::Debian),
    ("fedora", System::BashAsSh),
    ("oraclelinux", System::BashAsSh),
    ("rockylinux", System::BashAsSh),
    ("ubi", System::BashAsSh),
    ("ubuntu", System::Debian),
];

/// Registries and namespaces whose images are those of the systems, sorted.
const OF_SYSTEMS: &[&str] = &[
    "amd64",
    "arm32v7",
    "arm64v8",
    "i386",
    "mirror.gcr.io/library",
    "ppc64le",
    "public.ecr.aws/amazonlinux",
    "public.ecr.aws/docker/library",
    "public.ecr.aws/ubuntu",
    "quay.io/almalinuxorg",
    "quay.io/centos",
    "quay.io/fedora",
    "quay.io/rockylinux",
    "registry.access.redhat.com",
    "registry.access.redhat.com/ubi8",
    "registry.access.redhat.com/ubi9",
    "registry.fedoraproject.org",
    "registry.redhat.io",
    "rockylinux",
    "s390x",
];

/// Words in tags that name a system, without the digits behind them, sorted.
const TAG_WORDS: &[(&str, System)] = &[
    ("al", System::BashAsSh),
    ("almalinux", System::BashAsSh),
    ("alpine", System::BusyBox),
    ("amazonlinux", System::BashAsSh),
    ("azurelinux", System::BashAsSh),
    ("bionic", System::Debian),
    ("bookworm", System::Debian),
    ("bullseye", System::Debian),
    ("buster", System::Debian),
    ("centos", System::BashAsSh),
    ("debian", System::Debian),
    ("duke", System::RecentDebian),
    ("fedora", System::BashAsSh),
    ("focal", System::Debian),
    ("forky", System::RecentDebian),
    ("jammy", System::Debian),
    ("jessie", System::Debian),
    ("mariner", System::BashAsSh),
    ("noble", System::Debian),
    ("oracle", System::BashAsSh),
    ("oraclelinux", System::BashAsSh),
    ("plucky", System::RecentDebian),
    ("questing", System::RecentDebian),
    ("rocky", System::BashAsSh),
    ("rockylinux", System::BashAsSh),
    ("sid", System::RecentDebian),
    ("stretch", System::Debian),
    ("trixie", System::RecentDebian),
    ("trusty", System::Debian),
    ("ubi", System::BashAsSh),
    ("ubuntu", System::Debian),
    ("wheezy", System::Debian),
    ("xenial", System::Debian),
];

/// Words in names and tags that only images of Windows have, without the digits behind them, sorted.
const WINDOWS_WORDS: &[&str] =
    &["ltsc", "nanoserver", "servercore", "windows", "windowsnanoserver", "windowsservercore"];

/// The last releases of Debian and Ubuntu whose dash has no `pipefail`.
const LAST_DEBIAN: u32 = 12;
const LAST_UBUNTU: u32 = 24;

impl System {
    /// The system of an image, where its name or tag says it.
    pub fn of(image: &ImageRef) -> Option<Self> {
        let tag = image.tag.as_deref().unwrap_or_default();
        let text = format!("{}:{tag}", image.repository);
        let framework = image.repository.starts_with("dotnet/framework/");
        if framework || words(&text).any(|(word, _)| is_windows_word(word)) {
            return Some(Self::Windows);
        }
        let mut in_tag = words(tag).filter_map(|(word, number)| {
            let at = TAG_WORDS.binary_search_by(|it| it.0.cmp(word)).ok()?;
            Some((TAG_WORDS[at].0, TAG_WORDS[at].1, number))
        });
        if let Some((word, system, number)) = in_tag.next() {
            return Some(match word {
                "debian" => debian(number, LAST_DEBIAN),
                "ubuntu" => debian(number.map(release), LAST_UBUNTU),
                _ => system,
            });
        }
        let name = image.name();
        let official = image.is_official(name);
        if is_dotnet(image) {
            return Some(Self::Debian);
        }
        if official && ON_DEBIAN.binary_search(&name).is_ok() {
            return Some(by_tag(name, tag));
        }
        let plain = name.split('-').next().unwrap_or(name);
        let plain = plain.trim_end_matches(|it: char| it.is_ascii_digit());
        let at = NAMES.binary_search_by(|it| it.0.cmp(plain)).ok()?;
        let known = official || OF_SYSTEMS.binary_search(&origin(image).as_str()).is_ok();
        let system = match NAMES[at].1 {
            Self::Debian => by_tag(plain, tag),
            system => system,
        };
        known.then_some(system)
    }
}

/// The registry and the folders before the last component of the repository.
fn origin(image: &ImageRef) -> String {
    let folder = image.repository.rsplit_once('/').map(|it| it.0);
    let parts = [image.registry.as_deref(), folder].into_iter().flatten();
    parts.collect::<Vec<_>>().join("/")
}

/// The images of .NET are built on Debian or Ubuntu unless their tag says otherwise.
fn is_dotnet(image: &ImageRef) -> bool {
    image.registry.as_deref() == Some("mcr.microsoft.com")
        && matches!(
            image.repository.as_str(),
            "dotnet/aspnet" | "dotnet/runtime" | "dotnet/runtime-deps" | "dotnet/sdk"
        )
}

fn is_windows_word(word: &str) -> bool {
    WINDOWS_WORDS.binary_search(&word).is_ok()
}

/// The words of a name: letters up to a digit or a sign, with the number right behind them.
fn words(text: &str) -> impl Iterator<Item = (&str, Option<u32>)> {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    parts.map(|part| {
        let word = part.trim_end_matches(|it: char| it.is_ascii_digit());
        (word, part[word.len()..].parse().ok())
    })
}

/// The year of a release of Ubuntu: `22` of `ubuntu22` and `ubuntu2204`.
fn release(number: u32) -> u32 {
    if number >= 1000 { number / 100 } else { number }
}

/// What an image of that name, built on Debian or Ubuntu, holds by the release that its tag starts with.
fn by_tag(name: &str, tag: &str) -> System {
    let digits = tag.split(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
    let number = digits.parse().ok();
    match name {
        "debian" => debian(number, LAST_DEBIAN),
        "ubuntu" => debian(number, LAST_UBUNTU),
        // Which release such images are built on changes with time.
        _ => System::RecentDebian,
    }
}

fn debian(number: Option<u32>, last: u32) -> System {
    if number.is_some_and(|it| (1..=last).contains(&it)) {
        System::Debian
    } else {
        System::RecentDebian
    }
}

impl Stage<'_> {
    /// Whether the stage's base says that it is of Windows: by its name, the default of an argument in it, its tag or
    /// its platform; or by an escape character for its paths where the name is open.
    pub fn is_on_windows(&self, doc: &Dockerfile<'_>) -> bool {
        let says = |text: &str| words(&text.to_ascii_lowercase()).any(|it| is_windows_word(it.0));
        let platform = self.from.platform.as_ref();
        let named = match &self.base {
            Base::Stage(_) | Base::Scratch => false,
            Base::Image(image) => System::of(image) == Some(System::Windows),
            Base::Unknown => doc.escape == '`',
        };
        let open = matches!(self.base, Base::Image(_) | Base::Unknown);
        named || open && (says(&self.from.image.text) || platform.is_some_and(|it| says(&it.text)))
    }
}

impl Model<'_> {
    /// The system at the root of a stage.
    pub fn system(&self, stage: usize) -> Option<System> {
        let root = self.root_stage(stage)?;
        if root.is_on_windows(self.doc) {
            return Some(System::Windows);
        }
        System::of(root.image()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(ON_DEBIAN.is_sorted() && OF_SYSTEMS.is_sorted() && WINDOWS_WORDS.is_sorted());
        assert!(NAMES.is_sorted_by_key(|it| it.0) && TAG_WORDS.is_sorted_by_key(|it| it.0));
    }

    #[test]
    fn names_and_tags_say_the_system() {
        let of = |text: &str| System::of(&ImageRef::parse(text));
        for (system, images) in [
            (
                System::Debian,
                &[
                    "debian:12.5",
                    "ubuntu:24.04",
                    "docker.io/library/python:3.12-slim-bookworm",
                    "node:22-bullseye-slim",
                    "x/y:1-debian11",
                    "acme/app:1-bookworm",
                    "nvidia/cuda:12.4.1-devel-ubuntu22.04",
                    "nvcr.io/nvidia/x:ubuntu2004",
                    "mcr.microsoft.com/dotnet/sdk:9.0",
                    "arm64v8/debian:bullseye",
                ][..],
            ),
            (
                System::RecentDebian,
                &[
                    "debian",
                    "debian:13-slim",
                    "debian:trixie",
                    "debian:stable",
                    "debian:sid",
                    "docker.io/library/python:3.12-slim",
                    "node:22",
                    "node:24-trixie",
                    "ubuntu",
                    "ubuntu:25.04",
                    "ubuntu:devel",
                    "x/y:ubuntu26.04",
                ],
            ),
            (
                System::BusyBox,
                &[
                    "alpine",
                    "python:3.12-alpine",
                    "node:22-alpine3.20",
                    "busybox:1",
                    "x/y:alpine",
                    "amd64/alpine:3",
                ],
            ),
            (
                System::BashAsSh,
                &[
                    "centos:7",
                    "fedora:40",
                    "registry.access.redhat.com/ubi9/ubi:9.4",
                    "amazonlinux:2023",
                    "registry.access.redhat.com/ubi9-minimal",
                    "eclipse-temurin:21-ubi9-minimal",
                    "mcr.microsoft.com/dotnet/sdk:8.0-azurelinux3.0",
                    "public.ecr.aws/amazonlinux/amazonlinux:2",
                ],
            ),
            (
                System::Windows,
                &[
                    "mcr.microsoft.com/windows/servercore:ltsc2022",
                    "golang:1.23-nanoserver-ltsc2022",
                    "microsoft/nanoserver",
                    "python:3.12-windowsservercore-1809",
                    "mcr.microsoft.com/dotnet/framework/sdk:4.8-windowsservercore-ltsc2019",
                ],
            ),
        ] {
            for image in images {
                assert_eq!(of(image), Some(system), "{image}");
            }
        }
        for image in
            ["acme/debian", "acme/app:1", "alpine/git:2", "gcr.io/distroless/static", "x/y:latest"]
        {
            assert_eq!(of(image), None, "{image}");
        }
    }
}
