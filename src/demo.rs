//! The demo city: some hundred invented feedbacks whose lives go through the command path like
//! real ones, in the order of time, by a clock that is put back by weeks. Timers fire in between,
//! so what is late in the demo is late for a reason.

mod entry;
mod run;
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use hoiam_domain::case::CaseNumber;
use jiff::Timestamp;

use crate::clock::{Clock, ManualClock};
use crate::desk::{Desk, DeskError};
use crate::queries::due_cases;
use crate::timers::fire_due;
use entry::Entry;
use story::{Scheduled, schedule};

const FEEDBACK: &str = include_str!("demo/feedback.toml");

/// What loading the demo city did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Cases received.
    pub cases: usize,
    /// Steps taken.
    pub steps: usize,
    /// Steps the desk refused, with the entry and the reason; its story ends there.
    pub stopped: Vec<(String, String)>,
}

/// Why the demo city could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The file of feedbacks is not what it should be.
    #[error("demo feedback: {0}")]
    File(#[from] toml::de::Error),
    /// The desk failed.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

/// Loads the demo city into a desk whose clock is `clock`; its present is `now`.
///
/// # Errors
/// When the database fails. A step the desk refuses is no error but reported.
pub async fn load(
    desk: &Desk,
    clock: &Arc<ManualClock>,
    now: Timestamp,
) -> Result<Loaded, DemoError> {
    let entries = entry::read(FEEDBACK)?;
    let by_id: BTreeMap<&str, &Entry> = entries.iter().map(|e| (e.id.as_str(), e)).collect();
    let mut numbers: BTreeMap<String, CaseNumber> = BTreeMap::new();
    let mut loaded = Loaded::default();
    for Scheduled { at, entry, step } in schedule(&entries, now) {
        let stopped = loaded.stopped.iter().any(|(id, _)| *id == entry);
        let Some(entry) = by_id.get(entry.as_str()).filter(|_| !stopped) else { continue };
        advance(desk, clock, at).await?;
        match run::take(desk, entry, &step, &mut numbers, now).await {
            Ok(()) => loaded.steps += 1,
            Err(DeskError::Unavailable(why)) => return Err(DeskError::Unavailable(why).into()),
            Err(refused) => loaded.stopped.push((entry.id.clone(), format!("{step:?}: {refused}"))),
        }
    }
    advance(desk, clock, now).await?;
    loaded.cases = numbers.len();
    Ok(loaded)
}

/// Puts the clock to `to`, stopping wherever a timer is due, so that it fires then and not later.
async fn advance(desk: &Desk, clock: &ManualClock, to: Timestamp) -> Result<(), DeskError> {
    let pool = desk.log().pool();
    while let Some(next) = due_cases(pool, to.as_microsecond(), None, 1).await?.first() {
        clock.set(Timestamp::from_microsecond(next.due_at).unwrap_or(to).max(clock.now()));
        if fire_due(desk).await? == 0 {
            break;
        }
    }
    clock.set(to);
    Ok(())
}
