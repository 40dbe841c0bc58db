//! A search as typed, as words of the full-text index.

use hoiam_domain::text::fold_for_search;

/// Most words one search looks for.
const MOST: usize = 16;

/// The words, folded; what is neither letter nor digit only separates, so nothing a person types
/// is read as an operator of the database's search language.
pub(super) fn of(typed: &str) -> Vec<String> {
    fold_for_search(typed)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST)
        .map(str::to_owned)
        .collect()
}

/// Whether the last word counts as a beginning: one letter alone begins half of all words.
fn is_beginning(words: &[String]) -> bool {
    words.last().is_some_and(|word| word.chars().nth(1).is_some())
}

/// All words, the last one as a beginning, for FTS5.
pub(super) fn fts5(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{}{}", quoted.join(" AND "), if is_beginning(words) { " *" } else { "" })
}

/// The same for `to_tsquery`.
pub(super) fn tsquery(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("{}{}", quoted.join(" & "), if is_beginning(words) { ":*" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_words() {
        let words = of("Ổ gà \"NEAR(\" OR đường* -x 'y:*' & |");
        assert_eq!(words, ["o", "ga", "near", "or", "duong", "x", "y"]);
        assert_eq!(fts5(&words[..2]), "\"o\" AND \"ga\" *");
        assert_eq!(tsquery(&words[..2]), "'o' & 'ga':*");
        assert_eq!(tsquery(&words[..1]), "'o'");
        assert!(of("… — !!").is_empty());
    }
}
