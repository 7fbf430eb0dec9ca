//! What the databases of package managers tell: packages that only builds need, packages that nobody asked for, and the
//! layer that brought each.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::class::Class;
use super::items::Item;
use crate::image::Layer;
use crate::model::Manager;
use crate::model::packages::{Database, DatabaseFormat};

/// A package that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    version: String,
    /// Bytes, as its maker declares them.
    bytes: u64,
    /// What it cannot do without: of each, one of these.
    needs: Vec<Vec<String>>,
    /// What it stands for.
    provides: Vec<String>,
    is_essential: bool,
}

/// The packages of a database by name.
type Installed = BTreeMap<String, Package>;

/// The databases that the managers of the system's packages keep.
fn described() -> impl Iterator<Item = Database> {
    Manager::ALL.iter().filter_map(|it| it.system.as_ref()?.database)
}

/// The paths of the files that say what is installed, from the root and without the leading slash.
pub fn databases() -> impl Iterator<Item = &'static str> {
    described().flat_map(|it| it.paths.iter().copied().chain(it.automatic))
}

/// Names of packages that compile, and keep the history of sources.
const BUILD_TOOLS: &[&str] = &[
    "build-essential",
    "gcc",
    "g++",
    "make",
    "cmake",
    "clang",
    "llvm",
    "binutils",
    "autoconf",
    "automake",
    "libtool",
    "bison",
    "flex",
    "patch",
    "dpkg-dev",
    "pkg-config",
    "pkgconf",
    "git",
    "subversion",
    "mercurial",
    "build-base",
    "musl-dev",
    "ninja-build",
    "meson",
    "samurai",
    "rustc",
    "cargo",
    "go",
    "golang",
    "nasm",
    "yasm",
    "gdb",
    "fakeroot",
    "cpp",
];

fn is_build_tool(name: &str) -> bool {
    let plain = name.trim_end_matches(|it: char| it.is_ascii_digit() || it == '-' || it == '.');
    BUILD_TOOLS.contains(&name)
        || BUILD_TOOLS.contains(&plain)
        || name.ends_with("-dev")
        || name.ends_with("-devel")
        || ["gcc-", "g++-", "cpp-", "clang-", "llvm-", "binutils-", "golang-"]
            .iter()
            .any(|it| name.starts_with(it))
            && !name.ends_with("-base")
}

/// What the databases say about an image.
pub(super) fn items(layers: &[Layer]) -> Vec<Item> {
    let mut items = Vec::new();
    let all = described().flat_map(|it| it.paths.iter().map(move |path| (it, *path)));
    for (database, path) in all {
        let read: fn(&str) -> Installed = match database.format {
            DatabaseFormat::Control => dpkg,
            DatabaseFormat::Apk => apk,
        };
        let states: Vec<(usize, Installed)> = layers
            .iter()
            .enumerate()
            .filter_map(|(at, layer)| {
                let text = layer.content.databases.get(path.as_bytes())?;
                Some((at, read(&String::from_utf8_lossy(text))))
            })
            .collect();
        let Some((_, last)) = states.last() else { continue };
        let brought = |name: &str, package: &Package| {
            let has =
                |state: &Installed| state.get(name).is_some_and(|it| it.version == package.version);
            states.iter().find(|(_, state)| has(state)).map(|(at, _)| *at)
        };
        let recommended = match database.automatic {
            Some(states) => recommended(layers, states, last),
            None => HashSet::new(),
        };
        let mut groups: HashMap<(Class, usize), Vec<(String, u64)>> = HashMap::new();
        for (name, package) in last {
            let class = match () {
                () if is_build_tool(name) => Class::BuildTool,
                () if recommended.contains(name.as_str()) => Class::Recommended,
                () => continue,
            };
            if let Some(layer) = brought(name, package) {
                groups.entry((class, layer)).or_default().push((name.clone(), package.bytes));
            }
        }
        for ((class, layer), mut paths) in groups {
            paths.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let bytes = paths.iter().map(|it| it.1).sum();
            items.push(Item {
                class,
                bytes,
                made_in: layer,
                fix_in: layer,
                paths,
                change: None,
                places: Vec::new(),
            });
        }
    }
    items
}

/// The packages that apt installed by itself and that no other package needs.
fn recommended<'p>(layers: &[Layer], states: &str, installed: &'p Installed) -> HashSet<&'p str> {
    let states = layers.iter().rev().find_map(|it| it.content.databases.get(states.as_bytes()));
    let Some(states) = states else { return HashSet::new() };
    let states = String::from_utf8_lossy(states);
    let automatic: HashSet<&str> = states
        .split("\n\n")
        .filter(|it| it.lines().any(|line| line.trim() == "Auto-Installed: 1"))
        .filter_map(|it| it.lines().find_map(|line| line.strip_prefix("Package: ")))
        .map(str::trim)
        .collect();
    let mut providers: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, package) in installed {
        for provided in &package.provides {
            providers.entry(provided).or_default().push(name);
        }
    }
    let mut needed: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = installed
        .iter()
        .filter(|(name, it)| it.is_essential || !automatic.contains(name.as_str()))
        .map(|(name, _)| name.as_str())
        .collect();
    while let Some(name) = open.pop() {
        if !needed.insert(name) {
            continue;
        }
        for alternatives in installed.get(name).map(|it| &*it.needs).unwrap_or_default() {
            for wanted in alternatives {
                if let Some((name, _)) = installed.get_key_value(wanted) {
                    open.push(name);
                }
                open.extend(providers.get(wanted.as_str()).into_iter().flatten());
            }
        }
    }
    installed.keys().map(String::as_str).filter(|it| !needed.contains(it)).collect()
}

/// dpkg's database. Source: `man 1 dpkg-query` and Debian Policy section 5.
fn dpkg(text: &str) -> Installed {
    let mut installed = Installed::new();
    for paragraph in text.split("\n\n") {
        let field = |name: &str| {
            let line = paragraph
                .lines()
                .find(|it| it.strip_prefix(name).is_some_and(|it| it.starts_with(':')));
            line.map(|it| it[name.len() + 1..].trim())
        };
        let (Some(name), Some(status)) = (field("Package"), field("Status")) else { continue };
        if !status.ends_with(" installed") {
            continue;
        }
        let names = |text: &str| -> Vec<String> {
            let name = |it: &str| it.split(['(', ':', '[']).next().unwrap_or(it).trim().to_owned();
            text.split('|').map(name).collect()
        };
        let depends = ["Pre-Depends", "Depends"].into_iter().filter_map(field);
        let package = Package {
            version: field("Version").unwrap_or("").to_owned(),
            bytes: field("Installed-Size")
                .and_then(|it| it.parse::<u64>().ok())
                .unwrap_or(0)
                .saturating_mul(1024)
                .min(MOST_BYTES),
            needs: depends.flat_map(|it| it.split(',')).map(names).collect(),
            provides: field("Provides")
                .map(|it| it.split(',').flat_map(names).collect())
                .unwrap_or_default(),
            is_essential: field("Essential") == Some("yes")
                || matches!(field("Priority"), Some("required" | "important")),
        };
        installed.insert(name.to_owned(), package);
    }
    installed
}

/// No package is larger, whatever its database says: sums of all of them are still numbers.
const MOST_BYTES: u64 = 1 << 40;

/// apk's database. Source: <https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2>.
fn apk(text: &str) -> Installed {
    let mut installed = Installed::new();
    for paragraph in text.split("\n\n") {
        let field = |name: &str| paragraph.lines().find_map(|it| it.strip_prefix(name));
        let Some(name) = field("P:") else { continue };
        let package = Package {
            version: field("V:").unwrap_or("").to_owned(),
            bytes: field("I:").and_then(|it| it.parse().ok()).unwrap_or(0).min(MOST_BYTES),
            needs: Vec::new(),
            provides: Vec::new(),
            is_essential: false,
        };
        installed.insert(name.to_owned(), package);
    }
    installed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_read() {
        let text = "Package: gcc-12\nStatus: install ok installed\nInstalled-Size: 100\nVersion: 12.2\n\
                    Depends: cpp-12 (= 12.2), libc6 (>= 2.34) | libc\n\nPackage: gone\nStatus: deinstall ok config-files\n";
        let installed = dpkg(text);
        assert_eq!(installed.len(), 1);
        assert_eq!(installed["gcc-12"].bytes, 102_400);
        assert_eq!(installed["gcc-12"].needs, [vec!["cpp-12"], vec!["libc6", "libc"]]);
        let installed = apk("P:musl-dev\nV:1.2\nI:2048\nF:usr\nR:x\n\nP:busybox\nV:1\nI:1\n");
        assert_eq!(installed["musl-dev"].bytes, 2048);
        for (name, expected) in [
            ("gcc-12", true),
            ("gcc-12-base", false),
            ("libssl-dev", true),
            ("gcc", true),
            ("git", true),
            ("gitweb", false),
            ("curl", false),
            ("clang-14", true),
        ] {
            assert_eq!(is_build_tool(name), expected, "{name}");
        }
    }

    #[test]
    fn build_tools_are_told_by_their_names() {
        let names = "build-essential gcc g++ make cmake clang llvm binutils autoconf automake libtool bison flex patch \
                     dpkg-dev pkg-config pkgconf git subversion mercurial build-base musl-dev ninja-build meson samurai \
                     rustc cargo go golang nasm yasm gdb fakeroot cpp gcc-12-x86-64-linux-gnu g++-12-multilib \
                     cpp-12-x86-64-linux-gnu clang-14-tools llvm-14-runtime binutils-common golang-1.19-src \
                     autoconf2.69 openssl-devel zlib1g-dev";
        let missing: Vec<&str> = names.split_whitespace().filter(|it| !is_build_tool(it)).collect();
        assert_eq!(missing, [""; 0]);
        let names = "gcc-12-base libgcc-s1 libstdc++6 gitweb makedev cmake-data libllvm14 devel dev-utils cargo-doc";
        let wrong: Vec<&str> = names.split_whitespace().filter(|it| is_build_tool(it)).collect();
        assert_eq!(wrong, [""; 0]);
    }

    /// Every field, and paragraphs that are not packages.
    #[test]
    fn fields_of_databases_are_read() {
        let text = "Package: libssl3\nEssential: no\nStatus: install ok installed\nPriority: optional\nInstalled-Size: 10\n\
                    Version: 3.0-1\nProvides: libssl-abi (= 3), libssl.so.3 [amd64]\nPre-Depends: dpkg (>= 1)\n\
                    Depends: libc6:any, debconf | debconf-2.0\nDescription: x\n Essential: yes\n\n\
                    Package: dpkg\nEssential: yes\nStatus: install ok installed\n\n\
                    Package: apt\nStatus: hold ok installed\nPriority: important\nInstalled-Size: many\n\n\
                    Package: bash\nStatus: install ok installed\nPriority: required\n\
                    Installed-Size: 99999999999999999\n\n\
                    Package: half\nStatus: install ok half-installed\n\nPackage: nothing\nVersion: 1\n";
        let words = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let package = |version: &str, bytes, is_essential| Package {
            version: version.to_owned(),
            bytes,
            needs: Vec::new(),
            provides: Vec::new(),
            is_essential,
        };
        let ssl = Package {
            needs: vec![words(&["dpkg"]), words(&["libc6"]), words(&["debconf", "debconf-2.0"])],
            provides: words(&["libssl-abi", "libssl.so.3"]),
            ..package("3.0-1", 10_240, false)
        };
        let expected = [
            ("apt", package("", 0, true)),
            ("bash", package("", 1 << 40, true)),
            ("dpkg", package("", 0, true)),
            ("libssl3", ssl),
        ];
        let expected: Installed =
            expected.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        assert_eq!(dpkg(text), expected);
        let text =
            "C:Q1\nP:busybox\nV:1.36-r0\nI:9999999999999999\nD:so:libc\n\nP:none\nI:x\n\nV:1\n";
        let expected =
            [("busybox", package("1.36-r0", 1 << 40, false)), ("none", package("", 0, false))];
        let expected: Installed =
            expected.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        assert_eq!(apk(text), expected);
    }
}
