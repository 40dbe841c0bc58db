//! A search as typed, as words of the full-text index: hashes, as
//! [`case_text`](hoiam_projections::case_text) writes them.

use hoiam_projections::case_text;

use crate::vault::Vault;

/// Most words one search looks for.
const MOST: usize = 16;

/// What the index must have: every word, the last one as a beginning. Hashes are letters only, so
/// nothing a person types is read as an operator of the database's search language.
pub(super) fn of(typed: &str, vault: &Vault) -> Vec<String> {
    let words = case_text::words(typed);
    let words = words.get(..MOST).unwrap_or(&words);
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let last = match case_text::beginning(last) {
        Some(letters) => vault.beginning(letters),
        None => vault.word(last),
    };
    before.iter().map(|word| vault.word(word)).chain([last]).collect()
}

/// All of them, for FTS5.
pub(super) fn fts5(words: &[String]) -> String {
    words.join(" AND ")
}

/// The same for `to_tsquery`.
pub(super) fn tsquery(words: &[String]) -> String {
    words.join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_words() {
        let vault = Vault::of_test();
        let words = of("Ổ gà \"NEAR(\" OR đường* -x 'y:*' & |", &vault);
        let whole = ["o", "ga", "near", "or", "duong", "x", "y"].map(|word| vault.word(word));
        assert_eq!(words, whole);
        assert_eq!(of("ổ gà", &vault), [vault.word("o"), vault.beginning("ga")]);
        let letters = |word: &String| word.bytes().all(|letter| letter.is_ascii_lowercase());
        assert!(words.iter().all(letters), "nothing to be read as an operator");
        assert_eq!(fts5(&words[..2]), format!("{} AND {}", words[0], words[1]));
        assert!(of("… — !!", &vault).is_empty());
    }
}
