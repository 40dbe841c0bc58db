//! Events into a table as fast as the database takes them, so many a commit: inserts of many rows,
//! to which an import is held, or binary `COPY`, with which a log would be loaded.

use hoiam::log::Database;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use uuid::Uuid;

/// The columns of the log's table.
const COLUMNS: &str = "position, stream, version, kind, schema, occurred_at, recorded_at, actor, causation, \
                       correlation, payload, leaf_hash";
/// Rows an insert takes on SQLite: 12 parameters each.
const ROWS: usize = 200;

/// One event as a row of the log's table.
#[derive(Clone)]
pub struct EventRow {
    pub position: i64,
    pub stream: Uuid,
    pub version: i64,
    pub kind: Box<str>,
    pub schema: i64,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub actor: Box<str>,
    pub causation: Option<Uuid>,
    pub correlation: Option<Uuid>,
    pub payload: String,
    pub leaf_hash: [u8; 32],
}

/// Takes rows and writes them, so many a commit.
pub struct Bulk {
    side: Side,
    table: String,
    commit: usize,
    waiting: Vec<EventRow>,
}

enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection, Way),
}

/// How rows go into PostgreSQL.
#[derive(Clone, Copy)]
pub enum Way {
    Copy,
    Insert,
}

impl Bulk {
    /// `durable` is whether each commit waits for the disk.
    pub async fn into(
        database: &Database,
        table: &str,
        commit: usize,
        durable: bool,
        way: Way,
    ) -> Self {
        let side = match database {
            Database::Sqlite(path) => {
                let wait = if durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off };
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(wait)
                    .pragma("cache_size", "-262144")
                    .pragma("wal_autocheckpoint", "4000")
                    .disable_statement_logging();
                Side::Sqlite(options.connect().await.unwrap())
            }
            Database::Postgres(url) => {
                Side::Postgres(PgConnection::connect(url).await.unwrap(), way)
            }
        };
        Self { side, table: table.to_owned(), commit, waiting: Vec::new() }
    }

    /// Runs statements on the same connection.
    pub async fn execute(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.side {
            Side::Sqlite(connection) => drop(connection.execute(sql).await.unwrap()),
            Side::Postgres(connection, _) => drop(connection.execute(sql).await.unwrap()),
        }
    }

    pub async fn add(&mut self, row: EventRow) {
        self.waiting.push(row);
        if self.waiting.len() >= self.commit {
            self.flush().await;
        }
    }

    /// Writes and commits what is waiting.
    pub async fn flush(&mut self) {
        let rows = std::mem::take(&mut self.waiting);
        match &mut self.side {
            Side::Sqlite(connection) => insert(connection, &self.table, &rows).await,
            Side::Postgres(connection, Way::Copy) => copy(connection, &self.table, &rows).await,
            Side::Postgres(connection, Way::Insert) => {
                unnest(connection, &self.table, &rows).await;
            }
        }
        self.waiting = rows;
        self.waiting.clear();
    }
}

async fn insert(connection: &mut SqliteConnection, table: &str, rows: &[EventRow]) {
    connection.execute("BEGIN IMMEDIATE").await.unwrap();
    for rows in rows.chunks(ROWS) {
        let values = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; rows.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({COLUMNS}) VALUES {values}");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for row in rows {
            query = query
                .bind(row.position)
                .bind(row.stream)
                .bind(row.version)
                .bind(&*row.kind)
                .bind(row.schema)
                .bind(row.occurred_at)
                .bind(row.recorded_at)
                .bind(&*row.actor)
                .bind(row.causation)
                .bind(row.correlation)
                .bind(&*row.payload)
                .bind(row.leaf_hash.as_slice());
        }
        query.execute(&mut *connection).await.unwrap();
    }
    connection.execute("COMMIT").await.unwrap();
}

/// One statement, which commits by itself.
async fn unnest(connection: &mut PgConnection, table: &str, rows: &[EventRow]) {
    fn all<'r, T>(rows: &'r [EventRow], value: impl Fn(&'r EventRow) -> T) -> Vec<T> {
        rows.iter().map(value).collect()
    }
    let sql = format!(
        "INSERT INTO {table} ({COLUMNS}) SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::text[], \
         $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::bytea[])"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(all(rows, |row| row.position))
        .bind(all(rows, |row| row.stream))
        .bind(all(rows, |row| row.version))
        .bind(all(rows, |row| &*row.kind))
        .bind(all(rows, |row| row.schema))
        .bind(all(rows, |row| row.occurred_at))
        .bind(all(rows, |row| row.recorded_at))
        .bind(all(rows, |row| &*row.actor))
        .bind(all(rows, |row| row.causation))
        .bind(all(rows, |row| row.correlation))
        .bind(all(rows, |row| row.payload.as_str()))
        .bind(all(rows, |row| row.leaf_hash.as_slice()))
        .execute(&mut *connection)
        .await
        .unwrap();
}

async fn copy(connection: &mut PgConnection, table: &str, rows: &[EventRow]) {
    let sql = format!("COPY {table} ({COLUMNS}) FROM STDIN (FORMAT binary)");
    let mut bytes = Vec::with_capacity(rows.len() * 1_200 + 64);
    // Signature, flags, length of the extension.
    bytes.extend_from_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    for row in rows {
        bytes.extend_from_slice(&12_i16.to_be_bytes());
        field(&mut bytes, &row.position.to_be_bytes());
        field(&mut bytes, row.stream.as_bytes());
        field(&mut bytes, &row.version.to_be_bytes());
        field(&mut bytes, row.kind.as_bytes());
        field(&mut bytes, &row.schema.to_be_bytes());
        field(&mut bytes, &row.occurred_at.to_be_bytes());
        field(&mut bytes, &row.recorded_at.to_be_bytes());
        field(&mut bytes, row.actor.as_bytes());
        for id in [row.causation, row.correlation] {
            match id {
                Some(id) => field(&mut bytes, id.as_bytes()),
                None => bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
            }
        }
        field(&mut bytes, row.payload.as_bytes());
        field(&mut bytes, &row.leaf_hash);
    }
    bytes.extend_from_slice(&(-1_i16).to_be_bytes());
    let mut copy = connection.copy_in_raw(&sql).await.unwrap();
    for part in bytes.chunks(1 << 20) {
        copy.send(part).await.unwrap();
    }
    copy.finish().await.unwrap();
}

fn field(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.extend_from_slice(&(value.len() as i32).to_be_bytes());
    bytes.extend_from_slice(value);
}
