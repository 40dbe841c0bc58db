//! Personal data inside free text, covered wherever a case is public.
//!
//! [`mask`] covers telephone numbers, mail addresses, numbers of identity cards, vehicle plates,
//! accounts, names behind titles ("anh", "bà", "tên là") and what is [`Known`] of the reporter. Each
//! is replaced by [`SIGN`]; all else stays byte for byte. Money, dates, times, house numbers,
//! numbers of cases and of legal documents, and hotlines (1022, 113, 1800 and 1900 numbers) stay.
//!
//! It reads the text as it looks, not as it is encoded: without marks, case, invisible characters
//! and forms of width, so that `０９０…`, NFD and zero-width spaces hide nothing. Where it has to
//! guess it covers: a number too many costs a reader little, a number too few a citizen much. A
//! name that nothing announces ("Tuấn gọi rồi") is not seen, unless it is known.
//!
//! Masking twice changes nothing, the time is linear in the text, and nothing fails.

mod known;
mod letters;
mod mail;
mod name;
mod number;
mod phone;
mod plate;

use std::ops::Range;

pub use known::Known;
use letters::View;

/// What stands for anything covered.
pub const SIGN: &str = "***";
/// Passes over a text: covering one thing may bring another to light, next to it.
const PASSES: usize = 4;

/// What was covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// Something known of the reporter.
    Known,
    /// A telephone number.
    Phone,
    /// A mail address.
    Mail,
    /// The number of an identity card.
    Id,
    /// A vehicle plate.
    Plate,
    /// An account, a card, or another long number.
    Account,
    /// A name behind a title.
    Name,
}

/// How often what was covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Things known of the reporter.
    pub known: usize,
    /// Telephone numbers.
    pub phones: usize,
    /// Mail addresses.
    pub mails: usize,
    /// Numbers of identity cards.
    pub ids: usize,
    /// Vehicle plates.
    pub plates: usize,
    /// Accounts, cards and other long numbers.
    pub accounts: usize,
    /// Names behind titles.
    pub names: usize,
}

impl Counts {
    /// All together.
    pub const fn total(&self) -> usize {
        self.known + self.phones + self.mails + self.ids + self.plates + self.accounts + self.names
    }

    fn add(&mut self, what: What) {
        match what {
            What::Known => self.known += 1,
            What::Phone => self.phones += 1,
            What::Mail => self.mails += 1,
            What::Id => self.ids += 1,
            What::Plate => self.plates += 1,
            What::Account => self.accounts += 1,
            What::Name => self.names += 1,
        }
    }
}

/// A text without personal data, and what was covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text for everybody.
    pub text: String,
    /// How much was covered.
    pub counts: Counts,
}

/// A part of the text to be covered, in bytes.
type Span = (Range<usize>, What);

/// The text with personal data covered; `known` is what the desk knows of the reporter.
pub fn mask(text: &str, known: &Known) -> Masked {
    let mut masked = Masked { text: text.to_owned(), counts: Counts::default() };
    for _ in 0..PASSES {
        let spans = spans(&masked.text, known);
        if spans.is_empty() {
            break;
        }
        masked.text = covered(&masked.text, &spans, &mut masked.counts);
    }
    masked
}

/// What to cover, in order and without overlap; what begins first wins, then what is longer.
fn spans(text: &str, known: &Known) -> Vec<Span> {
    let view = View::new(text);
    let mut all = Vec::new();
    mail::find(&view, &mut all);
    known.find(&view, &mut all);
    plate::find(&view, &mut all);
    number::find(&view, &mut all);
    name::find(&view, &mut all);
    in_order(all)
}

/// The text without what is known of a reporter and without mail addresses; all else stays, above
/// all what a report is about: plates, other people, other numbers.
pub fn without(text: &str, known: &Known) -> String {
    let view = View::new(text);
    let mut all = Vec::new();
    mail::find(&view, &mut all);
    known.find(&view, &mut all);
    covered(text, &in_order(all), &mut Counts::default())
}

fn in_order(mut all: Vec<Span>) -> Vec<Span> {
    all.sort_by_key(|(at, what)| (at.start, std::cmp::Reverse(at.end), *what));
    let mut out: Vec<Span> = Vec::with_capacity(all.len());
    for (at, what) in all {
        match out.last_mut() {
            Some((before, _)) if at.start < before.end => before.end = before.end.max(at.end),
            _ => out.push((at, what)),
        }
    }
    out
}

fn covered(text: &str, spans: &[Span], counts: &mut Counts) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, what) in spans {
        out.push_str(text.get(from..at.start).unwrap_or_default());
        out.push_str(SIGN);
        counts.add(*what);
        from = at.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
