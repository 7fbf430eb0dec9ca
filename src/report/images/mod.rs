//! Measured images to bytes: a table for people, JSON for programs, Markdown for a comment on a pull request.

mod difference;
mod html;
mod json;
mod markdown;
mod rows;
mod text;
mod verified;

pub use json::earlier;

use crate::measure::{Difference, Gate, Measured, Verified};
use crate::session::Checked;

use super::Style;

/// The formats of `measure` and `image`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ImageFormat {
    /// Tables for people
    #[default]
    Text,
    /// One object with all images
    Json,
    /// Tables for job summaries and comments
    Markdown,
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum RowOrder {
    /// From the lowest layer to the highest
    #[default]
    Place,
    /// The largest first
    Size,
}

/// What is reported.
#[derive(Debug)]
pub struct ImageReport<'a> {
    /// The images, in the order in which they were asked for.
    pub images: &'a [Measured],
    /// What the second of two images has otherwise, if that is asked for: then it is reported instead of the images.
    pub difference: Option<&'a Difference>,
    /// The Dockerfile with its findings, where there is one.
    pub checked: Option<&'a Checked>,
    /// What became of the changed Dockerfile, if that was asked for.
    pub verified: Option<&'a Verified>,
    /// What the gates said.
    pub gates: &'a [Gate],
    /// The order of the rows.
    pub order: RowOrder,
    /// How it looks.
    pub style: Style,
}

impl ImageReport<'_> {
    /// The report as a page for a browser.
    pub fn page(&self) -> String {
        html::page(self)
    }

    /// The report in a format.
    pub fn write(&self, format: ImageFormat) -> String {
        match format {
            ImageFormat::Text => text::write(self),
            ImageFormat::Json => json::write(self),
            ImageFormat::Markdown => markdown::write(self),
        }
    }
}
