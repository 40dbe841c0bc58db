//! Keyed hashes (HMAC-SHA-256): the same for the same, and nothing to whoever lacks the key.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// Letters of a hashed word: 40 bits, so that of a hundred thousand words hardly two are one.
const LETTERS: usize = 10;

/// Hashes with a key.
pub(super) struct Index(Hmac<Sha256>);

impl Index {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        // A key of any length is taken; this arm is never gone.
        Self(Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&[0; 64].into())))
    }

    pub(super) fn word(&self, word: &str) -> String {
        letters(&self.hash(b"word", word))
    }

    pub(super) fn beginning(&self, letters_typed: &str) -> String {
        letters(&self.hash(b"beginning", letters_typed))
    }

    pub(super) fn print(&self, word: &str) -> u32 {
        let [a, b, c, d, ..] = self.hash(b"print", word);
        u32::from_be_bytes([a, b, c, d])
    }

    pub(super) fn identity(&self, kind: &str, value: &str) -> Uuid {
        let hash = self.hash(kind.as_bytes(), value);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn hash(&self, what: &[u8], value: &str) -> [u8; 32] {
        let mut mac = self.0.clone();
        // No purpose holds a zero byte, so no two inputs are one.
        mac.update(what);
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Letters only, so that no database's parser takes a word for a number.
fn letters(hash: &[u8]) -> String {
    let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.take(LETTERS).map(|half| char::from(b'a' + half)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_depend_on_key_and_purpose() {
        let (one, two) = (Index::new(&[1; 32]), Index::new(&[2; 32]));
        assert_eq!(one.word("ga"), Index::new(&[1; 32]).word("ga"));
        assert_ne!(one.word("ga"), two.word("ga"));
        assert_ne!(one.word("ga"), one.beginning("ga"));
        assert_eq!(one.print("ga"), Index::new(&[1; 32]).print("ga"));
        assert_ne!(one.print("ga"), two.print("ga"));
        assert_ne!(one.identity("phone", "84903"), one.identity("email", "84903"));
        let word = one.word("nguyen");
        assert!(word.len() == LETTERS && word.bytes().all(|letter| letter.is_ascii_lowercase()));
    }
}
