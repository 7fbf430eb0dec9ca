//! What instructions copy from the build context that they should not, or cannot.

use super::Model;
use super::transfers::ContextSource;
use super::variables::is_near_miss;
use crate::context::{
    ContextUse, Entry, EntryKind, Heap, Secret, Tree, folders_of, has_wildcard, is_in,
};
use crate::source::Span;
use crate::syntax::Kind;

/// What one source brings along that the build never needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballast {
    /// The source.
    pub source: Span,
    /// The instruction, by index.
    pub instruction: usize,
    /// Whether it is the whole context.
    pub whole: bool,
    /// What it brings, the biggest first; at least one.
    pub heaps: Vec<Heap>,
}

impl Ballast {
    /// Bytes of all of it.
    pub fn bytes(&self) -> u64 {
        self.heaps.iter().map(|it| it.bytes).sum()
    }

    /// How many files are in it.
    pub fn files(&self) -> u64 {
        self.heaps.iter().map(|it| it.files).sum()
    }
}

/// A source that is not in the context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The source.
    pub source: Span,
    /// Its path from the root of the context.
    pub path: String,
    /// A path that is there and may be meant.
    pub near: Option<String>,
}

impl Model<'_> {
    fn tree(&self) -> Option<&Tree> {
        self.context.as_ref()?.tree.as_deref()
    }

    /// Which of the manifests of an install a COPY can name, if it can name the first: those that are in the build context;
    /// where that is not known, all, but the others as patterns, which may match nothing.
    pub fn manifests_to_copy(&self, names: &[String]) -> Option<Vec<String>> {
        let (first, rest) = names.split_first()?;
        let is_there = |name: &String| self.tree().is_some_and(|it| !it.matching(name).is_empty());
        // A context that was only guessed may be another one.
        if is_there(first) {
            return Some(names.iter().filter(|it| is_there(it)).cloned().collect());
        }
        if self.tree().is_some() && self.context.as_ref().is_some_and(|it| it.is_named) {
            return None;
        }
        let rest =
            rest.iter().map(|it| if it.contains('*') { it.clone() } else { format!("{it}*") });
        Some(std::iter::once(first.clone()).chain(rest).collect())
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
            self.context_sources().filter(|it| it.certain).collect();
        let asked = self.context_use();
        let found = sources.iter().filter(|it| !has_wildcard(&it.path)).filter_map(|source| {
            let fits = |it: &&Heap| {
                is_in(&it.path, &source.path) && it.path != source.path && asked.needs_not(it)
            };
            let mut heaps: Vec<Heap> = tree.heaps.iter().filter(fits).cloned().collect();
            heaps.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
            let whole = source.path.is_empty();
            let (source, instruction) = (source.word.span, source.instruction);
            (!heaps.is_empty()).then_some(Ballast { source, instruction, whole, heaps })
        });
        found.collect()
    }

    /// The files with secrets that sources bring into a layer, each with the source and the instruction.
    pub fn copied_secrets(&self) -> Vec<(Span, usize, &Secret)> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let found = self.context_sources().filter(|it| it.certain).flat_map(|source| {
            let matching: Vec<&Entry> = tree.matching(&source.path);
            let (span, instruction) = (source.word.span, source.instruction);
            let whole = source.path.is_empty();
            let secrets = tree.secrets.iter().filter(move |secret| {
                whole || matching.iter().any(|it| is_in(&secret.path, &it.path))
            });
            secrets.map(move |it| (span, instruction, it))
        });
        found.collect()
    }

    /// The sources that name nothing in the context. An empty COPY is none, and neither is one of several sources with
    /// wildcards: the builders take those.
    pub fn missing_sources(&self) -> Vec<Missing> {
        let Some(tree) = self.tree().filter(|it| it.complete) else { return Vec::new() };
        let found = self
            .context_sources()
            .filter(|it| it.certain && !it.path.is_empty())
            .filter_map(|source| {
                let is_alone = self.doc.instructions.get(source.instruction).is_some_and(|it| {
                    match &it.kind {
                        Kind::Copy(copy) | Kind::Add(copy) => copy.sources.len() == 1,
                        _ => false,
                    }
                });
                let outside = source.path.split('/').any(|it| it == "..");
                if outside
                    || !tree.matching(&source.path).is_empty()
                    || has_wildcard(&source.path) && !is_alone
                {
                    return None;
                }
                // Behind a link nothing is read.
                let is_link = |path| tree.find(path).is_some_and(|it| it.kind == EntryKind::Link);
                if folders_of(&source.path).any(is_link) {
                    return None;
                }
                let near = tree
                    .entries
                    .iter()
                    .find(|it| is_meant(&source.path, &it.path))
                    .map(|it| it.path.clone());
                Some(Missing { source: source.word.span, path: source.path, near })
            });
        found.collect()
    }

    /// The sources all of whose matches .dockerignore leaves out.
    pub fn ignored_sources(&self) -> Vec<(Span, String)> {
        let Some(tree) = self.tree() else { return Vec::new() };
        let found = self
            .context_sources()
            .filter(|it| it.certain && !it.path.is_empty())
            .filter_map(|source| {
                let matching = tree.matching(&source.path);
                let is_gone = |it: &&Entry| tree.below(&it.path).iter().all(|it| it.ignored);
                let all = !matching.is_empty() && matching.iter().all(is_gone);
                all.then_some((source.word.span, source.path))
            });
        found.collect()
    }
}

/// Whether a path in the same folder differs from the one that is looked for only by its case or by a letter.
fn is_meant(wanted: &str, there: &str) -> bool {
    let split = |path: &str| {
        path.rsplit_once('/')
            .map_or((String::new(), path.to_owned()), |it| (it.0.to_owned(), it.1.to_owned()))
    };
    let ((folder, name), (other_folder, other)) = (split(wanted), split(there));
    folder == other_folder
        && !has_wildcard(&name)
        && (name.eq_ignore_ascii_case(&other) || is_near_miss(&name, &other))
}
