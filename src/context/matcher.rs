//! All patterns of a .dockerignore at once: a tree of their components, walked together with the folders.
//!
//! What a name costs does not depend on how many plain names, `*.ending`s and `start*`s there are. Only patterns such as
//! `a*b` are tried one by one, and those whose `**` is not its own component are held against the whole path.

use std::collections::HashMap;

use super::pattern::{Component, Glob, Pattern};

/// The patterns, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matcher {
    /// The first one is the root.
    nodes: Vec<Node>,
    /// Patterns over whole paths, with their numbers and whether a `!` is before them.
    loose: Vec<(Pattern, u32, bool)>,
}

/// Where the first components of some patterns lead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Node {
    names: HashMap<Box<str>, u32>,
    endings: Affixes,
    starts: Affixes,
    globs: Vec<(Glob, u32)>,
    known_globs: HashMap<Glob, u32>,
    /// `*`
    any: Option<u32>,
    /// `**/`, for which the node stays as deep as it goes.
    folders: Option<u32>,
    is_folders: bool,
    /// The last pattern that ends here.
    ends: Option<u32>,
    /// The last pattern that goes on with `**` alone: all that is below.
    rest: Option<u32>,
    /// The last pattern with `!` that ends below.
    restores: Option<u32>,
}

/// Texts that names start or end with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Affixes {
    texts: HashMap<Box<str>, u32>,
    lengths: Vec<usize>,
}

/// The patterns that may still match below a folder: nodes.
pub(super) type Live = Vec<u32>;

impl Matcher {
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::default()], loose: Vec::new() }
    }

    /// Adds a pattern; numbers only grow.
    pub(super) fn add(&mut self, pattern: Pattern, number: u32, restores: bool) {
        let Some(components) = pattern.components() else {
            self.loose.push((pattern, number, restores));
            return;
        };
        let mut at = 0;
        for component in components {
            if restores {
                self.nodes[at].restores = Some(number);
            }
            let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
            let node = &mut self.nodes[at];
            let child = match component {
                Component::Rest => {
                    node.rest = Some(number);
                    return;
                }
                Component::Folders => *node.folders.get_or_insert(next),
                Component::Any => *node.any.get_or_insert(next),
                Component::Name(text) => *node.names.entry(text).or_insert(next),
                Component::Ending(text) => node.endings.add(text, next),
                Component::Start(text) => node.starts.add(text, next),
                Component::Glob(glob) => {
                    *node.known_globs.entry(glob.clone()).or_insert_with(|| {
                        node.globs.push((glob, next));
                        next
                    })
                }
            };
            let is_folders = self.nodes[at].folders == Some(child);
            at = child as usize;
            if at == self.nodes.len() {
                self.nodes.push(Node { is_folders, ..Node::default() });
            }
        }
        self.nodes[at].ends = Some(number);
    }

    /// What may match in the root.
    pub(super) fn root(&self) -> Live {
        [Some(0), self.nodes[0].folders].into_iter().flatten().collect()
    }

    /// Whether nothing below a folder is matched any more.
    pub(super) fn is_done(&self, live: &Live) -> bool {
        live.is_empty() && self.loose.is_empty()
    }

    /// The last pattern that matches a path itself, which is in the folder that `live` is about.
    pub(super) fn last(&self, live: &Live, path: &str, work: &mut u64) -> Option<u32> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut last = None;
        for &at in live {
            let node = &self.nodes[at as usize];
            last = last.max(node.rest);
            node.each(name, work, |child| last = last.max(self.nodes[child as usize].ends));
        }
        for (pattern, number, _) in self.loose.iter().rev() {
            if last > Some(*number) {
                break;
            }
            *work += pattern.cost(path);
            if pattern.matches(path) {
                last = Some(*number);
            }
        }
        last
    }

    /// What may match in a folder of the folder that `live` is about.
    pub(super) fn enter(&self, live: &Live, name: &str, work: &mut u64) -> Live {
        let mut found = Live::new();
        for &at in live {
            let node = &self.nodes[at as usize];
            if node.is_folders {
                found.push(at);
            }
            node.each(name, work, |child| {
                let node = &self.nodes[child as usize];
                // A node that leads nowhere has done its part.
                if !node.is_leaf() {
                    found.push(child);
                    found.extend(node.folders);
                }
            });
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether a later pattern with `!` than `line` may match something below the folder that `live` is about.
    pub(super) fn may_restore(&self, live: &Live, line: Option<u32>) -> bool {
        live.iter().any(|at| self.nodes[*at as usize].restores > line)
            || self.loose.iter().any(|(_, number, restores)| *restores && Some(*number) > line)
    }
}

impl Node {
    fn is_leaf(&self) -> bool {
        self.names.is_empty()
            && self.endings.texts.is_empty()
            && self.starts.texts.is_empty()
            && self.globs.is_empty()
            && self.any.or(self.folders).or(self.rest).is_none()
            && !self.is_folders
    }

    /// Calls `visit` for all nodes that a name leads to.
    fn each(&self, name: &str, work: &mut u64, mut visit: impl FnMut(u32)) {
        *work += 1;
        if let Some(&child) = self.names.get(name) {
            visit(child);
        }
        if let Some(child) = self.any {
            visit(child);
        }
        for &length in &self.endings.lengths {
            *work += 1;
            let at = name.len().checked_sub(length);
            let ending = at.and_then(|at| name.get(at..));
            if let Some(&child) = ending.and_then(|it| self.endings.texts.get(it)) {
                visit(child);
            }
        }
        for &length in &self.starts.lengths {
            *work += 1;
            if let Some(&child) = name.get(..length).and_then(|it| self.starts.texts.get(it)) {
                visit(child);
            }
        }
        for (glob, child) in &self.globs {
            *work += 1;
            if glob.matches(name, work) {
                visit(*child);
            }
        }
    }
}

impl Affixes {
    fn add(&mut self, text: Box<str>, next: u32) -> u32 {
        if !self.lengths.contains(&text.len()) {
            self.lengths.push(text.len());
        }
        *self.texts.entry(text).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use proptest::prelude::*;

    use super::*;

    /// The last pattern that matches, by the tree and by trying all.
    fn both(patterns: &[String], path: &str) -> (Option<u32>, Option<u32>) {
        let mut matcher = Matcher::new();
        let mut all = Vec::new();
        for (number, text) in (0..).zip(patterns) {
            if let Some(pattern) = Pattern::parse(text) {
                all.push((pattern.clone(), number));
                matcher.add(pattern, number, false);
            }
        }
        let mut work = 0;
        let mut live = matcher.root();
        for (at, _) in path.match_indices('/') {
            let folder = &path[..at];
            live = matcher.enter(&live, folder.rsplit('/').next().unwrap(), &mut work);
        }
        let tried = all.iter().rev().find(|it| it.0.matches(path)).map(|it| it.1);
        // Below `dir/**` only the first component counts: what is deeper has it from its folder.
        (matcher.last(&live, path, &mut work), tried)
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_trying_all_finds(
            patterns in prop::collection::vec("(a|b|\\*|\\*\\*|a\\*|\\*b|a\\*b|\\?|[a/b]\\*\\*|\\*\\*/a|/|\\[ab\\]|a/b){1,4}", 1..6),
            path in "(a|b|ab|aab)(/(a|b|ab|ba)){0,3}",
        ) {
            let cleaned: Vec<String> =
                patterns.iter().map(|it| super::super::clean(it).trim_start_matches('/').to_owned()).collect();
            let folders = super::super::folders_of(&path).chain([path.as_str()]);
            let (mut found, mut tried) = (None, None);
            for part in folders {
                let (a, b) = both(&cleaned, part);
                found = found.max(a);
                tried = tried.max(b);
            }
            prop_assert_eq!(found, tried, "{:?} {}", cleaned, path);
        }
    }

    #[test]
    fn the_cost_does_not_grow_with_plain_patterns() {
        let work_of = |count: u32| {
            let mut matcher = Matcher::new();
            for number in 0..count {
                for text in
                    [format!("f{number}/x"), format!("**/*.e{number}"), format!("s{number}*")]
                {
                    matcher.add(Pattern::parse(&text).unwrap(), number, false);
                }
            }
            let mut work = 0;
            let live = matcher.enter(&matcher.root(), "f7", &mut work);
            matcher.last(&live, "f7/x", &mut work);
            work
        };
        assert!(work_of(10_000) < 2 * work_of(1000), "{} {}", work_of(10_000), work_of(1000));
    }

    #[test]
    fn what_may_come_back_is_known_by_folder() {
        let mut matcher = Matcher::new();
        for (number, text) in (0..).zip(["dir", "dir/keep/*.txt", "**/README.md"]) {
            matcher.add(Pattern::parse(text).unwrap(), number, number == 1);
        }
        let enter = |names: &[&str]| {
            names.iter().fold(matcher.root(), |live, it| matcher.enter(&live, it, &mut 0))
        };
        assert!(matcher.may_restore(&enter(&["dir"]), Some(0)));
        assert!(matcher.may_restore(&enter(&["dir", "keep"]), Some(0)));
        assert!(!matcher.may_restore(&enter(&["dir", "other"]), Some(0)));
        assert!(!matcher.may_restore(&enter(&["dir"]), Some(1)));
    }
}
