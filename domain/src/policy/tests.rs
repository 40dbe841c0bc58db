//! Shapes that are stored, what is in force when, and what is refused.

mod golden;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::archive::{pack, unpack};
use super::changes::changes;
use super::decide::{Activate, Cancel, MOST_PENDING, PolicyRejection, activate, cancel};
use super::event::{PolicyEvent, decode};
use super::schedule::Schedule;
use crate::routing::RuleSet;

const NOON: &str = "2026-03-10T05:00:00Z";

fn at(minutes: i64) -> Timestamp {
    NOON.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn set(hash: &str, minutes: i64) -> Activate {
    Activate {
        hash: hash.to_owned(),
        from: at(minutes),
        by: "lan".to_owned(),
        note: None,
        files: 1,
        changes: Vec::new(),
    }
}

#[derive(Default)]
struct Desk(Schedule);

impl Desk {
    /// Activates and takes the event in; its id.
    fn activates(&mut self, now: i64, hash: &str, from: i64) -> Option<u64> {
        let event = activate(&self.0, at(now), &set(hash, from)).unwrap()?;
        self.takes(now, &event);
        Some(self.0.version)
    }

    fn takes(&mut self, now: i64, event: &PolicyEvent) {
        let version = self.0.version + 1;
        self.0.apply(version, at(now), event);
    }

    fn cancels(&mut self, now: i64, id: u64) -> Result<bool, PolicyRejection> {
        let command = Cancel { activation: id, by: "lan".to_owned(), note: None };
        let event = cancel(&self.0, at(now), &command)?;
        if let Some(event) = &event {
            self.takes(now, event);
        }
        Ok(event.is_some())
    }

    fn holds(&self, minutes: i64) -> &str {
        self.0.in_force(at(minutes)).map_or("-", |one| &one.hash)
    }
}

#[test]
fn kinds_and_shapes_of_others_are_refused() {
    assert!(decode("rules.activation_cancelled", 2, "{}").is_err());
    assert!(decode("case.noted", 1, "{}").is_err());
}

#[test]
fn the_last_to_begin_is_in_force() {
    let mut desk = Desk::default();
    assert_eq!(desk.activates(0, "a", 0), Some(1));
    assert_eq!(desk.activates(1, "b", 60), Some(2));
    assert_eq!(desk.activates(2, "c", 30), Some(3));
    assert_eq!([-1, 0, 29, 30, 59, 60].map(|m| desk.holds(m)), ["-", "a", "a", "c", "c", "b"]);
    assert_eq!(desk.0.get(3).unwrap().before.as_deref(), Some("a"));
    assert_eq!(desk.0.next(at(2)).unwrap().id, 3);
    // Of two that begin together, the one decided later.
    assert_eq!(desk.activates(3, "d", 60), Some(4));
    assert_eq!(desk.holds(60), "d");
    assert_eq!(desk.cancels(4, 4), Ok(true));
    assert_eq!(desk.holds(60), "b");
    assert_eq!(desk.cancels(5, 4), Ok(false));
}

#[test]
fn what_is_in_force_anyway_adds_nothing() {
    let mut desk = Desk::default();
    desk.activates(0, "a", 0);
    assert_eq!((desk.activates(5, "a", 5), desk.activates(5, "a", 90)), (None, None));
    desk.activates(6, "b", 60);
    assert_eq!(desk.activates(7, "b", 60), None);
    // Back to the first one after the second.
    assert!(desk.activates(8, "a", 90).is_some());
}

#[test]
fn the_past_is_not_changed() {
    let mut desk = Desk::default();
    let early = activate(&desk.0, at(10), &set("a", 9));
    assert_eq!(early, Err(PolicyRejection::InPast { from: at(9), now: at(10) }));
    desk.activates(10, "a", 10);
    assert_eq!(desk.cancels(10, 1), Err(PolicyRejection::Began { id: 1, from: at(10) }));
    assert_eq!(desk.cancels(10, 7), Err(PolicyRejection::NoSuchActivation { id: 7 }));
    for nth in 0..MOST_PENDING {
        assert!(desk.activates(11, &format!("p{nth}"), 100 + nth as i64).is_some());
    }
    let more = activate(&desk.0, at(11), &set("z", 50));
    assert_eq!(more, Err(PolicyRejection::TooManyPending));
    for by in ["", " lan", "a\nb", &"x".repeat(81)] {
        let nobody = Activate { by: by.to_owned(), ..set("y", 20) };
        assert_eq!(activate(&desk.0, at(11), &nobody), Err(PolicyRejection::BadName));
    }
    let long = Activate { note: Some("x".repeat(1001)), ..set("y", 20) };
    assert_eq!(activate(&desk.0, at(11), &long), Err(PolicyRejection::BadNote));
}

#[test]
fn files_come_back_and_their_hash_is_the_rule_sets() {
    use sha2::{Digest, Sha256};
    let files: Vec<(String, String)> = [("b.toml", "hai\n"), ("a.toml", ""), ("c/đ.toml", "ba")]
        .map(|(p, t)| (p.into(), t.into()))
        .to_vec();
    let bytes = pack(&files);
    let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hash, RuleSet::hash_of(&files));
    let mut sorted = files;
    sorted.sort();
    assert_eq!(unpack(&bytes).unwrap(), sorted);
    for end in 1..bytes.len() {
        let _ = unpack(&bytes[..end]);
    }
    assert!(unpack(&bytes[..bytes.len() - 1]).is_err());
    assert!(unpack(&[0xff; 40]).is_err());
}

#[test]
fn changed_lines_are_counted_by_file() {
    let files = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect()
    };
    let before = files(&[("a", "1\n2\n3\n"), ("b", "x\n"), ("same", "s")]);
    let after = files(&[("a", "1\nzwei\n3\n4\n"), ("c", "n\nm\n"), ("same", "s")]);
    let told: Vec<_> =
        changes(&before, &after).into_iter().map(|c| (c.file, c.added, c.removed)).collect();
    assert_eq!(told, [("a".into(), 2, 1), ("b".into(), 0, 1), ("c".into(), 2, 0)]);
    // Rules that change places decide otherwise: that is a change.
    let swapped = changes(&files(&[("r", "1\n2\n")]), &files(&[("r", "2\n1\n")]));
    assert_eq!((swapped[0].added, swapped[0].removed), (1, 1));
}

proptest! {
    /// The counts explain the lengths, and are no larger than throwing everything away.
    #[test]
    fn counted_lines_fit_the_lengths(old in lines(), new in lines()) {
        let text = |words: &[u8]| words.iter().map(|w| format!("{w}\n")).collect::<String>();
        let file = |words: &[u8]| vec![("f".to_owned(), text(words))];
        let told = changes(&file(&old), &file(&new));
        let (added, removed) = told.first().map_or((0, 0), |c| (c.added, c.removed));
        prop_assert_eq!(old.len() as u64 + added - removed, new.len() as u64);
        prop_assert!(removed <= old.len() as u64 && added <= new.len() as u64);
        prop_assert_eq!(removed, old.len() as u64 - common(&old, &new));
    }
}

fn lines() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0_u8..4, 0..14)
}

/// Length of the longest common subsequence, the slow way.
fn common(a: &[u8], b: &[u8]) -> u64 {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (j, y) in b.iter().enumerate() {
            let next = if x == y { diagonal + 1 } else { row[j].max(row[j + 1]) };
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
