//! What the desk knows of the reporter, found wherever it is written.

use std::fmt;

use super::super::fold_for_search;
use super::letters::{View, Word};
use super::{Span, What};

/// The most names, numbers and addresses compared.
const MOST: usize = 64;
/// The most words of one of them.
const WORDS: usize = 24;
/// The fewest digits by which a number is recognised, counted from its end.
const DIGITS: usize = 8;
/// The most signs between two digits of a known number.
const GAP: usize = 3;

/// Names, telephone numbers and addresses of the reporter.
#[derive(Clone, Default)]
pub struct Known {
    /// Words in a row, without marks.
    phrases: Vec<Vec<String>>,
    /// Names of one word, with marks: only where written with a capital.
    words: Vec<String>,
    /// Digits of telephone numbers from the end, without what may be left out in front.
    numbers: Vec<Vec<char>>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl Known {
    /// A name: of several words wherever they follow each other, with or without marks; of one
    /// word where it is written as a name.
    pub fn name(&mut self, name: &str) {
        let view = View::new(name);
        match view.words.as_slice() {
            [] => {}
            [one] => {
                if self.words.len() < MOST {
                    self.words.push(one.marked.clone());
                }
            }
            several => {
                self.phrase(several);
                // "Nguyễn Thị Mai Lan" is also called "Mai Lan".
                if several.len() >= 4 {
                    self.phrase(several.get(several.len() - 2..).unwrap_or_default());
                }
            }
        }
    }

    /// A telephone number, however it is written.
    pub fn phone(&mut self, phone: &str) {
        let digits: Vec<char> =
            fold_for_search(phone).chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= DIGITS && self.numbers.len() < MOST {
            let from = digits.len().saturating_sub(DIGITS + 1);
            self.numbers.push(digits.get(from..).unwrap_or_default().to_vec());
        }
    }

    /// An address: as a whole, and its parts that begin with the number of a house.
    pub fn address(&mut self, address: &str) {
        self.phrase(&View::new(address).words);
        for part in address.split([',', ';', '\n']).take(MOST) {
            let words = View::new(part).words;
            let house = words
                .first()
                .is_some_and(|word| word.plain.starts_with(|c: char| c.is_ascii_digit()));
            let street = words.iter().any(|word| word.alphabetic && word.plain.len() >= 2);
            if house && street {
                self.phrase(&words);
            }
        }
    }

    fn phrase(&mut self, words: &[Word]) {
        if words.len() >= 2 && self.phrases.len() < MOST {
            self.phrases.push(words.iter().take(WORDS).map(|word| word.plain.clone()).collect());
        }
    }

    pub(super) fn find(&self, view: &View, out: &mut Vec<Span>) {
        for at in 0..view.words.len() {
            let rest = view.words.get(at..).unwrap_or_default();
            let long =
                self.phrases.iter().filter(|phrase| begins(rest, phrase)).map(Vec::len).max();
            let one =
                rest.first().is_some_and(|word| word.capital && self.words.contains(&word.marked));
            let length = long.unwrap_or(usize::from(one));
            if let (Some(first), Some(last)) = (rest.first(), rest.get(length.wrapping_sub(1)))
                && let Some(bytes) = view.bytes(first.letters.start..last.letters.end)
            {
                out.push((bytes, What::Known));
            }
        }
        self.find_numbers(view, out);
    }

    fn find_numbers(&self, view: &View, out: &mut Vec<Span>) {
        if self.numbers.is_empty() {
            return;
        }
        let digits: Vec<usize> = (0..view.letters.len())
            .filter(|at| view.plain(*at).is_some_and(|c| c.is_ascii_digit()))
            .collect();
        for number in &self.numbers {
            for window in digits.windows(number.len()) {
                let same = window.iter().zip(number).all(|(at, c)| view.plain(*at) == Some(*c));
                let near = window.windows(2).all(
                    |two| matches!(two, [a, b] if b - a <= GAP + 1 && signs(view, *a + 1, *b)),
                );
                let ends = window.first().zip(window.last());
                if let Some((first, last)) = ends.filter(|_| same && near) {
                    let start = leading(view, *first);
                    out.extend(view.bytes(start..last + 1).map(|bytes| (bytes, What::Known)));
                }
            }
        }
    }
}

fn begins(words: &[Word], phrase: &[String]) -> bool {
    words.len() >= phrase.len()
        && words.iter().zip(phrase).all(|(word, known)| word.plain == *known)
}

fn signs(view: &View, from: usize, to: usize) -> bool {
    (from..to).all(|at| view.plain(at).is_some_and(|c| !c.is_alphanumeric()))
}

/// Where the digits directly before begin: `0`, `84`, `+84`.
fn leading(view: &View, first: usize) -> usize {
    let mut at = first;
    while first - at < 4 && view.before(at).is_some_and(|c| c.is_ascii_digit() || c == '+') {
        at -= 1;
    }
    at
}
