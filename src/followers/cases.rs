//! The cases followers saw lately, as they were after the last event taken in.

use std::sync::Arc;

use hoiam_domain::case::{Case, evolve};
use quick_cache::sync::Cache;

use super::FollowerError;
use crate::desk::read_event;
use crate::log::{Log, RecordedEvent};

/// Cases remembered; about 10 kB each.
const CASES: usize = 4_096;
/// Events of a stream read at once.
const PAGE: u32 = 500;

/// A bounded memory of cases; what it lacks is folded from the log.
pub(super) struct Cases(Cache<uuid::Uuid, Arc<Case>>);

impl Cases {
    pub(super) fn new() -> Self {
        Self(Cache::new(CASES))
    }

    /// The case as it was before an event; none before its first.
    pub(super) async fn before(
        &self,
        log: &Log,
        event: &RecordedEvent,
    ) -> Result<Option<Arc<Case>>, FollowerError> {
        let version = event.version.saturating_sub(1);
        if version == 0 {
            return Ok(None);
        }
        match self.0.get(&event.stream) {
            Some(case) if case.version == version => Ok(Some(case)),
            _ => folded(log, event.stream, version).await,
        }
    }

    /// Remembers a case; an older state never displaces a newer one.
    pub(super) fn keep(&self, case: &Arc<Case>) {
        if self.0.peek(&case.id).is_none_or(|known| known.version < case.version) {
            self.0.insert(case.id, case.clone());
        }
    }
}

/// The case as the first `version` events of its stream make it.
async fn folded(
    log: &Log,
    stream: uuid::Uuid,
    version: u64,
) -> Result<Option<Arc<Case>>, FollowerError> {
    let (mut case, mut after) = (None, 0);
    while after < version {
        let limit = u32::try_from(version - after).unwrap_or(PAGE).min(PAGE);
        let page = log.read_stream(stream, after, limit).await?;
        let Some(last) = page.last() else { break };
        after = last.version;
        let keys = log.vault().keys(stream, last.keys.as_ref());
        for recorded in &page {
            let (event, meta) = read_event(&keys, recorded).map_err(|error| {
                FollowerError::Unreadable { position: recorded.position, error }
            })?;
            case = evolve(case, &event, &meta);
        }
    }
    Ok(case.map(Arc::new))
}
