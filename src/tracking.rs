//! Tracking codes: the secret by which a citizen follows a case without an account.
//!
//! A code is derived from random bytes and the request's idempotency key, so that a repeated
//! request can be told the same code although only its hash is stored.

use sha2::{Digest, Sha256};

/// Letters and digits nobody mistakes for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: seven groups of four, 140 bits of a hash over 128 random ones.
const LENGTH: usize = 28;
/// Characters of a code as they were first given out: 80 bits. They go on being read.
const FIRST_LENGTH: usize = 16;
/// Characters between two hyphens.
const GROUP: usize = 4;

/// A tracking code.
#[derive(Clone, PartialEq, Eq)]
pub struct TrackingCode(String);

/// Never printed by accident.
impl std::fmt::Debug for TrackingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrackingCode(…)")
    }
}

impl TrackingCode {
    /// The code that follows from random bytes and the request's idempotency key, if it had one.
    pub fn derive(salt: &[u8; 16], key: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(b"hoiam tracking code")
            .chain_update(salt)
            .chain_update(key.as_bytes())
            .finalize();
        Self(
            digest.iter().take(LENGTH).map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect(),
        )
    }

    /// Reads what a person typed: hyphens, spaces and case do not matter.
    pub fn read(typed: &str) -> Option<Self> {
        if typed.len() > 100 {
            return None;
        }
        let code: String = typed
            .chars()
            .filter(|c| !matches!(c, '-' | ' '))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let fits = matches!(code.len(), LENGTH | FIRST_LENGTH);
        let fits = fits && code.bytes().all(|b| ALPHABET.contains(&b));
        fits.then_some(Self(code))
    }

    /// As it is shown, in groups.
    pub fn show(&self) -> String {
        let length = self.0.len();
        let groups =
            (0..length).step_by(GROUP).filter_map(|at| self.0.get(at..(at + GROUP).min(length)));
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is stored of it: SHA-256, hexadecimal.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_shows() {
        let code = TrackingCode::derive(&[7; 16], "key");
        assert_eq!(TrackingCode::read(&code.show()), Some(code.clone()));
        assert_eq!(TrackingCode::read(&code.show().to_lowercase()), Some(code.clone()));
        assert_ne!(code, TrackingCode::derive(&[7; 16], "other"));
        assert_eq!(code.show().split('-').map(str::len).collect::<Vec<_>>(), [4; 7]);
        let old = TrackingCode::read("0123-4567-89ab-cdef").unwrap();
        assert_eq!(old.show(), "0123-4567-89AB-CDEF", "those given out before go on working");
        assert_eq!(TrackingCode::read("too short"), None);
        assert!(!format!("{code:?}").contains(&code.0));
    }
}
