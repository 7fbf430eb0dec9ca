//! What an image weighs, layer by layer and line by line, and which bytes it wastes.

mod base;
mod builtin;
mod class;
mod compare;
mod dialects;
mod gates;
mod history;
mod items;
mod leftovers;
mod lines;
mod packages;
pub mod session;
mod sharing;
mod tree;
mod verify;
mod waste;
mod what_if;

pub use base::{Base, Evidence, given as base_of};
pub use builtin::{Partial, Times, build as build_without_engine};
pub use class::Class;
pub use compare::{Changed, Difference, How, compare};
pub use dialects::squeeze;
pub use gates::{Earlier, Gate, Limits, gates, gates_of};
pub use history::{in_one_layer as steps_in_one_layer, show as show_step};
pub use items::{Item, Waste};
pub use lines::{Confidence, Foreign, Lines, Origin, find as find_lines};
pub use packages::databases;
pub use sharing::{Sharing, Twin, sharing};
pub use tree::{Loss, Place, Tree};
pub use verify::{Proof, Verified, is_left_aside, prove};
pub use what_if::{Weight, WhatIf, predict, what_if};

use crate::image::Image;
use crate::model::MeasuredWaste;
use crate::source::{Span, hash};
use crate::syntax::{Dockerfile, Instruction};

/// What was found out about an image.
#[derive(Debug, Clone)]
pub struct Measured {
    /// The name under which it was asked for.
    pub name: String,
    /// The image.
    pub image: Image,
    /// The Dockerfile that it was built from, where it is known.
    pub written: Option<Written>,
    /// What its base brought.
    pub base: Base,
    /// Of each layer, by index, the instruction that made it, where a Dockerfile is known.
    pub origins: Vec<Option<Origin>>,
    /// What is wasted.
    pub waste: Waste,
    /// File bytes of the image's own layers.
    pub own_bytes: u64,
    /// Instructions, by index, whose layers could not be made here, and why.
    pub unmeasured: Vec<(usize, &'static str)>,
    /// Whether it has a base that was not measured.
    pub base_is_unknown: bool,
    /// What it would weigh, if somebody asked.
    pub what_if: Option<WhatIf>,
    /// Layers, by index, whose digests are not known.
    pub uncertain: Vec<usize>,
}

/// The instructions of a Dockerfile, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The name of the file.
    pub file: String,
    /// The [`hash`] of its text.
    pub digest: String,
    /// Its instructions, in order.
    pub instructions: Vec<WrittenInstruction>,
}

/// An instruction of a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenInstruction {
    /// Its first line, from 1.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// The keyword in capitals.
    pub keyword: &'static str,
    /// What follows the keyword, on one line with single blanks.
    pub text: String,
}

impl Written {
    /// The instructions of a file.
    pub fn of(doc: &Dockerfile<'_>) -> Self {
        let instruction = |it: &Instruction<'_>| WrittenInstruction {
            line: doc.source.line(it.span.start),
            end_line: doc.source.line(it.span.end.saturating_sub(1).max(it.span.start)),
            keyword: it.keyword.name(),
            text: text(doc, it),
        };
        Self {
            file: doc.source.name.clone(),
            digest: hash(&doc.source.text),
            instructions: doc.instructions.iter().map(instruction).collect(),
        }
    }

    /// The first and the last line of what made a layer.
    pub fn lines(&self, origin: Origin) -> (u32, u32) {
        (self.instructions[origin.first].line, self.instructions[origin.last].end_line)
    }
}

/// The flags, the joined text and the heredocs of an instruction, on one line.
fn text(doc: &Dockerfile<'_>, instruction: &Instruction<'_>) -> String {
    let flags = instruction.flags.iter().map(|it| doc.source.slice(it.span));
    let heredocs = instruction.heredocs.first().map_or("", |it| {
        doc.source.slice(Span { start: it.body.start, end: instruction.span.end })
    });
    let parts = flags.chain([&*instruction.body.value, heredocs]);
    squeeze(&parts.collect::<Vec<_>>().join(" "))
}

impl Measured {
    /// Measures an image. `lines` is what a Dockerfile says about it; paths for which `ignored` holds are not waste.
    pub fn new(
        name: String,
        image: Image,
        base: Option<Base>,
        lines: Option<(Lines, Written)>,
        ignored: &dyn Fn(&str) -> bool,
    ) -> Self {
        let (from_file, origins, written) = match lines {
            Some((lines, written)) => (Some(lines.base), lines.origins, Some(written)),
            None => (None, vec![None; image.layers.len()], None),
        };
        let base = base.or(from_file).unwrap_or_else(|| base::by_history(&image));
        let waste = waste::find(&image, base.layers, ignored);
        let own_bytes =
            image.layers[base.layers..].iter().map(crate::image::Layer::file_bytes).sum();
        Self {
            name,
            image,
            written,
            base,
            origins,
            waste,
            own_bytes,
            unmeasured: Vec::new(),
            base_is_unknown: false,
            what_if: None,
            uncertain: Vec::new(),
        }
    }

    /// The share of the own layers' file bytes that is of use, from 0 to 1: those that no one can see, and caches, are
    /// not. 1 where there are no own bytes.
    pub fn efficiency(&self) -> f64 {
        match self.own_bytes {
            0 => 1.0,
            #[allow(clippy::cast_precision_loss, reason = "a ratio needs no more than 53 bits")]
            own => (own - self.waste.own.min(own)) as f64 / own as f64,
        }
    }

    /// What the Dockerfile's own layers waste, by the instructions that are at fault.
    pub fn findings(&self) -> Vec<MeasuredWaste> {
        let waste = self.waste.items.iter().enumerate().filter_map(|(item, it)| {
            let made = self.origins[it.made_in]?;
            let fix = self.origins[it.fix_in].unwrap_or(made);
            Some(MeasuredWaste {
                item,
                class: u8::try_from(it.class.number()).unwrap_or(u8::MAX),
                bytes: it.bytes,
                made: made.last,
                fix: fix.last,
                paths: it.paths.clone(),
                change: it.change,
            })
        });
        waste.collect()
    }

    /// The sum of all layers' file bytes.
    pub fn file_bytes(&self) -> u64 {
        self.image.layers.iter().map(crate::image::Layer::file_bytes).sum()
    }

    /// The sum of all layers' tar bytes.
    pub fn tar_bytes(&self) -> u64 {
        self.image.layers.iter().map(|it| it.content.tar).sum()
    }

    /// The sum of all layers' compressed bytes; none if one is not compressed.
    pub fn compressed_bytes(&self) -> Option<u64> {
        self.image.layers.iter().map(crate::image::Layer::compressed).sum()
    }
}
