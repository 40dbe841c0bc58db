//! Which rule set is in force when, folded from the events of the rules stream.
//!
//! What is in force at a moment follows from the events alone: of the activations that were not
//! cancelled and begin at or before the moment, the one that begins last; of two that begin
//! together, the one decided later. An activation never begins before it was recorded and is never
//! cancelled once it began, so the past stays what it was.

use jiff::Timestamp;
use serde::Serialize;

use super::event::{FileChange, PolicyEvent};

/// One activation of a rule set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activation {
    /// Version of its event in the stream: its name to people.
    pub id: u64,
    /// Hash of the rule set.
    pub hash: String,
    /// From when it is in force.
    pub from: Timestamp,
    /// When it was decided.
    pub recorded_at: Timestamp,
    /// Who decided it.
    pub by: String,
    /// Why.
    pub note: Option<String>,
    /// How many files the set has.
    pub files: u64,
    /// The set it was compared with.
    pub before: Option<String>,
    /// What differs from that one.
    pub changes: Vec<FileChange>,
    /// Who took it back, if somebody did.
    pub cancelled: Option<Cancelled>,
}

/// Who took an activation back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cancelled {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// Why.
    pub note: Option<String>,
}

/// All activations, in the order they were decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// How many events of the stream are in it.
    pub version: u64,
    /// The activations.
    pub activations: Vec<Activation>,
    /// Hash of the files that came into use last without an activation.
    pub loaded: Option<String>,
}

impl Schedule {
    /// Takes in the next event. Total: an event that means nothing here only counts.
    pub fn apply(&mut self, version: u64, recorded_at: Timestamp, event: &PolicyEvent) {
        self.version = version;
        match event {
            PolicyEvent::RulesActivated(e) => self.activations.push(Activation {
                id: version,
                hash: e.hash.clone(),
                from: e.from,
                recorded_at,
                by: e.by.clone(),
                note: e.note.clone(),
                files: e.files,
                before: e.before.clone(),
                changes: e.changes.clone(),
                cancelled: None,
            }),
            PolicyEvent::RulesFilesLoaded(e) => self.loaded = Some(e.hash.clone()),
            PolicyEvent::GeoImported(_) => {}
            PolicyEvent::RulesActivationCancelled(e) => {
                let found = self.activations.iter_mut().find(|one| one.id == e.activation);
                if let Some(activation) = found.filter(|one| one.cancelled.is_none()) {
                    let (by, note) = (e.by.clone(), e.note.clone());
                    activation.cancelled = Some(Cancelled { at: recorded_at, by, note });
                }
            }
        }
    }

    /// The activation with this id.
    pub fn get(&self, id: u64) -> Option<&Activation> {
        self.activations.iter().find(|one| one.id == id)
    }

    /// The activation in force at a moment.
    pub fn in_force(&self, at: Timestamp) -> Option<&Activation> {
        self.standing().filter(|one| one.from <= at).max_by_key(|one| (one.from, one.id))
    }

    /// The next one to begin after a moment.
    pub fn next(&self, after: Timestamp) -> Option<&Activation> {
        self.pending(after).min_by_key(|one| (one.from, std::cmp::Reverse(one.id)))
    }

    /// Those that begin after a moment, in the order they were decided.
    pub fn pending(&self, after: Timestamp) -> impl Iterator<Item = &Activation> {
        self.standing().filter(move |one| one.from > after)
    }

    /// Those not cancelled.
    fn standing(&self) -> impl Iterator<Item = &Activation> {
        self.activations.iter().filter(|one| one.cancelled.is_none())
    }
}
