//! Text cut into folded words that still know which marks they carried.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::{chat, is_invisible, lower_into, telex};

/// A folded word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Lower case, no diacritics.
    pub word: String,
    /// The diacritics it was written with, a set of bits; 0 when there were none. Two words with
    /// the same letters and the same marks are taken for the same word.
    pub marks: u16,
    /// Written with a capital first letter and small ones after it, as names are.
    pub capital: bool,
}

impl Token {
    /// A word without marks or capital.
    pub fn plain(word: impl Into<String>) -> Self {
        Self { word: word.into(), marks: 0, capital: false }
    }

    /// Whether `self`, as a pattern has it, may be the written `other`: the same letters and,
    /// where both carry marks, the same marks. The two tones people mix up (hook and tilde) and
    /// the stroke of đ, which Telex loses, do not tell words apart.
    pub fn may_be(&self, other: &Self) -> bool {
        // Asked some thousand times a text, mostly of words that begin differently.
        self.word.as_bytes().first() == other.word.as_bytes().first()
            && self.word == other.word
            && (self.marks == 0 || other.marks == 0 || telling(self.marks) == telling(other.marks))
    }
}

/// The marks that tell words apart.
const fn telling(marks: u16) -> u16 {
    let tones = if marks & TILDE != 0 { (marks & !TILDE) | HOOK } else { marks };
    tones & !STROKE
}

pub(super) const CIRCUMFLEX: u16 = 1;
pub(super) const HOOK: u16 = 1 << 5;

/// The bit of a combining mark; marks Vietnamese does not have share one.
const fn mark(c: char) -> u16 {
    match c {
        '\u{302}' => CIRCUMFLEX,
        '\u{306}' => 1 << 1,
        '\u{31b}' => 1 << 2,
        '\u{300}' => 1 << 3,
        '\u{301}' => 1 << 4,
        '\u{309}' => HOOK,
        '\u{303}' => TILDE,
        '\u{323}' => 1 << 7,
        _ => 1 << 9,
    }
}

const TILDE: u16 = 1 << 6;
const STROKE: u16 = 1 << 8;

/// The words of a text, folded as [`super::fold`] describes.
pub fn tokens(text: &str) -> Vec<Token> {
    let bare = bare_words(text);
    let marked_text = bare.iter().any(|t| t.marks != 0);
    let mut out: Vec<Token> = Vec::with_capacity(bare.len());
    for (at, token) in bare.iter().enumerate() {
        let after = bare.get(at + 1).map(|t| t.word.as_str());
        let mut token = Token { word: telex::without_stretching(&token.word), ..token.clone() };
        let before = out.last().map(|t: &Token| t.word.clone());
        let before = before.as_deref();
        let mut full = chat::written_out(&token, before, after, marked_text);
        if full.is_none() {
            token.word = telex::repaired(&token.word);
            full = chat::written_out(&token, before, after, marked_text);
        }
        match full {
            Some(words) => out.extend(words.split(' ').map(Token::plain)),
            None => out.push(token),
        }
    }
    out
}

/// Lower-cased words without marks, as written otherwise.
fn bare_words(text: &str) -> Vec<Token> {
    let mut words = Vec::new();
    let mut current = Token::plain("");
    let mut initial = false;
    for c in text.nfkd().filter(|c| !is_invisible(*c)) {
        if is_combining_mark(c) {
            if !current.word.is_empty() {
                current.marks |= mark(c);
            }
        } else if c.is_alphanumeric() {
            if matches!(c, 'đ' | 'Đ') {
                current.marks |= STROKE;
            }
            if current.word.is_empty() {
                initial = c.is_uppercase();
            } else if initial && c.is_lowercase() {
                current.capital = true;
            }
            lower_into(c, |lower| current.word.push(lower));
        } else if !current.word.is_empty() {
            words.push(std::mem::replace(&mut current, Token::plain("")));
        }
    }
    if !current.word.is_empty() {
        words.push(current);
    }
    words
}
