//! What would mend a fault: edits of the file, and how far they can be trusted.

use crate::source::Span;

/// A mending of one fault. Its edits apply all or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: ``add `-y` ``. Lower-case start, no period.
    pub title: String,
    /// How far it can be trusted.
    pub applicability: Applicability,
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
    /// A fix that can be applied unseen.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Safe, edits }
    }

    /// A fix that has to be read.
    pub fn unsafe_(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), applicability: Applicability::Unsafe, edits }
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
