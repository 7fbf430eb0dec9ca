//! Digests: `algorithm:hex`, as registries and builders take them.

/// What is wrong with a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigestFault {
    /// No `algorithm:` is before it.
    NoAlgorithm,
    /// The algorithm is none that builders know.
    Algorithm(String),
    /// The digits are too few or too many; so many are needed.
    Length(usize),
    /// A character is not a lower-case hexadecimal digit.
    Digits,
}

/// The algorithms that are known, each with the number of its digits.
/// Source: <https://github.com/opencontainers/go-digest/blob/master/algorithm.go>.
const ALGORITHMS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// What is wrong with a digest, if anything is.
pub fn digest_fault(text: &str) -> Option<DigestFault> {
    let Some((algorithm, digits)) = text.split_once(':') else {
        return Some(DigestFault::NoAlgorithm);
    };
    let Some((_, length)) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm) else {
        return Some(DigestFault::Algorithm(algorithm.to_owned()));
    };
    if digits.len() != *length {
        return Some(DigestFault::Length(*length));
    }
    let is_digit = |it: char| matches!(it, '0'..='9' | 'a'..='f');
    (!digits.chars().all(is_digit)).then_some(DigestFault::Digits)
}

impl DigestFault {
    /// The fault and what to do, for a digest that is after `what`.
    pub(super) fn tell(&self, what: &str) -> (String, String) {
        match self {
            Self::NoAlgorithm => (
                format!("{what} lacks its algorithm"),
                "write `sha256:` before the digits".to_owned(),
            ),
            Self::Algorithm(_) => (
                format!("{what} has an algorithm that builders do not know"),
                "use `sha256:`, `sha384:` or `sha512:`".to_owned(),
            ),
            Self::Length(length) => (
                format!("{what} does not have {length} digits"),
                "copy the whole digest".to_owned(),
            ),
            Self::Digits => (
                format!("{what} has characters that are not hexadecimal digits"),
                "write digits and the letters `a` to `f`, in lower case".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DigestFault, digest_fault};

    #[test]
    fn each_fault_is_told() {
        let digits = "0123456789abcdef".repeat(4);
        assert_eq!(digest_fault(&format!("sha256:{digits}")), None);
        assert_eq!(digest_fault(&format!("sha512:{digits}{digits}")), None);
        assert_eq!(digest_fault(&digits), Some(DigestFault::NoAlgorithm));
        let md5 = DigestFault::Algorithm("md5".to_owned());
        assert_eq!(digest_fault("md5:0123"), Some(md5));
        assert_eq!(digest_fault("sha256:0123"), Some(DigestFault::Length(64)));
        let upper = format!("sha256:{}", digits.to_uppercase());
        assert_eq!(digest_fault(&upper), Some(DigestFault::Digits));
    }
}
