//! What a rule file imports.

pub use super::context::Context;
pub use super::finding::{Finding, Findings, Impact, shorten};
pub use super::fix::{Edit, Effect, Fix};
pub use super::options::LabelType;
pub use super::rule::{Category, Family, Meta, Once, Profile, Rule, Severity};
pub use crate::model::{Base, ImageRef, Install, Layer, Manager, Model, Package, Run, Stage};
pub use crate::shell::{Command, Connector, Dialect, ShellWord};
pub use crate::source::Span;
pub use crate::syntax::{
    Form, Instruction, Keyword, Kind, Mount, MountOption, MountType, Part, Word,
};
