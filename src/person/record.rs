//! What was done with a person's data, in a stream of theirs: its id follows from theirs.

use std::collections::BTreeSet;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::person::{Known, PersonEvent, decode, encode};
use jiff::Timestamp;
use uuid::Uuid;

use super::PersonError;
use crate::log::{Append, AppendError, Content, Expected, Log, NewEvent, Prepared, StreamAppend};
use crate::random::{Random, sortable_id};

/// The namespace of the streams' ids, drawn once.
const NAMESPACE: Uuid = Uuid::from_u128(0x6d1f_0b52_97c4_4e1e_8a35_40d2_c7a9_13b6);
/// More than this was never done with one person's data.
const MOST: u32 = 1_000;
/// Streams written to at once.
const AT_ONCE: usize = 100;

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
    append(log, random, by, &[person], event, now).await
}

/// Notes whose some identities and cases are, and of the person what else they were known by, where
/// that is not noted yet.
pub(super) async fn record_known(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    person: Uuid,
    (identities, cases): (&[Uuid], &[Uuid]),
    now: Timestamp,
) -> Result<(), PersonError> {
    let mut new = Vec::new();
    let noted = said(log, person).await?.persons;
    let of: BTreeSet<Uuid> = identities.iter().copied().filter(|one| *one != person).collect();
    for identity in of.iter().filter(|one| !noted.contains(one)) {
        let event = PersonEvent::Known(Known { person: *identity });
        append(log, random, by, &[person], &event, now).await?;
    }
    let cases = cases.iter().copied().filter(|case| *case != person);
    for one in of.into_iter().chain(cases) {
        if !said(log, one).await?.persons.contains(&person) {
            new.push(one);
        }
    }
    let event = PersonEvent::Known(Known { person });
    for some in new.chunks(AT_ONCE) {
        append(log, random, by, some, &event, now).await?;
    }
    Ok(())
}

/// One event in the streams of several.
async fn append(
    log: &Log,
    random: &dyn Random,
    by: &Actor,
    of: &[Uuid],
    event: &PersonEvent,
    now: Timestamp,
) -> Result<(), PersonError> {
    let actor = serde_json::to_string(by).map_err(|e| AppendError::Invalid(e.to_string()))?;
    let mut streams = Vec::with_capacity(of.len());
    for one in of {
        let stored = encode(event)?;
        let events = vec![NewEvent {
            kind: stored.kind.to_owned(),
            schema: stored.schema,
            occurred_at: now,
            data: stored.data,
        }];
        let stream = stream_of(*one);
        streams.push(StreamAppend { stream, expected: Expected::Any, events, rows: Vec::new() });
    }
    log.append(Append {
        recorded_at: now,
        actor,
        causation: None,
        correlation: Some(sortable_id(random, now)),
        idempotency: None,
        content: Content::Ready(Prepared { streams, answer: String::new() }),
    })
    .await?;
    Ok(())
}

/// What a stream tells of whose something was, after the contact alone was erased.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Whose it was; of a person what else they were known by.
    pub(super) persons: Vec<Uuid>,
    /// The cases of this person whose contact was erased; of some more may have been since.
    pub(super) cases: BTreeSet<Uuid>,
}

/// What the stream of a person, of an identity or of a case says.
pub(super) async fn said(log: &Log, of: Uuid) -> Result<Said, PersonError> {
    let mut said = Said::default();
    for recorded in log.read_stream(stream_of(of), 0, MOST).await? {
        match decode(&recorded.kind, recorded.schema, recorded.data())? {
            PersonEvent::Known(known) => said.persons.push(known.person),
            PersonEvent::Erased(erased) if erased.what == ErasedPart::Contact => {
                said.cases.extend(erased.cases);
            }
            PersonEvent::Erased(_) | PersonEvent::Exported(_) => {}
        }
    }
    Ok(said)
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
