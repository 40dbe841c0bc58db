//! Texts of definitions, with other names in them.

/// A definition with whole words exchanged; a word is letters, digits and `_`. Text in single
/// quotes stays as it is.
pub(super) fn renamed(sql: &str, exchange: &[(String, String)]) -> String {
    let mut out = String::with_capacity(sql.len() + 32);
    let mut word = String::new();
    let mut quoted = false;
    let flush = |word: &mut String, out: &mut String, quoted: bool| {
        let other = exchange.iter().find(|(from, _)| !quoted && from == word);
        out.push_str(other.map_or(word.as_str(), |(_, to)| to.as_str()));
        word.clear();
    };
    for c in sql.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        flush(&mut word, &mut out, quoted);
        if c == '\'' {
            quoted = !quoted;
        }
        out.push(c);
    }
    flush(&mut word, &mut out, quoted);
    out
}

/// A name as the databases take it literally. Names come from their own catalogues.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_outside_of_quotes_are_exchanged() {
        let exchange = [("t".to_owned(), "t__fill".to_owned()), ("t_a".to_owned(), "x".to_owned())];
        assert_eq!(
            renamed("CREATE INDEX t_a ON \"t\" (t_ab) WHERE n = 't'", &exchange),
            "CREATE INDEX x ON \"t__fill\" (t_ab) WHERE n = 't'"
        );
    }
}
