//! The policy streams of the log. Each has a fixed id; their kinds begin with `rules.` or `geo.`,
//! never with `case.`, so readers of cases pass them by.

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::policy::{PolicyEvent, event};
use jiff::Timestamp;
use uuid::Uuid;

use super::PolicyError;
use crate::log::{Append, AppendError, Content, Expected, Log, NewEvent, Prepared, StreamAppend};
use crate::random::{Random, sortable_id};

/// Events read at once.
const PAGE: u32 = 200;

/// The namespace of the streams' ids, drawn once.
const NAMESPACE: Uuid = Uuid::from_u128(0x3b9e_6d5e_0f3c_4c0a_9d57_6c1f_6f2b_7a41);

/// One stream of policy events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyStream {
    /// Which rule set is in force.
    Rules,
    /// Which boundaries are in force.
    Geo,
}

impl PolicyStream {
    /// The stream's id, the same in every database.
    pub fn id(self) -> Uuid {
        let name: &[u8] = match self {
            Self::Rules => b"rules",
            Self::Geo => b"geo",
        };
        Uuid::new_v5(&NAMESPACE, name)
    }
}

/// A policy event with what the log knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Its place in the stream, from 1.
    pub version: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What happened.
    pub event: PolicyEvent,
}

/// The events of a stream after a version, in order.
///
/// # Errors
/// When the log cannot be read or holds what this program does not know.
pub async fn read(
    log: &Log,
    stream: PolicyStream,
    after: u64,
) -> Result<Vec<Recorded>, PolicyError> {
    let mut events: Vec<Recorded> = Vec::new();
    loop {
        let from = events.last().map_or(after, |last| last.version);
        let page = log.read_stream(stream.id(), from, PAGE).await?;
        let full = page.len() == PAGE as usize;
        for one in page {
            let event = event::decode(&one.kind, one.schema, one.data())?;
            events.push(Recorded { version: one.version, recorded_at: one.recorded_at, event });
        }
        if !full {
            return Ok(events);
        }
    }
}

/// Appends an event to a stream that has `version` events; its own version.
///
/// # Errors
/// [`AppendError::Conflict`] inside when the stream has another version by now.
pub async fn append(
    log: &Log,
    random: &dyn Random,
    stream: PolicyStream,
    version: u64,
    event: &PolicyEvent,
    by: &str,
    now: Timestamp,
) -> Result<u64, PolicyError> {
    append_by(log, random, stream, version, event, &Actor::new(Role::Administrator, by), now).await
}

/// As [`append`], by somebody who need not be an administrator.
///
/// # Errors
/// As [`append`].
pub async fn append_by(
    log: &Log,
    random: &dyn Random,
    stream: PolicyStream,
    version: u64,
    event: &PolicyEvent,
    by: &Actor,
    now: Timestamp,
) -> Result<u64, PolicyError> {
    let stored = event::encode(event)?;
    let actor =
        serde_json::to_string(by).map_err(|error| AppendError::Invalid(error.to_string()))?;
    let events = vec![NewEvent {
        kind: stored.kind.to_owned(),
        schema: stored.schema,
        occurred_at: now,
        data: stored.data,
    }];
    let expected = Expected::Exactly(version);
    let stream = StreamAppend { stream: stream.id(), expected, events, rows: Vec::new() };
    log.append(Append {
        recorded_at: now,
        actor,
        causation: None,
        correlation: Some(sortable_id(random, now)),
        idempotency: None,
        content: Content::Ready(Prepared { streams: vec![stream], answer: String::new() }),
    })
    .await?;
    Ok(version + 1)
}
