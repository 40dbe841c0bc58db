//! A text as it looks: letters without marks and case, each with the bytes it stands for, and the
//! words they make.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::super::{is_invisible, lower_into};

/// A character that takes room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Letter {
    /// Without marks, lower case.
    pub(super) plain: char,
    /// As written, without marks.
    pub(super) written: char,
    /// Its first byte in the text.
    pub(super) start: usize,
    /// Behind its last byte, marks included.
    pub(super) end: usize,
}

/// Letters and digits that stand together.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its letters.
    pub(super) letters: Range<usize>,
    /// Without marks, lower case.
    pub(super) plain: String,
    /// With marks, lower case, composed.
    pub(super) marked: String,
    /// It begins with a capital letter.
    pub(super) capital: bool,
    /// All of it is capital letters, at least two.
    pub(super) loud: bool,
    /// It holds no digit.
    pub(super) alphabetic: bool,
}

/// The view.
pub(super) struct View {
    pub(super) letters: Vec<Letter>,
    pub(super) words: Vec<Word>,
    /// Any word carries marks: then a word without is really one without.
    pub(super) has_marks: bool,
    /// Most is written in capitals, which then mean nothing.
    pub(super) shouted: bool,
}

impl View {
    pub(super) fn new(text: &str) -> Self {
        let letters = letters(text);
        let words = words(text, &letters);
        let has_marks = words.iter().any(|word| word.plain != word.marked);
        let capitals = words.iter().filter(|word| word.loud).count();
        let alphabetic = words.iter().filter(|word| word.alphabetic).count();
        let shouted = capitals >= 3 && capitals * 10 >= alphabetic * 7;
        Self { letters, words, has_marks, shouted }
    }

    /// The bytes of some letters.
    pub(super) fn bytes(&self, letters: Range<usize>) -> Option<Range<usize>> {
        let first = self.letters.get(letters.start)?;
        let last = self.letters.get(letters.end.checked_sub(1)?)?;
        Some(first.start..last.end)
    }

    /// The plain letter at an index.
    pub(super) fn plain(&self, at: usize) -> Option<char> {
        self.letters.get(at).map(|letter| letter.plain)
    }

    /// The letter before an index.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.plain(at))
    }

    /// How many words begin before a letter.
    pub(super) fn words_before(&self, letter: usize) -> usize {
        self.words.partition_point(|word| word.letters.start < letter)
    }

    /// What stands between two words is white space only, with at most so many characters.
    pub(super) fn only_spaces(&self, between: Range<usize>, most: usize) -> bool {
        between.len() <= most
            && self
                .letters
                .get(between)
                .is_some_and(|all| all.iter().all(|letter| letter.plain.is_whitespace()))
    }
}

fn letters(text: &str) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(text.len());
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_invisible(c) {
            continue;
        }
        for base in std::iter::once(c).nfkd() {
            if is_combining_mark(base) {
                if let Some(last) = out.last_mut() {
                    last.end = end;
                }
                continue;
            }
            lower_into(base, |plain| {
                out.push(Letter { plain, written: base, start, end });
            });
        }
    }
    out
}

fn words(text: &str, letters: &[Letter]) -> Vec<Word> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let length =
            letters.iter().skip(at).take_while(|letter| letter.plain.is_alphanumeric()).count();
        if length == 0 {
            at += 1;
            continue;
        }
        if let Some(these) = letters.get(at..at + length) {
            out.push(word(text, these, at..at + length));
        }
        at += length;
    }
    out
}

fn word(text: &str, these: &[Letter], letters: Range<usize>) -> Word {
    let bytes = these.first().map_or(0, |l| l.start)..these.last().map_or(0, |l| l.end);
    let written = text.get(bytes).unwrap_or_default();
    let marked = written.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase);
    Word {
        letters,
        plain: these.iter().map(|letter| letter.plain).collect(),
        marked: marked.nfc().collect(),
        capital: these.first().is_some_and(|letter| letter.written.is_uppercase()),
        loud: these.len() >= 2 && these.iter().all(|letter| letter.written.is_uppercase()),
        alphabetic: these.iter().all(|letter| letter.plain.is_alphabetic()),
    }
}
