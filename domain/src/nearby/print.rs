//! What is kept of a feedback's words for comparing it with others.

use super::hash::{WordHash, hash, of_word};
use super::names;
use super::words::tells;
use crate::text::tokens;

/// Most words kept. Of more, those with the smallest hashes stay: the same choice in every text,
/// so that what two long texts share can still be estimated.
const MOST_WORDS: usize = 48;
/// A text tells its matter near its beginning; what comes later is not compared.
const WORDS: usize = 600;

/// The name of a place: hashes of its words, with the house number where one stood before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceName {
    /// Hash of the house number.
    pub number: Option<u32>,
    /// Hashes of one to three words.
    pub words: Vec<u32>,
    /// It stood where only a place stands; otherwise it is a name that may be anything.
    pub sure: bool,
}

impl PlaceName {
    /// The name without its number, as one number.
    pub(super) fn street(&self) -> u64 {
        let bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_be_bytes()).collect();
        hash(&[&bytes])
    }
}

/// The hashed words of a text and the places it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Print {
    /// Hashes of the words that tell something, sorted, no two alike.
    pub words: Vec<u32>,
    /// Places of the address and the text.
    pub places: Vec<PlaceName>,
}

impl Print {
    /// The print of a text and an address, words hashed by `by`.
    pub fn of(text: &str, address: Option<&str>, by: WordHash<'_>) -> Self {
        let mut words: Vec<u32> = telling(text).map(|word| of_word(&word, by)).collect();
        words.sort_unstable();
        words.dedup();
        words.truncate(MOST_WORDS);
        Self { words, places: names::names(text, address, by) }
    }

    /// The words of `text` whose hashes, made as those of this print, are also in it, as folded, in
    /// order.
    pub fn shared(&self, text: &str, by: WordHash<'_>) -> Vec<String> {
        let mut shared: Vec<String> = Vec::new();
        for word in telling(text) {
            if self.words.binary_search(&of_word(&word, by)).is_ok() && !shared.contains(&word) {
                shared.push(word);
            }
        }
        shared
    }

    /// As a read model stores it: the words, and the places.
    pub fn written(&self) -> (String, String) {
        let words: Vec<String> = self.words.iter().map(hex).collect();
        let places: Vec<String> = self.places.iter().map(place).collect();
        (words.concat(), places.join(" "))
    }

    /// The print that [`Print::written`] wrote; what does not read is left out.
    pub fn read(words: &str, places: &str) -> Self {
        let words = words
            .as_bytes()
            .chunks(6)
            .filter_map(|chunk| number(std::str::from_utf8(chunk).ok()?))
            .collect();
        Self { words, places: places.split(' ').filter_map(read_place).collect() }
    }
}

fn telling(text: &str) -> impl Iterator<Item = String> {
    tokens(text).into_iter().take(WORDS).map(|token| token.word).filter(|word| tells(word))
}

fn hex(hash: &u32) -> String {
    format!("{hash:06x}")
}

fn number(text: &str) -> Option<u32> {
    u32::from_str_radix(text, 16).ok()
}

/// `~` for a name that may be anything, the number and a colon, the words between points.
fn place(place: &PlaceName) -> String {
    let doubt = if place.sure { "" } else { "~" };
    let number = place.number.as_ref().map(|nr| format!("{}:", hex(nr))).unwrap_or_default();
    let words: Vec<String> = place.words.iter().map(hex).collect();
    format!("{doubt}{number}{}", words.join("."))
}

fn read_place(text: &str) -> Option<PlaceName> {
    let (sure, text) = match text.strip_prefix('~') {
        Some(rest) => (false, rest),
        None => (true, text),
    };
    let (nr, name) = match text.split_once(':') {
        Some((nr, name)) => (Some(number(nr)?), name),
        None => (None, text),
    };
    let words: Vec<u32> = name.split('.').map(number).collect::<Option<_>>()?;
    (!words.is_empty()).then_some(PlaceName { number: nr, words, sure })
}
