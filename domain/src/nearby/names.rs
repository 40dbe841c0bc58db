//! Names of places in a text or address: streets, house numbers, markets, crossings.
//!
//! A name is cut to its first two words, three where they are a family and a middle name, so that a
//! reader of small letters, who cannot see where it ends, cuts the same.

use super::hash::{WordHash, of_word};
use super::print::PlaceName;
use super::words::{AREAS, COUNTED, FAMILY, FIRST, MARKERS, MIDDLE, tells};
use crate::routing::tokens::{Token, tokens};

/// Most names kept of one feedback.
pub(super) const MOST: usize = 6;
/// A text names its place near its beginning; what comes later is not read for places.
const WORDS: usize = 400;

/// The names in an address and a text, the address's first.
pub(super) fn names(text: &str, address: Option<&str>, by: WordHash<'_>) -> Vec<PlaceName> {
    let mut found = Vec::new();
    for (text, address) in address.map(|a| (a, true)).into_iter().chain([(text, false)]) {
        let mut words = tokens(text);
        words.truncate(WORDS);
        let reader = Reader { lower: !words.iter().skip(1).any(|w| w.capital), words, address, by };
        reader.read(&mut found);
    }
    found
}

struct Reader<'a> {
    words: Vec<Token>,
    address: bool,
    /// Not a single capital after the first word: it says nothing that one is missing.
    lower: bool,
    by: WordHash<'a>,
}

impl Reader<'_> {
    fn read(&self, found: &mut Vec<PlaceName>) {
        let mut at = 0;
        while at < self.words.len() && found.len() < MOST {
            let read = self
                .house(at)
                .or_else(|| self.marked(at))
                .or_else(|| self.capitals(at))
                .or_else(|| self.beginning(at));
            match read {
                Some((name, end)) => {
                    keep(name, found);
                    at = end.max(at + 1);
                }
                None => at += 1,
            }
        }
    }

    fn folded(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.folded.as_str())
    }

    /// `819/13 Quang Trung`.
    fn house(&self, at: usize) -> Option<(PlaceName, usize)> {
        let number = self.folded(at);
        if !number.starts_with(|c: char| c.is_ascii_digit())
            || COUNTED.contains(&self.folded(at + 1))
        {
            return None;
        }
        let before = if at == 0 { "" } else { self.folded(at - 1) };
        if AREAS.contains(&before) {
            return None;
        }
        let beside = number.contains('/') || matches!(before, "so" | "hem" | "nha" | "sn");
        let (words, end) = self.name(at + 1, self.address || beside)?;
        Some((PlaceName { number: Some(of_word(number, self.by)), words, sure: true }, end))
    }

    /// `đường Lê Văn Chí`, `chợ Thủ Đức`, `đường số 5`.
    fn marked(&self, at: usize) -> Option<(PlaceName, usize)> {
        let marker = MARKERS.iter().find(|marker| {
            marker.iter().enumerate().all(|(nth, word)| self.folded(at + nth) == *word)
        })?;
        let start = at + marker.len();
        let numbered = self.folded(start) == "so"
            && self.folded(start + 1).starts_with(|c: char| c.is_ascii_digit());
        let (words, end) = if numbered {
            (vec![of_word("so", self.by), of_word(self.folded(start + 1), self.by)], start + 2)
        } else {
            // After two words such as "bến xe" hardly anything but a name comes.
            self.name(start, marker.len() > 1 && tells(self.folded(start)))?
        };
        Some((PlaceName { number: None, words, sure: true }, end))
    }

    /// `Ung Văn Khiêm` with nothing before it; not a district after its word, and not a whole part
    /// of an address after the first, which is a ward or district.
    fn capitals(&self, at: usize) -> Option<(PlaceName, usize)> {
        let word = self.words.get(at)?;
        let after_area = at > 0 && AREAS.contains(&self.folded(at - 1)) && !word.starts_part;
        let later_part = self.address && at > 0;
        if !word.capital || AREAS.contains(&word.folded.as_str()) || after_area || later_part {
            return None;
        }
        let next = self.words.get(at + 1)?;
        if !next.capital || next.starts_part {
            return None;
        }
        let (words, end) = self.name(at, false)?;
        Some((PlaceName { number: None, words, sure: self.address }, end))
    }

    /// `ung văn khiêm` at the beginning of an address or of a part of a text in small letters.
    fn beginning(&self, at: usize) -> Option<(PlaceName, usize)> {
        let word = self.words.get(at)?;
        let begins = if self.address { at == 0 } else { self.lower && word.starts_part };
        let known = FIRST.contains(&word.folded.as_str());
        if !begins || !known || AREAS.contains(&word.folded.as_str()) {
            return None;
        }
        let (words, end) = self.name(at, true)?;
        Some((PlaceName { number: None, words, sure: self.address }, end))
    }

    /// The name that begins here. Without `free` its first word must be a capital or, in a text of
    /// small letters, one that streets begin with.
    fn name(&self, at: usize, free: bool) -> Option<(Vec<u32>, usize)> {
        let first = self.words.get(at)?;
        let plausible =
            free || first.capital || (self.lower && FIRST.contains(&first.folded.as_str()));
        let letters = |word: &Token| word.folded.starts_with(|c: char| c.is_alphabetic());
        let coded = first.folded.chars().any(|c| c.is_ascii_digit());
        if !plausible || !letters(first) || (at > 0 && first.starts_part && !self.address) {
            return None;
        }
        if coded {
            return Some((vec![of_word(&first.folded, self.by)], at + 1));
        }
        let goes_on = |nth: usize| {
            let word = self.words.get(nth).filter(|word| !word.starts_part && letters(word))?;
            (free || self.lower || word.capital).then_some(word)
        };
        let second = goes_on(at + 1)?;
        let mut words = vec![of_word(&first.folded, self.by), of_word(&second.folded, self.by)];
        if FAMILY.contains(&first.folded.as_str())
            && MIDDLE.contains(&second.folded.as_str())
            && let Some(third) = goes_on(at + 2)
        {
            words.push(of_word(&third.folded, self.by));
        }
        let says = tells(&first.folded) || tells(&second.folded) || words.len() > 2;
        let end = at + words.len();
        (says || first.capital).then_some((words, end))
    }
}

/// Adds a name, or the number to the same name without one.
fn keep(name: PlaceName, found: &mut Vec<PlaceName>) {
    match found.iter_mut().find(|there| there.words == name.words) {
        Some(there) if there.number.is_none() || there.number == name.number => {
            there.number = there.number.or(name.number);
            there.sure |= name.sure;
        }
        Some(_) if name.number.is_none() => {}
        _ => found.push(name),
    }
}
