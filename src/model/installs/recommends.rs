//! Debian packages that bring many others along, which they only recommend.

use super::removed::{Removal, removal};
use crate::model::packages::Package;
use crate::model::{Install, Model};

/// Programs whose recommended packages take 50 MB or more, without versions in their names: what compilers and headers
/// recommend is often needed to build. Sorted. Source: the package index of Debian 12 (amd64), as the sum of
/// `Installed-Size` over what `apt-get install` adds with recommended packages to a minimal system.
#[rustfmt::skip]
const HEAVY: &[&str] = &[
    "ansible", "ant", "awscli", "default-jdk", "default-jre", "docker.io", "ffmpeg", "firefox-esr", "gnuplot",
    "gradle", "graphviz", "imagemagick", "inkscape", "libreoffice", "libreoffice-core", "mpich", "mpv", "octave",
    "openjdk-jdk", "openjdk-jre", "podman", "postgis", "python3-opencv", "r-base", "r-base-core", "samba",
    "smbclient", "texlive", "texlive-latex-base", "texlive-latex-extra", "vlc", "wkhtmltopdf", "x11vnc",
];

/// Packages that are of use only with something that they recommend: loaders without a driver. Sorted.
#[rustfmt::skip]
const LOADERS: &[&str] = &[
    "chromium", "libegl1", "libgl1", "libgl1-mesa-glx", "libglx0", "libva2", "libvdpau1", "libvulkan1",
    "ocl-icd-libopencl1", "wine", "xserver-xorg",
];

/// The name without the number of a version: `openjdk-jdk` of `openjdk-17-jdk`, `gcc` of `gcc-12`.
fn unversioned(name: &str) -> String {
    let is_number = |part: &&str| !part.chars().all(|it| it.is_ascii_digit() || it == '.');
    name.split('-').filter(is_number).collect::<Vec<_>>().join("-")
}

/// Whether an install names a package that needs what it recommends to be of use.
pub fn recommends_its_use(install: &Install) -> bool {
    install.packages.iter().any(|it| LOADERS.binary_search(&it.name.as_str()).is_ok())
}

/// Whether an install names a C compiler without the headers of the system's library, which it only recommends: alone it
/// cannot make a program.
pub fn lacks_headers(install: &Install) -> bool {
    let has = |names: &[&str]| install.packages.iter().any(|it| names.contains(&it.name.as_str()));
    has(&["gcc", "clang", "cpp"]) && !has(&["build-essential", "g++", "libc6-dev", "libc-dev"])
}

impl Model<'_> {
    /// The first package of an install that always runs which is known to recommend a lot.
    pub fn heavy_recommends<'i>(&self, install: &'i Install) -> Option<&'i Package> {
        let run = &self.runs[install.run];
        let is_heavy = |name: &str| HEAVY.binary_search(&unversioned(name).as_str()).is_ok();
        if run.script.commands[install.command].inside.conditional {
            return None;
        }
        let is_there = |name: &str| {
            let mut installs = self.beneath(run.id()).installs();
            installs.any(|it| it.packages.iter().any(|it| it.name == name))
        };
        install.packages.iter().find(|it| is_heavy(&it.name) && !is_there(&it.name))
    }

    /// Whether the RUN of an install removes a package of it again, and with it what it brought along.
    pub fn is_purged_with_needs(&self, install: &Install, package: &str) -> bool {
        let commands = self.runs[install.run].script.commands.iter().enumerate();
        let mut named = false;
        commands.skip(install.command + 1).any(|(_, it)| {
            let removal = removal(it);
            named |= removal.is_some() && it.operands().any(|word| word.text == package);
            let with_needs = removal == Some(Removal::Unneeded)
                || removal.is_some()
                    && ["auto-remove", "autoremove"].iter().any(|flag| it.has_flag(flag));
            named && with_needs
        })
    }

    /// The RUN instructions that install the certificates of authorities, in order.
    pub fn certificate_installs(&self) -> Vec<usize> {
        let brings = |it: &&Install| it.packages.iter().any(|it| it.name == "ca-certificates");
        let mut found: Vec<usize> =
            self.installs.iter().filter(brings).map(|it| self.runs[it.run].id()).collect();
        found.dedup();
        found
    }

    /// Whether the RUN of an install downloads by https with certificates that only come along as recommended, with the RUNs
    /// that install them by their name.
    pub fn may_lack_certificates(&self, install: &Install, installed: &[usize]) -> bool {
        let run = &self.runs[install.run];
        let beneath = self.beneath(run.id());
        let has_them = || installed.iter().any(|it| *it == run.id() || beneath.contains(*it));
        let downloads = |it: &crate::shell::Command| {
            matches!(it.name.as_str(), "curl" | "wget" | "git")
                && it.words().any(|word| word.text.contains("https://") || word.text.contains('$'))
        };
        run.script.commands.iter().any(downloads) && !has_them()
    }
}

#[cfg(test)]
mod tests {
    use super::{HEAVY, LOADERS, unversioned};
    use crate::model::tests::of;

    #[test]
    fn what_a_purge_takes_along_is_known() {
        let purged = |rest: &str| {
            let text = format!("FROM debian:12\nRUN apt-get install -y gcc make && {rest}\n");
            of(&text, |model| model.is_purged_with_needs(&model.installs[0], "gcc"))
        };
        assert!(purged("make && apt-get purge -y --auto-remove make gcc"));
        assert!(purged("apt-get remove -y gcc && apt-get autoremove -y"));
        assert!(purged("apt-get autoremove -y gcc"));
        assert!(!purged("apt-get purge -y gcc"));
        assert!(!purged("apt-get purge -y --auto-remove make"));
        assert!(!purged("apt-get autoremove -y && apt-get purge -y gcc"));
    }

    #[test]
    fn certificates_come_along_as_recommended() {
        let lacks = |commands: &str| {
            of(&format!("FROM debian:12\nRUN {commands}\n"), |model| {
                let last = &model.installs[model.installs.len() - 1];
                model.may_lack_certificates(last, &model.certificate_installs())
            })
        };
        assert!(lacks("apt-get install -y wget && wget https://example.com/a"));
        assert!(lacks("apt-get install -y curl && curl -fsSLO $URL"));
        assert!(lacks("apt-get install -y git && git clone https://example.com/a"));
        assert!(!lacks("apt-get install -y wget ca-certificates && wget https://example.com/a"));
        assert!(!lacks("apt-get install -y wget && wget http://example.com/a"));
        assert!(!lacks("apt-get install -y wget"));
        let before = "apt-get install -y ca-certificates\nRUN apt-get install -y curl";
        assert!(!lacks(&format!("{before} && curl https://example.com/a")));
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(HEAVY.is_sorted() && LOADERS.is_sorted());
    }

    #[test]
    fn numbers_of_versions_are_left_out() {
        let names = ["openjdk-17-jdk", "gcc-12", "golang-1.23-go", "python3-pip", "libgtk-3-dev"];
        let all = names.map(unversioned);
        assert_eq!(all, ["openjdk-jdk", "gcc", "golang-go", "python3-pip", "libgtk-dev"]);
    }
}
