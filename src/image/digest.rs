//! SHA-256 digests: of a blob as it is stored, of a layer's tar (DiffID), of a stack of layers (ChainID).

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest; prints as `sha256:<64 hexadecimal digits>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Reads `sha256:<hex>` or `<hex>`; none for anything else, such as another algorithm.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The ChainID of a layer on a stack.
    ///
    /// Source: <https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid>.
    pub fn chain(below: Option<Self>, diff_id: Self) -> Self {
        match below {
            None => diff_id,
            Some(below) => Self::of(format!("{below} {diff_id}").as_bytes()),
        }
    }

    /// The hexadecimal digits alone.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first twelve digits, as engines show them.
    pub fn short(&self) -> String {
        self.0.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn digests_are_read_as_they_print() {
        let empty = Digest::of(&[0; 1024]);
        let text = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
        assert_eq!(empty.to_string(), text);
        assert_eq!(Digest::parse(text), Some(empty));
        assert_eq!(Digest::parse(&empty.hex()), Some(empty));
        assert_eq!(Digest::parse("sha512:00"), None);
        assert_eq!(Digest::parse(&"é".repeat(32)), None);
    }
}
