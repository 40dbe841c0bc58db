//! What the desk remembers of cases it saw lately: a head start for the next command.
//!
//! Never the last word. A command is decided on what is remembered, and the log takes its events
//! only at that very version, so a step that is taken was decided on the truth. A refusal, or that
//! there is nothing to do, is decided again on the case as it is read then, for another node may
//! have appended. Questions always read the events after the remembered version on top. A
//! forgotten case only costs reading it from the start.

use std::sync::Arc;

use hoiam_domain::case::{Case, CaseNumber};
use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::vault::CaseKeys;

/// Cases remembered; about 10 kB each.
const CASES: usize = 4_096;
/// Numbers remembered with their streams; they never change.
const NUMBERS: usize = 65_536;

/// The memory of a desk.
pub(super) struct Memory {
    cases: Cache<Uuid, (Arc<Case>, CaseKeys)>,
    streams: Cache<CaseNumber, Uuid>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self { cases: Cache::new(CASES), streams: Cache::new(NUMBERS) }
    }

    pub(super) fn case(&self, id: Uuid) -> Option<Arc<Case>> {
        self.cases.get(&id).map(|(case, _)| case)
    }

    pub(super) fn keys(&self, id: Uuid) -> Option<CaseKeys> {
        self.cases.get(&id).map(|(_, keys)| keys)
    }

    /// Remembers a case as its stored events make it; an older state never displaces a newer one.
    pub(super) fn keep(&self, case: &Arc<Case>, keys: &CaseKeys) {
        if self.cases.peek(&case.id).is_none_or(|(known, _)| known.version < case.version) {
            self.cases.insert(case.id, (case.clone(), keys.clone()));
        }
    }

    pub(super) fn stream(&self, number: &CaseNumber) -> Option<Uuid> {
        self.streams.get(number)
    }

    pub(super) fn keep_stream(&self, number: &CaseNumber, id: Uuid) {
        self.streams.insert(number.clone(), id);
    }
}
