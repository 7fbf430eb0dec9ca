//! Gates for CI: limits that an image must keep.

use super::Measured;
use crate::amount::Amount;
use crate::error::Error;
use crate::lint::{size, sizes};

/// What an image has to keep to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The most file bytes, the base's included.
    pub max_size: Option<u64>,
    /// The most wasted bytes of the own layers.
    pub max_waste: Option<Amount>,
    /// The least efficiency, from 0 to 1.
    pub min_efficiency: Option<f64>,
    /// The maximum number of the image's own layers.
    pub max_layers: Option<usize>,
    /// The most file bytes more than an earlier measurement has; 0 unless said otherwise.
    pub max_growth: Option<Amount>,
}

/// What a gate said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// Its name: that of the option.
    pub name: &'static str,
    /// Whether the image keeps to it.
    pub passed: bool,
    /// Whether what it is about was measured as far as it takes to say so.
    pub measured: bool,
    /// What was compared.
    pub text: String,
}

/// What an earlier measurement found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// File bytes of all layers.
    pub files: u64,
    /// Of each layer, the text of its step and its file bytes.
    pub layers: Vec<(String, u64)>,
}

/// The gates that are about the whole image, its base included.
const MAX_SIZE: &str = "max-size";
const BASELINE: &str = "baseline";

/// Holds an image against limits, and against an earlier measurement. Where a part of the image was not measured, what was is
/// the least there is: more than the limit allows is too much, and for the rest nothing can be said.
pub fn gates(image: &Measured, limits: &Limits, earlier: Option<&Earlier>) -> Vec<Gate> {
    let mut gates = Vec::new();
    let (own, base) = (missing(image), missing_base(image));
    let mut gate = |name, passed: bool, is_sum: bool, text: String| {
        let with_base = matches!(name, MAX_SIZE | BASELINE);
        let missing = base.as_ref().filter(|_| with_base).or(own.as_ref());
        let measured = missing.is_none() || is_sum && !passed;
        let text = match missing {
            Some(missing) if !measured => format!("not measured: {missing}; so far {text}"),
            _ => text,
        };
        gates.push(Gate { name, passed: passed && measured, measured, text });
    };
    if let Some(most) = limits.max_size {
        let found = image.file_bytes();
        let (found_text, most_text) = sizes(found, most);
        let text = format!("{found_text} in files, {most_text} allowed");
        gate(MAX_SIZE, found <= most, true, text);
    }
    if let Some(most) = limits.max_waste {
        let found = image.waste.own;
        let (found_text, most_text) = against(found, most, image.own_bytes);
        let text = format!("{found_text} wasted by the own layers, {most_text} allowed");
        let is_sum = matches!(most, Amount::Bytes(_));
        gate("max-waste", found <= most.of(image.own_bytes), is_sum, text);
    }
    if let Some(least) = limits.min_efficiency {
        let found = image.efficiency();
        let (found_text, least_text) = percents(found * 100.0, least * 100.0);
        let text = format!("efficiency {found_text}, at least {least_text} required");
        gate("min-efficiency", found >= least, false, text);
    }
    if let Some(most) = limits.max_layers {
        let found = image.image.layers.len() - image.base.layers;
        gate("max-layers", found <= most, true, {
            let layers = if found == 1 { "layer" } else { "layers" };
            format!("{found} own {layers}, {most} allowed")
        });
    }
    if let Some(earlier) = earlier {
        let found = image.file_bytes();
        let most = limits.max_growth.unwrap_or(Amount::Bytes(0));
        let grown = found.saturating_sub(earlier.files);
        let text = if found < earlier.files {
            format!("-{} in files against the baseline", size(earlier.files - found))
        } else {
            let by = growth(image, earlier).map(|it| format!(" by {it}")).filter(|_| grown > 0);
            let (grown_text, most_text) = against(grown, most, earlier.files);
            let allowed = limits.max_growth.map(|_| format!(", {most_text} allowed"));
            format!(
                "+{grown_text} in files against the baseline{}{}",
                by.unwrap_or_default(),
                allowed.unwrap_or_default()
            )
        };
        gate(BASELINE, grown <= most.of(earlier.files), true, text);
    }
    gates
}

/// The gates of several images, which are named where there are several. `before` is an earlier measurement, by name.
///
/// # Errors
/// The earlier measurement has no such image.
pub fn gates_of(
    images: &[Measured],
    limits: &Limits,
    before: Option<&[(String, Earlier)]>,
) -> Result<Vec<Gate>, Error> {
    let mut all = Vec::new();
    for image in images {
        let earlier = match before {
            // One against one, whatever they are called: tags change.
            Some([(_, only)]) if images.len() == 1 => Some(only),
            Some(before) => {
                let found = before.iter().find(|it| it.0 == image.name).map(|it| &it.1);
                Some(found.ok_or_else(|| {
                    Error::image(image.name.clone(), "the baseline has no image of this name")
                })?)
            }
            None => None,
        };
        for gate in gates(image, limits, earlier) {
            let text = match images.len() {
                1 => gate.text,
                _ => format!("{}: {}", image.name, gate.text),
            };
            all.push(Gate { text, ..gate });
        }
    }
    Ok(all)
}

/// That the base was not measured, if it was not.
fn missing_base(image: &Measured) -> Option<String> {
    image
        .base_is_unknown
        .then(|| "the base image is not known without an engine or `--base`".to_owned())
}

/// What was not measured, if anything was not.
fn missing(image: &Measured) -> Option<String> {
    let (first, why) = image.unmeasured.first()?;
    let place = match &image.written {
        Some(written) => format!("line {}", written.instructions[*first].line),
        None => format!("instruction {}", first + 1),
    };
    let more = match image.unmeasured.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("{place} ({why}){more}"))
}

/// A number of bytes and how many are allowed of a whole: with the share where that is what is limited.
fn against(found: u64, most: Amount, whole: u64) -> (String, String) {
    match most {
        Amount::Bytes(most) => sizes(found, most),
        #[allow(clippy::cast_precision_loss, reason = "a ratio needs no more than 53 bits")]
        Amount::Percent(percent) => {
            let share = if whole == 0 { 0.0 } else { found as f64 / whole as f64 * 100.0 };
            let (share, most) = percents(share, percent);
            (format!("{} ({share})", size(found)), most)
        }
    }
}

/// Two shares in percent: with as many digits as distinguish them.
fn percents(first: f64, second: f64) -> (String, String) {
    let both =
        |decimals: usize| (format!("{first:.decimals$} %"), format!("{second:.decimals$} %"));
    let apart = (1..=6).map(both).find(|(a, b)| a != b);
    apart.unwrap_or_else(|| both(1))
}

/// The layer that grew most, in words.
fn growth(image: &Measured, earlier: &Earlier) -> Option<String> {
    let text = |at: usize| {
        image.image.layers[at]
            .step
            .map(|it| super::show_step(&image.image.history[it]))
            .unwrap_or_default()
    };
    let keyword = |text: &str| text.split(' ').next().unwrap_or("").to_owned();
    let mut old: Vec<Option<&(String, u64)>> = earlier.layers.iter().map(Some).collect();
    let mut take = |is_it: &dyn Fn(&str) -> bool| {
        let at = old.iter().position(|it| it.is_some_and(|it| is_it(&it.0)))?;
        old[at].take().map(|it| it.1)
    };
    let layers = &image.image.layers;
    let mut before: Vec<Option<u64>> =
        (0..layers.len()).map(|at| take(&|old| old == text(at))).collect();
    // An instruction that was edited.
    for (at, before) in before.iter_mut().enumerate().filter(|it| it.1.is_none()) {
        *before = take(&|old| keyword(old) == keyword(&text(at)));
    }
    let grown = |at: &usize| layers[*at].file_bytes().saturating_sub(before[*at].unwrap_or(0));
    let most = (0..layers.len())
        .max_by_key(|at| (grown(at), std::cmp::Reverse(*at)))
        .filter(|at| grown(at) > 0)?;
    Some(match (image.origins[most], &image.written) {
        (Some(origin), Some(written)) => format!("line {}", written.lines(origin).0),
        _ => format!("layer {most}"),
    })
}
