//! Sealing with AES-256-GCM-SIV (RFC 8452), deterministic: the nonce is fixed, what is sealed
//! differs by key and by its associated data. Such a cipher gives away only whether two texts
//! under one key are equal, and here a key seals the words of one case.

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// How a sealed text begins; the JSON of a clear value never does.
const SIGN: char = '~';
/// Bytes that tell which key sealed a text.
const PRINT: usize = 4;

/// A key for data.
#[derive(Clone)]
pub struct DataKey {
    bytes: [u8; 32],
    cipher: Aes256GcmSiv,
    print: [u8; PRINT],
}

/// What opening a sealed text gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// It.
    Clear(Vec<u8>),
    /// Another key sealed it.
    OtherKey,
    /// It is not what was sealed.
    Altered,
}

impl DataKey {
    /// The key of these bytes.
    pub fn new(drawn: [[u8; 16]; 2]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(drawn.as_flattened());
        Self::of(bytes)
    }

    pub(super) fn of(bytes: [u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(b"hoiam key").chain_update(bytes).finalize();
        let mut print = [0; PRINT];
        print.copy_from_slice(&digest[..PRINT]);
        Self { bytes, cipher: Aes256GcmSiv::new(&bytes.into()), print }
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Eight digits that tell this key from others and tell nothing of it.
    pub(super) fn name(&self) -> String {
        crate::tracking::hex(&self.print)
    }

    /// The sealed form of some bytes, to be opened with the same `about`.
    pub fn seal(&self, clear: &[u8], about: &[u8]) -> Option<String> {
        let payload = Payload { msg: clear, aad: about };
        let sealed = self.cipher.encrypt(&Nonce::default(), payload).ok()?;
        let mut bytes = Vec::with_capacity(PRINT + sealed.len());
        bytes.extend_from_slice(&self.print);
        bytes.extend_from_slice(&sealed);
        let mut text = String::with_capacity(1 + bytes.len().div_ceil(3) * 4);
        text.push(SIGN);
        URL_SAFE_NO_PAD.encode_string(&bytes, &mut text);
        Some(text)
    }

    /// Opens a sealed form.
    pub fn open(&self, sealed: &str, about: &[u8]) -> Opened {
        let bytes = sealed.strip_prefix(SIGN).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let Some((print, sealed)) = bytes.as_deref().and_then(|b| b.split_at_checked(PRINT)) else {
            return Opened::Altered;
        };
        if print != self.print {
            return Opened::OtherKey;
        }
        let payload = Payload { msg: sealed, aad: about };
        self.cipher.decrypt(&Nonce::default(), payload).map_or(Opened::Altered, Opened::Clear)
    }
}

/// Whether a stored text is sealed at all.
pub fn is_sealed(stored: &str) -> bool {
    stored.starts_with(SIGN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_with_its_key_and_purpose_only() {
        let key = DataKey::of([7; 32]);
        let sealed = key.seal("ổ gà".as_bytes(), b"x").unwrap();
        assert!(is_sealed(&sealed) && !sealed.contains("ổ"));
        assert_eq!(key.open(&sealed, b"x"), Opened::Clear("ổ gà".as_bytes().to_vec()));
        assert_eq!(key.open(&sealed, b"y"), Opened::Altered);
        assert_eq!(DataKey::of([8; 32]).open(&sealed, b"x"), Opened::OtherKey);
        let mut other = sealed.clone().into_bytes();
        let last = other.len() - 3;
        other[last] = if other[last] == b'A' { b'B' } else { b'A' };
        assert_eq!(key.open(std::str::from_utf8(&other).unwrap(), b"x"), Opened::Altered);
        for bad in ["", "~", "~AAA", "~!!!", "x"] {
            assert_eq!(key.open(bad, b"x"), Opened::Altered, "{bad}");
        }
    }
}
