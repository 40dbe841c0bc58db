//! `retention.toml`: how long what people wrote is kept, by kind of case. The first rule that names
//! a kind counts; of each kind there may be one for the contact and one for everything.

use serde::{Deserialize, Serialize};

use super::reading::Reading;
use crate::case::command::ErasedPart;
use crate::file_error::FileError;
use crate::kinds::Kind;

/// The shortest and longest time anything is kept, months: a citizen has a year to complain about
/// an answer, and archives have rules of their own.
const MONTHS: std::ops::RangeInclusive<u16> = 12..=1200;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Its name in events and previews.
    pub id: String,
    /// The kinds of cases; none for all that no rule before it names.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Whole months after the case was finished.
    pub months: u16,
    /// What is erased then.
    pub erase: ErasedPart,
    /// The provision, in Vietnamese; it stands in every event.
    pub legal_ground: String,
    /// Why, in Vietnamese.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    retention: Vec<Retention>,
}

/// Reads the rules.
pub(super) fn retention(reading: &mut Reading<'_>, nth: usize, file: &str) -> Vec<Retention> {
    let Some(File { retention }) = reading.file::<File>(nth) else { return Vec::new() };
    let mut wrong = |message: String| reading.errors.push(FileError::whole(file, message));
    for (nr, rule) in retention.iter().enumerate() {
        let id = &rule.id;
        if id.trim().is_empty() || retention.iter().take(nr).any(|other| other.id == *id) {
            wrong(format!("`{id}`: every rule needs an `id` of its own"));
        }
        if !MONTHS.contains(&rule.months) {
            wrong(format!("`{id}`: `months` must be {} to {}", MONTHS.start(), MONTHS.end()));
        }
        if rule.legal_ground.trim().is_empty() || rule.why.trim().is_empty() {
            wrong(format!("`{id}`: say by which provision (`legal_ground`) and why (`why`)"));
        }
        let same = |other: &&Retention| {
            let kinds = |rule: &Retention| {
                Kind::ALL.iter().copied().filter(|k| rule.names(*k)).collect::<Vec<_>>()
            };
            other.erase == rule.erase && kinds(rule).iter().all(|kind| kinds(other).contains(kind))
        };
        if let Some(first) = retention.iter().take(nr).find(same) {
            wrong(format!("`{id}` never counts: `{}` before it names all its kinds", first.id));
        }
    }
    retention
}

impl Retention {
    /// Whether it names a kind.
    pub fn names(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

/// The rule that says when `part` of a case of this kind is erased.
pub fn rule_for(rules: &[Retention], kind: Kind, part: ErasedPart) -> Option<&Retention> {
    rules.iter().find(|rule| rule.erase == part && rule.names(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Retention>, Vec<String>) {
        let files = [("retention.toml".to_owned(), text.to_owned())];
        let mut reading = Reading::new(&files);
        let rules = retention(&mut reading, 0, "retention.toml");
        (rules, reading.errors.iter().map(ToString::to_string).collect())
    }

    const RULE: &str = "[[retention]]\nid = \"a\"\nkinds = [\"incident\"]\nmonths = 60\nerase = \"everything\"\n\
                        legal_ground = \"x\"\nwhy = \"y\"\n";

    #[test]
    fn the_first_rule_that_names_a_kind_counts() {
        let other = RULE.replace("\"a\"", "\"b\"").replace("kinds = [\"incident\"]\n", "");
        let (rules, errors) = read(&format!("{RULE}{other}"));
        assert_eq!(errors, [""; 0]);
        let of = |kind| rule_for(&rules, kind, ErasedPart::Everything).map(|rule| rule.id.as_str());
        assert_eq!((of(Kind::Incident), of(Kind::Denunciation)), (Some("a"), Some("b")));
        assert_eq!(rule_for(&rules, Kind::Incident, ErasedPart::Contact), None);
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        for (from, to, why) in [
            ("months = 60", "months = 3", "12 to 1200"),
            ("\"x\"", "\" \"", "legal_ground"),
            ("erase = \"everything\"", "erase = \"all\"", "unknown variant"),
            ("why", "reason", "unknown field"),
        ] {
            let (_, errors) = read(&RULE.replacen(from, to, 1));
            assert!(errors.iter().any(|error| error.contains(why)), "{why}: {errors:?}");
        }
        let again = RULE.replace("\"a\"", "\"b\"");
        assert!(read(&format!("{RULE}{again}")).1[0].contains("never counts"));
        assert!(read(&format!("{RULE}{RULE}")).1[0].contains("of its own"));
    }
}
