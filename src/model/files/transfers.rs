//! Paths of COPY, ADD and WORKDIR.

use std::collections::HashSet;

use crate::context::clean;
use crate::model::Model;
use crate::source::{Span, work};
use crate::syntax::{Instruction, Kind, Part, Transfer, TransferSource, Word};

/// The endings by which the builder's users tell an archive that ADD unpacks.
const ARCHIVE_ENDINGS: &[&str] = &[
    ".Z", ".bz2", ".gz", ".lz", ".lzma", ".tZ", ".tar", ".tb2", ".tbz", ".tbz2", ".tgz", ".tlz",
    ".tpz", ".txz", ".xz",
];

/// Whether a name ends as an archive that ADD unpacks.
pub fn is_archive_name(name: &str) -> bool {
    ARCHIVE_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a name is that of a tar archive, compressed or not: ADD takes no other archive apart, as it looks at what is in
/// the file.
pub fn is_tar_name(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    is_archive_name(name) && (name.contains(".tar") || ending.starts_with('t'))
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

/// Whether a source is a folder, or a file whose ending says that it is text.
pub fn is_plain_source(source: &str) -> bool {
    const TEXT: &[&str] = &[
        "cfg",
        "cnf",
        "conf",
        "crt",
        "css",
        "go",
        "html",
        "ini",
        "js",
        "json",
        "lock",
        "md",
        "mod",
        "pem",
        "php",
        "properties",
        "py",
        "rb",
        "repo",
        "service",
        "sh",
        "sql",
        "sum",
        "toml",
        "ts",
        "txt",
        "xml",
        "yaml",
        "yml",
    ];
    let name = source.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    !source.contains('$')
        && (source.ends_with('/')
            || matches!(name, "." | "..")
            || ending.is_some_and(|ending| TEXT.binary_search(&ending).is_ok()))
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

/// A file or folder of the build context that an instruction copies.
#[derive(Debug, Clone)]
pub struct ContextSource<'a> {
    /// The instruction, by index.
    pub instruction: usize,
    /// The word that names it.
    pub word: &'a Word<'a>,
    /// Its path from the root of the context, cleaned; it may have wildcards.
    pub path: String,
    /// Whether the path is that of every build.
    pub certain: bool,
    /// Whether `--parents` is given, so that `**` is any number of folders.
    pub parents: bool,
}

/// What is found once of a file or folder of the build context that is copied.
#[derive(Debug, Clone)]
pub(in crate::model) struct KnownSource {
    instruction: usize,
    /// Its number in the instruction.
    number: usize,
    /// The word that names it.
    span: Span,
    pub(in crate::model) path: String,
    pub(in crate::model) certain: bool,
    pub(in crate::model) parents: bool,
}

impl<'s> Model<'s> {
    /// What is copied from the build context, in order. Paths with variables of unknown value are left out.
    pub fn context_sources(&self) -> impl Iterator<Item = ContextSource<'s>> {
        self.known_sources().iter().filter_map(|it| {
            let transfer = from_context(self.doc.instructions.get(it.instruction)?)?;
            Some(ContextSource {
                instruction: it.instruction,
                word: &transfer.sources.get(it.number)?.word,
                path: it.path.clone(),
                certain: it.certain,
                parents: it.parents,
            })
        })
    }

    /// The source of the build context that is at a place.
    pub(in crate::model) fn context_source(&self, place: Span) -> Option<&KnownSource> {
        let known = self.known_sources();
        let at = known.partition_point(|it| it.span < place);
        known.get(at).filter(|it| it.span == place)
    }

    fn known_sources(&self) -> &[KnownSource] {
        self.found.context_sources.get_or_init(|| {
            let instructions = self.doc.instructions.iter();
            let transfers = instructions.filter_map(|it| from_context(it).map(|its| (it, its)));
            let sources = transfers.flat_map(|(instruction, transfer)| {
                distinct(transfer).filter_map(|(at, it)| self.find_source(instruction, at, it))
            });
            sources.collect()
        })
    }

    fn find_source(
        &self,
        instruction: &Instruction<'_>,
        number: usize,
        source: &TransferSource<'_>,
    ) -> Option<KnownSource> {
        work::count(1);
        let parents = instruction
            .flag("parents")
            .is_some_and(|it| it.value.as_ref().is_none_or(|it| it.text != "false"));
        let instruction = instruction.id;
        let value = self.scopes.resolve(instruction, &source.word);
        let text = value.text.trim_matches(['"', '\'']);
        let is_known = source.heredoc.is_none() && !text.is_empty() && !text.contains('$');
        let is_local = matches!(Origin::of(source, text), Origin::Local | Origin::Archive);
        if !is_known || !is_local {
            return None;
        }
        // In files for Windows the backslash parts folders.
        let slashes =
            if self.doc.escape == '`' { text.replace('\\', "/") } else { text.to_owned() };
        let path = clean(&format!("/{slashes}")).trim_start_matches('/').to_owned();
        let span = source.word.span;
        Some(KnownSource { instruction, number, span, path, certain: value.certain, parents })
    }
}

/// The sources of a COPY or ADD with their places in its list; those that only repeat the text of another bring nothing more.
pub(super) fn distinct<'t, 's>(
    transfer: &'t Transfer<'s>,
) -> impl Iterator<Item = (usize, &'t TransferSource<'s>)> {
    let mut texts: HashSet<&str> = HashSet::new();
    let is_one = transfer.sources.len() < 2;
    let sources = transfer.sources.iter().enumerate();
    sources.filter(move |(_, it)| is_one || it.heredoc.is_some() || texts.insert(&it.word.text))
}

/// The operands of an instruction that copies from the build context.
fn from_context<'i, 's>(instruction: &'i Instruction<'s>) -> Option<&'i Transfer<'s>> {
    match &instruction.kind {
        Kind::Copy(it) if instruction.flag("from").is_none() => Some(it),
        Kind::Add(it) => Some(it),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, has_drive, is_archive_name, is_relative, names_folder};
    use crate::model::tests::of;
    use crate::syntax::Kind;

    #[test]
    fn archives_are_told_by_their_ending() {
        assert!(is_archive_name("a.tar.gz") && is_archive_name("dir/b.txz"));
        assert!(!is_archive_name("a.zip") && !is_archive_name("a.TAR") && !is_archive_name("tar"));
    }

    #[test]
    fn backslashes_part_folders_in_files_for_windows() {
        let paths = |head: &str, source: &str| {
            of(&format!("{head}FROM a\nCOPY {source} c:/app/\n"), |model| {
                model.context_sources().map(|it| it.path).collect::<Vec<_>>()
            })
        };
        let windows = "# escape=`\n";
        assert_eq!(paths(windows, ".\\start.ps1"), ["start.ps1"]);
        assert_eq!(paths(windows, "bin\\*.ps1 a/b"), ["bin/*.ps1", "a/b"]);
        assert_eq!(paths(windows, "..\\x\\"), ["x"]);
        assert_eq!(paths("", "bin/run.ps1"), ["bin/run.ps1"]);
    }

    #[test]
    fn drives_have_one_letter() {
        assert!(has_drive("c:\\x") && has_drive("D:"));
        assert!(!has_drive("ab:c") && !has_drive("/c:") && !has_drive(""));
    }

    /// Looks at the last source and at the destination of an ADD.
    fn add(words: &str) -> (Origin, bool, bool) {
        of(&format!("FROM a\nADD {words}\n"), |model| {
            let Kind::Add(add) = &model.doc.instructions[1].kind else { panic!("no ADD") };
            let Some(source) = add.sources.last() else { panic!("no source") };
            let destination = &add.destination;
            let origin = Origin::of(source, &source.word.text);
            (origin, is_relative(destination), names_folder(destination))
        })
    }

    #[test]
    fn sources_are_told_by_how_they_start_and_end() {
        assert_eq!(add("a.txt /").0, Origin::Local);
        assert_eq!(add("a.tar.gz /").0, Origin::Archive);
        assert_eq!(add("https://example.com/a.tar.gz /").0, Origin::Url);
        assert_eq!(add("git@example.com:a/b.git /b").0, Origin::Git);
    }

    #[test]
    fn destinations_are_relative_only_for_sure() {
        assert!(add("a b").1 && add("a ./b/").1);
        assert!(!add("a /b").1 && !add("a $HOME/b").1 && !add("a c:/b").1);
        assert!(add("a b/").2 && !add("a b").2);
    }
}
