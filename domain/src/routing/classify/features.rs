//! What the model sees of a text: words, pairs of words, words with their marks, and words as they
//! sound in the south.

use std::collections::{BTreeMap, HashSet};

use super::masking::Names;
use crate::text::{Token, syllable, tokens};

/// Texts longer than this are read at their beginning and end only; nobody needs more to say what
/// it is about, and the cost stays bounded.
const READ_AT_MOST: usize = 600;

/// The kinds of feature; each has a model of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Family {
    Word,
    Pair,
    Sound,
    Marked,
}

impl Family {
    pub(super) const COUNT: usize = 4;
}

/// One feature of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Feature {
    pub(super) key: u64,
    pub(super) family: Family,
    /// Positions of the words it is made of; the same twice for a single word.
    pub(super) at: (u32, u32),
}

/// A text prepared for the model and the lexicons.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// All words, folded, spelling repaired where it was certain.
    pub(super) words: Vec<Token>,
    /// Which of them are names or numbers.
    pub(super) masked: Vec<bool>,
}

/// Cuts a text into words and masks the names.
pub(super) fn prepare(text: &str, names: &Names) -> Prepared {
    let words = tokens(text);
    let masked = names.masked(&words);
    Prepared { words, masked }
}

/// The features of a text, each once, sorted by key.
pub(super) fn features(prepared: &Prepared, spelling: Option<&Spelling>) -> Vec<Feature> {
    let words: Vec<Option<&str>> = prepared
        .words
        .iter()
        .zip(&prepared.masked)
        .map(|(word, masked)| (!masked).then_some(word.word.as_str()))
        .collect();
    let mut repaired: Vec<(u32, Option<&str>, u16)> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        if at >= READ_AT_MOST / 2 && at + READ_AT_MOST / 2 < words.len() {
            continue;
        }
        let word = word.map(|w| spelling.and_then(|s| s.known(w)).unwrap_or(w));
        // Names and numbers in a row are one gap.
        if word.is_none() && repaired.last().is_some_and(|(_, last, _)| last.is_none()) {
            continue;
        }
        let marks = prepared.words.get(at).map_or(0, |t| t.marks);
        repaired.push((u32::try_from(at).unwrap_or(u32::MAX), word, marks));
    }
    let mut out = Vec::with_capacity(repaired.len() * 5);
    for (i, (at, word, marks)) in repaired.iter().enumerate() {
        let Some(word) = word else { continue };
        out.push(Feature {
            key: key(Family::Word, word, ""),
            family: Family::Word,
            at: (*at, *at),
        });
        if *marks != 0 {
            let with_marks = key(Family::Marked, word, &marks.to_string());
            out.push(Feature { key: with_marks, family: Family::Marked, at: (*at, *at) });
        }
        let sounds = key(Family::Sound, &sound(word), "");
        out.push(Feature { key: sounds, family: Family::Sound, at: (*at, *at) });
        if let Some((other_at, Some(other), _)) = repaired.get(i + 1) {
            let pair = key(Family::Pair, word, other);
            out.push(Feature { key: pair, family: Family::Pair, at: (*at, *other_at) });
        }
    }
    out.sort_unstable();
    out.dedup_by_key(|f| f.key);
    out
}

/// FNV-1a over the family and the words: the same on every machine and in every run.
fn key(family: Family, first: &str, second: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ (family as u64);
    for byte in first.bytes().chain([0xff]).chain(second.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    }
    hash
}

/// A word as it sounds in the south, where people confuse its spellings.
pub(super) fn sound(word: &str) -> String {
    let onset = [
        ("tr", "ch"),
        ("gi", "d"),
        ("ngh", "ng"),
        ("gh", "g"),
        ("qu", "w"),
        ("x", "s"),
        ("v", "d"),
        ("k", "c"),
    ];
    let swapped = onset.iter().find_map(|(from, to)| {
        let rest = word.strip_prefix(from)?;
        (rest.bytes().any(syllable::is_vowel)).then(|| format!("{to}{rest}"))
    });
    let mut out = swapped.unwrap_or_else(|| word.to_owned()).replace('y', "i");
    let ends_in = |text: &str, ending: &str| text.len() > ending.len() && text.ends_with(ending);
    if ends_in(&out, "nh") || ends_in(&out, "ch") || ends_in(&out, "ng") {
        out.pop();
        if out.ends_with('c') {
            out.pop();
            out.push('t');
        }
    } else if ends_in(&out, "c") {
        out.pop();
        out.push('t');
    }
    out
}

/// Repairs words nobody wrote in the examples: by sound, or by one slip of the keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    known: HashSet<String>,
    slips: BTreeMap<String, Option<String>>,
}

impl Spelling {
    /// `words` are the words of the examples with how often they occur.
    pub(super) fn new(words: &BTreeMap<String, u32>) -> Self {
        let mut slips: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (word, count) in words {
            if *count < 2 || word.len() < 3 || !word.is_ascii() {
                continue;
            }
            for slip in shorter(word).chain([word.clone()]) {
                slips
                    .entry(slip)
                    .and_modify(|owner| *owner = None)
                    .or_insert_with(|| Some(word.clone()));
            }
        }
        Self { known: words.keys().cloned().collect(), slips }
    }

    /// The known word that `word` was meant to be, when exactly one is near; `None` when `word`
    /// is known itself, may well be another word, or stays unclear.
    fn known(&self, word: &str) -> Option<&str> {
        if word.len() < 4 || word.len() > 9 || !word.is_ascii() || self.known.contains(word) {
            return None;
        }
        if syllable::is_syllable(word) {
            return None;
        }
        let mut found: Option<&str> = None;
        for candidate in shorter(word).chain([word.to_owned()]) {
            match self.slips.get(&candidate) {
                Some(Some(owner)) if found.is_none_or(|f| f == owner) => found = Some(owner),
                Some(_) => return None,
                None => {}
            }
        }
        found
    }
}

/// `word` with one letter left out, every way.
fn shorter(word: &str) -> impl Iterator<Item = String> + '_ {
    word.char_indices().map(|(at, c)| {
        let mut out = String::with_capacity(word.len());
        out.push_str(word.get(..at).unwrap_or_default());
        out.push_str(word.get(at + c.len_utf8()..).unwrap_or_default());
        out
    })
}
