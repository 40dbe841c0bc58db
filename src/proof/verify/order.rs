//! What one row says about itself.

use super::finding::{Finding, What};
use crate::log::{Envelope, RecordedEvent, leaf_hash};
use crate::proof::tree::Hash;

/// Rows read at once.
pub(super) const PAGE: u32 = 1_000;

/// The leaf hash of the stored bytes, and what is wrong with the row itself.
pub(super) fn leaf_of(event: &RecordedEvent) -> (Hash, Option<Finding>) {
    let leaf = leaf_hash(event.payload.as_bytes());
    let altered = |reason| Some(Finding::of(What::Altered, event.position).because(reason));
    if leaf != event.leaf_hash {
        return (leaf, altered("its bytes do not have its leaf hash"));
    }
    let envelope = Envelope {
        stream: event.stream,
        version: event.version,
        kind: &event.kind,
        schema: event.schema,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        actor: &event.actor,
        causation: event.causation,
        correlation: event.correlation,
        data: event.data(),
    };
    if envelope.payload() != event.payload {
        return (leaf, altered("its columns say something else than its bytes"));
    }
    (leaf, None)
}
