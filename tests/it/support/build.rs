//! Short ways to write appends and to look at what became of them.

use hoiam::log::{
    Append, Content, Expected, Idempotency, Log, NewEvent, Prepared, RecordedEvent, StreamAppend,
};
use hoiam_projections::table::{Column, Row, Table, Type};
use jiff::Timestamp;
use uuid::Uuid;

use super::bed;

/// A fixed instant: 2026-03-02T01:02:03.000004Z.
pub fn at() -> Timestamp {
    Timestamp::from_microsecond(1_772_413_323_000_004).unwrap()
}

/// The stream of a number.
pub fn stream(number: u128) -> Uuid {
    Uuid::from_u128(0x5000_0000_0000_0000_0000_0000_0000_0000 | number)
}

/// An event whose data say `text`.
pub fn event(text: &str) -> NewEvent {
    let data = serde_json::json!({ "text": text }).to_string();
    NewEvent { kind: "noted".into(), schema: 1, occurred_at: at(), data }
}

/// `events` events for one stream.
pub fn stream_append(id: Uuid, expected: Expected, events: usize) -> StreamAppend {
    let events = (0..events).map(|nr| event(&format!("sự kiện {nr}"))).collect();
    StreamAppend { stream: id, expected, events, rows: Vec::new() }
}

/// An append of whole streams.
pub fn ready(streams: Vec<StreamAppend>) -> Append {
    content(Content::Ready(Prepared { streams, answer: "xong".into() }))
}

/// An append of one event to one stream.
pub fn one(id: Uuid, expected: Expected) -> Append {
    ready(vec![stream_append(id, expected, 1)])
}

/// An append of one event to a stream of its own, that takes a number.
pub fn numbered(series: &str, id: Uuid) -> Append {
    let build = move |serial: u64| {
        let mut append = stream_append(id, Expected::NoStream, 1);
        append.events[0] = event(&format!("số {serial}"));
        Ok(Prepared { streams: vec![append], answer: serial.to_string() })
    };
    content(Content::Numbered { series: series.into(), build: Box::new(build) })
}

pub fn content(content: Content) -> Append {
    let actor = r#"{"role":"operator","id":"tok_1"}"#.to_owned();
    Append {
        recorded_at: at(),
        actor,
        causation: None,
        correlation: None,
        idempotency: None,
        content,
    }
}

/// The same append under an idempotency key.
pub fn keyed(mut append: Append, key: u8, request: u8, salt: u8) -> Append {
    append.idempotency = Some(Idempotency {
        scope: "tok_1".into(),
        key_hash: [key; 32],
        request_hash: [request; 32],
        salt: [salt; 16],
    });
    append
}

/// A read model of the tests: a mark a stream, and how far it counts (never below zero).
pub static MARKS: Table = Table {
    name: "marks",
    columns: &[
        Column("id", Type::Uuid),
        Column("nr", Type::Int),
        Column("note", Type::Text),
        Column("value", Type::Int),
    ],
    key: 2,
    add: 0,
};

pub async fn make_marks(log: &Log) {
    let id = if matches!(log.pool(), hoiam::log::Pool::Sqlite(_)) { "BLOB" } else { "UUID" };
    let sql = format!(
        "CREATE TABLE marks (id {id} NOT NULL, nr BIGINT NOT NULL, note TEXT, value BIGINT CHECK (value >= 0), \
         PRIMARY KEY (id, nr))"
    );
    bed::sql(log.pool(), &sql).await.unwrap();
}

/// A row of [`MARKS`].
pub fn mark(id: Uuid, nr: i64, note: Option<&str>, value: i64) -> Row {
    Row { table: &MARKS, values: vec![id.into(), nr.into(), note.into(), value.into()] }
}

/// An append whose row the database refuses.
pub fn poisoned(id: Uuid) -> Append {
    let mut append = stream_append(id, Expected::Any, 1);
    append.rows.push(mark(id, 1, None, -1));
    ready(vec![append])
}

/// The whole log, read in small pages.
pub async fn everything(log: &Log) -> Vec<RecordedEvent> {
    let mut events: Vec<RecordedEvent> = Vec::new();
    loop {
        let page = log.read_all(events.last().map_or(0, |event| event.position), 70).await.unwrap();
        if page.is_empty() {
            return events;
        }
        events.extend(page);
    }
}

/// What must hold of every log: positions and versions without gaps, and hashes that fit.
pub fn check_whole(events: &[RecordedEvent]) {
    let mut versions = std::collections::HashMap::new();
    for (position, event) in (1..).zip(events) {
        assert_eq!(event.position, position, "positions have no gaps");
        let version = versions.entry(event.stream).or_insert(0);
        *version += 1;
        assert_eq!(event.version, *version, "versions have no gaps");
        assert_eq!(event.leaf_hash, hoiam::log::leaf_hash(event.payload.as_bytes()));
    }
}
