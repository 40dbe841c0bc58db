//! Hashes that are stored: the same on every machine and in every version of the program.

/// FNV-1a over the parts, each closed by a byte no text holds, then mixed so that all bits depend
/// on all bytes.
pub(super) fn hash(parts: &[&[u8]]) -> u64 {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.iter().chain(&[0xff]) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    mixed(state)
}

/// The finaliser of SplitMix64.
pub(super) const fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// How words are hashed before they are kept: with a key, where they are personal data.
pub type WordHash<'a> = &'a dyn Fn(&str) -> u32;

/// Of a hash of a word this much is kept: 24 bits, enough to tell the words of a language apart.
const KEPT: u32 = 0x00ff_ffff;

/// A word as it is kept.
pub(super) fn of_word(word: &str, by: WordHash<'_>) -> u32 {
    by(word) & KEPT
}

/// A word's hash without a key: for comparing texts that are not kept.
#[allow(clippy::cast_possible_truncation, reason = "the lowest bits are what is wanted")]
pub fn unkeyed(word: &str) -> u32 {
    (hash(&[word.as_bytes()]) & u64::from(KEPT)) as u32
}
