//! Words of a text with what stood between them, and phrases to find in them.
//!
//! A phrase is written with its diacritics. It matches unaccented text too; text that carries
//! other diacritics than the phrase is another word ("quán 1" is not "quận 1").

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::text::fold_for_search;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Lower case, composed, as written.
    pub plain: String,
    /// Without diacritics.
    pub folded: String,
    /// Whether a comma, semicolon or line end stood before it.
    pub starts_part: bool,
    /// Whether it began with a capital letter.
    pub capital: bool,
}

impl Token {
    fn is_number(&self) -> bool {
        self.folded.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Cuts a text into words. A slash between digits belongs to the word (`819/13`).
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { starts_part: true, ..Cutter::default() };
    let mut slash = false;
    for c in text.nfc() {
        if c.is_alphanumeric() {
            if std::mem::take(&mut slash) {
                if c.is_ascii_digit() {
                    cutter.word.push('/');
                } else {
                    cutter.end_word();
                }
            }
            cutter.push(c);
        } else if is_mark(c) {
            // What composition left over belongs to the letter before it.
        } else if c == '/' && cutter.word.ends_with(|d: char| d.is_ascii_digit()) {
            slash = true;
        } else {
            slash = false;
            cutter.end_word();
            cutter.starts_part |= matches!(c, ',' | ';' | '\n');
        }
    }
    cutter.end_word();
    cutter.out
}

/// The words so far and the one being read.
#[derive(Default)]
struct Cutter {
    out: Vec<Token>,
    word: String,
    capital: bool,
    starts_part: bool,
}

impl Cutter {
    fn push(&mut self, c: char) {
        if self.word.is_empty() {
            self.capital = c.is_uppercase();
        }
        self.word.extend(c.to_lowercase());
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let plain = std::mem::take(&mut self.word);
        let folded = if plain.is_ascii() { plain.clone() } else { fold_for_search(&plain) };
        let starts_part = std::mem::take(&mut self.starts_part);
        self.out.push(Token { plain, folded, starts_part, capital: self.capital });
    }
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// One word of a phrase.
#[derive(Clone, Debug)]
enum Piece {
    Word(Token),
    /// Any number, `#` in a rule file.
    Number,
    /// A house number in an alley (`819/13`), `#/#` in a rule file.
    AlleyNumber,
}

/// A phrase to look for.
#[derive(Clone, Debug)]
pub struct Phrase {
    pieces: Vec<Piece>,
    strict: bool,
}

impl Phrase {
    /// Reads a phrase: words, `#` for any number, `#/#` for a number with a slash, a leading `=`
    /// when the diacritics must be there. `None` when there is nothing to look for.
    pub fn parse(text: &str) -> Option<Self> {
        let (strict, text) = match text.strip_prefix('=') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut pieces = Vec::new();
        for word in text.split_whitespace() {
            match word {
                "#" => pieces.push(Piece::Number),
                "#/#" => pieces.push(Piece::AlleyNumber),
                _ => pieces.extend(tokens(word).into_iter().map(Piece::Word)),
            }
        }
        (!pieces.is_empty()).then_some(Self { pieces, strict })
    }

    fn matches_at(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let end = at.checked_add(self.pieces.len())?;
        let here = tokens.get(at..end)?;
        let same = self.pieces.iter().zip(here).all(|(piece, token)| match piece {
            Piece::Number => token.is_number(),
            Piece::AlleyNumber => token.is_number() && token.folded.contains('/'),
            Piece::Word(word) => same_word(word, token, self.strict),
        });
        same.then_some(end)
    }
}

/// Whether a word of a text may be this word of a phrase. The marks hỏi and ngã count as one: in
/// the south they sound the same and are mixed up in writing. On which vowel a mark stands is
/// spelling only ("hoà", "hòa").
fn same_word(word: &Token, token: &Token, strict: bool) -> bool {
    if word.folded != token.folded {
        return false;
    }
    if token.plain == word.plain || (!strict && (token.plain.is_ascii() || word.plain.is_ascii())) {
        return true;
    }
    marks(&word.plain) == marks(&token.plain)
}

/// The marks of a word in a fixed order, đ counting as one.
fn marks(word: &str) -> Vec<char> {
    let mut marks: Vec<char> = word
        .nfd()
        .filter(|c| is_mark(*c) || *c == 'đ')
        .map(|c| if c == '\u{303}' { '\u{309}' } else { c })
        .collect();
    marks.sort_unstable();
    marks
}

/// Where a phrase was found: words `start..end`, with the value it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<T> {
    /// First word.
    pub start: usize,
    /// One past the last word.
    pub end: usize,
    /// What the phrase stands for.
    pub value: T,
}

/// Phrases with a value each, found by their first word.
#[derive(Clone, Debug)]
pub struct PhraseMap<T> {
    by_first: HashMap<String, Vec<(Phrase, T)>>,
    /// Phrases that begin with a number.
    numbers: Vec<(Phrase, T)>,
}

impl<T> Default for PhraseMap<T> {
    fn default() -> Self {
        Self { by_first: HashMap::new(), numbers: Vec::new() }
    }
}

impl<T: Copy> PhraseMap<T> {
    /// Adds a phrase.
    pub fn insert(&mut self, phrase: Phrase, value: T) {
        match phrase.pieces.first() {
            Some(Piece::Word(first)) => {
                self.by_first.entry(first.folded.clone()).or_default().push((phrase, value));
            }
            _ => self.numbers.push((phrase, value)),
        }
    }

    /// The hits that begin at word `at`, in the order the phrases were added.
    pub fn at<'a>(
        &'a self,
        tokens: &'a [Token],
        at: usize,
    ) -> impl Iterator<Item = Hit<T>> + use<'a, T> {
        let here = tokens.get(at);
        let named = here.and_then(|t| self.by_first.get(&t.folded)).map_or(&[][..], Vec::as_slice);
        let numbers = here.filter(|t| t.is_number()).map_or(&[][..], |_| &self.numbers);
        named.iter().chain(numbers).filter_map(move |(phrase, value)| {
            let end = phrase.matches_at(tokens, at)?;
            Some(Hit { start: at, end, value: *value })
        })
    }

    /// The longest hit that begins at word `at`.
    pub fn longest_at(&self, tokens: &[Token], at: usize) -> Option<Hit<T>> {
        self.at(tokens, at).max_by_key(|hit| hit.end)
    }

    /// Every hit, from the first word to the last.
    pub fn find<'a>(&'a self, tokens: &'a [Token]) -> impl Iterator<Item = Hit<T>> + use<'a, T> {
        (0..tokens.len()).flat_map(move |at| self.at(tokens, at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|t| t.folded).collect()
    }

    #[test]
    fn cuts_addresses() {
        assert_eq!(
            words("819/13 Quang Trung, P.12, Q.GV"),
            ["819/13", "quang", "trung", "p", "12", "q", "gv"]
        );
        assert!(tokens("a, b")[1].starts_part);
    }

    #[test]
    fn diacritics_decide_when_they_are_there() {
        let found = |phrase: &str, text: &str| {
            let mut map = PhraseMap::default();
            map.insert(Phrase::parse(phrase).unwrap(), ());
            map.find(&tokens(text)).count()
        };
        assert_eq!(found("quận 1", "quan 1"), 1);
        assert_eq!(found("quận 1", "quán 1"), 0);
        assert_eq!(found("hẻm", "hẽm sâu"), 1);
        assert_eq!(found("=hẻm", "hem co nuoc"), 0);
        assert_eq!(found("hẻm #", "hem 12/5"), 1);
    }
}
