//! Whether a package word says which version is taken.

use super::Manager;

/// Whether the word names a version, or a file or address that stands for one.
pub(super) fn is_pinned(manager: Manager, word: &str, version: Option<&str>) -> bool {
    match manager {
        // `curl=7.88.1-10`, `curl/bookworm-backports`, `./curl_7.88.1_amd64.deb` (apt-get(8), "install").
        Manager::Apt => word.contains(['=', '/']) || word.ends_with(".deb"),
        Manager::Apk => version.is_some() || word.ends_with(".apk"),
        Manager::Pip | Manager::Pipx | Manager::Uv | Manager::Pipenv => is_pinned_for_pip(word),
        _ => version.is_some(),
    }
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
