//! Files that an image shows and no container misses, recognized by where they are.

use std::sync::OnceLock;

use super::class::Class;
use crate::image::Entry;
use crate::model::Manager;

/// Smaller files are not worth a word.
const LEAST_ARCHIVE: u64 = 64 << 10;

/// Fewer bytes of symbols or zeros are not worth a word.
const LEAST_PART: u64 = 256 << 10;

/// Folders of logs and temporary files, from the root. Source: the Filesystem Hierarchy Standard.
const TEMPORARY: &[&str] = &["var/log/", "var/tmp/", "tmp/"];

/// Logs with a record for each user ID: of a high one they are nearly all hole. Source: `man 8 lastlog`, `man 8 faillog`.
const LOGIN_LOGS: &[&str] = &["var/log/lastlog", "var/log/faillog", "var/log/tallylog"];

/// The folder of caches in the home of a user. Source: the XDG Base Directory Specification.
const HOME_CACHE: &str = ".cache/";

/// The folders of caches and indexes of package managers.
struct Caches {
    /// From the root.
    all: Vec<&'static str>,
    /// From the home of a user.
    home: Vec<&'static str>,
}

fn caches() -> &'static Caches {
    static CACHES: OnceLock<Caches> = OnceLock::new();
    CACHES.get_or_init(|| {
        let mut found = Caches { all: TEMPORARY.to_vec(), home: vec![HOME_CACHE] };
        for folder in Manager::ALL.iter().flat_map(|it| it.cache.measured) {
            match folder.strip_prefix("~/") {
                Some(folder) => found.home.push(folder),
                None => found.all.push(folder),
            }
        }
        found
    })
}

/// Documentation and translations.
const DOCUMENTATION: &[&str] = &[
    "usr/share/doc/",
    "usr/share/man/",
    "usr/share/info/",
    "usr/share/locale/",
    "usr/share/i18n/",
    "usr/share/gtk-doc/",
    "usr/local/share/doc/",
    "usr/local/share/man/",
];

/// Folders of projects that no image needs, wherever they are.
const BAGGAGE: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".idea",
    ".vscode",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".tox",
    ".nyc_output",
    ".terraform",
    ".vagrant",
];

/// Files of projects that no image needs.
const BAGGAGE_FILES: &[&str] =
    &["Dockerfile", "Containerfile", ".dockerignore", ".gitignore", ".DS_Store", "Thumbs.db"];

/// Endings of archives.
const ARCHIVES: &[&str] = &[
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".tar.zst", ".zip", ".deb", ".rpm",
    ".apk", ".whl",
];

/// The reason why a file that is shown is wasted, or may be.
pub(super) fn class(path: &[u8], entry: &Entry) -> Option<Class> {
    let path = std::str::from_utf8(path).ok()?;
    let is_in = |folders: &[&str]| folders.iter().any(|it| path.starts_with(it));
    let home = path.strip_prefix("root/").or_else(|| {
        let rest = path.strip_prefix("home/")?;
        rest.split_once('/').map(|it| it.1)
    });
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_hollow = entry.seen().zeros >= LEAST_PART && entry.seen().zeros * 2 >= entry.size;
    if is_hollow && LOGIN_LOGS.contains(&path) {
        return Some(Class::Sparse);
    }
    let caches = caches();
    let in_home = home.is_some_and(|rest| caches.home.iter().any(|it| rest.starts_with(it)));
    if is_in(&caches.all) || in_home {
        return Some(Class::Cache);
    }
    if !is_in(&["usr/lib/", "usr/share/", "usr/local/lib/", "opt/"]) {
        let folders = path.split('/').rev().skip(1);
        let in_baggage = folders.into_iter().any(|it| BAGGAGE.contains(&it));
        if in_baggage || BAGGAGE_FILES.contains(&name) {
            return Some(Class::Baggage);
        }
    }
    if is_in(DOCUMENTATION) {
        return Some(Class::Documentation);
    }
    let is_archive = entry.size >= LEAST_ARCHIVE && ARCHIVES.iter().any(|it| name.ends_with(it));
    if is_archive || is_hollow || entry.seen().debug >= LEAST_PART {
        return Some(Class::Unstripped);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Kind, Seen};

    #[test]
    fn caches_are_those_of_the_managers() {
        let expected = [
            "go/pkg/mod/cache/",
            "root/go/pkg/mod/cache/",
            "tmp/",
            "usr/local/bundle/cache/",
            "usr/local/cargo/registry/",
            "usr/local/share/.cache/",
            "var/cache/apk/",
            "var/cache/apt/",
            "var/cache/debconf/",
            "var/cache/dnf/",
            "var/cache/libdnf5/",
            "var/cache/made-up/",
            "var/cache/pacman/",
            "var/cache/yum/",
            "var/cache/zypp/",
            "var/lib/apt/lists/",
            "var/log/",
            "var/tmp/",
        ];
        let missing: Vec<_> = expected.iter().filter(|it| !caches().all.contains(it)).collect();
        assert_eq!(missing, [&""; 0]);
        let expected = [
            ".bundle/cache/",
            ".cache/",
            ".cargo/git/",
            ".cargo/registry/",
            ".composer/cache/",
            ".gradle/caches/",
            ".local/share/pnpm/store/",
            ".m2/repository/",
            ".made-up/",
            ".node-gyp/",
            ".npm/",
            ".nuget/packages/",
            ".yarn/cache/",
        ];
        let missing: Vec<_> = expected.iter().filter(|it| !caches().home.contains(it)).collect();
        assert_eq!(missing, [&""; 0]);
    }

    #[test]
    fn files_are_told_by_their_place() {
        let entry = |seen: Seen| Entry {
            path: Box::default(),
            kind: Kind::File,
            mode: 0,
            uid: 0,
            gid: 0,
            mtime: 0,
            size: 1 << 20,
            start: 0,
            tar_bytes: 0,
            digest: None,
            link: None,
            xattrs: None,
            seen: Some(Box::new(seen)),
        };
        let cases = [
            ("var/lib/apt/lists/deb.debian.org_dists", Some(Class::Cache)),
            ("var/log/apt/history.log", Some(Class::Cache)),
            ("var/tmp/build.1", Some(Class::Cache)),
            ("tmp/pip-build/x", Some(Class::Cache)),
            ("srv/tmp/x", None),
            ("root/.cache/pip/http/x", Some(Class::Cache)),
            ("home/me/.npm/_cacache/x", Some(Class::Cache)),
            ("home/.npm", None),
            ("var/cache/made-up/x", Some(Class::Cache)),
            ("home/me/.made-up/x", Some(Class::Cache)),
            ("app/.git/objects/pack/x", Some(Class::Baggage)),
            ("app/Dockerfile", Some(Class::Baggage)),
            ("app/git", None),
            ("usr/lib/python3/x/__pycache__/a.pyc", None),
            ("usr/share/x/.gitignore", None),
            ("usr/local/lib/node_modules/x/.vscode/settings.json", None),
            ("opt/tool/.idea/workspace.xml", None),
            ("usr/share/doc/x/README", Some(Class::Documentation)),
            ("opt/x.tar.gz", Some(Class::Unstripped)),
            ("usr/bin/x", None),
        ];
        for (path, expected) in cases {
            let found = class(path.as_bytes(), &entry(Seen::default()));
            assert_eq!(found, expected, "{path}");
        }
        let all = |names: &str, around: &dyn Fn(&str) -> String, expected| {
            for name in names.split_whitespace() {
                let path = around(name);
                let found = class(path.as_bytes(), &entry(Seen::default()));
                assert_eq!(found, Some(expected), "{path}");
            }
        };
        let folders = ".git .hg .svn .idea .vscode __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nyc_output \
                       .terraform .vagrant";
        all(folders, &|it| format!("srv/web/{it}/deep/x"), Class::Baggage);
        let files = "Dockerfile Containerfile .dockerignore .gitignore .DS_Store Thumbs.db";
        all(files, &|it| format!("srv/web/{it}"), Class::Baggage);
        let folders = "usr/share/doc usr/share/man usr/share/info usr/share/locale usr/share/i18n usr/share/gtk-doc \
                       usr/local/share/doc usr/local/share/man";
        all(folders, &|it| format!("{it}/x"), Class::Documentation);
        let endings = ".tar .tar.gz .tgz .tar.bz2 .tar.xz .txz .tar.zst .zip .deb .rpm .apk .whl";
        all(endings, &|it| format!("srv/x{it}"), Class::Unstripped);
        let hole = Seen { zeros: 1 << 20, ..Seen::default() };
        for path in ["var/log/lastlog", "var/log/faillog", "var/log/tallylog"] {
            assert_eq!(class(path.as_bytes(), &entry(hole)), Some(Class::Sparse), "{path}");
        }
        // At the limits: of archives 64 KiB, of symbols and of zeros 256 KiB, which are at least half of the file.
        let of = |path: &str, size, seen| {
            class(path.as_bytes(), &Entry { size, ..entry(seen) }) == Some(Class::Unstripped)
        };
        let zeros = |zeros| Seen { zeros, ..Seen::default() };
        let debug = |debug| Seen { debug, ..Seen::default() };
        assert!(of("srv/x.zip", 64 << 10, Seen::default()));
        assert!(!of("srv/x.zip", (64 << 10) - 1, Seen::default()));
        assert!(of("srv/x", 512 << 10, zeros(256 << 10)));
        assert!(!of("srv/x", 512 << 10, zeros((256 << 10) - 1)));
        assert!(!of("srv/x", (512 << 10) + 1, zeros(256 << 10)));
        assert!(of("usr/bin/x", 9 << 20, debug(256 << 10)));
        assert!(!of("usr/bin/x", 9 << 20, debug((256 << 10) - 1)));
        let zeros = entry(Seen { zeros: 1 << 20, ..Seen::default() });
        assert_eq!(class(b"var/log/lastlog", &zeros), Some(Class::Sparse));
        assert_eq!(class(b"srv/disk.img", &zeros), Some(Class::Unstripped));
        assert_eq!(class(b"var/cache/apk/x", &zeros), Some(Class::Cache));
        let debug = entry(Seen { debug: 1 << 19, ..Seen::default() });
        assert_eq!(class(b"usr/bin/x", &debug), Some(Class::Unstripped));
    }
}
