//! Variables that the builder expands without anything having set them.

use std::collections::HashSet;

use crate::model::{Base, Model, PREDEFINED};
use crate::syntax::{Instruction, Kind, Part, Var, Word};

/// A variable that is used where nothing that we see sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undefined<'m> {
    /// The use.
    pub variable: &'m Var,
    /// Why it is undefined, or might be.
    pub evidence: Evidence<'m>,
}

/// What suggests that a variable is undefined. The base image may set it, unless it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence<'m> {
    /// The stage is built on nothing that could set it.
    Nowhere,
    /// A global ARG or platform argument has that name, and the stage does not declare it.
    GlobalArg,
    /// It is declared further down in the same stage, at that instruction.
    Later(usize),
    /// Another name that is set there is nearly the same.
    Misspelt(&'m str),
    /// Shells set it, and no shell reads this instruction.
    ShellOnly,
    /// Nothing: the base image may set it.
    Nothing,
}

/// Variables that official images of languages and servers set: their absence here says nothing
/// (`Env` of the images' published configurations).
pub(in crate::model) const COMMON_IN_IMAGES: &[&str] = &[
    "APACHE_CONFDIR",
    "BUNDLE_PATH",
    "CARGO_HOME",
    "CATALINA_HOME",
    "CONDA_DIR",
    "CUDA_VERSION",
    "DOTNET_VERSION",
    "GEM_HOME",
    "GOLANG_VERSION",
    "GOPATH",
    "GRADLE_HOME",
    "JAVA_HOME",
    "JAVA_VERSION",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "MAVEN_HOME",
    "NGINX_VERSION",
    "NODE_VERSION",
    "PGDATA",
    "PG_MAJOR",
    "PG_VERSION",
    "PHP_INI_DIR",
    "PHP_VERSION",
    "PYTHON_PIP_VERSION",
    "PYTHON_VERSION",
    "RUBY_MAJOR",
    "RUBY_VERSION",
    "RUSTUP_HOME",
    "RUST_VERSION",
    "TOMCAT_VERSION",
    "YARN_VERSION",
];

/// Official images that set nothing but PATH (`Env` of their published configurations, all tags).
const BARE_IMAGES: &[&str] = &["alpine", "busybox", "debian", "ubuntu"];

/// Variables that shells set by themselves, so that no image needs to.
const SET_BY_SHELLS: &[&str] = &["EUID", "OLDPWD", "PWD", "RANDOM", "UID"];

/// Variables that BuildKit sets for every stage, or asks for by itself.
const ALWAYS_SET: &[&str] = &["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE", "PATH"];

/// How many names a name is compared with, nearest first. Without a bound the time would grow with the square of
/// the file; no real file has as many.
pub(in crate::model) const MOST_COMPARED: usize = 100;

impl Model<'_> {
    /// The variables that the instruction's words use and nothing in the file sets before it, each name once.
    /// Uses that give their own default (`${X:-…}`, `${X:+…}`) are left out.
    pub fn undefined_variables<'m>(
        &'m self,
        instruction: &'m Instruction<'_>,
    ) -> Vec<Undefined<'m>> {
        self.undefined_in(instruction, expanded_words(instruction))
    }

    /// The variables of an EXPOSE that nothing in the file sets before it. The builder does not report these.
    pub(in crate::model) fn undefined_ports<'m>(
        &'m self,
        instruction: &'m Instruction<'_>,
    ) -> Vec<Undefined<'m>> {
        let Kind::Expose(words) = &instruction.kind else { return Vec::new() };
        self.undefined_in(instruction, words.iter().collect())
    }

    fn undefined_in<'m>(
        &'m self,
        instruction: &'m Instruction<'_>,
        words: Vec<&'m Word<'m>>,
    ) -> Vec<Undefined<'m>> {
        let mut found: Vec<Undefined<'m>> = Vec::new();
        let mut seen = HashSet::new();
        for word in words {
            for variable in bare_uses(&word.parts) {
                let name = variable.name.as_str();
                if seen.insert(name) && !self.is_set(instruction.id, name) {
                    let evidence = self.evidence(instruction.id, name);
                    found.push(Undefined { variable, evidence });
                }
            }
        }
        found
    }

    fn is_set(&self, instruction: usize, name: &str) -> bool {
        ALWAYS_SET.contains(&name) || self.scopes.look_up(instruction, name).is_some()
    }

    fn evidence<'m>(&'m self, instruction: usize, name: &str) -> Evidence<'m> {
        let Some(stage) = self.stage_of(instruction) else { return Evidence::Nothing };
        if COMMON_IN_IMAGES.contains(&name) && !self.has_known_environment(stage.id) {
            return Evidence::Nothing;
        }
        if PREDEFINED.contains(&name) || self.scopes.global_named(name).next().is_some() {
            return Evidence::GlobalArg;
        }
        let mut later =
            self.scopes.named_in(stage.id, name).filter(|it| it.instruction >= instruction);
        // `ENV X=$X:…` adds to what the base image is expected to have.
        if let Some(later) = later.next().filter(|it| it.instruction > instruction) {
            return Evidence::Later(later.instruction);
        }
        let visible = self.scopes.visible(instruction).take(MOST_COMPARED);
        let near = visible.chain(self.scopes.global.iter().take(MOST_COMPARED));
        let near = near.map(|it| it.name.as_str());
        let mut near = near.chain(["PATH"]).filter(|it| !it.contains(['"', '\'']));
        if let Some(near) = near.find(|it| is_near_miss(name, it)) {
            return Evidence::Misspelt(near);
        }
        if SET_BY_SHELLS.contains(&name) {
            Evidence::ShellOnly
        } else if self.has_known_environment(stage.id) {
            Evidence::Nowhere
        } else {
            Evidence::Nothing
        }
    }

    /// Whether a stage is built, through other stages or not, on an image that sets no variable but PATH.
    fn has_known_environment(&self, mut stage: usize) -> bool {
        loop {
            match self.stages.get(stage).map(|it| &it.base) {
                Some(Base::Stage(base)) if *base < stage => stage = *base,
                Some(Base::Scratch) => return true,
                Some(Base::Image(image)) => {
                    return BARE_IMAGES.iter().any(|it| image.is_official(it));
                }
                _ => return false,
            }
        }
    }

    /// The variables of a FROM that are neither global ARGs nor platform arguments, each name once.
    pub fn undeclared_in_from<'m>(&'m self, instruction: &'m Instruction<'_>) -> Vec<&'m Var> {
        let Kind::From(from) = &instruction.kind else { return Vec::new() };
        let mut found: Vec<&Var> = Vec::new();
        for variable in from.platform.iter().chain([&from.image]).flat_map(Word::variables) {
            let name = variable.name.as_str();
            let declared =
                PREDEFINED.contains(&name) || self.scopes.global_named(name).next().is_some();
            if !declared && found.iter().all(|it| it.name != name) {
                found.push(variable);
            }
        }
        found
    }

    /// Whether a word of FROM uses a variable without a value: the caller gives none, and its default is missing or empty.
    pub fn lacks_value(&self, word: &Word<'_>) -> bool {
        word.variables().iter().any(|variable| {
            let mut declared = self.scopes.global_named(&variable.name);
            // A default that is put together of others has no value where one of those has none.
            variable.op.is_none()
                && declared
                    .next_back()
                    .is_some_and(|it| it.value.as_deref().is_none_or(str::is_empty))
        })
    }

    /// The declared name that a name of FROM was probably meant to be.
    pub fn near_global<'m>(&'m self, name: &str) -> Option<&'m str> {
        let declared = self.scopes.global.iter().take(MOST_COMPARED).map(|it| it.name.as_str());
        declared.chain(PREDEFINED.iter().copied()).find(|it| is_near_miss(name, it))
    }
}

/// The words of an instruction that the builder expands and whose undefined variables BuildKit reports.
fn expanded_words<'m>(instruction: &'m Instruction<'_>) -> Vec<&'m Word<'m>> {
    let flags = |names: &'static [&'static str]| {
        let flags = instruction.flags.iter().filter(|it| names.contains(&it.name.as_ref()));
        flags.filter_map(|it| it.value.as_ref())
    };
    match &instruction.kind {
        Kind::Copy(copy) | Kind::Add(copy) => {
            let sources = copy.sources.iter().filter(|it| it.heredoc.is_none());
            let paths = sources.map(|it| &it.word).chain([&copy.destination]);
            flags(&["chown", "chmod", "checksum"]).chain(paths).collect()
        }
        Kind::Env(list) => list.pairs.iter().flat_map(|it| [&it.key, &it.value]).collect(),
        Kind::Label(list) => list.pairs.iter().flat_map(|it| [&it.key, &it.value]).collect(),
        Kind::Arg(list) => list.iter().filter_map(|it| it.value.as_ref()).collect(),
        Kind::Run(run) => {
            let options = run.mounts.iter().flat_map(|it| &it.options);
            options.filter(|it| it.key != "from").filter_map(|it| it.value.as_ref()).collect()
        }
        Kind::Volume(words) => words.iter().collect(),
        Kind::User(word) | Kind::Workdir(word) | Kind::Stopsignal(word) => vec![word],
        _ => Vec::new(),
    }
}

/// The variables of a word that are there without a default or an alternative, in order.
fn bare_uses(parts: &[Part]) -> Vec<&Var> {
    let mut found = Vec::new();
    for part in parts {
        let Part::Var(variable) = part else { continue };
        match variable.op {
            Some(":-" | "-") => found.extend(bare_uses(&variable.operand)),
            // The alternative is used only where the variable is set.
            Some(":+" | "+") => {
                let uses = bare_uses(&variable.operand);
                found.extend(uses.into_iter().filter(|it| it.name != variable.name));
            }
            _ => found.push(variable),
        }
    }
    // `$1`, `$@` and their like are not meant for the builder.
    found.retain(|it| it.name.starts_with(|first: char| first.is_alphabetic() || first == '_'));
    found
}

/// Whether a name was probably meant to be the other one: it differs in case only, or by a slip or two in a long name.
pub(in crate::model) fn is_near_miss(name: &str, other: &str) -> bool {
    if name == other {
        return false;
    }
    if name.eq_ignore_ascii_case(other) {
        return true;
    }
    let length = name.len().min(other.len());
    let allowed = if length >= 8 { 2 } else { usize::from(length >= 4) };
    if allowed == 0 || name.chars().count().abs_diff(other.chars().count()) > allowed {
        return false;
    }
    let letters = |text: &str| text.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
    // `X1` and `X2` are two names on purpose.
    let slip = distance(name, other) <= allowed || is_swap(name, other);
    slip && letters(name) != letters(other)
}

/// Whether two neighbours have changed places.
fn is_swap(a: &str, b: &str) -> bool {
    let differing: Vec<usize> =
        a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).map(|(i, _)| i).collect();
    let (a, b) = (a.as_bytes(), b.as_bytes());
    matches!(differing.as_slice(), &[i, j] if i + 1 == j && a[i] == b[j] && a[j] == b[i])
        && a.len() == b.len()
}

/// How many characters must be put in, left out or replaced to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{COMMON_IN_IMAGES, distance, is_near_miss};

    #[test]
    fn slips_are_told_from_other_names() {
        assert!(is_near_miss("APP_DIRR", "APP_DIR") && is_near_miss("version", "VERSION"));
        assert!(is_near_miss("APLICATION_HOMR", "APPLICATION_HOME"));
        assert!(is_near_miss("VERSOIN", "VERSION") && !is_near_miss("VER10", "VER01"));
        assert!(!is_near_miss("A", "B") && !is_near_miss("FILE1", "FILE2"));
        assert!(!is_near_miss("HOME", "HOST") && !is_near_miss("X", "X"));
    }

    #[test]
    fn distance_counts_edits() {
        assert_eq!((distance("", "ab"), distance("kitten", "sitting")), (2, 3));
    }

    #[test]
    fn tables_are_sorted() {
        assert!(COMMON_IN_IMAGES.is_sorted());
    }
}
