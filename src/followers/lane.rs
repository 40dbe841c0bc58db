//! Followers that stand at the same position, and the next batch for them.

use std::sync::Arc;

use hoiam_domain::case::evolve;
use hoiam_projections::Change;
use hoiam_projections::follower::Follower;
use hoiam_projections::table::Row;

use super::cases::Cases;
use super::{FollowerError, List};
use crate::desk::read_event;
use crate::log::{Checkpoint, Log, RecordedEvent, Step};

/// What the kinds of a case's events begin with; other streams are none of the followers'.
const CASE: &str = "case.";

/// Followers that stand together.
pub(super) struct Lane {
    /// Who.
    pub(super) followers: Vec<&'static dyn Follower>,
    /// The position they stand at.
    pub(super) from: u64,
    /// How many events they take now: never past where the next ones stand, whom they join there.
    limit: u32,
}

/// Groups followers by where they stand, the last first. One whose rows were written by another
/// version of it stands still: it is to be filled anew.
pub(super) fn lanes(list: List, checkpoints: &[Checkpoint], batch: u32) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for follower in list {
        let Some(known) = checkpoints.iter().find(|known| known.name == follower.name()) else {
            continue;
        };
        if known.version != follower.version() {
            tracing::debug!(
                follower = known.name,
                stored = known.version,
                program = follower.version(),
                "rows of another version stand still until they are rebuilt"
            );
            continue;
        }
        match lanes.iter_mut().find(|lane| lane.from == known.position) {
            Some(lane) => lane.followers.push(*follower),
            None => {
                lanes.push(Lane { followers: vec![*follower], from: known.position, limit: batch })
            }
        }
    }
    lanes.sort_by_key(|lane| lane.from);
    for at in 1..lanes.len() {
        let gap = u32::try_from(lanes[at].from - lanes[at - 1].from).unwrap_or(batch);
        lanes[at - 1].limit = gap.min(batch);
    }
    lanes
}

/// The sums that follow from the rows of a batch.
fn rolled_up(follower: &dyn Follower, rows: &[Row]) -> Vec<Row> {
    let Some(sums) = follower.roll_up() else { return Vec::new() };
    let batch: Vec<_> = rows.iter().map(|row| (row.table, row.values.as_slice())).collect();
    (sums.rows)(&batch)
}

impl Lane {
    /// Takes the next batch in. Nothing happens if another node did before.
    pub(super) async fn take(&self, log: &Log, cases: &Cases) -> Result<(), FollowerError> {
        let events = log.read_all(self.from, self.limit).await?;
        let Some(last) = events.last() else { return Ok(()) };
        let (to, updated_at) = (last.position, last.recorded_at.as_microsecond());
        let mut rows = Vec::new();
        for event in events.iter().filter(|event| event.kind.starts_with(CASE)) {
            self.rows(log, cases, event, &mut rows).await?;
        }
        let sums: Vec<Row> = self.followers.iter().flat_map(|f| rolled_up(*f, &rows)).collect();
        rows.extend(sums);
        let moved = self.followers.iter().map(|f| (f.name(), f.version())).collect();
        let written = log.follow(Step { moved, from: self.from, to, updated_at, rows }).await?;
        if !written {
            tracing::debug!(from = self.from, "another node took this batch in");
        }
        Ok(())
    }

    async fn rows(
        &self,
        log: &Log,
        cases: &Cases,
        recorded: &RecordedEvent,
        rows: &mut Vec<Row>,
    ) -> Result<(), FollowerError> {
        let before = cases.before(log, recorded).await?;
        let keys = log.vault().keys(recorded.stream, recorded.keys.as_ref());
        let (event, meta) = read_event(&keys, recorded)
            .map_err(|error| FollowerError::Unreadable { position: recorded.position, error })?;
        let after = evolve(before.as_deref().cloned(), &event, &meta);
        // A stream that does not begin with a receipt is no case.
        let Some(after) = after.map(Arc::new) else { return Ok(()) };
        cases.keep(&after);
        let change = Change {
            before: before.as_deref(),
            events: &[(event, meta)],
            after: &after,
            recorded_at: recorded.recorded_at,
            veil: &keys,
        };
        for follower in &self.followers {
            follower.rows(&change, rows);
        }
        Ok(())
    }
}
