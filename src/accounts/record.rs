//! Writing events of accounts and keys into their streams.

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::Stored;
use hoiam_projections::table::Row;
use jiff::Timestamp;
use uuid::Uuid;

use crate::log::{Append, AppendError, Content, Expected, Log, NewEvent, Prepared, StreamAppend};
use crate::random::{Random, sortable_id};

/// What a stream gains: the version it must have, an event, and the rows that follow from it.
pub(crate) type One = (Uuid, Expected, Stored, Vec<Row>);

/// Appends an event to each of some streams, all in one transaction with the rows that follow.
pub(crate) async fn record(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    streams: Vec<One>,
    now: Timestamp,
) -> Result<(), AppendError> {
    let actor = serde_json::to_string(by).map_err(|e| AppendError::Invalid(e.to_string()))?;
    let streams = streams.into_iter().map(|(stream, expected, stored, rows)| {
        let event = NewEvent {
            kind: stored.kind.to_owned(),
            schema: stored.schema,
            occurred_at: now,
            data: stored.data,
        };
        StreamAppend { stream, expected, events: vec![event], rows }
    });
    log.append(Append {
        recorded_at: now,
        actor,
        causation: None,
        correlation: Some(sortable_id(random, now)),
        idempotency: None,
        content: Content::Ready(Prepared { streams: streams.collect(), answer: String::new() }),
    })
    .await
    .map(drop)
}
