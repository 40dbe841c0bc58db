//! Cases out of the log.

use std::sync::Arc;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::{CodecError, decode};
use hoiam_domain::case::{Case, CaseNumber, Event, Meta, evolve};
use hoiam_domain::private::Seal;
use uuid::Uuid;

use super::{Circumstances, Desk, DeskError, Done};
use crate::log::{LogError, RecordedEvent};
use crate::queries::case_id_by_number;
use crate::vault::CaseKeys;
use crate::vault::case_keys::unopened;

/// Events read at once. A case has about twenty.
const PAGE: u32 = 500;

impl Desk {
    /// The stream of the case with a number.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is none.
    pub async fn find(&self, number: &CaseNumber) -> Result<Uuid, DeskError> {
        if let Some(id) = self.memory.stream(number) {
            return Ok(id);
        }
        let found = case_id_by_number(self.log.pool(), &number.to_string()).await?;
        let id = found.ok_or(DeskError::NotFound)?;
        self.memory.keep_stream(number, id);
        Ok(id)
    }

    /// A case as its events make it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the stream is empty.
    pub async fn case(&self, id: Uuid) -> Result<Arc<Case>, DeskError> {
        let known = self.memory.case(id);
        let mut after = known.as_ref().map_or(0, |case| case.version);
        let mut page = self.log.read_stream(id, after, PAGE).await?;
        if let Some(known) = &known
            && page.is_empty()
        {
            return Ok(known.clone());
        }
        let mut case = known.map(Arc::unwrap_or_clone);
        let mut keys = self.log.vault().keys(id, None);
        loop {
            // Those of each page: what stands in it may be sealed with a key of just now.
            if let Some(last) = page.last() {
                keys = self.log.vault().keys(id, last.keys.as_ref());
            }
            for recorded in &page {
                let (event, meta) = read(&keys, recorded)?;
                case = evolve(case, &event, &meta);
                after = recorded.version;
            }
            if page.len() < PAGE as usize {
                let case = Arc::new(case.ok_or(DeskError::NotFound)?);
                self.memory.keep(&case, &keys);
                return Ok(case);
            }
            page = self.log.read_stream(id, after, PAGE).await?;
        }
    }

    /// The keys of a case, as they are remembered: who appends at the version of a case that is
    /// remembered has the keys of that version.
    pub(super) async fn keys(&self, id: Uuid) -> Result<CaseKeys, DeskError> {
        if let Some(keys) = self.memory.keys(id) {
            return Ok(keys);
        }
        let vault = self.log.vault();
        let stored = vault.stored(self.log.pool(), id).await.map_err(LogError::from)?;
        Ok(vault.keys(id, stored.as_ref()))
    }

    /// The outcome of a request whose key was seen before.
    pub(super) async fn answered_before(
        &self,
        id: Uuid,
        circumstances: &Circumstances,
    ) -> Result<Option<Done>, DeskError> {
        let Some(key) = &circumstances.idempotency else { return Ok(None) };
        let Some(stored) = self.log.idempotent(&key.scope, &key.key_hash()).await? else {
            return Ok(None);
        };
        if stored.request_hash != key.request_hash {
            return Err(DeskError::KeyReused);
        }
        Ok(Some(Done { case: self.case(id).await?, replayed: true, appended: false }))
    }

    /// A refusal, unless the same request was carried out while this one was being decided: then
    /// its twin's effect is what it was refused for, and it gets its twin's answer.
    pub(super) async fn or_answered_meanwhile(
        &self,
        id: Uuid,
        circumstances: &Circumstances,
        done: Result<Done, DeskError>,
    ) -> Result<Done, DeskError> {
        match done {
            Err(
                refusal @ (DeskError::Rejected(_) | DeskError::NotFound | DeskError::Stale { .. }),
            ) => self.answered_before(id, circumstances).await?.ok_or(refusal),
            done => done,
        }
    }
}

/// An event with what the log knows of it, read with the keys of its case.
///
/// # Errors
/// [`CodecError`] when this program does not know its kind or shape, or a sealed text was altered.
pub(crate) fn read(keys: &CaseKeys, recorded: &RecordedEvent) -> Result<(Event, Meta), CodecError> {
    read_with(&keys.of_events(), recorded)
}

/// An event whose sealed words nobody needs: they read as erased.
///
/// # Errors
/// [`CodecError`] when this program does not know its kind or shape.
pub(crate) fn read_sealed(recorded: &RecordedEvent) -> Result<(Event, Meta), CodecError> {
    read_with(&unopened(), recorded)
}

/// An event with what the log knows of it, read through a seal.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_with(
    seal: &Arc<dyn Seal>,
    recorded: &RecordedEvent,
) -> Result<(Event, Meta), CodecError> {
    let broken = |error| CodecError::Json { kind: recorded.kind.clone(), error };
    let event = decode(&recorded.kind, recorded.schema, recorded.data(), seal)?;
    let actor: Actor = serde_json::from_str(&recorded.actor).map_err(broken)?;
    let meta = Meta {
        stream: recorded.stream,
        version: recorded.version,
        occurred_at: recorded.occurred_at,
        actor,
    };
    Ok((event, meta))
}
