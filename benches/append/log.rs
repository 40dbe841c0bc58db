//! Bare appends: one event, the stream's version checked, no read models.

use std::path::Path;
use std::sync::Arc;

use hoiam::log::{
    Append, Content, Database, Expected, Log, LogOptions, NewEvent, Prepared, StreamAppend,
};
use jiff::Timestamp;
use sqlx::Connection;
use uuid::Uuid;

use crate::measure::Load;

/// What a citizen writes, about as long as they do.
pub const DATA: &str = r#"{"text":"Trước số nhà 57 đường Trường Sa có ổ gà lớn, mưa xuống ngập không thấy đường, hôm qua đã có hai người đi xe máy bị ngã. Đề nghị cơ quan chức năng kiểm tra và sửa chữa sớm để bảo đảm an toàn cho người dân.","channel":"app","location":{"lat":10.7901,"lon":106.6822},"category":"road_pothole"}"#;

pub struct Appends(Log);

pub async fn sqlite(path: &Path) -> Arc<Appends> {
    open(Database::Sqlite(path.to_owned())).await
}

/// In a new database of the cluster.
pub async fn postgres(base: &str) -> Arc<Appends> {
    let mut admin = sqlx::PgConnection::connect(base).await.unwrap();
    sqlx::raw_sql("CREATE DATABASE hoiam_bench").execute(&mut admin).await.unwrap();
    open(Database::Postgres(base.replacen("/postgres?", "/hoiam_bench?", 1))).await
}

async fn open(database: Database) -> Arc<Appends> {
    Arc::new(Appends(Log::open(&database, LogOptions::default()).await.unwrap()))
}

impl Load for Appends {
    async fn once(&self, round: u64, caller: usize, nr: u64) {
        let stream = Uuid::from_u64_pair(round, caller as u64);
        let event = NewEvent {
            kind: "received".into(),
            schema: 1,
            occurred_at: Timestamp::UNIX_EPOCH,
            data: DATA.into(),
        };
        let streams = vec![StreamAppend {
            stream,
            expected: Expected::Exactly(nr),
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
        self.0.append(append).await.unwrap();
    }
}
