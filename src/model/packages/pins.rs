//! Whether a package word says which version is taken.

use super::Manager;

/// Whether the word names a version, or a file or address that stands for one.
pub(super) fn is_pinned(manager: Manager, word: &str, version: Option<&str>) -> bool {
    match manager {
        // `curl=7.88.1-10`, `curl/bookworm-backports`, `./curl_7.88.1_amd64.deb` (apt-get(8), "install").
        Manager::Apt => word.contains(['=', '/']) || word.ends_with(".deb"),
        Manager::Apk => version.is_some() || word.ends_with(".apk"),
        Manager::Dnf => is_pinned_for_dnf(word),
        // `curl=8.5.0`, `curl>=8` (zypper(8), "Package Types").
        Manager::Zypper => word.contains(['=', '<', '>']) || word.ends_with(".rpm"),
        Manager::Npm => is_pinned_for_npm(word, version),
        Manager::Gem => word.contains(':') || word.ends_with(".gem"),
        Manager::Go => is_pinned_for_go(word, version),
        Manager::Pip | Manager::Pipx | Manager::Uv | Manager::Pipenv => is_pinned_for_pip(word),
        _ => version.is_some(),
    }
}

/// Package files, addresses, groups, and `name-version` (dnf(8), "Specifying Packages"): a part after a dash begins with a
/// digit, and all parts after the first are made of what versions and releases are made of.
fn is_pinned_for_dnf(word: &str) -> bool {
    if word.ends_with(".rpm") || word.contains("://") || word.starts_with('@') {
        return true;
    }
    // A stream of a module: `nodejs:20`.
    if word.split_once(':').is_some_and(|(name, _)| !name.contains('-')) {
        return true;
    }
    let later = || word.split('-').skip(1);
    let version = |it: char| it.is_ascii_alphanumeric() || ".~^_:+*?".contains(it);
    later().all(|part| part.chars().all(version))
        && later().any(|part| part.starts_with(|it: char| it.is_ascii_digit()))
}

/// `name@version` or a tag, files and folders, and revisions of repositories (npm's documentation, "npm install").
fn is_pinned_for_npm(word: &str, version: Option<&str>) -> bool {
    let is_path = word == "." || ["/", "./", "../", "~/"].iter().any(|it| word.starts_with(it));
    let is_archive = [".tar", ".tar.gz", ".tgz"].iter().any(|it| word.ends_with(it));
    if is_path || is_archive {
        return true;
    }
    if word.contains("://") || (word.contains('/') && !word.starts_with('@')) {
        return word.contains('#');
    }
    version.is_some()
}

/// A version other than the one that moves, or what is in the module or the standard library: the first part of
/// an import path that can be fetched has a dot (`go help importpath`).
fn is_pinned_for_go(word: &str, version: Option<&str>) -> bool {
    let host = word.split('/').next().unwrap_or(word);
    let is_here = word.starts_with(['.', '/']) || !host.contains(['.', '$']);
    is_here || version.is_some_and(|it| !matches!(it, "latest" | "none" | "upgrade" | "patch"))
}

/// Version specifiers of PEP 440, checked-out revisions, archives and paths.
fn is_pinned_for_pip(word: &str) -> bool {
    if word.contains(['=', '<', '>', '~', '!']) && has_specifier(word) {
        return true;
    }
    if ["git+", "svn+", "hg+", "bzr+"].iter().any(|scheme| word.starts_with(scheme)) {
        return word.contains('@');
    }
    word.contains('/') || word.ends_with(".whl") || word.ends_with(".tar.gz")
}

fn has_specifier(word: &str) -> bool {
    ["==", ">=", "<=", "!=", "~=", ">", "<"].iter().any(|operator| word.contains(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apt_takes_versions_releases_and_files() {
        for word in ["curl=7.88*", "curl/bookworm", "./a.deb", "*.deb", "$A=$B"] {
            assert!(is_pinned(Manager::Apt, word, None), "{word}");
        }
        for word in ["curl", "$PACKAGES", "$(cat list)", "curl+"] {
            assert!(!is_pinned(Manager::Apt, word, None), "{word}");
        }
    }

    #[test]
    fn dnf_takes_versions_files_and_groups() {
        let pinned = [
            "a-1.2",
            "a-b-1.2-3.el8.x86_64",
            "a-1.2*",
            "a.rpm",
            "https://x/y",
            "@core",
            "nodejs:20",
        ];
        for word in pinned {
            assert!(is_pinned(Manager::Dnf, word, None), "{word}");
        }
        for word in ["a", "a-b", "python3-devel", "a-$V", "$A", "java-latest-openjdk", "a-1.2-$V"] {
            assert!(!is_pinned(Manager::Dnf, word, None), "{word}");
        }
    }

    #[test]
    fn npm_and_go_take_versions_paths_and_revisions() {
        let npm =
            |word: &str| is_pinned(Manager::Npm, word, word[1..].split_once('@').map(|it| it.1));
        for word in
            ["a@1", "@s/a@1", "a@latest", ".", "./a", "../a", "a.tgz", "git://x/y#v1", "u/r#v1"]
        {
            assert!(npm(word), "{word}");
        }
        for word in ["a", "@s/a", "git+ssh://git@x/y", "u/r", "$A", "https://x/y"] {
            assert!(!npm(word), "{word}");
        }
        let go = |word: &str| is_pinned(Manager::Go, word, word.split_once('@').map(|it| it.1));
        for word in ["x.y/a@v1", "./...", "/a", "app", "std", "x.y/a@$V"] {
            assert!(go(word), "{word}");
        }
        for word in ["x.y/a", "x.y/a@latest", "x.y/a/...", "$A"] {
            assert!(!go(word), "{word}");
        }
    }

    #[test]
    fn pip_takes_specifiers_revisions_and_files() {
        let pinned = [
            "a==1",
            "a>=1,<2",
            "a~=1.0",
            "a===1",
            "a!=1",
            "a<2",
            "git+https://x/y@v1",
            "git+ssh://git@x/y",
            "https://x/a.zip",
            "./a",
            "a.whl",
            "a.tar.gz",
            "a @ https://x/a.whl",
        ];
        for word in pinned {
            assert!(is_pinned(Manager::Pip, word, None), "{word}");
        }
        for word in ["a", "a=1", "a[b]", ".[dev]", "git+https://x/y", "svn+file:///x", "a.zip"] {
            assert!(!is_pinned(Manager::Pip, word, None), "{word}");
        }
    }
}
