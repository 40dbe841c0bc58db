//! Vietnamese text as people write it, folded into one plain form.
//!
//! [`fold`] is what the classifier and the place resolver read: composed or decomposed Unicode,
//! with or without diacritics, Telex or VNI debris, chat spelling, stretched letters and emoji all
//! come out as the same lower-case ASCII words between single spaces. [`fold_for_search`] changes
//! nothing but case, diacritics, đ and white space, so that what a person searches is what stands
//! in the text.
//!
//! Both are idempotent, never fail and cost time linear in the text.

mod chat;
pub mod mask;
pub mod syllable;
mod telex;
mod tokens;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

pub use tokens::{Token, tokens};

/// The text as plain words: lower case, no diacritics, đ as d, chat spelling written out,
/// typing debris repaired, stretched letters and punctuation gone, one space between words.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for token in tokens(text) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(&token.word);
    }
    folded
}

/// The text for searching: lower case, no diacritics, đ as d, white space as single spaces, and
/// otherwise as written.
pub fn fold_for_search(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)) {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if gap {
            folded.push(' ');
            gap = false;
        }
        lower_into(c, |c| folded.push(c));
    }
    folded
}

/// Lower case of one decomposed character, with đ as d and what lower-casing adds as marks left out.
fn lower_into(c: char, mut push: impl FnMut(char)) {
    for lower in c.to_lowercase() {
        match lower {
            'đ' | 'ð' => push('d'),
            _ if is_combining_mark(lower) => {}
            _ => push(lower),
        }
    }
}

/// Characters that take no room: zero-width spaces and joiners, direction marks, soft hyphens.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}'
    )
}

#[cfg(test)]
mod tests;
