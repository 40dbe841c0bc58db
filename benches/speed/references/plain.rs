//! What one would write without a log: one insert and one commit a command, on one connection
//! that callers take turns with. Same pragmas, same columns in an index, nothing checked or hashed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::measure::Load;

pub struct Plain {
    connection: Mutex<SqliteConnection>,
    streams: AtomicU64,
}

pub async fn open(path: &Path) -> Arc<Plain> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "4000")
        .disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    let table = "CREATE TABLE rows (position INTEGER PRIMARY KEY, stream BLOB NOT NULL, version INTEGER NOT NULL, \
                 payload TEXT NOT NULL, UNIQUE (stream, version)) STRICT";
    connection.execute(table).await.unwrap();
    Arc::new(Plain { connection: Mutex::new(connection), streams: AtomicU64::new(0) })
}

impl Load for Plain {
    type Caller = (Uuid, i64);

    async fn caller(&self) -> (Uuid, i64) {
        (Uuid::from_u64_pair(1, self.streams.fetch_add(1, Ordering::Relaxed)), 0)
    }

    async fn once(&self, (stream, version): &mut (Uuid, i64)) {
        *version += 1;
        let insert = sqlx::query("INSERT INTO rows (stream, version, payload) VALUES ($1, $2, $3)")
            .bind(*stream)
            .bind(*version)
            .bind(crate::bare::DATA);
        insert.execute(&mut *self.connection.lock().await).await.unwrap();
    }
}
