//! Repair of single words: Telex and VNI keys left in the text, chat onsets, stretched letters.

use super::syllable::{is_syllable, is_vowel};

/// Words of other languages that a repair would turn into a Vietnamese syllable.
const FOREIGN: &[&str] = &[
    "bar", "bas", "bis", "box", "bus", "car", "fax", "gas", "max", "mix", "sex", "sos", "tax",
    "taxi", "visa",
];

/// The longest word a repair is tried on; longer ones are links, hashes or noise.
const LONGEST: usize = 16;

/// `word` with runs of one letter shortened: any run of three or more to one, and a pair to one
/// where the word has a vowel (no syllable is written with a doubled letter, Telex doubles them).
pub(super) fn without_stretching(word: &str) -> String {
    let voiced = word.bytes().any(is_vowel);
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(c) = letters.next() {
        let mut run = 1_usize;
        while letters.next_if_eq(&c).is_some() {
            run += 1;
        }
        let kept = match run {
            2 if !voiced || !c.is_alphabetic() => 2,
            _ if c.is_alphabetic() => 1,
            _ => run,
        };
        out.extend(std::iter::repeat_n(c, kept));
    }
    out
}

/// `word` as the syllable that was meant, where typing keys or chat spelling hide one.
/// Anything that cannot be repaired with certainty stays as it is.
pub(super) fn repaired(word: &str) -> String {
    if word.len() < 2 || word.len() > LONGEST || !word.is_ascii() || FOREIGN.contains(&word) {
        return word.to_owned();
    }
    if is_syllable(word) {
        return with_h(word);
    }
    let candidate = if word.bytes().any(|b| b.is_ascii_digit()) {
        vni(word)
    } else {
        ending(word).or_else(|| onset(word)).or_else(|| keys(word)).or_else(|| chat_j(word))
    };
    candidate.map_or_else(|| word.to_owned(), |w| with_h(&w))
}

/// `ngieng` as `nghieng`: the commonest slip that is still a possible syllable.
fn with_h(word: &str) -> String {
    match word.strip_prefix("ng") {
        Some(rest) if rest.starts_with(['e', 'i']) => format!("ngh{rest}"),
        _ => word.to_owned(),
    }
}

/// VNI digits inside a word, `nga65p`. Digits at the end alone may be a number (`p12`) and stay.
fn vni(word: &str) -> Option<String> {
    if !word.starts_with(|c: char| c.is_ascii_alphabetic())
        || !word.ends_with(|c: char| c.is_ascii_alphabetic())
    {
        return None;
    }
    let letters: String = word.chars().filter(|c| !c.is_ascii_digit()).collect();
    let letters = without_stretching(&letters);
    is_syllable(&letters).then_some(letters)
}

/// Chat onsets: `fai`, `wa`, `zo`, `dzo`, `jup`, `kon`.
fn onset(word: &str) -> Option<String> {
    let swaps: &[(&str, &str)] =
        &[("zi", "gi"), ("dz", "v"), ("z", "v"), ("f", "ph"), ("w", "qu"), ("j", "gi"), ("k", "c")];
    swaps.iter().find_map(|(from, to)| {
        let rest = word.strip_prefix(from)?;
        let joined = format!("{to}{rest}");
        if is_syllable(&joined) {
            return Some(joined);
        }
        let typed = keys(&joined);
        if typed.is_some() { typed } else { ending(&joined) }
    })
}

/// Telex keys: `w` for horn and breve, a tone letter, a vowel or `d` repeated at the end.
fn keys(word: &str) -> Option<String> {
    if word.len() < 3 || !word.bytes().any(|b| is_vowel(b) || b == b'w') {
        return None;
    }
    let dropped: String = word.chars().filter(|c| *c != 'w').collect();
    let sounded = word.replace('w', "u");
    for base in [dropped, sounded] {
        let base = without_stretching(&base);
        if let Some(found) = without_tone_key(&base) {
            return Some(found);
        }
        let mut shorter = base;
        if let Some(last) = shorter.pop()
            && matches!(last, 'a' | 'e' | 'o' | 'd')
            && shorter.contains(last)
            && let Some(found) = without_tone_key(&shorter)
        {
            return Some(found);
        }
    }
    None
}

/// `base` itself, or with one tone letter behind the first vowel taken away.
fn without_tone_key(base: &str) -> Option<String> {
    if is_syllable(base) {
        return Some(base.to_owned());
    }
    let first_vowel = base.bytes().position(is_vowel)?;
    (first_vowel + 1..base.len()).rev().find_map(|at| {
        let key = *base.as_bytes().get(at)?;
        if !matches!(key, b's' | b'f' | b'r' | b'x' | b'j') {
            return None;
        }
        let without = without_stretching(&format!("{}{}", base.get(..at)?, base.get(at + 1..)?));
        is_syllable(&without).then_some(without)
    })
}

/// Chat endings: `nuok`, `thik`, `khog`.
fn ending(word: &str) -> Option<String> {
    let full = if let Some(stem) = word.strip_suffix("ik") {
        format!("{stem}ich")
    } else if let Some(stem) = word.strip_suffix('k') {
        format!("{stem}c")
    } else {
        let stem = word.strip_suffix('g')?;
        format!("{stem}ng")
    };
    is_syllable(&full).then_some(full)
}

/// `j` for `i`, `mjnh`.
fn chat_j(word: &str) -> Option<String> {
    let written = word.replace('j', "i");
    (written != word && is_syllable(&written)).then_some(written)
}
