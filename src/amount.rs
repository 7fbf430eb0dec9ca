//! Numbers of bytes and shares, as people write them.

/// A number of bytes, or a share of the own bytes in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Bytes.
    Bytes(u64),
    /// Percent.
    Percent(f64),
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
        reason = "a limit must be at least one byte"
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
    pub fn of(self, whole: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share is not an exact number"
            )]
            Self::Percent(percent) => (whole as f64 * percent / 100.0) as u64,
        }
    }
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
