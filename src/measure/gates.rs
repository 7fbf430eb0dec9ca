//! Gates for CI: limits that an image must keep.

use super::Measured;
use crate::lint::size;

/// A number of bytes, or a share of the own bytes in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Bytes.
    Bytes(u64),
    /// Percent.
    Percent(f64),
}

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

/// Reads `38MB`, `1.5 GiB`, `200000` or `5%`.
///
/// # Errors
///
/// A text that is none of these, in words.
pub fn amount(text: &str) -> Result<Amount, String> {
    let text = text.trim();
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let expected =
        || format!("expected a size such as `38MB` or `1.5GiB`, or a share such as `5%`: `{text}`");
    let value: f64 = number.parse().map_err(|_| expected())?;
    let factor: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        "%" => return Ok(Amount::Percent(value)),
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return Err(expected()),
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a limit of fractions of a byte is none"
    )]
    Ok(Amount::Bytes((value * factor) as u64))
}

/// Reads a size that cannot be a share.
///
/// # Errors
///
/// As [`amount`].
pub fn bytes(text: &str) -> Result<u64, String> {
    match amount(text)? {
        Amount::Bytes(bytes) => Ok(bytes),
        Amount::Percent(_) => Err(format!("expected a size such as `38MB`: `{text}`")),
    }
}

/// Reads an efficiency: `0.95` or `95%`.
///
/// # Errors
///
/// A text that is none, in words.
pub fn efficiency(text: &str) -> Result<f64, String> {
    let value = match text.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|it| it / 100.0),
        None => text.trim().parse(),
    };
    let value = value.ok().filter(|it| (0.0..=1.0).contains(it));
    value.ok_or_else(|| format!("expected a share such as `0.95` or `95%`: `{text}`"))
}

impl Amount {
    /// In bytes, of a whole of so many.
    fn of(self, whole: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share is no exact number"
            )]
            Self::Percent(percent) => (whole as f64 * percent / 100.0) as u64,
        }
    }

    fn text(self) -> String {
        match self {
            Self::Bytes(bytes) => size(bytes),
            Self::Percent(percent) => format!("{percent} %"),
        }
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
        let text = format!("{} wasted by the own layers, {} allowed", size(found), most.text());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        assert_eq!(amount("38MB"), Ok(Amount::Bytes(38_000_000)));
        assert_eq!(amount("1.5 GiB"), Ok(Amount::Bytes(1_610_612_736)));
        assert_eq!(amount("200"), Ok(Amount::Bytes(200)));
        assert_eq!(amount("5%"), Ok(Amount::Percent(5.0)));
        assert!(amount("-5MB").is_err());
        assert!(amount("many").is_err());
        assert!(bytes("5%").is_err());
        assert_eq!(efficiency("95%"), Ok(0.95));
        assert!(efficiency("95").is_err());
    }
}
