//! Names behind titles and behind "tên là": words with a capital that can be a name.

mod words;

use std::sync::LazyLock;

use super::super::fold_for_search;
use super::super::syllable::is_syllable;
use super::letters::{View, Word};
use super::{Span, What};
use words::{
    CUES, FAMILY, PLACE_NAMES, PLACES, PLACES_OF_CAPITALS, ROLES, STOPS, STOPS_OF_TWO, TITLES,
    TITLES_PLAIN,
};

/// Lists without marks, for texts without any.
struct Plain {
    cues: Vec<Vec<String>>,
    places: Vec<String>,
    places_of_capitals: Vec<String>,
}

static PLAIN: LazyLock<Plain> = LazyLock::new(|| {
    let plain = |words: &[&str]| words.iter().map(|word| fold_for_search(word)).collect();
    Plain {
        cues: CUES.iter().map(|cue| cue.split(' ').map(fold_for_search).collect()).collect(),
        places: plain(PLACES),
        places_of_capitals: plain(PLACES_OF_CAPITALS),
    }
});

/// The most words of a name.
const LONGEST: usize = 5;
/// The most words of an office before a name: "Phó Chủ tịch Ủy ban nhân dân phường".
const ROLE_WORDS: usize = 8;

pub(super) fn find(view: &View, out: &mut Vec<Span>) {
    let mut at = 0;
    while at < view.words.len() {
        let Some(behind) = announced(view, at) else {
            at += 1;
            continue;
        };
        match name_at(view, behind) {
            Some((from, length)) => {
                let words = view.words.get(from..from + length).unwrap_or_default();
                if let Some((first, last)) = words.first().zip(words.last())
                    && let Some(bytes) = view.bytes(first.letters.start..last.letters.end)
                {
                    out.push((bytes, What::Name));
                }
                at = from + length;
            }
            None => at += 1,
        }
    }
}

/// The word behind a title or a cue that begins at `at`, if one does and no place is meant.
fn announced(view: &View, at: usize) -> Option<usize> {
    let word = view.words.get(at)?;
    if let Some(length) = cue(view, at) {
        return (!behind_place(view, at)).then_some(at + length);
    }
    if !is_title(view, word) {
        return None;
    }
    let next = view.words.get(at + 1)?;
    let mut name = view.words.iter().skip(at).map(|word| word.plain.as_str());
    let two = format!("{} {}", name.next().unwrap_or(""), name.next().unwrap_or(""));
    let three = format!("{two} {}", name.next().unwrap_or(""));
    let place = word.capital
        && (PLACE_NAMES.contains(&two.as_str()) || PLACE_NAMES.contains(&three.as_str()));
    let apart = gap(view, word, next);
    (!place && !behind_place(view, at) && apart).then_some(at + 1)
}

/// How many words of a cue begin here.
fn cue(view: &View, at: usize) -> Option<usize> {
    let rest = view.words.get(at..)?;
    let marked = CUES.iter().filter_map(|cue| {
        let words = cue.split(' ');
        let count = words.clone().count();
        let all = words.zip(rest).all(|(known, word)| word.marked == known);
        (rest.len() > count && all).then_some(count)
    });
    let plain = PLAIN.cues.iter().filter(|_| !view.has_marks).filter_map(|cue| {
        let all = cue.iter().zip(rest).all(|(known, word)| word.plain == *known);
        (rest.len() > cue.len() && all).then_some(cue.len())
    });
    marked.chain(plain).max()
}

fn is_title(view: &View, word: &Word) -> bool {
    TITLES.contains(&word.marked.as_str())
        || (!view.has_marks && TITLES_PLAIN.contains(&word.plain.as_str()))
}

/// The word before makes it a street, bridge or market: "đường Bà Hạt", "12 Cô Giang".
fn behind_place(view: &View, at: usize) -> bool {
    let Some((before, here)) =
        at.checked_sub(1).and_then(|before| view.words.get(before)).zip(view.words.get(at))
    else {
        return false;
    };
    if !gap(view, before, here) {
        return false;
    }
    let capital = here.capital && !view.shouted;
    let listed = |marked: &[&str], plain: &[String]| {
        marked.contains(&before.marked.as_str())
            || (!view.has_marks && plain.contains(&before.plain))
    };
    listed(PLACES, &PLAIN.places)
        || (capital
            && (listed(PLACES_OF_CAPITALS, &PLAIN.places_of_capitals)
                || before.plain.ends_with(|c: char| c.is_ascii_digit())))
}

/// Only spaces, a colon or a point of abbreviation between two words.
fn gap(view: &View, before: &Word, after: &Word) -> bool {
    let between = before.letters.end..after.letters.start;
    between.len() <= 3
        && view.letters.get(between).is_some_and(|all| {
            all.iter().all(|l| {
                (l.plain.is_whitespace() && l.plain != '\n') || matches!(l.plain, ':' | '.')
            })
        })
}

/// Where a name begins at or behind `at`, past an office, and how many words it has.
fn name_at(view: &View, at: usize) -> Option<(usize, usize)> {
    let first = view.words.get(at)?;
    if view.shouted || is_role(view, at) {
        // Capitals say nothing here, so a family name has to.
        let reach = if view.shouted { 1 } else { ROLE_WORDS };
        let from = (at..at + reach)
            .find(|at| view.words.get(*at).is_some_and(|word| word.capital && is_family(word)))?;
        return long_name(view, from).map(|length| (from, length));
    }
    if !can_be_name(first) || is_stop(view, at) {
        return None;
    }
    long_name(view, at).map(|length| (at, length))
}

/// How many words a name has that begins here; none when it is one letter, which hides itself.
fn long_name(view: &View, from: usize) -> Option<usize> {
    let most = if view.shouted { 4 } else { LONGEST };
    let words = view.words.get(from..)?;
    let mut length = 0;
    for (nr, word) in words.iter().take(most).enumerate() {
        let follows = match nr.checked_sub(1).and_then(|before| words.get(before)) {
            Some(before) => view.only_spaces(before.letters.end..word.letters.start, 2),
            None => true,
        };
        if !follows || !can_be_name(word) || is_stop(view, from + nr) {
            break;
        }
        length = nr + 1;
    }
    let letters: usize = words.iter().take(length).map(|word| word.letters.len()).sum();
    (length > 0 && letters >= 2).then_some(length)
}

/// A capital and letters only; abbreviations of offices ("UBND", "CSGT") are none.
fn can_be_name(word: &Word) -> bool {
    word.capital
        && word.alphabetic
        && (!word.loud || word.plain != word.marked || is_syllable(&word.plain))
}

fn is_family(word: &Word) -> bool {
    FAMILY.contains(&word.plain.as_str())
}

/// A word that is no part of a name, by itself or with the next.
fn is_stop(view: &View, at: usize) -> bool {
    let (one, two) = one_and_two(view, at);
    STOPS.contains(&one) || STOPS_OF_TWO.contains(&two.as_str())
}

fn one_and_two(view: &View, at: usize) -> (&str, String) {
    let marked = |at: usize| view.words.get(at).map_or("", |word| word.marked.as_str());
    (marked(at), format!("{} {}", marked(at), marked(at + 1)))
}

fn is_role(view: &View, at: usize) -> bool {
    let (one, two) = one_and_two(view, at);
    ROLES.contains(&two.as_str()) || ROLES.contains(&one)
}
