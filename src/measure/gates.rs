//! Gates for CI: limits that an image must keep.

use super::Measured;
use crate::image::Amount;
use crate::lint::size;

/// What an image has to keep to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The most file bytes, the base's included.
    pub max_size: Option<u64>,
    /// The most wasted bytes of the own layers.
    pub max_waste: Option<Amount>,
    /// The least efficiency, from 0 to 1.
    pub min_efficiency: Option<f64>,
    /// The most own layers.
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

/// In words.
fn text_of(amount: Amount) -> String {
    match amount {
        Amount::Bytes(bytes) => size(bytes),
        Amount::Percent(percent) => format!("{percent} %"),
    }
}

/// Holds an image against limits, and against an earlier measurement.
pub fn gates(image: &Measured, limits: &Limits, earlier: Option<&Earlier>) -> Vec<Gate> {
    let mut gates = Vec::new();
    let mut gate = |name, passed, text: String| gates.push(Gate { name, passed, text });
    if let Some(most) = limits.max_size {
        let found = image.file_bytes();
        gate(
            "max-size",
            found <= most,
            format!("{} in files, {} allowed", size(found), size(most)),
        );
    }
    if let Some(most) = limits.max_waste {
        let found = image.waste.own;
        let text = format!("{} wasted by the own layers, {} allowed", size(found), text_of(most));
        gate("max-waste", found <= most.of(image.own_bytes), text);
    }
    if let Some(least) = limits.min_efficiency {
        let found = image.efficiency();
        let text =
            format!("efficiency {:.1} %, at least {:.1} % wanted", found * 100.0, least * 100.0);
        gate("min-efficiency", found >= least, text);
    }
    if let Some(most) = limits.max_layers {
        let found = image.image.layers.len() - image.base.layers;
        gate("max-layers", found <= most, format!("{found} own layers, {most} allowed"));
    }
    if let Some(earlier) = earlier {
        let found = image.file_bytes();
        let most = limits.max_growth.unwrap_or(Amount::Bytes(0));
        let grown = found.saturating_sub(earlier.files);
        let text = if found < earlier.files {
            format!("-{} in files against the baseline", size(earlier.files - found))
        } else {
            let by = growth(image, earlier).map(|it| format!(" by {it}")).filter(|_| grown > 0);
            format!("+{} in files against the baseline{}", size(grown), by.unwrap_or_default())
        };
        gate("baseline", grown <= most.of(earlier.files), text);
    }
    gates
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
