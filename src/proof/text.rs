//! Hashes and keys as text: base64 where C2SP's formats say so, hexadecimal in JSON.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tree::Hash;

/// Standard base64 with padding (RFC 4648, section 4).
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads [`base64`], strictly.
pub fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A hash out of its base64.
pub fn unbase64_hash(text: &str) -> Option<Hash> {
    unbase64(text)?.try_into().ok()
}

/// A hash out of 64 hexadecimal digits.
pub fn unhex_hash(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

/// Hashes in JSON: hexadecimal.
pub mod hex_hash {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::unhex_hash;
    use crate::proof::tree::Hash;
    use crate::tracking::hex;

    /// Writes a hash.
    ///
    /// # Errors
    /// What the serializer gives.
    pub fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex(hash))
    }

    /// Reads a hash.
    ///
    /// # Errors
    /// When it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(from)?;
        unhex_hash(&text).ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}

/// Lists of hashes in JSON: hexadecimal.
pub mod hex_hashes {
    use serde::ser::SerializeSeq;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::unhex_hash;
    use crate::proof::tree::Hash;
    use crate::tracking::hex;

    /// Writes hashes.
    ///
    /// # Errors
    /// What the serializer gives.
    pub fn serialize<S: Serializer>(hashes: &[Hash], to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(hashes.len()))?;
        for hash in hashes {
            list.serialize_element(&hex(hash))?;
        }
        list.end()
    }

    /// Reads hashes.
    ///
    /// # Errors
    /// When one is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Hash>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        let read = |text: &String| unhex_hash(text);
        let hashes: Option<Vec<Hash>> = texts.iter().map(read).collect();
        hashes.ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}
