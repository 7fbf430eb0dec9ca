//! Paths of COPY, ADD and WORKDIR.

use crate::syntax::{Part, TransferSource, Word};

/// The endings by which the builder's users tell an archive that ADD unpacks.
const ARCHIVE_ENDINGS: &[&str] = &[
    ".Z", ".bz2", ".gz", ".lz", ".lzma", ".tZ", ".tar", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz",
    ".tpz", ".txz", ".xz",
];

/// Whether a name ends as an archive that ADD unpacks.
pub fn is_archive_name(name: &str) -> bool {
    ARCHIVE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a path is relative for sure: it starts neither with `/`, nor with a variable, nor with a drive letter.
pub fn is_relative(path: &Word<'_>) -> bool {
    match path.parts.first() {
        Some(Part::Text(text)) => !text.starts_with('/') && !has_drive(text),
        Some(Part::Var(_)) => false,
        None => true,
    }
}

/// Whether a path starts with a drive letter, as on Windows.
pub fn has_drive(path: &str) -> bool {
    let mut letters = path.chars();
    letters.next().is_some_and(|it| it.is_ascii_alphabetic()) && letters.next() == Some(':')
}

/// Whether a path ends with a separator, which says that it is a folder.
pub fn names_folder(path: &Word<'_>) -> bool {
    match path.parts.last() {
        Some(Part::Text(text)) => text.ends_with(['/', '\\']),
        _ => false,
    }
}

/// Where a source of ADD comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file or folder of the build context, or a heredoc.
    Local,
    /// A local archive, by its ending.
    Archive,
    /// An `http` or `https` URL.
    Url,
    /// A git repository.
    Git,
}

impl Origin {
    /// The origin of a source, given its value.
    pub fn of(source: &TransferSource<'_>, value: &str) -> Self {
        let starts = |start: &[&str]| start.iter().any(|it| value.starts_with(it));
        if source.heredoc.is_some() {
            Self::Local
        } else if starts(&["git@", "git://", "ssh://"]) {
            Self::Git
        } else if starts(&["http://", "https://"]) {
            Self::Url
        } else if is_archive_name(value) {
            Self::Archive
        } else {
            Self::Local
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{has_drive, is_archive_name};

    #[test]
    fn archives_are_told_by_their_ending() {
        assert!(is_archive_name("a.tar.gz") && is_archive_name("dir/b.txz"));
        assert!(!is_archive_name("a.zip") && !is_archive_name("a.TAR") && !is_archive_name("tar"));
    }

    #[test]
    fn drives_have_one_letter() {
        assert!(has_drive("c:\\x") && has_drive("D:"));
        assert!(!has_drive("ab:c") && !has_drive("/c:") && !has_drive(""));
    }
}
