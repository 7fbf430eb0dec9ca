//! How the command lines of the package managers read.
//!
//! From the managers' own manual pages and documentation, and checked against their images.

/// How a version is written in a package word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionStyle {
    /// `name=1.2`, also with `~` `<` `>`.
    Equals,
    /// `name-1.2`: the first dash before a digit.
    Dash,
    /// `name@1.2`, a leading `@` is a scope.
    At,
    /// `name==1.2`, and the other operators of PEP 440.
    Pep440,
    /// `name:1.2`.
    Colon,
}

impl VersionStyle {
    /// Splits a word into name and version.
    pub(super) fn split(self, word: &str) -> (&str, Option<&str>) {
        let at = match self {
            Self::Equals => word.find(['=', '~', '<', '>']),
            Self::Pep440 => word.find(['=', '~', '<', '>', '!']),
            Self::Colon => word.find(':'),
            Self::At => word.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1),
            Self::Dash => word
                .match_indices('-')
                .map(|(at, _)| at)
                .find(|at| word[at + 1..].starts_with(|next: char| next.is_ascii_digit())),
        };
        match at {
            Some(at) if at > 0 => {
                (&word[..at], Some(word[at..].trim_start_matches(['=', '@', '-', ':'])))
            }
            _ => (word, None),
        }
    }
}

/// How the command line of an install reads. What is left out is as in [`Grammar::NONE`].
#[derive(Debug, Clone, Copy)]
pub struct Grammar {
    /// The programs that read so; all of the manager's where there is none.
    pub names: &'static [&'static str],
    /// Operands before the verb, such as `pip` in `uv pip install`.
    pub prefix: &'static [&'static str],
    /// Whether a message has to name the operands before the verb.
    pub names_prefix: bool,
    /// The verbs that install; none where the first word is a package already.
    pub verbs: &'static [&'static str],
    /// Whether the command without a verb installs.
    pub bare: bool,
    /// Options whose value is the next word.
    pub value_flags: &'static [&'static str],
    /// How a version is written.
    pub version: VersionStyle,
}

impl Grammar {
    /// A command that installs nothing.
    pub const NONE: Self = Self {
        names: &[],
        prefix: &[],
        names_prefix: true,
        verbs: &[],
        bare: false,
        value_flags: &[],
        version: VersionStyle::Equals,
    };

    /// Whether a program of the manager reads so.
    pub(super) fn is_of(&self, program: &str) -> bool {
        self.names.is_empty() || self.names.contains(&program)
    }
}
