//! The text of a case: its words for the search, and how it begins for the list. Written on
//! receipt, apart from the row that every step writes again, and blank once it is erased.
//!
//! Neither can be read out of the database: words are keyed hashes, the excerpt is sealed. So that a
//! search finds what is typed so far, the beginnings of words are hashed as well.

use std::borrow::Cow;
use std::collections::HashSet;

use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::publicity::without_hidden;
use hoiam_domain::case::{Case, Event};
use hoiam_domain::text::fold_for_search;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type, Value};
use crate::veil::Veil;

/// One row a case.
pub static CASE_TEXTS: Table = Table {
    name: "case_texts",
    columns: &[
        Column("case_id", Type::Uuid),
        // Hashes of its words, folded so that unaccented words find accented text.
        Column("folded", Type::Text),
        Column("excerpt", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// Characters of the text the list shows.
const EXCERPT: usize = 160;

/// Letters of the beginnings that are found: from two, for one letter begins half of all words.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 2..=6;

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    let case = change.after;
    let values = match change.before {
        None if case.text.is_erased() => blank(case),
        None => readable(change),
        Some(_) if change.events.iter().any(|(event, _)| is_erased(event)) => blank(case),
        Some(_) if case.text.is_erased() => return,
        Some(_) if change.events.iter().any(|(event, _)| is_hidden_otherwise(event)) => {
            readable(change)
        }
        Some(_) => return,
    };
    rows.push(Row { table: &CASE_TEXTS, values });
}

fn is_erased(event: &Event) -> bool {
    matches!(event, Event::Erased(erased) if erased.what == ErasedPart::Everything)
}

/// Who is hidden, and by what they are found, is another from here on.
fn is_hidden_otherwise(event: &Event) -> bool {
    matches!(
        event,
        Event::PublicityChosen(_) | Event::Erased(_) | Event::Absorbed(_) | Event::Released(_)
    )
}

/// The row of a text that can be read.
fn readable(change: &Change<'_>) -> Vec<Value> {
    let case = change.after;
    let text = shown(case);
    let index = searched(case, &text, change.veil);
    vec![case.id.into(), index.into(), change.veil.seal(&excerpt(&text)).into()]
}

/// The text as agencies read it in lists, and by what words it is found: without who wishes to be
/// hidden.
fn shown(case: &Case) -> Cow<'_, str> {
    let text = case.text.reveal();
    without_hidden(case, text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn blank(case: &Case) -> Vec<Value> {
    vec![case.id.into(), "".into(), "".into()]
}

/// The words of a text, folded. Words only: what separates them would be read differently by
/// either database's parser, "12/3" as a path by PostgreSQL's.
pub fn words(text: &str) -> Vec<String> {
    fold_for_search(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What the index holds for a word whose first letters were typed: none for a single letter, which
/// is looked for as a word. Of a long beginning the first letters count.
pub fn beginning(letters: &str) -> Option<&str> {
    letters.chars().nth(BEGINNINGS.start() - 1)?;
    let end = letters.char_indices().nth(*BEGINNINGS.end()).map_or(letters.len(), |(end, _)| end);
    letters.get(..end)
}

fn searched(case: &Case, text: &str, veil: &dyn Veil) -> String {
    let address = case.location.as_ref().and_then(|l| l.address.as_ref());
    let mut known: HashSet<String> = words(text).into_iter().collect();
    known.extend(address.map(|address| words(address.reveal())).unwrap_or_default());
    let mut index: Vec<String> = known.iter().map(|word| veil.word(word)).collect();
    let beginnings: HashSet<&str> = known.iter().flat_map(|word| beginnings(word)).collect();
    index.extend(beginnings.into_iter().map(|letters| veil.beginning(letters)));
    // Sorted, so that it tells nothing about their order, and is the same each time.
    index.sort_unstable();
    index.join(" ")
}

fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let ends = ends.enumerate().filter(|(at, _)| BEGINNINGS.contains(&(at + 1)));
    ends.filter_map(|(_, end)| word.get(..end))
}

/// How a text begins, on one line.
fn excerpt(text: &str) -> String {
    let mut words = String::new();
    // Twice as many words as fit are never needed, however long the text is.
    for word in text.split_whitespace().take(EXCERPT) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    if let Some((end, _)) = words.char_indices().nth(EXCERPT) {
        words.truncate(end);
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_line_and_no_longer_than_the_list_shows() {
        assert_eq!(excerpt("  Ổ gà\n trước  nhà "), "Ổ gà trước nhà");
        let long = excerpt(&"ổ gà ".repeat(100));
        assert_eq!(long.chars().count(), EXCERPT + 1);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn every_beginning_that_may_be_typed_is_one_the_index_has() {
        for word in ["nguyen", "nghieng", "o", "12", "đại", "xxxxxxxxxx"] {
            let index: Vec<&str> = beginnings(word).collect();
            for (end, _) in word.char_indices().skip(2) {
                assert!(index.contains(&beginning(&word[..end]).unwrap()), "{word} {end}");
            }
        }
        assert_eq!(beginning("n"), None);
        assert_eq!(beginning("nghieng"), Some("nghien"));
        assert_eq!(words("Ổ gà \"NEAR(\" 12/3"), ["o", "ga", "near", "12", "3"]);
    }
}
