//! Vehicle plates: `51F-123.45`, `59-X1 123.45`, `59X1-12345`, `29AA-123.45`, `51F 1234`,
//! `80-NG-123-45`.

use super::letters::View;
use super::{Span, What};

/// Letters that, small and directly behind a number, are units: 12h, 20m, 15k.
const UNITS: &str = "hmkgpwvltdncs";

pub(super) fn find(view: &View, out: &mut Vec<Span>) {
    let mut at = 0;
    while at < view.letters.len() {
        match plate(view, at) {
            Some(end) => {
                if let Some(bytes) = view.bytes(at..end) {
                    out.push((bytes, What::Plate));
                }
                at = end;
            }
            None => at += 1,
        }
    }
}

/// Behind the last letter of a plate that begins at `at`.
fn plate(view: &View, at: usize) -> Option<usize> {
    // The part of a number, a street address or a document is no beginning.
    if view.before(at).is_some_and(|c| c.is_alphanumeric() || c == '/') {
        return None;
    }
    if digits(view, at) != 2 || view.plain(at) == Some('0') {
        return None;
    }
    let (series, first_gap) = gap(view, at + 2);
    let letters = (series..series + 3)
        .take_while(|at| view.plain(*at).is_some_and(|c| c.is_ascii_alphabetic()))
        .count();
    if !(1..=2).contains(&letters) {
        return None;
    }
    let small = view.letters.get(series).is_some_and(|letter| letter.written.is_lowercase());
    let behind = series + letters;
    // The digit of a motorcycle's series may stand apart from the number or begin it.
    let after_digit = matches!(digits(view, behind), 1 | 6).then_some(behind + 1);
    let (number, second_gap) = gap(view, after_digit.unwrap_or(behind));
    let end = last_part(view, number)?;
    if view.plain(end).is_some_and(|c| c.is_alphanumeric() || c == '/') {
        return None;
    }
    let unit = letters == 1 && view.plain(series).is_some_and(|c| UNITS.contains(c));
    let tight =
        first_gap != Some(' ') && (second_gap != Some(' ') || !unit || after_digit.is_some());
    if small && (!tight || (unit && second_gap.is_none())) {
        return None;
    }
    Some(end)
}

/// How many digits stand at `at`, up to seven.
fn digits(view: &View, at: usize) -> usize {
    (at..at + 7).take_while(|at| view.plain(*at).is_some_and(|c| c.is_ascii_digit())).count()
}

/// Where it goes on behind at most one hyphen or point and spaces around it, and what stood there:
/// a space when nothing else.
fn gap(view: &View, at: usize) -> (usize, Option<char>) {
    let mut sign = None;
    let mut end = at;
    for next in at..at + 3 {
        match view.plain(next) {
            Some(' ' | '\u{a0}') => sign = sign.or(Some(' ')),
            Some(c)
                if matches!(c, '-' | '.' | '–' | '‐' | '‑') && sign.is_none_or(|s| s == ' ') =>
            {
                sign = Some('-');
            }
            _ => break,
        }
        end = next + 1;
    }
    (end, sign)
}

/// Behind `12345`, `1234`, `123.45`, `123-45` or `123 45`.
fn last_part(view: &View, at: usize) -> Option<usize> {
    match digits(view, at) {
        4 if view.plain(at + 4) == Some('.') && digits(view, at + 5) == 2 => Some(at + 7),
        count @ (4 | 5) => Some(at + count),
        3 if view.plain(at + 3).is_some_and(|c| matches!(c, '.' | '-' | ' '))
            && digits(view, at + 4) == 2 =>
        {
            Some(at + 6)
        }
        _ => None,
    }
}
