//! Which unaccented words can be Vietnamese syllables: an onset and a rhyme.
//!
//! Repairs of typing debris are only believed when they arrive at a possible syllable.

/// Onsets, longest first where one is the beginning of another.
const ONSETS: &[&str] = &[
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "th", "tr", "b", "c", "d", "g", "h", "k", "l",
    "m", "n", "p", "r", "s", "t", "v", "x", "",
];

/// Rhymes without tone and vowel marks, sorted.
const RHYMES: &[&str] = &[
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec",
    "ech", "em", "en", "eng", "enh", "eo", "ep", "et", "eu", "i", "ia", "ich", "iec", "iem", "ien",
    "ieng", "iep", "iet", "ieu", "im", "in", "inh", "ip", "it", "iu", "o", "oa", "oac", "oach",
    "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe", "oen", "oeo",
    "oet", "oi", "om", "on", "ong", "op", "ot", "u", "ua", "uan", "uang", "uat", "uay", "uc", "ue",
    "uech", "uenh", "ui", "um", "un", "ung", "uo", "uoc", "uoi", "uom", "uon", "uong", "uop",
    "uot", "uou", "up", "ut", "uu", "uy", "uya", "uych", "uyen", "uyet", "uynh", "uyt", "uyu", "y",
    "yem", "yen", "yet", "yeu",
];

/// What may follow `qu`, sorted.
const AFTER_QU: &[&str] = &[
    "a", "ac", "ach", "ai", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ech", "en",
    "eng", "enh", "eo", "et", "eu", "i", "ich", "in", "inh", "it", "o", "oc", "on", "ot", "y",
    "yen", "yet", "ynh", "yt",
];

/// Whether `word` (lower case, no diacritics) can be a Vietnamese syllable.
pub fn is_syllable(word: &str) -> bool {
    if word.len() > 7 || !word.is_ascii() {
        return false;
    }
    if let Some(rest) = word.strip_prefix("qu") {
        return AFTER_QU.binary_search(&rest).is_ok();
    }
    ONSETS.iter().any(|onset| {
        word.strip_prefix(onset)
            .is_some_and(|rhyme| RHYMES.binary_search(&rhyme).is_ok() && spelled(onset, rhyme))
    })
}

/// `c` and `k`, `g` and `gh`, `ng` and `ngh` share their sounds between them by the vowel.
fn spelled(onset: &str, rhyme: &str) -> bool {
    let front = rhyme.starts_with(['e', 'i', 'y']);
    match onset {
        "k" | "gh" | "ngh" => front,
        "c" => !front,
        _ => true,
    }
}

/// Whether `c` is a vowel of an unaccented word.
pub const fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(RHYMES.is_sorted() && AFTER_QU.is_sorted());
    }

    #[test]
    fn knows_syllables() {
        for word in ["duong", "nghieng", "quay", "gi", "gieng", "nuoc", "uot", "khuyu", "be", "xoa"]
        {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["dduong", "kon", "cim", "bus", "wc", "fai", "nuocs", "q", "12", "", "quua"] {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
