//! Bare appends: one event, the stream's version checked, no read models.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hoiam::log::{
    Append, Content, Database, Expected, Log, LogOptions, NewEvent, Prepared, StreamAppend,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::measure::Load;

/// What a citizen writes, about as long as they do: 400 bytes.
pub const DATA: &str = r#"{"text":"Trước số nhà 57 đường Trường Sa có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị cơ quan chức năng kiểm tra và sửa chữa sớm để bảo đảm an toàn cho người dân.","channel":"app","location":{"lat":10.7901,"lon":106.6822},"category":"road_pothole"}"#;

pub struct Appends {
    log: Log,
    streams: AtomicU64,
}

/// Each caller appends to a stream of its own.
pub struct Stream {
    id: Uuid,
    version: u64,
}

pub async fn open(database: &Database) -> Arc<Appends> {
    let log = Log::open(database, LogOptions::default()).await.unwrap();
    on(log)
}

/// On a log that is open already.
pub fn on(log: Log) -> Arc<Appends> {
    Arc::new(Appends { log, streams: AtomicU64::new(0) })
}

impl Load for Appends {
    type Caller = Stream;

    async fn caller(&self) -> Stream {
        let nr = self.streams.fetch_add(1, Ordering::Relaxed);
        // Like real ones, new ids sort behind old ones.
        Stream { id: Uuid::from_u64_pair(u64::MAX - 1, nr), version: 0 }
    }

    async fn once(&self, stream: &mut Stream) {
        let event = NewEvent {
            kind: "bench.appended".into(),
            schema: 1,
            occurred_at: Timestamp::UNIX_EPOCH,
            data: DATA.into(),
        };
        let streams = vec![StreamAppend {
            stream: stream.id,
            expected: Expected::Exactly(stream.version),
            events: vec![event],
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
        self.log.append(append).await.unwrap();
        stream.version += 1;
    }
}
