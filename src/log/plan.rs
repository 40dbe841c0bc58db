//! What a judged batch writes: the rows of the log's own tables and of the read models.

use std::borrow::Cow;
use std::collections::HashMap;

use uuid::Uuid;

use super::append::NewEvent;
use super::event::{Envelope, leaf_hash, to_micros};
use super::judge::{Candidate, Judged, Stored, Taken};
use super::rows::{Cell, Kind, Rows, group};

/// One transaction.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The position of the last event before it.
    pub(crate) head_before: u64,
    /// And after it.
    pub(crate) head_after: u64,
    /// Everything it writes but the head.
    pub(crate) sets: Vec<Rows<'a>>,
    /// The leaf hash of the first event of each append that writes, by its place in the batch.
    pub(crate) first_leaves: Vec<(usize, [u8; 32])>,
}

impl<'a> Plan<'a> {
    /// The plan of a batch of which at least one append is taken.
    pub(crate) fn of(batch: &[&'a Candidate], judged: &'a Judged, head_before: u64) -> Self {
        let mut events = Vec::new();
        let mut keys = Vec::new();
        let mut serials: HashMap<&'a str, u64> = HashMap::new();
        let mut models = Vec::new();
        let mut first_leaves = Vec::with_capacity(judged.taken.len());
        for taken in &judged.taken {
            let candidate = batch[taken.place];
            let first = add_events(&mut events, candidate, taken);
            first_leaves.extend(first.map(|leaf| (taken.place, leaf)));
            if let Some(key) = key(candidate, judged) {
                keys.push(key);
            }
            if let Some(series) = candidate.series() {
                serials.insert(series, judged.after.serials.get(series).copied().unwrap_or(0));
            }
            models.extend(
                candidate.prepared().into_iter().flat_map(|p| &p.streams).flat_map(|s| &s.rows),
            );
        }
        let serials =
            serials.into_iter().map(|(series, last)| vec![text(series), int(last)]).collect();
        let own = [
            set("events", EVENTS, None, events),
            set("idempotency", IDEMPOTENCY, None, keys),
            set("serials", SERIALS, Some(1), serials),
        ];
        let mut sets: Vec<Rows<'a>> = own.into_iter().filter(|set| !set.rows.is_empty()).collect();
        let mut of_models = group(models.into_iter());
        // Of cases received just now no row can be there: nothing to look for, which PostgreSQL does
        // twice for each row that might replace another.
        if judged.taken.iter().all(|taken| only_receives(batch[taken.place], taken)) {
            of_models.iter_mut().filter(|set| set.add == 0).for_each(|set| set.replace = None);
        }
        sets.extend(of_models);
        Self { head_before, head_after: judged.after.head, sets, first_leaves }
    }
}

/// Whether an append begins cases and nothing else. Streams of other kinds, accounts for one, may
/// begin with a row that is there: a link that ended, for one.
fn only_receives(candidate: &Candidate, taken: &Taken) -> bool {
    let streams = candidate.prepared().into_iter().flat_map(|prepared| &prepared.streams);
    streams.zip(&taken.versions_before).all(|(stream, before)| {
        let first = stream.events.first();
        *before == 0 && first.is_some_and(|event| event.kind.starts_with("case."))
    })
}

/// The columns of the log.
pub(crate) const EVENTS: &[(&str, Kind)] = &[
    ("position", Kind::Int),
    ("stream", Kind::Uuid),
    ("version", Kind::Int),
    ("kind", Kind::Text),
    ("schema", Kind::Int),
    ("occurred_at", Kind::Int),
    ("recorded_at", Kind::Int),
    ("actor", Kind::Text),
    ("causation", Kind::Uuid),
    ("correlation", Kind::Uuid),
    ("payload", Kind::Text),
    ("leaf_hash", Kind::Bytes),
];

const IDEMPOTENCY: &[(&str, Kind)] = &[
    ("scope", Kind::Text),
    ("key_hash", Kind::Bytes),
    ("request_hash", Kind::Bytes),
    ("salt", Kind::Bytes),
    ("answer", Kind::Text),
    ("first_position", Kind::Int),
    ("last_position", Kind::Int),
    ("versions", Kind::Text),
    ("recorded_at", Kind::Int),
];

const SERIALS: &[(&str, Kind)] = &[("series", Kind::Text), ("last", Kind::Int)];

fn set<'a>(
    table: &'static str,
    columns: &'static [(&'static str, Kind)],
    replace: Option<usize>,
    rows: Vec<Vec<Cell<'a>>>,
) -> Rows<'a> {
    Rows { table: Cow::Borrowed(table), columns: columns.to_vec(), replace, add: 0, rows }
}

/// Adds the rows of an append's events; gives the leaf hash of the first.
fn add_events<'a>(
    rows: &mut Vec<Vec<Cell<'a>>>,
    candidate: &'a Candidate,
    taken: &Taken,
) -> Option<[u8; 32]> {
    let prepared = candidate.prepared()?;
    let (mut position, mut first) = (taken.first_position, None);
    for (stream, before) in prepared.streams.iter().zip(&taken.versions_before) {
        for (version, event) in (before + 1..).zip(&stream.events) {
            let (row, leaf) = event_row(candidate, stream.stream, event, version, position);
            rows.push(row);
            first = first.or(Some(leaf));
            position += 1;
        }
    }
    first
}

fn event_row<'a>(
    append: &'a Candidate,
    stream: Uuid,
    event: &'a NewEvent,
    version: u64,
    position: u64,
) -> (Vec<Cell<'a>>, [u8; 32]) {
    let (occurred_at, recorded_at) = (to_micros(event.occurred_at), to_micros(append.recorded_at));
    let payload = Envelope {
        stream,
        version,
        kind: &event.kind,
        schema: event.schema,
        occurred_at,
        recorded_at,
        actor: &append.actor,
        causation: append.causation,
        correlation: append.correlation,
        data: &event.data,
    }
    .payload();
    let leaf = leaf_hash(payload.as_bytes());
    let row = vec![
        int(position),
        Cell::Uuid(stream),
        int(version),
        text(&event.kind),
        Cell::Int(i64::from(event.schema)),
        Cell::Int(occurred_at.as_microsecond()),
        Cell::Int(recorded_at.as_microsecond()),
        text(&append.actor),
        append.causation.into(),
        append.correlation.into(),
        Cell::Text(Cow::Owned(payload)),
        Cell::Bytes(Cow::Owned(leaf.to_vec())),
    ];
    (row, leaf)
}

fn key<'a>(append: &'a Candidate, judged: &'a Judged) -> Option<Vec<Cell<'a>>> {
    let key = append.idempotency.as_ref()?;
    let stored = judged.after.keys.get(&(key.scope.clone(), key.key_hash))?;
    Some(vec![
        text(&key.scope),
        Cell::Bytes(Cow::Borrowed(&key.key_hash)),
        Cell::Bytes(Cow::Borrowed(&stored.request_hash)),
        Cell::Bytes(Cow::Borrowed(&stored.salt)),
        text(&stored.answer),
        int(stored.first_position),
        int(stored.last_position),
        Cell::Text(Cow::Owned(versions_text(&stored.versions))),
        Cell::Int(to_micros(append.recorded_at).as_microsecond()),
    ])
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn int<'a>(number: u64) -> Cell<'a> {
    Cell::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// `ID:VERSION ID:VERSION …`.
fn versions_text(versions: &[(Uuid, u64)]) -> String {
    let parts: Vec<String> =
        versions.iter().map(|(stream, version)| format!("{stream}:{version}")).collect();
    parts.join(" ")
}

/// Reads what [`versions_text`] wrote.
fn versions_from(text: &str) -> Option<Vec<(Uuid, u64)>> {
    let one = |part: &str| {
        let (stream, version) = part.split_once(':')?;
        Some((stream.parse().ok()?, version.parse().ok()?))
    };
    text.split_whitespace().map(one).collect()
}

/// A row of the idempotency table as read.
pub(crate) struct StoredRow {
    pub(crate) request_hash: Vec<u8>,
    pub(crate) salt: Vec<u8>,
    pub(crate) answer: String,
    pub(crate) first_position: i64,
    pub(crate) last_position: i64,
    pub(crate) versions: String,
}

impl StoredRow {
    /// `None` if the row is damaged.
    pub(crate) fn read(self) -> Option<Stored> {
        Some(Stored {
            request_hash: self.request_hash.try_into().ok()?,
            salt: self.salt.try_into().ok()?,
            answer: self.answer,
            first_position: self.first_position.try_into().ok()?,
            last_position: self.last_position.try_into().ok()?,
            versions: versions_from(&self.versions)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_come_back_as_they_went() {
        let versions = vec![(Uuid::from_u128(1), 3), (Uuid::from_u128(2), u64::MAX)];
        assert_eq!(versions_from(&versions_text(&versions)), Some(versions));
        assert_eq!(versions_from(""), Some(vec![]));
        assert_eq!(versions_from("x:1"), None);
    }
}
