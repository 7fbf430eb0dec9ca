//! Digests: what a builder looks up in its cache, and what it is made of.

use sha2::{Digest, Sha256};

/// The digest of a step, of a part of one, or of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key([u8; 16]);

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|it| write!(f, "{it:02x}"))
    }
}

impl Key {
    /// The digest of a list of texts.
    pub fn of(parts: &[&str]) -> Self {
        let mut mixer = Mixer::new("texts");
        for part in parts {
            mixer.text(part);
        }
        mixer.done()
    }

    pub(super) fn bytes(self) -> [u8; 16] {
        self.0
    }
}

/// Takes parts one after another; each with its length, so that no two lists of parts look alike.
pub(super) struct Mixer(Sha256);

impl Mixer {
    /// Of things of one kind.
    pub(super) fn new(kind: &str) -> Self {
        let mut mixer = Self(Sha256::new());
        mixer.text(kind);
        mixer
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(super) fn number(&mut self, number: u64) {
        self.0.update(number.to_be_bytes());
    }

    pub(super) fn key(&mut self, key: Key) {
        self.0.update(key.0);
    }

    pub(super) fn done(self) -> Key {
        let digest = self.0.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Key(key)
    }
}
