//! What the committer remembers of the state its own last commits left, so that an append to a
//! stream seen lately need not be read for first.
//!
//! It holds as long as nobody else appended, and every append moves the head: a write that finds
//! the head where this memory has it finds everything else so too. PostgreSQL compares the head in
//! the writing statement; on SQLite the position of the first event would be taken.

use std::collections::HashMap;

use uuid::Uuid;

use super::judge::{Known, Wanted};

/// How many streams are remembered before all are forgotten.
const STREAMS: usize = 20_000;

/// The state after the last commit; empty when that is not known.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    head: Option<u64>,
    versions: HashMap<Uuid, u64>,
    serials: HashMap<String, u64>,
}

impl Memory {
    /// Takes in the state a commit left. What was known of another head than it began at may have
    /// been overtaken by other nodes and is forgotten.
    pub(crate) fn learn(&mut self, head_before: u64, after: Known) {
        if self.head != Some(head_before) || self.versions.len() > STREAMS {
            self.forget();
        }
        self.head = Some(after.head);
        self.versions.extend(after.versions);
        self.serials.extend(after.serials);
    }

    /// What a batch needs, as far as it is remembered; `None` if something is missing that cannot
    /// be guessed. Idempotency keys are guessed to be new: their table finds out if they are not.
    pub(crate) fn recall(&self, wanted: &Wanted) -> Option<Known> {
        let head = self.head?;
        let serial = |series: &String| Some((series.clone(), *self.serials.get(series)?));
        let serials = wanted.series.iter().map(serial).collect::<Option<_>>()?;
        let version = |stream: &Uuid| Some((*stream, *self.versions.get(stream)?));
        let versions = wanted.streams.iter().filter_map(version).collect();
        Some(Known { head, versions, serials, keys: HashMap::new() })
    }

    /// Forgets everything: somebody else appended, or nobody knows.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(stream: u128, series: &[&str]) -> Wanted {
        Wanted {
            streams: vec![Uuid::from_u128(stream)],
            series: series.iter().map(|&series| series.to_owned()).collect(),
            keys: Vec::new(),
        }
    }

    fn left(head: u64, version: Option<(u128, u64)>, serial: Option<(&str, u64)>) -> Known {
        let versions = version
            .into_iter()
            .map(|(stream, version)| (Uuid::from_u128(stream), version))
            .collect();
        let serials =
            serial.into_iter().map(|(series, number)| (series.to_owned(), number)).collect();
        Known { head, versions, serials, ..Known::default() }
    }

    #[test]
    fn unknown_series_must_be_read_unknown_streams_may_be_guessed() {
        let mut memory = Memory::default();
        assert!(memory.recall(&wanted(1, &[])).is_none());
        memory.learn(8, left(9, Some((1, 4)), Some(("S", 2))));
        let known = memory.recall(&wanted(1, &["S"])).unwrap();
        assert_eq!(
            (known.head, known.versions[&Uuid::from_u128(1)], known.serials["S"]),
            (9, 4, 2)
        );
        assert!(memory.recall(&wanted(2, &[])).unwrap().versions.is_empty());
        assert!(memory.recall(&wanted(1, &["T"])).is_none());
        memory.forget();
        assert!(memory.recall(&wanted(1, &[])).is_none());
    }

    #[test]
    fn what_others_may_have_overtaken_is_forgotten() {
        let mut memory = Memory::default();
        memory.learn(0, left(1, Some((1, 1)), Some(("S", 1))));
        memory.learn(1, left(2, Some((2, 1)), None));
        assert!(memory.recall(&wanted(1, &["S"])).is_some(), "nobody came between");
        memory.learn(3, left(4, Some((3, 1)), None));
        assert!(memory.recall(&wanted(3, &["S"])).is_none());
        assert!(memory.recall(&wanted(1, &[])).unwrap().versions.is_empty());
    }
}
