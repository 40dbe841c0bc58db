//! A file under a key of its own: AES-256-GCM, the key used for this one file and never again, so
//! that the nonce may be zero. Bound to the case and the attachment, so that no file stands in for
//! another.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use uuid::Uuid;

use crate::random::Random;
use crate::tracking::hex;

/// What the sealed bytes begin with: how they are sealed.
const VERSION: u8 = 1;
/// Bytes sealing adds: the version and the tag.
pub const ADDED: usize = 1 + 16;

/// The key of one file.
pub struct Key([u8; 32]);

/// Never printed by accident.
impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A fresh one.
    pub fn new(random: &dyn Random) -> Self {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&random.draw());
        key[16..].copy_from_slice(&random.draw());
        Self(key)
    }

    /// As the event holds it: 64 hexadecimal digits. None for anything else, as an erased event has.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut key = [0; 32];
        for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(key))
    }

    /// As [`Key::read`] reads it.
    pub fn show(&self) -> String {
        hex(&self.0)
    }

    /// Seals a file. None only when it is larger than any file is.
    pub fn seal(&self, case: Uuid, id: Uuid, clear: &[u8]) -> Option<Vec<u8>> {
        let mut sealed = Vec::with_capacity(clear.len() + ADDED);
        sealed.push(VERSION);
        sealed.extend_from_slice(clear);
        let body = sealed.get_mut(1..)?;
        let tag = self.aead()?.seal_in_place_separate_tag(nonce(), bound(case, id), body).ok()?;
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// The file again; none when the bytes are not what was sealed.
    pub fn open(&self, case: Uuid, id: Uuid, mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        if sealed.first() != Some(&VERSION) {
            return None;
        }
        let body = sealed.get_mut(1..)?;
        let length = self.aead()?.open_in_place(nonce(), bound(case, id), body).ok()?.len();
        sealed.truncate(1 + length);
        sealed.remove(0);
        Some(sealed)
    }

    fn aead(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).ok().map(LessSafeKey::new)
    }
}

fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn bound(case: Uuid, id: Uuid) -> Aad<Vec<u8>> {
    Aad::from([b"hoiam attachment", &case.as_bytes()[..], id.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn opens_only_what_was_sealed_for_it() {
        let random = SeededRandom::new(7);
        let (key, other) = (Key::new(&random), Key::new(&random));
        let [case, id] = [1, 2].map(Uuid::from_u128);
        for clear in [&b""[..], b"x", &[7; 100_000]] {
            let sealed = key.seal(case, id, clear).unwrap();
            assert_eq!(sealed.len(), clear.len() + ADDED);
            assert_eq!(key.open(case, id, sealed.clone()).as_deref(), Some(clear));
            assert_eq!(
                Key::read(&key.show()).unwrap().open(case, id, sealed.clone()).as_deref(),
                Some(clear)
            );
            assert_eq!(other.open(case, id, sealed.clone()), None);
            assert_eq!(key.open(id, id, sealed.clone()), None);
            assert_eq!(key.open(case, case, sealed.clone()), None);
            for at in [0, 1, sealed.len() - 1] {
                let mut altered = sealed.clone();
                altered[at] ^= 1;
                assert_eq!(key.open(case, id, altered), None, "byte {at}");
            }
            assert_eq!(key.open(case, id, sealed[..sealed.len() - 1].to_vec()), None);
        }
        assert_eq!(key.open(case, id, Vec::new()), None);
        for erased in ["", "7", &"z".repeat(64), &"é".repeat(32)] {
            assert!(Key::read(erased).is_none());
        }
        assert!(!format!("{key:?}").contains(&key.show()));
    }
}
