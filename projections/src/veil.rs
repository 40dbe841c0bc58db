//! What rows hold in place of words that only some may read. Rows stay functions of events: the same
//! words of the same case are always veiled the same.

use uuid::Uuid;

/// Veils what one case's rows would otherwise tell whoever reads the database.
pub trait Veil {
    /// A text that is read back with the case's key.
    fn seal(&self, text: &str) -> String;

    /// A word for the full-text index, as letters: the same for the same word of any case.
    fn word(&self, word: &str) -> String;

    /// The first letters of a word for the full-text index, as letters; never the same as a
    /// [word](Self::word).
    fn beginning(&self, letters: &str) -> String;

    /// A word for telling like texts: the same for the same word of any case; never the same as a
    /// [word](Self::word).
    fn print(&self, word: &str) -> u32;

    /// A telephone number or e-mail address: the same for the same of any case.
    fn identity(&self, kind: &str, value: &str) -> Uuid;
}

/// Veils nothing: for tests.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl Veil for Plain {
    fn seal(&self, text: &str) -> String {
        text.to_owned()
    }

    fn word(&self, word: &str) -> String {
        word.to_owned()
    }

    fn beginning(&self, letters: &str) -> String {
        format!("{letters}-")
    }

    fn print(&self, word: &str) -> u32 {
        hoiam_domain::nearby::unkeyed(word)
    }

    fn identity(&self, kind: &str, value: &str) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{kind}:{value}").as_bytes())
    }
}
