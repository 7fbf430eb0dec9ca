//! Debian packages that bring many others along, which they only recommend.

use super::packages::Package;
use super::{Install, Manager, Model};

/// Packages whose recommended packages take 50 MB or more, without versions in their names. Sorted.
/// Source: the package index of Debian 12 (amd64), as the sum of `Installed-Size` over what `apt-get install` adds with
/// recommended packages to a minimal system.
#[rustfmt::skip]
const HEAVY: &[&str] = &[
    "ansible", "ant", "awscli", "cargo", "clang", "cmake", "default-jdk", "default-jre", "docker.io", "ffmpeg",
    "firefox-esr", "flex", "gnuplot", "golang", "golang-go", "gradle", "graphviz", "imagemagick", "inkscape",
    "libgdal-dev", "libgtk-dev", "libmagickwand-dev", "libopencv-dev", "libopenmpi-dev", "libreoffice",
    "libreoffice-core", "libtool", "libvips-dev", "llvm", "mpich", "mpv", "npm", "octave", "openjdk-jdk",
    "openjdk-jre", "podman", "postgis", "python3-opencv", "python3-pip", "r-base", "r-base-core", "rustc", "samba",
    "smbclient", "texlive", "texlive-latex-base", "texlive-latex-extra", "vlc", "wkhtmltopdf", "x11vnc",
];

/// Those that bring 50 MB or more through the C library's headers, which large images have already. Sorted.
#[rustfmt::skip]
const BY_HEADERS: &[&str] = &[
    "build-essential", "default-libmysqlclient-dev", "g++", "gcc", "libboost-all-dev", "libc6-dev", "libjpeg-dev",
    "libkrb5-dev", "libpng-dev", "libreadline-dev", "libsqlite3-dev", "libxml2-dev", "libxslt1-dev", "python3-dev",
    "zlib1g-dev",
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
        let image = run.stage.and_then(|it| self.root_image(it));
        let is_small = image.is_some_and(|it| {
            it.is_official("debian")
                || it.is_official("ubuntu")
                || it.tag.as_deref().is_some_and(|tag| tag.contains("slim"))
        });
        let is_heavy = |name: &str| {
            let name = unversioned(name);
            HEAVY.binary_search(&name.as_str()).is_ok()
                || is_small && BY_HEADERS.binary_search(&name.as_str()).is_ok()
        };
        if run.script.commands[install.command].inside.conditional {
            return None;
        }
        let is_there = |name: &str| {
            let beneath = self.beneath(run.id());
            self.installs.iter().any(|it| {
                (it.run, it.command) != (install.run, install.command)
                    && beneath.contains(self.runs[it.run].id())
                    && it.packages.iter().any(|it| it.name == name)
            })
        };
        let compiles = self.may_compile_for_pip(install);
        // pip's package recommends the compiler that it needs for packages without a wheel.
        install.packages.iter().find(|it| {
            is_heavy(&it.name) && !(compiles && it.name == "python3-pip") && !is_there(&it.name)
        })
    }

    /// Whether pip installs packages after an install of pip without a compiler.
    fn may_compile_for_pip(&self, install: &Install) -> bool {
        let has = |it: &Install, names: &[&str]| {
            it.packages.iter().any(|it| names.contains(&it.name.as_str()))
        };
        has(install, &["python3-pip"])
            && !has(install, &["build-essential", "gcc", "g++", "clang"])
            && self.installs.iter().any(|it| {
                it.manager == Manager::Pip
                    && (it.run, it.command) > (install.run, install.command)
                    && !self.command_of(it).has_flag("only-binary")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{BY_HEADERS, HEAVY, LOADERS, unversioned};

    #[test]
    fn the_tables_are_sorted() {
        assert!(HEAVY.is_sorted() && BY_HEADERS.is_sorted() && LOADERS.is_sorted());
    }

    #[test]
    fn numbers_of_versions_are_left_out() {
        let names = ["openjdk-17-jdk", "gcc-12", "golang-1.23-go", "python3-pip", "libgtk-3-dev"];
        let all = names.map(unversioned);
        assert_eq!(all, ["openjdk-jdk", "gcc", "golang-go", "python3-pip", "libgtk-dev"]);
    }
}
