//! Hồi Âm's log without read models: envelope, leaf hash, version, one order without gaps.

use std::sync::Arc;

use hoiam::log::{
    Append, Content, Database, Expected, Log, LogOptions, NewEvent, Prepared, StreamAppend,
};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{BATCH, Store, database};
use crate::BODY;

pub struct Ours(Log);

/// What is read again.
#[derive(Deserialize)]
struct Noted {
    text: String,
}

impl Ours {
    pub async fn open(base: &str) -> Arc<Self> {
        let database = Database::Postgres(database(base, "ours").await);
        Arc::new(Self(Log::open(&database, LogOptions::default()).await.unwrap()))
    }

    async fn add(&self, stream: &mut Stream, events: usize) -> bool {
        let event = || NewEvent {
            kind: "bench.noted".into(),
            schema: 1,
            occurred_at: Timestamp::UNIX_EPOCH,
            data: format!(r#"{{"text":"{BODY}"}}"#),
        };
        let streams = vec![StreamAppend {
            stream: stream.id,
            expected: Expected::Exactly(stream.version),
            events: (0..events).map(|_| event()).collect(),
            rows: Vec::new(),
        }];
        let append = Append {
            recorded_at: Timestamp::UNIX_EPOCH,
            actor: r#"{"role":"citizen","id":"party_1"}"#.into(),
            causation: None,
            correlation: None,
            idempotency: None,
            content: Content::Ready(Prepared { streams, answer: String::new() }),
        };
        stream.version += events as u64;
        self.0.append(append).await.is_ok()
    }
}

pub struct Stream {
    id: Uuid,
    version: u64,
}

impl Default for Stream {
    fn default() -> Self {
        Self { id: Uuid::now_v7(), version: 0 }
    }
}

impl Store for Ours {
    type Stream = Stream;

    fn name(&self) -> &'static str {
        "Hồi Âm"
    }

    async fn append(&self, stream: &mut Stream) -> bool {
        self.add(stream, 1).await
    }

    async fn fill(&self, events: usize) {
        for _ in 0..events.div_ceil(BATCH) {
            assert!(self.add(&mut Stream::default(), BATCH).await);
        }
    }

    async fn replay(&self) -> usize {
        const PAGE: u32 = 5_000;
        let (mut count, mut after) = (0, 0);
        loop {
            let page = self.0.read_all(after, PAGE).await.unwrap();
            for event in &page {
                let noted: Noted = event.decode().unwrap();
                count += usize::from(!noted.text.is_empty());
            }
            match page.last() {
                Some(last) => after = last.position,
                None => return count,
            }
        }
    }
}
