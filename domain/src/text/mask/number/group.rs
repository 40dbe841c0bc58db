//! Digits that stand together, and how they are joined to those before.

use std::ops::Range;

use super::super::letters::{Letter, View, Word};

/// The most characters between two groups of one number.
const WIDEST: usize = 4;

/// Digits that stand together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Its letters in the view.
    pub(super) letters: Range<usize>,
    /// Its digits; the letter o counts as a zero among digits.
    pub(super) digits: String,
    /// No other letters touch it.
    pub(super) alone: bool,
    /// Only signs that join digits stand between it and the group before.
    pub(super) joined: bool,
    /// The sign between it and the group before, other than white space.
    pub(super) sign: Option<char>,
    /// It is part of a date, or of the number of a case.
    pub(super) date: bool,
}

/// All groups of a text.
pub(super) fn groups(view: &View) -> Vec<Group> {
    let mut out: Vec<Group> = Vec::new();
    for word in &view.words {
        let mut at = word.letters.start;
        let chat = is_chat(word);
        while at < word.letters.end {
            let digits = digits_at(view, at..word.letters.end, chat);
            if digits.is_empty() {
                at += 1;
                continue;
            }
            let letters = at..at + digits.chars().count();
            at = letters.end;
            let sign = out.last().map(|before| between(view, before.letters.end..letters.start));
            out.push(Group {
                alone: letters == word.letters,
                joined: matches!(sign, Some(Some(_))),
                sign: sign.flatten().flatten(),
                digits,
                letters,
                date: false,
            });
        }
    }
    mark_dates(&mut out);
    mark_numbers(view, &mut out);
    out
}

/// The word is a number in which the letter o stands for a zero.
fn is_chat(word: &Word) -> bool {
    let digit = |letter: char| letter.is_ascii_digit();
    word.plain.chars().all(|c| digit(c) || c == 'o')
        && (word.plain.chars().any(digit) || word.plain == "o")
        && word.plain == word.marked
}

/// The digits some letters begin with.
fn digits_at(view: &View, letters: Range<usize>, chat: bool) -> String {
    let digit = |letter: &Letter| match letter.plain {
        'o' if chat => Some('0'),
        c => c.is_ascii_digit().then_some(c),
    };
    view.letters.get(letters).unwrap_or_default().iter().map_while(digit).collect()
}

/// Whether some letters join two groups, and by which sign other than white space.
#[expect(clippy::option_option, reason = "joined or not, and then by which sign")]
fn between(view: &View, letters: Range<usize>) -> Option<Option<char>> {
    if letters.is_empty() || letters.len() > WIDEST {
        return None;
    }
    let mut sign = None;
    for letter in view.letters.get(letters)? {
        match letter.plain {
            c if c.is_whitespace() => {}
            c @ ('.' | '-' | '‐'..='―' | '_' | '(' | ')' | '·' | '•' | '+') => {
                sign = sign.or(Some(c));
            }
            _ => return None,
        }
    }
    Some(sign)
}

/// Days, months and years with the same point or hyphen between them, and not behind them.
fn mark_dates(groups: &mut [Group]) {
    for at in 0..groups.len().saturating_sub(2) {
        let Some([a, b, c]) = groups.get(at..at + 3) else { continue };
        let same = b.joined && c.joined && b.sign.is_some() && b.sign == c.sign;
        let open = groups.get(at + 3).is_none_or(|next| !next.joined || next.sign != c.sign);
        let closed = !a.joined || a.sign != b.sign;
        let date = is_date(a, b, c) || is_date(c, b, a);
        if same && open && closed && date {
            groups.iter_mut().skip(at).take(3).for_each(|group| group.date = true);
        }
    }
}

fn is_date(day: &Group, month: &Group, year: &Group) -> bool {
    let number = |group: &Group, longest: usize| {
        (group.digits.len() <= longest).then(|| group.digits.parse::<u32>().ok()).flatten()
    };
    number(day, 2).is_some_and(|day| (1..=31).contains(&day))
        && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
        && year.digits.len() == 4
        && number(year, 4).is_some_and(|year| (1900..=2099).contains(&year))
}

/// Numbers of cases: `HCM-26-000123-4`.
fn mark_numbers(view: &View, groups: &mut [Group]) {
    for at in 0..groups.len().saturating_sub(1) {
        let Some([year, serial]) = groups.get(at..at + 2) else { continue };
        let hyphen = |at: usize| view.plain(at) == Some('-');
        let start = year.letters.start;
        let prefix = start >= 3
            && hyphen(start - 1)
            && view
                .letters
                .get(start - 3..start - 1)
                .is_some_and(|two| two.iter().all(|letter| letter.written.is_ascii_uppercase()));
        let check = hyphen(serial.letters.end)
            && view.plain(serial.letters.end + 1).is_some_and(char::is_alphanumeric)
            && !view.plain(serial.letters.end + 2).is_some_and(char::is_alphanumeric);
        let fits = year.digits.len() == 2
            && serial.digits.len() == 6
            && hyphen(year.letters.end)
            && serial.letters.start == year.letters.end + 1;
        if prefix && check && fits {
            let end = serial.letters.end + 2;
            let parts = groups.iter_mut().skip(at).take_while(|group| group.letters.end <= end);
            parts.for_each(|group| group.date = true);
        }
    }
}
