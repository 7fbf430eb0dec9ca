//! Fixes: edits of the file, and how far they can be trusted.

use crate::source::Span;

/// A fix for one fault. Its edits apply all or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: ``add `-y` ``. Lower-case start, no period.
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
    /// What it may change; the application of a fix that changes more is undone.
    pub effect: Effect,
    /// Codes of rules that can see the text only once it is applied: their findings are not a fault of the fix.
    pub reveals: &'static [&'static str],
    /// The changes, in order of place, none overlapping another.
    pub edits: Vec<Edit>,
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// A careful colleague would accept it unseen: the image does the same.
    Safe,
    /// It may change what the image does; a person has to read it.
    Unsafe,
    /// An example of what to write; it has to be completed by hand.
    Suggest,
}

/// What a fix may change of the instructions it edits. It never changes others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing but spelling: the builder reads the same keyword, flags and arguments, whatever their case and blanks.
    Spelling,
    /// Words are added to commands of a RUN: the same commands run in the same order, with all words they had.
    Words,
    /// Commands are added to a RUN: those that it had run in the same order, with the words they had.
    Commands,
    /// RUN instructions become one, which runs the commands of all of them in the same order.
    Join,
    /// The arguments or the number of instructions change.
    Instructions,
}

/// One change: the text at a place is replaced by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty where something is put in.
    pub span: Span,
    /// What takes its place; empty where something is taken out.
    pub text: String,
}

impl Applicability {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Suggest => "suggest",
        }
    }
}

impl Fix {
    /// A fix that can be applied unseen. It changes nothing but spelling unless [`Fix::effect`] says otherwise.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        let (applicability, effect) = (Applicability::Safe, Effect::Spelling);
        Self { title: title.into(), applicability, effect, reveals: &[], edits }
    }

    /// A fix that has to be read. It changes nothing but spelling unless [`Fix::effect`] says otherwise.
    pub fn unsafe_(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { applicability: Applicability::Unsafe, ..Self::safe(title, edits) }
    }

    /// Declares the codes of rules that can see the text only once it is applied.
    #[must_use]
    pub fn reveals(self, codes: &'static [&'static str]) -> Self {
        Self { reveals: codes, ..self }
    }

    /// Declares what it may change.
    #[must_use]
    pub fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }
}

impl Edit {
    /// Replaces the text at a place.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Takes out the text at a place.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }

    /// Puts text in behind a place.
    pub fn insert_after(span: Span, text: impl Into<String>) -> Self {
        Self { span: Span { start: span.end, end: span.end }, text: text.into() }
    }
}
