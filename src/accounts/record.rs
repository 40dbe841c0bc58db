//! Writing one event of an account or a key into its stream.

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::Stored;
use hoiam_projections::table::Row;
use jiff::Timestamp;
use uuid::Uuid;

use crate::log::{Append, AppendError, Content, Expected, Log, NewEvent, Prepared, StreamAppend};
use crate::random::{Random, sortable_id};

/// Appends an event to a stream of an expected version, with the rows that follow from it.
pub(super) async fn record(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    (stream, expected): (Uuid, Expected),
    stored: Stored,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<(), AppendError> {
    let actor = serde_json::to_string(by).map_err(|e| AppendError::Invalid(e.to_string()))?;
    let events = vec![NewEvent {
        kind: stored.kind.to_owned(),
        schema: stored.schema,
        occurred_at: now,
        data: stored.data,
    }];
    let stream = StreamAppend { stream, expected, events, rows };
    log.append(Append {
        recorded_at: now,
        actor,
        causation: None,
        correlation: Some(sortable_id(random, now)),
        idempotency: None,
        content: Content::Ready(Prepared { streams: vec![stream], answer: String::new() }),
    })
    .await
    .map(drop)
}
