//! What was done with a person's data, in a stream of theirs: its id follows from theirs.

use hoiam_domain::actor::Actor;
use hoiam_domain::person::{PersonEvent, decode, encode};
use jiff::Timestamp;
use uuid::Uuid;

use super::PersonError;
use crate::log::{Append, AppendError, Content, Expected, Log, NewEvent, Prepared, StreamAppend};
use crate::random::{Random, sortable_id};

/// The namespace of the streams' ids, drawn once.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_0b52_97c4_4e1e_8a35_40d2_c7a9_13b6);
/// More than this was never done with one person's data.
const MOST: u32 = 1_000;

fn stream_of(person: Uuid) -> Uuid {
    Uuid::new_v5(&NAMESPACE, person.as_bytes())
}

pub(super) async fn record(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    person: Uuid,
    event: &PersonEvent,
    now: Timestamp,
) -> Result<(), PersonError> {
    let stored = encode(event)?;
    let actor = serde_json::to_string(by).map_err(|e| AppendError::Invalid(e.to_string()))?;
    let events = vec![NewEvent {
        kind: stored.kind.to_owned(),
        schema: stored.schema,
        occurred_at: now,
        data: stored.data,
    }];
    let stream = stream_of(person);
    let stream = StreamAppend { stream, expected: Expected::Any, events, rows: Vec::new() };
    log.append(Append {
        recorded_at: now,
        actor,
        causation: None,
        correlation: Some(sortable_id(random, now)),
        idempotency: None,
        content: Content::Ready(Prepared { streams: vec![stream], answer: String::new() }),
    })
    .await?;
    Ok(())
}

/// How often a person was erased to the end.
pub(super) async fn tombstones(log: &Log, person: Uuid) -> Result<usize, PersonError> {
    let events = log.read_stream(stream_of(person), 0, MOST).await?;
    Ok(events.iter().filter(|recorded| recorded.kind == "person.erased").count())
}

/// What is left of an erased person, as the refusal to do anything with them.
pub(super) async fn tombstone(log: &Log, person: Uuid) -> Result<Option<PersonError>, PersonError> {
    let events = log.read_stream(stream_of(person), 0, MOST).await?;
    for recorded in events.iter().rev() {
        let event = decode(&recorded.kind, recorded.schema, recorded.data())?;
        if let PersonEvent::Erased(erased) = event {
            let (at, legal_ground) = (recorded.occurred_at, erased.legal_ground);
            return Ok(Some(PersonError::Erased { at, legal_ground }));
        }
    }
    Ok(None)
}
