//! What one would write without a log: one insert and one commit a command, on one connection
//! that callers take turns with. Same pragmas, same columns in an index, nothing checked or hashed.

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::measure::Load;

pub struct Plain(Mutex<SqliteConnection>);

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
    Arc::new(Plain(Mutex::new(connection)))
}

impl Load for Plain {
    async fn once(&self, round: u64, caller: usize, nr: u64) {
        let insert = sqlx::query("INSERT INTO rows (stream, version, payload) VALUES ($1, $2, $3)")
            .bind(Uuid::from_u64_pair(round, caller as u64))
            .bind(i64::try_from(nr).unwrap())
            .bind(crate::log::DATA);
        insert.execute(&mut *self.0.lock().await).await.unwrap();
    }
}
