//! Numbers, street names and place names taken out of the way, so that "đường Điện Biên Phủ"
//! says nothing about electricity and "Cống Quỳnh" nothing about drains.

use std::collections::{HashMap, HashSet};

use crate::text::{Token, fold, tokens};

/// The longest whole name in words.
const LONGEST_NAME: usize = 6;
/// How many words a name behind a place word may have when only its syllables tell.
const NAME_WORDS: usize = 4;
/// Family names that begin a name wherever they stand, when a name's syllable follows.
const FAMILY: &[&str] = &["huynh", "le", "nguyen", "pham", "phan", "tran"];

/// The names of a city.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    whole: HashMap<String, Vec<Vec<Token>>>,
    before: HashSet<String>,
    parts: HashSet<String>,
}

impl Names {
    pub(super) fn new(whole: &[String], before: &[String], parts: &[String]) -> Self {
        let mut names: HashMap<String, Vec<Vec<Token>>> = HashMap::new();
        for name in whole {
            let words = tokens(name);
            if let Some(first) = words.first() {
                names.entry(first.word.clone()).or_default().push(words);
            }
        }
        for of_first in names.values_mut() {
            of_first.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
        let folded = |list: &[String]| list.iter().map(|word| fold(word)).collect();
        Self { whole: names, before: folded(before), parts: folded(parts) }
    }

    /// Which words of the text are numbers or parts of names.
    pub(super) fn masked(&self, words: &[Token]) -> Vec<bool> {
        let mut masked: Vec<bool> = words.iter().map(|t| is_number(&t.word)).collect();
        let capitals = words.iter().filter(|t| t.capital).count();
        let trusted = capitals * 2 < words.len();
        let mut at = 0;
        while at < words.len() {
            let length = self.name_at(words, at, trusted);
            if length == 0 {
                at += 1;
                continue;
            }
            masked.iter_mut().skip(at).take(length).for_each(|m| *m = true);
            at += length;
        }
        masked
    }

    /// How many words the name that begins at `at` has; 0 when none begins.
    fn name_at(&self, words: &[Token], at: usize, capitals_tell: bool) -> usize {
        let Some(here) = words.get(at) else { return 0 };
        if let Some(names) = self.whole.get(&here.word)
            && let Some(name) = names.iter().filter(|n| n.len() <= LONGEST_NAME).find(|name| {
                words
                    .get(at..at + name.len())
                    .is_some_and(|w| w.iter().zip(*name).all(|(w, n)| n.may_be(w)))
            })
        {
            return name.len();
        }
        let behind_place = at > 0
            && words
                .get(at - 1)
                .is_some_and(|w| self.before.contains(&w.word) || is_number(&w.word));
        let capitals = words.iter().skip(at).take_while(|w| w.capital).count();
        if capitals_tell && capitals >= 2 && (behind_place || capitals >= 3) {
            return capitals.min(LONGEST_NAME);
        }
        let parts = words
            .iter()
            .skip(at)
            .take(NAME_WORDS)
            .take_while(|w| self.parts.contains(&w.word))
            .count();
        let family = FAMILY.binary_search(&here.word.as_str()).is_ok();
        if parts >= 2 && (behind_place || family) { parts } else { 0 }
    }
}

/// Whether a word is a number or a number with letters (`12a`, `p12`, `22h`).
fn is_number(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}
