//! The text of a case: folded for the search, and how it begins for the list. Written once, on
//! receipt, apart from the row that every step writes again.

use hoiam_domain::case::Case;
use hoiam_domain::text::fold_for_search;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a case.
pub static CASE_TEXTS: Table = Table {
    name: "case_texts",
    columns: &[
        Column("case_id", Type::Uuid),
        // Folded, so that unaccented words find accented text.
        Column("folded", Type::Text),
        Column("excerpt", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// Characters of the text the list shows.
const EXCERPT: usize = 160;

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    if change.before.is_some() {
        return;
    }
    let case = change.after;
    rows.push(Row {
        table: &CASE_TEXTS,
        values: vec![case.id.into(), searched(case).into(), excerpt(case.text.reveal()).into()],
    });
}

fn searched(case: &Case) -> String {
    let address = case.location.as_ref().and_then(|l| l.address.as_ref());
    let mut text = case.text.reveal().clone();
    if let Some(address) = address {
        text.push(' ');
        text.push_str(address.reveal());
    }
    // Words only: what separates them would be read differently by either database's parser,
    // "12/3" as a path by PostgreSQL's.
    fold_for_search(&text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
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
}
