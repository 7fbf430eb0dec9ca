//! What instructions copy from the build context that they should not, or cannot.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};

use super::writes::{How, Shape, WORTH_BYTES, Write};
use crate::context::{
    ContextUse, Entry, EntryKind, Found, Heap, Matches, Odd, Pile, Secret, Sum, Tree, clean,
    has_wildcard, literal_part,
};
use crate::model::{Ecosystem, ImageRef, Model};
use crate::source::Span;
use crate::syntax::{Kind, TransferSource};

use super::transfers::{ContextSource, is_tar_name};
use crate::model::variables::undefined::is_near_miss;

/// What one source brings along that the build never needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballast {
    /// The source.
    pub source: Span,
    /// The instruction, by index.
    pub instruction: usize,
    /// Whether it is the whole context.
    pub whole: bool,
    /// What it brings by kind, the biggest first; at least one.
    pub piles: Vec<Pile>,
}

impl Ballast {
    /// Bytes of all of it.
    pub fn bytes(&self) -> u64 {
        self.piles.iter().fold(0, |sum, it| sum.saturating_add(it.bytes))
    }

    /// How many files are in it.
    pub fn files(&self) -> u64 {
        self.piles.iter().map(|it| it.files).sum()
    }
}

/// A source that is not in the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The source.
    pub source: Span,
    /// The path that is not there, from the root of the context.
    pub path: String,
    /// A path that is there and may be meant.
    pub near: Option<String>,
}

/// A source of which a build gets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredSource {
    /// The source.
    pub source: Span,
    /// Its path from the root of the context.
    pub path: String,
    /// Whether the build fails; else it copies nothing.
    pub fails: bool,
}

impl Model<'_> {
    /// What is in the context, if a build gets as far as to look at it.
    fn tree(&self) -> Option<&Tree> {
        self.context.as_ref().filter(|it| it.malformed.is_none()).map(|it| &*it.tree)
    }

    /// Whether a folder is known to be in the build context, with more in it than a Dockerfile that somebody tries out.
    pub fn is_in_context(&self, folder: &str) -> bool {
        const MOST_NAMES: usize = 10_000;
        let Some(tree) = self.tree() else { return false };
        let is_sources = |name: &String| !name.starts_with('.') && !name.contains("ockerfile");
        self.kind_in_context(folder) == Some(EntryKind::Folder)
            && tree.names(folder, MOST_NAMES).iter().any(is_sources)
    }

    /// Which of the manifests of an install a COPY can name, if it can name the first: those that are in a folder of the build
    /// context with the settings next to them; where that is not known, all, but the others as patterns, which may match
    /// nothing.
    pub fn manifests_to_copy(
        &self,
        folder: &str,
        names: &[String],
        settings: &[&str],
    ) -> Option<Vec<String>> {
        let (first, rest) = names.split_first()?;
        let is_there = |name: &str| !tree_matching(self.tree(), &below(folder, name)).is_empty();
        // A context that was only guessed may be another one.
        if is_there(first) {
            let names = names.iter().filter(|it| is_there(it)).cloned();
            let settings = settings.iter().filter(|it| is_there(it)).map(|&it| it.to_owned());
            return Some(names.chain(settings).collect());
        }
        if self.tree().is_some() && self.context.as_ref().is_some_and(|it| it.is_named) {
            return None;
        }
        let rest =
            rest.iter().map(|it| if it.contains('*') { it.clone() } else { format!("{it}*") });
        Some(std::iter::once(first.clone()).chain(rest).collect())
    }

    /// The names that manifests have in a folder of the build context; none where that is not known.
    pub fn manifests_in(&self, folder: &str, names: &[String]) -> Vec<String> {
        let found = names.iter().flat_map(|name| tree_matching(self.tree(), &below(folder, name)));
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        found.take(6).map(|it| name(&it.path)).collect()
    }

    /// Whether the project in a folder of the build context has members with their own manifests, which an install of
    /// all of them reads too. Two levels are looked at.
    pub fn has_members(&self, project: &str, ecosystem: &Ecosystem) -> bool {
        const NO_MEMBERS: &[&str] = &["node_modules", "target", "vendor"];
        if ecosystem.member.is_empty() {
            return false;
        }
        let start = if project.is_empty() { String::new() } else { format!("{project}/") };
        ["*/", "*/*/"].iter().any(|levels| {
            let name = format!("{start}{levels}{}", ecosystem.member);
            tree_matching(self.tree(), &name)
                .iter()
                .any(|it| !it.ignored && !it.path.split('/').any(|part| NO_MEMBERS.contains(&part)))
        })
    }

    /// Whether a folder of the build context has something that an install may read and that cannot be copied along.
    pub fn has_other_inputs(&self, folder: &str, ecosystem: &Ecosystem) -> bool {
        let is_there = |name: &str| !tree_matching(self.tree(), &below(folder, name)).is_empty();
        ecosystem.others.iter().any(|it| is_there(it))
    }

    /// The paths in the build context that a pattern matches and that a build gets.
    pub(in crate::model) fn paths_in_context(&self, pattern: &str) -> Vec<String> {
        let found = tree_matching(self.tree(), pattern).into_iter();
        found.filter(|it| !it.ignored).map(|it| it.path).collect()
    }

    /// Whether a path is known to be a folder of the build context that holds one of the files itself.
    pub(in crate::model) fn folder_holds(&self, path: &str, test: impl Fn(&str) -> bool) -> bool {
        const MOST: usize = 5000;
        let Some(tree) = self.tree() else { return false };
        matches!(tree.find(path), Found::Entry(it) if it.kind == EntryKind::Folder)
            && tree.names(path, MOST).iter().any(|it| test(it))
    }

    /// What a source is in the build context, where that is known.
    pub(in crate::model) fn kind_in_context(&self, source: &str) -> Option<EntryKind> {
        let path = clean(&format!("/{source}"));
        match self.tree()?.find(path.trim_start_matches('/')) {
            Found::Entry(it) => Some(it.kind),
            _ => None,
        }
    }

    /// Whether Go has nothing to download for the module in a folder of the build context: its dependencies are next to it, or
    /// it has none.
    pub fn has_go_modules(&self, folder: &str) -> bool {
        let Some(context) = &self.context else { return false };
        let at = |name: &str| below(folder, name);
        let is_there = |path: &str| matches!(context.tree.find(path), Found::Entry(_));
        let needs_none =
            |text: String| !text.lines().any(|it| it.trim_start().starts_with("require"));
        is_there(&at("vendor/modules.txt")) || context.text(&at("go.mod")).is_some_and(needs_none)
    }

    /// Whether a .NET project of the build context builds projects itself while it runs: then it needs the SDK.
    pub fn runs_msbuild(&self) -> bool {
        const MOST: usize = 40;
        let Some(context) = &self.context else { return false };
        let levels = ["", "*/", "*/*/", "*/*/*/"];
        let patterns = levels.iter().flat_map(|it| {
            ["csproj", "fsproj", "props"].iter().map(move |kind| format!("{it}*.{kind}"))
        });
        let projects = patterns.flat_map(|it| self.paths_in_context(&it)).take(MOST);
        projects.filter_map(|it| context.text(&it)).any(|it| it.contains("\"Microsoft.Build"))
    }

    /// Whether a script that the image runs by its path is a file of the build context, by its name, that does not start with
    /// `#!`.
    pub fn lacks_shebang(&self, program: &str) -> bool {
        let name = program.rsplit('/').next().unwrap_or(program);
        let Some(context) = self.context.as_ref().filter(|_| name.ends_with(".sh")) else {
            return false;
        };
        let copied = self.context_sources().map(|it| it.path).filter(|it| it.ends_with(name));
        let beside = [name.to_owned(), format!("scripts/{name}"), format!("docker/{name}")];
        let text = copied.chain(beside).find_map(|it| context.text(&it));
        text.is_some_and(|it| !it.starts_with("#!"))
    }

    /// Whether an image is most likely built by the repository of the file.
    pub fn is_own_image(&self, image: &ImageRef) -> bool {
        self.context.as_ref().is_some_and(|it| it.is_own_image(&image.repository))
    }

    /// What the file asks of its build context.
    pub fn context_use(&self) -> ContextUse {
        let commands = self.runs.iter().flat_map(|it| &it.script.commands);
        ContextUse {
            copied: self.context_sources().map(|it| it.path).collect(),
            commands: commands.map(|it| it.name.clone()).collect(),
        }
    }

    /// What the sources bring along that the build never needs, in order.
    pub fn ballast(&self) -> Vec<Ballast> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let sources: Vec<ContextSource<'_>> =
            self.context_sources().filter(|it| it.certain && !has_wildcard(&it.path)).collect();
        let asked = self.context_use();
        let history = OnceCell::new();
        let reads_history = || *history.get_or_init(|| self.reads_history());
        let hauls = sources.iter().filter_map(|source| {
            let haul = tree.haul(&source.path);
            let piles = haul.piles.iter().filter(|it| asked.can_do_without(it.kind));
            let mut piles: Vec<Pile> = piles.cloned().collect();
            if piles.iter().any(|it| it.kind.is_history) && reads_history() {
                piles.retain(|it| !it.kind.is_history);
            }
            (!piles.is_empty()).then_some((source, haul, piles))
        });
        let hauls: Vec<_> = hauls.collect();
        if hauls.is_empty() {
            return Vec::new();
        }
        // What is copied by its name is wanted, though it looks like the rest.
        let found = hauls.into_iter().filter_map(|(source, haul, mut piles)| {
            let named = asked.copied.iter().filter_map(|it| haul.heap_at(it));
            let named: BTreeMap<&str, &Heap> = named.map(|it| (&*it.path, it)).collect();
            for heap in named.into_values() {
                for pile in piles.iter_mut().filter(|it| std::ptr::eq(it.kind, heap.kind)) {
                    pile.bytes = pile.bytes.saturating_sub(heap.bytes);
                    pile.files = pile.files.saturating_sub(heap.files);
                }
            }
            piles.retain(|it| it.bytes > 0);
            let whole = source.path.is_empty();
            let (source, instruction) = (source.word.span, source.instruction);
            (!piles.is_empty()).then_some(Ballast { source, instruction, whole, piles })
        });
        found.collect()
    }

    /// The lines of .dockerignore that a later line makes useless.
    pub fn overridden_patterns(&self) -> Vec<Odd> {
        self.tree().map_or(Vec::new(), Tree::overridden_lines)
    }

    /// The lines of .dockerignore that name what is of no use anywhere, but leave it out of the root only.
    pub fn shallow_patterns(&self) -> Vec<Odd> {
        self.tree().map_or(Vec::new(), Tree::shallow_lines)
    }

    /// The files with secrets that sources bring into a layer, each with the source and the instruction. Of sources that are
    /// alike only the first counts.
    pub fn copied_secrets(&self) -> Vec<(Span, usize, Secret)> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let mut seen = HashSet::new();
        let mut is_new = |it: &ContextSource<'_>| it.certain && seen.insert(it.path.clone());
        let found = self.context_sources().filter(|it| is_new(it)).flat_map(|source| {
            let (span, instruction) = (source.word.span, source.instruction);
            let matches = tree.matching(&source.path, source.parents);
            let hauls = matches.entries.iter().map(|it| tree.haul(&it.path));
            let secrets: Vec<Secret> = hauls.flat_map(|it| it.secrets.clone()).collect();
            secrets.into_iter().map(move |it| (span, instruction, it))
        });
        found.collect()
    }

    /// Whether the source of an instruction is the very file, and no folder or pattern that happens to hold it.
    pub fn copies_by_name(&self, instruction: usize, source: Span, file: &str) -> bool {
        let mut sources = self.context_sources().filter(|it| it.instruction == instruction);
        sources.any(|it| it.word.span == source && it.path == file)
    }

    /// The sources at which a build fails because they are not in the context. Wildcards may match nothing, but the folder
    /// before the first of them has to be there; with `--parents` it may be missing too.
    pub fn missing_sources(&self) -> Vec<Missing> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let mut looked_for = 0;
        let found = self
            .context_sources()
            .filter(|it| it.certain && !(it.parents && has_wildcard(&it.path)))
            .filter_map(|source| {
                let path = tree.matching(&source.path, source.parents).missing.clone()?;
                looked_for += 1;
                let near = (looked_for <= MOST_LOOKED_FOR).then(|| nearest(tree, &path)).flatten();
                Some(Missing { source: source.word.span, near, path })
            });
        found.collect()
    }

    /// The sources all of whose matches .dockerignore leaves out.
    pub fn ignored_sources(&self) -> Vec<IgnoredSource> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let found = self
            .context_sources()
            .filter(|it| it.certain && !it.path.is_empty())
            .filter_map(|source| {
                let matches: &Matches = &tree.matching(&source.path, source.parents);
                let entries = &matches.entries;
                let all = matches.is_certain
                    && !entries.is_empty()
                    && entries.iter().all(|it| tree.is_gone(it));
                if !all {
                    return None;
                }
                // Wildcards may match nothing, but the folder before them has to be there.
                let folder = literal_part(&source.path);
                let is_there = matches!(tree.find(&folder), Found::Entry(it) if !tree.is_gone(&it));
                let fails = !(is_there || source.parents && has_wildcard(&source.path));
                Some(IgnoredSource { source: source.word.span, path: source.path, fails })
            });
        found.collect()
    }

    /// How many bytes COPY or ADD brings of the build context; none where that is not known, and for an archive that is
    /// unpacked.
    pub fn copied_bytes(&self, write: &Write) -> Option<u64> {
        self.copied_up_to(write, u64::MAX)
    }

    /// The same, but nothing more is looked at once there are `most` bytes.
    pub(in crate::model) fn copied_up_to(&self, write: &Write, most: u64) -> Option<u64> {
        let How::Copied { from: false, .. } = write.how else { return None };
        let tree = self.tree()?;
        let instruction = self.doc.instructions.get(write.instruction)?;
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &instruction.kind else { return None };
        let at = transfer.sources.binary_search_by_key(&write.span, |it| it.word.span).ok()?;
        let source = self.context_source(transfer.sources[at].word.span).filter(|it| it.certain)?;
        if matches!(instruction.kind, Kind::Add(_)) && is_tar_name(&source.path) {
            return None;
        }
        if !has_wildcard(&source.path) {
            let Found::Entry(entry) = tree.find(&source.path) else { return None };
            // What a link leads to is copied.
            let sum = tree.sum_up_to(&source.path, most).filter(|_| entry.kind != EntryKind::Link);
            return sum.filter(|it| it.complete).map(|it| it.bytes);
        }
        let matches = tree.matching(&source.path, source.parents);
        if !matches.is_certain || matches.entries.is_empty() {
            return None;
        }
        let mut sum = Sum::NOTHING;
        for entry in &matches.entries {
            sum += tree.sum_up_to(&entry.path, most)?;
            if sum.bytes >= most {
                break;
            }
        }
        sum.complete.then_some(sum.bytes)
    }

    /// What a source in the build context is, if that is known for sure.
    pub(in crate::model) fn shape_in_context(&self, source: &TransferSource<'_>) -> Option<Shape> {
        let tree = self.tree()?;
        let path = &self.context_source(source.word.span).filter(|it| it.certain)?.path;
        let Found::Entry(entry) = tree.find(path) else { return None };
        match entry.kind {
            EntryKind::Folder => Some(Shape::Tree),
            EntryKind::Link => None,
            EntryKind::File if tree.sum(path)?.bytes >= WORTH_BYTES => Some(Shape::BigFile),
            EntryKind::File => Some(Shape::File),
        }
    }
}

/// Of more missing sources nobody asks which name was meant: for each, all of a folder is looked at.
const MOST_LOOKED_FOR: usize = 20;

/// What is there under a name or pattern.
/// A name in a folder of the build context.
fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn tree_matching(tree: Option<&Tree>, name: &str) -> Vec<Entry> {
    tree.map(|it| it.matching(name, false).entries.clone()).unwrap_or_default()
}

/// A path in the same folder as one that is not there which differs from it only by its case or by a letter. In large
/// folders nobody looks.
fn nearest(tree: &Tree, path: &str) -> Option<String> {
    const MOST: usize = 5000;
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if !matches!(tree.find(folder), Found::Entry(it) if it.kind == EntryKind::Folder) {
        return None;
    }
    let names = tree.names(folder, MOST).into_iter();
    let near = names.filter(|it| name.eq_ignore_ascii_case(it) || is_near_miss(name, it)).min()?;
    Some(if folder.is_empty() { near } else { format!("{folder}/{near}") })
}
