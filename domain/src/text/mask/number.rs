//! Telephone numbers, identity cards and accounts among all the numbers of a text.
//!
//! Digits that stand together are a group; groups with only spaces, points, hyphens or brackets
//! between them are a run. A number is one group or several of a run. What the words before and
//! behind say decides where the digits alone do not.

mod around;
mod group;

use around::{Around, Cue};
use group::{Group, groups};

use super::letters::View;
use super::phone::{self, is_phone};
use super::{Span, What};

/// Digits from which a group is long: no house, year or sum in words is written so.
const LONG: usize = 9;
/// The fewest digits of an account.
const ACCOUNT: usize = 6;
/// The fewest digits of a fixed line without its area code.
const SHORT_PHONE: usize = 7;
/// How the digits of identity cards are grouped; the longer before what they begin with.
const ID_GROUPS: [&[usize]; 5] = [&[3, 3, 3, 3], &[3, 3, 3], &[4, 4, 4], &[3, 3, 6], &[6, 6]];
/// Digits of a citizen's number.
const CITIZEN: usize = 12;
/// How the digits of cards of banks are grouped.
const CARD_GROUPS: [&[usize]; 2] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4]];

pub(super) fn find(view: &View, out: &mut Vec<Span>) {
    let groups = groups(view);
    let mut from = 0;
    while from < groups.len() {
        let length = 1 + groups.iter().skip(from + 1).take_while(|g| g.joined).count();
        if let Some(run) = groups.get(from..from + length) {
            of_run(view, run, out);
        }
        from += length;
    }
}

/// The numbers of one run.
fn of_run(view: &View, run: &[Group], out: &mut Vec<Span>) {
    let mut rest = 0;
    let mut at = 0;
    while at < run.len() {
        let Some(length) = phone_at(run, at) else {
            at += 1;
            continue;
        };
        others(view, run.get(rest..at).unwrap_or_default(), out);
        cover(view, run.get(at..at + length).unwrap_or_default(), What::Phone, out);
        at += length;
        rest = at;
    }
    others(view, run.get(rest..).unwrap_or_default(), out);
}

/// How many groups from `at` on make a telephone number.
fn phone_at(run: &[Group], at: usize) -> Option<usize> {
    let mut digits = String::new();
    for (count, group) in run.iter().skip(at).enumerate() {
        // A date that is a date by its signs is not the beginning of a number.
        if group.date {
            return None;
        }
        digits.push_str(&group.digits);
        if digits.len() > phone::LONGEST {
            return None;
        }
        if is_phone(&digits) {
            return Some(count + 1);
        }
    }
    None
}

/// What is no telephone number by its digits alone.
fn others(view: &View, run: &[Group], out: &mut Vec<Span>) {
    let Some((first, last)) = run.first().zip(run.last()) else { return };
    if run.iter().any(|group| group.date) {
        for part in run.split(|group| group.date) {
            others(view, part, out);
        }
        return;
    }
    let around = Around::new(view, first, last);
    let total: usize = run.iter().map(|group| group.digits.len()).sum();
    let money = around.measured;
    match around.cue {
        Some(Cue::Account) if total >= ACCOUNT && !money => {
            return cover(view, run, What::Account, out);
        }
        Some(Cue::Id) if matches!(total, 9 | 12) && !services(run) => {
            return cover(view, run, What::Id, out);
        }
        Some(Cue::Phone)
            if (SHORT_PHONE..=phone::LONGEST).contains(&total)
                && !money
                && !services(run)
                && !is_hotline(&all_digits(run)) =>
        {
            return cover(view, run, What::Phone, out);
        }
        _ => {}
    }
    let mut at = 0;
    while at < run.len() {
        let rest = run.get(at..).unwrap_or_default();
        let (length, what) = number_at(rest, &around).unwrap_or((1, None));
        if let (Some(what), Some(part)) = (what, run.get(at..at + length)) {
            cover(view, part, what, out);
        }
        at += length;
    }
}

/// An identity card, a card of a bank or a long number at the beginning of some groups.
fn number_at(run: &[Group], around: &Around) -> Option<(usize, Option<What>)> {
    let shaped = |shape: &[usize]| {
        run.len() >= shape.len()
            && run
                .iter()
                .zip(shape)
                .all(|(group, digits)| group.digits.len() == *digits && group.alone)
    };
    let first = run.first()?;
    let hotline = matches!(first.digits.as_str(), "1800" | "1900");
    if let Some(card) = CARD_GROUPS.iter().find(|shape| !hotline && shaped(shape)) {
        return Some((card.len(), Some(What::Account)));
    }
    if run.len() <= CITIZEN
        && !around.measured
        && run.iter().all(|group| group.alone)
        && is_citizens(&all_digits(run))
    {
        return Some((run.len(), Some(What::Id)));
    }
    if let Some(id) = ID_GROUPS.iter().find(|shape| shaped(shape)) {
        let digits = all_digits(run.get(..id.len())?);
        return Some((id.len(), is_grouped_id(&digits, run, around).then_some(What::Id)));
    }
    let digits = &first.digits;
    let city = digits.len() == 10 && (digits.starts_with("030") || digits.starts_with("031"));
    let told = city || (around.cue == Some(Cue::Tax) && matches!(digits.len(), 10 | 13));
    if digits.len() < LONG || !first.alone || told || is_hotline(digits) || is_sum(digits, around) {
        return Some((1, None));
    }
    let what = if matches!(digits.len(), 9 | 12) { What::Id } else { What::Account };
    (!is_instant(digits)).then_some((1, Some(what)))
}

/// A citizen's number, however it is grouped: the province (001 to 096), century and sex (0 to 3 for
/// whoever is born before 2100), the year, six digits more (decree 137/2015, article 13).
fn is_citizens(digits: &str) -> bool {
    let province = digits.get(..3).and_then(|province| province.parse().ok());
    digits.len() == CITIZEN
        && province.is_some_and(|province: u32| (1..=96).contains(&province))
        && digits.get(3..4).is_some_and(|sign| ("0"..="3").contains(&sign))
}

/// Groups of three are sums of money more often than identity cards.
fn is_grouped_id(digits: &str, run: &[Group], around: &Around) -> bool {
    if digits.starts_with('0') {
        return !digits.starts_with("000");
    }
    let pointed = run.get(1).is_some_and(|group| group.sign.is_some_and(|sign| sign == '.'));
    let sum = pointed || is_sum(digits, around);
    digits.starts_with(['1', '2', '3']) && !sum && !services(run)
}

/// The short numbers of services, one behind the other: 113, 114, 115.
fn services(run: &[Group]) -> bool {
    run.iter().all(|group| {
        group.digits == "1022" || (group.digits.len() == 3 && group.digits.starts_with("11"))
    })
}

/// A sum of money or another measure.
fn is_sum(digits: &str, around: &Around) -> bool {
    around.measured || (!digits.starts_with('0') && digits.ends_with("000"))
}

/// 1800 and 1900 numbers are the public's.
fn is_hotline(digits: &str) -> bool {
    (digits.starts_with("1800") || digits.starts_with("1900")) && matches!(digits.len(), 8 | 10)
}

/// `20240506073000` and the like.
fn is_instant(digits: &str) -> bool {
    let part = |at: std::ops::Range<usize>| digits.get(at).and_then(|d| d.parse::<u32>().ok());
    matches!(digits.len(), 12 | 14 | 17)
        && part(0..4).is_some_and(|year| (1990..=2099).contains(&year))
        && part(4..6).is_some_and(|month| (1..=12).contains(&month))
        && part(6..8).is_some_and(|day| (1..=31).contains(&day))
        && part(8..10).is_some_and(|hour| hour < 24)
        && part(10..12).is_some_and(|minute| minute < 60)
}

fn all_digits(run: &[Group]) -> String {
    run.iter().map(|group| group.digits.as_str()).collect()
}

/// Covers groups, with the `+` and the bracket before them.
fn cover(view: &View, run: &[Group], what: What, out: &mut Vec<Span>) {
    let Some((first, last)) = run.first().zip(run.last()) else { return };
    let mut start = first.letters.start;
    while start > 0 && view.before(start).is_some_and(|c| matches!(c, '+' | '(')) {
        // A bracket that is closed behind the number belongs to the sentence.
        if view.before(start) == Some('(') && view.plain(last.letters.end) == Some(')') {
            break;
        }
        start -= 1;
    }
    if let Some(bytes) = view.bytes(start..last.letters.end) {
        out.push((bytes, what));
    }
}
