//! The activated rule sets a node keeps ready: the one in force and those that will be. Which of
//! them decides is looked up at each decision by the desk's own clock, so a set comes into force at
//! its moment to the microsecond, on every node, without a timer that could be late.

use std::sync::Arc;

use hoiam_domain::policy::{Activation, Schedule};
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;

use crate::log::Log;
use crate::policy::{PolicyError, activation};

/// What the log says about activations, with the sets it takes.
#[derive(Clone, Debug, Default)]
pub(super) struct Timetable {
    /// Every activation there was.
    pub(super) schedule: Schedule,
    /// The sets in force from a moment on, the earliest first.
    sets: Vec<(Timestamp, Arc<RuleSet>)>,
    /// How many sets should be here and cannot be had.
    missing: usize,
}

impl Timetable {
    /// Makes the sets ready that are needed from `now` on: the one in force and the coming ones.
    /// Takes over what is ready in `known` or is the `base`. Also gives why a set cannot be had;
    /// what was in force before it stays in force in its place.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn read(
        log: &Log,
        schedule: Schedule,
        now: Timestamp,
        known: &Self,
        base: Option<&Arc<RuleSet>>,
    ) -> Result<(Self, Vec<PolicyError>), PolicyError> {
        let mut sets: Vec<(Timestamp, Arc<RuleSet>)> = Vec::new();
        let mut failures = Vec::new();
        for one in needed(&schedule, now) {
            let same = |set: &&Arc<RuleSet>| set.hash == one.hash;
            let ready = sets.iter().chain(&known.sets).map(|(_, set)| set).chain(base).find(same);
            let set = match ready.cloned() {
                Some(set) => Ok(set),
                None => activation::stored_set(log, &one.hash).await.map(Arc::new),
            };
            match set {
                Ok(set) => sets.push((one.from, set)),
                Err(error @ (PolicyError::Log(_) | PolicyError::Database(_))) => return Err(error),
                Err(error) => failures.push(error),
            }
        }
        if let Some((from, set)) = known.entry(now)
            && !sets.iter().any(|(from, _)| *from <= now)
            && !failures.is_empty()
        {
            sets.insert(0, (*from, set.clone()));
        }
        let missing = failures.len();
        Ok((Self { schedule, sets, missing }, failures))
    }

    /// Whether every set is here that should be.
    pub(super) const fn complete(&self) -> bool {
        self.missing == 0
    }

    /// The activated set in force at a moment.
    pub(super) fn at(&self, moment: Timestamp) -> Option<&Arc<RuleSet>> {
        self.entry(moment).map(|(_, set)| set)
    }

    fn entry(&self, moment: Timestamp) -> Option<&(Timestamp, Arc<RuleSet>)> {
        self.sets.iter().rev().find(|(from, _)| *from <= moment)
    }
}

/// The activations whose sets are needed from `now` on, in the order they begin.
fn needed(schedule: &Schedule, now: Timestamp) -> Vec<Activation> {
    let coming = schedule.pending(now).cloned();
    let mut needed: Vec<_> = schedule.in_force(now).cloned().into_iter().chain(coming).collect();
    needed.sort_by_key(|one| (one.from, one.id));
    needed
}
