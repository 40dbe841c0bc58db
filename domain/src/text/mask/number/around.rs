//! What the words around digits say of them.

use super::super::letters::View;
use super::group::Group;

/// How many words before a number may announce it.
const WORDS_BEFORE: usize = 6;
/// The most letters of these words that are looked at.
const LETTERS_BEFORE: usize = 60;

/// What a number was announced as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    Phone,
    Id,
    Account,
    Tax,
}

/// Words that announce, without marks, a space on each side.
const CUES: [(Cue, &[&str]); 4] = [
    (Cue::Tax, &[" mst ", " ma so thue "]),
    (
        Cue::Id,
        &[
            " cmnd ",
            " cmt ",
            " cmtnd ",
            " cccd ",
            " can cuoc ",
            " chung minh ",
            " dinh danh ",
            " giay cm ",
            " ho chieu ",
        ],
    ),
    (
        Cue::Account,
        &[
            " stk ",
            " so tk ",
            " tk ",
            " so tai khoan ",
            " tai khoan ",
            " account ",
            " so the ",
            " vietcombank ",
            " vcb ",
            " agribank ",
            " bidv ",
            " techcombank ",
            " tcb ",
            " mbbank ",
            " acb ",
            " sacombank ",
            " vietinbank ",
            " tpbank ",
            " vpbank ",
            " hdbank ",
            " ocb ",
            " momo ",
            " zalopay ",
        ],
    ),
    (
        Cue::Phone,
        &[
            " sdt ",
            " dt ",
            " dtdd ",
            " so dien thoai ",
            " dien thoai ",
            " so may ",
            " di dong ",
            " hotline ",
            " goi ",
            " lh ",
            " lien he ",
            " lien lac ",
            " zalo ",
            " viber ",
            " alo ",
            " phone ",
            " tel ",
            " fax ",
        ],
    ),
];

/// Words that behind a number make it a measure.
const UNITS: [&str; 21] = [
    "d", "dong", "vnd", "kw", "k", "tr", "trieu", "ty", "ti", "nghin", "ngan", "usd", "m", "m2",
    "m3", "km", "kg", "tan", "lit", "kwh", "nguoi",
];
/// Words that before a number make it a sum.
const SUMS: [&str; 9] =
    [" so tien ", " gia ", " tien ", " chi phi ", " tong ", " von ", " khoang ", " hon ", " gan "];

/// What stands around a run of digits.
pub(super) struct Around {
    pub(super) cue: Option<Cue>,
    /// A measure: money, a weight, a length, people.
    pub(super) measured: bool,
}

impl Around {
    pub(super) fn new(view: &View, first: &Group, last: &Group) -> Self {
        let before = words_before(view, first);
        let cue = CUES.iter().filter_map(|(cue, words)| {
            words.iter().filter_map(|word| before.rfind(word)).max().map(|at| (at, *cue))
        });
        let cue = cue.max_by_key(|(at, _)| *at).map(|(_, cue)| cue);
        let sum = SUMS.iter().any(|word| before.ends_with(word));
        Self { cue, measured: sum || is_measure(view, last) || is_priced(view, first) }
    }
}

/// The words before a number, up to the end of a sentence, without marks; a word glued to it too.
fn words_before(view: &View, first: &Group) -> String {
    let end = view.words_before(first.letters.start);
    let mut words: Vec<&str> = Vec::new();
    let mut next = first.letters.start;
    for word in view.words.get(..end).unwrap_or_default().iter().rev().take(WORDS_BEFORE) {
        let letters = word.letters.start..word.letters.end.min(first.letters.start);
        let gap = view.letters.get(letters.end..next).unwrap_or_default();
        let ends = |(nr, letter): (usize, &super::super::letters::Letter)| {
            let last = nr + 1 == gap.len();
            matches!(letter.plain, '!' | '?' | ';' | '\n')
                || (letter.plain == '.' && !last && gap.get(nr + 1).is_some_and(|l| l.plain == ' '))
        };
        let far = first.letters.start - letters.start > LETTERS_BEFORE;
        if far || (!words.is_empty() && gap.iter().enumerate().any(ends)) {
            break;
        }
        let plain =
            word.plain.char_indices().nth(letters.len()).map_or(word.plain.len(), |(at, _)| at);
        words.push(word.plain.get(..plain).unwrap_or_default());
        next = letters.start;
    }
    words.reverse();
    format!(" {} ", words.join(" "))
}

/// A unit stands behind the number, or a sign of one.
fn is_measure(view: &View, last: &Group) -> bool {
    let at = view.words_before(last.letters.end);
    let end = last.letters.end;
    if view.plain(end).is_some_and(|c| matches!(c, '$' | '₫' | '%' | '€')) {
        return true;
    }
    view.words.get(at).is_some_and(|word| {
        let gap = word.letters.start - end;
        (gap == 0 || view.only_spaces(end..word.letters.start, 2))
            && UNITS.contains(&word.plain.as_str())
    })
}

fn is_priced(view: &View, first: &Group) -> bool {
    view.before(first.letters.start).is_some_and(|c| matches!(c, '$' | '₫' | '€'))
}
