//! Decided events into the log, with the rows of the inline read models.

use std::sync::Arc;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::codec::{CodecError, encode};
use hoiam_domain::case::party::came_with;
use hoiam_domain::case::{Case, Event, Intent, Meta, evolve};
use hoiam_projections::{Change, inline_rows};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Circumstances, Desk, DeskError, Done};
use crate::log::{
    Append, Content, Expected, Idempotency, LogError, NewEvent, Prepared, StreamAppend,
};
use crate::random::sortable_id;
use crate::vault::CaseKeys;

/// A caller's key for one request: the same key and request get the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is: keys of different callers never meet.
    pub scope: String,
    /// The key as given.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
}

impl IdempotencyKey {
    /// SHA-256 of the key: a key is not stored as given.
    pub fn key_hash(&self) -> [u8; 32] {
        Sha256::digest(self.key.as_bytes()).into()
    }

    pub(super) fn with_salt(&self, salt: [u8; 16]) -> Idempotency {
        Idempotency {
            scope: self.scope.clone(),
            key_hash: self.key_hash(),
            request_hash: self.request_hash,
            salt,
        }
    }
}

/// The events of one case as one stream's part of an append, and the case after them.
///
/// # Errors
/// [`CodecError`] when an event cannot be written.
pub(crate) fn stream_append(
    before: Option<&Case>,
    stream: Uuid,
    events: Vec<(Timestamp, Event)>,
    intent: &Intent,
    keys: &CaseKeys,
) -> Result<(StreamAppend, Option<Case>), CodecError> {
    let seal = match intent.actor.reported {
        Some(guest) => keys.of_guest(guest),
        None => keys.of_events(),
    };
    let version = before.map_or(0, |case| case.version);
    let mut after = before.cloned();
    let mut new_events = Vec::with_capacity(events.len());
    let mut happened = Vec::with_capacity(events.len());
    for (at, (occurred_at, event)) in (1..).zip(events) {
        let stored = encode(&event, &seal)?;
        new_events.push(NewEvent {
            kind: stored.kind.to_owned(),
            schema: stored.schema,
            occurred_at,
            data: stored.data,
        });
        let actor = intent.actor.clone();
        let meta = Meta { stream, version: version + at, occurred_at, actor };
        after = evolve(after, &event, &meta);
        happened.push((event, meta));
    }
    let mut rows = after.as_ref().map_or_else(Vec::new, |after| {
        let recorded_at = intent.now;
        inline_rows(&Change { before, events: &happened, after, recorded_at, veil: keys })
    });
    if before.is_none() {
        // Whoever finds the event finds the keys.
        rows.extend(keys.row());
    }
    let expected = if version == 0 { Expected::NoStream } else { Expected::Exactly(version) };
    Ok((StreamAppend { stream, expected, events: new_events, rows }, after))
}

impl Desk {
    pub(super) async fn append_one(
        &self,
        case: Arc<Case>,
        events: Vec<Event>,
        intent: &Intent,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        self.append(vec![(case, events)], intent, circumstances).await
    }

    /// Appends the events of one or two cases, all or nothing. The first case is the answer.
    pub(super) async fn append(
        &self,
        changes: Vec<(Arc<Case>, Vec<Event>)>,
        intent: &Intent,
        circumstances: &Circumstances,
    ) -> Result<Done, DeskError> {
        let intent = &self.as_guest(intent).await?;
        let mut streams = Vec::with_capacity(changes.len());
        let mut answer = None;
        for (case, events) in changes {
            // A step that happened a moment before the last one, by another machine's clock,
            // counts as happening with it.
            let at = intent.occurred_at.max(case.step_at);
            let (mut after, mut held) = (case, None);
            if !events.is_empty() {
                let events = events.into_iter().map(|event| (at, event)).collect();
                let mut keys = self.keys(after.id).await?;
                let added = match intent.actor.reported {
                    Some(guest) => keys.with_guest(guest, &*self.random).map_err(LogError::from)?,
                    None => None,
                };
                let added = added.map(|with| std::mem::replace(&mut keys, with)).is_some();
                let (mut append, case) =
                    stream_append(Some(&after), after.id, events, intent, &keys)?;
                if added {
                    append.rows.extend(keys.row());
                }
                held = Some(keys);
                streams.push(append);
                after = case.map_or(after, Arc::new);
            }
            answer.get_or_insert((after, held));
        }
        let (case, keys) = answer.ok_or(DeskError::NotFound)?;
        if streams.is_empty() {
            return Ok(Done { case, replayed: false, appended: false });
        }
        let appended = self
            .log
            .append(Append {
                recorded_at: intent.now,
                actor: actor_json(intent)?,
                causation: None,
                correlation: Some(sortable_id(&*self.random, intent.now)),
                idempotency: circumstances.idempotency.as_ref().map(|key| key.with_salt([0; 16])),
                content: Content::Ready(Prepared { streams, answer: case.number.to_string() }),
            })
            .await?;
        if appended.replayed.is_some() {
            let case = self.case(case.id).await?;
            return Ok(Done { case, replayed: true, appended: false });
        }
        if let Some(keys) = &keys {
            self.memory.keep(&case, keys);
        }
        Ok(Done { case, replayed: false, appended: true })
    }
}

impl Desk {
    /// Whoever came with a merge writes under a key of theirs. Found out here, where everything that
    /// is written passes: nobody can forget it, or say it of themselves.
    async fn as_guest(&self, intent: &Intent) -> Result<Intent, DeskError> {
        let actor = &intent.actor;
        let came = match actor.role {
            Role::Citizen => came_with(&actor.id),
            _ => None,
        };
        let reported = match came {
            Some(number) => Some(self.find(&number).await?),
            None => None,
        };
        Ok(Intent { actor: Actor { reported, ..actor.clone() }, ..intent.clone() })
    }
}

/// The actor as the log stores it.
pub(super) fn actor_json(intent: &Intent) -> Result<String, DeskError> {
    serde_json::to_string(&intent.actor).map_err(|error| {
        DeskError::Unreadable(CodecError::Json { kind: "actor".to_owned(), error })
    })
}
