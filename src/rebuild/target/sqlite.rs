//! Filling beside on SQLite: statements of many rows in transactions of a few milliseconds, and a
//! pause after each while others write, so that a desk in another process goes on appending.
//!
//! The lock is one on a file beside the database, so it goes when the process does.

mod schema;

use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use hoiam_projections::table::{Table, Value};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::ddl::quoted;
use super::{Note, OLD, SUFFIX, beside, rows};
use crate::log::rows::sqlite::{CHUNK, size};
use crate::rebuild::RebuildError;
use crate::rebuild::buffer::{Batch, TableBatch};
use crate::rebuild::fills::Fill;

/// Statements of [`CHUNK`] rows a transaction.
const STATEMENTS: usize = 8;
/// Bytes of a batch: its sums, some ten thousand rows, are one transaction.
pub(super) const BATCH: usize = 16 << 20;
/// Texts indexed for search in one transaction.
const TEXTS: i64 = 500;
/// How long others get after each transaction when they write as well.
const PAUSE: Duration = Duration::from_millis(4);
/// For how many transactions after somebody else wrote.
const WARY: u32 = 200;

/// A rebuild's connection.
pub(crate) struct Target {
    connection: SqliteConnection,
    /// Locked as long as it is open.
    _lock: File,
    /// An exchange is under way.
    locked: bool,
    /// What `PRAGMA data_version` said last: it changes when another connection commits.
    seen: i64,
    /// For how many more transactions to leave others time.
    wary: u32,
}

impl Target {
    pub(super) async fn open(pool: &SqlitePool) -> Result<Self, RebuildError> {
        let options = pool.connect_options().as_ref().clone().create_if_missing(false);
        let lock = lock(options.get_filename().to_path_buf()).await?;
        let mut connection = options.connect().await?;
        // What is filled is worth nothing before the exchange, which is flushed to disk with
        // everything before it.
        sqlx::raw_sql("PRAGMA synchronous = NORMAL").execute(&mut connection).await?;
        Ok(Self { connection, _lock: lock, locked: false, seen: 0, wary: 0 })
    }

    pub(super) async fn clean(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        for table in tables {
            self.drop(table.name, SUFFIX).await?;
        }
        self.drop_replaced(tables).await
    }

    pub(super) async fn drop_replaced(
        &mut self,
        tables: &[&'static Table],
    ) -> Result<(), sqlx::Error> {
        for table in tables {
            self.drop(table.name, OLD).await?;
        }
        Ok(())
    }

    /// Drops another table of a served one and what is indexed from it, each by itself: the less
    /// at once, the sooner an append gets its turn.
    async fn drop(&mut self, served: &str, suffix: &str) -> Result<(), sqlx::Error> {
        let words = self.schema(served).await?.words.map(|words| format!("{}{suffix}", words.name));
        let schema = self.schema(&format!("{served}{suffix}")).await?;
        for definition in schema.drops(words.as_deref()) {
            self.run(definition).await?;
            self.leave_time().await?;
        }
        Ok(())
    }

    pub(super) async fn make(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        for table in tables {
            let schema = self.schema(table.name).await?;
            self.run(schema.table_beside()).await?;
        }
        Ok(())
    }

    pub(super) async fn fits(&mut self, tables: &[&'static Table]) -> Result<bool, sqlx::Error> {
        for table in tables {
            let served = self.columns(table.name).await?;
            if served.is_empty() || served != self.columns(&beside(table.name)).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn columns(&mut self, table: &str) -> Result<Vec<String>, sqlx::Error> {
        const SQL: &str = "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk || ' ' || hidden \
             FROM pragma_table_xinfo($1) ORDER BY cid";
        sqlx::query_scalar(SQL).bind(table).fetch_all(&mut self.connection).await
    }

    /// A few hundred rows a transaction. A batch that is interrupted is written again from its
    /// beginning when the fill goes on, and every row once more replaced by the same key. Sums are
    /// in the transaction of the note on how far they go, or they would be added twice.
    pub(super) async fn write(&mut self, batch: &Batch, fills: &[Fill]) -> Result<(), sqlx::Error> {
        let (sums, rows): (Vec<_>, Vec<_>) = batch.tables.iter().partition(|t| t.table.add > 0);
        self.begin().await?;
        let mut statements = 0;
        for (table, chunk) in rows.into_iter().flat_map(chunks) {
            if statements == STATEMENTS {
                self.commit().await?;
                self.begin().await?;
                statements = 0;
            }
            self.statement(table, chunk).await?;
            statements += 1;
        }
        for (table, chunk) in sums.into_iter().flat_map(chunks) {
            self.statement(table, chunk).await?;
        }
        for fill in fills {
            self.note(&fill.note()).await?;
        }
        self.commit().await
    }

    async fn statement(
        &mut self,
        table: &TableBatch,
        chunk: &[Vec<Value>],
    ) -> Result<(), sqlx::Error> {
        let set = rows(table, chunk);
        let size = size(chunk.len());
        let mut sql = String::new();
        set.sqlite_sql(&mut sql, size);
        let query = set.sqlite_bind(sqlx::query(AssertSqlSafe(sql)), 0, size);
        query.execute(&mut self.connection).await.map(drop)
    }

    pub(super) async fn finish(&mut self, tables: &[&'static Table]) -> Result<(), sqlx::Error> {
        for table in tables {
            let served = self.schema(table.name).await?;
            for index in &served.indexes {
                self.run(format!("DROP INDEX IF EXISTS {}", quoted(&index.beside_name()))).await?;
                self.run(index.beside(table.name, None)).await?;
                self.leave_time().await?;
            }
            if let Some(words) = &served.words {
                self.words(table.name, &served, words).await?;
            }
        }
        Ok(())
    }

    /// Fills the full-text index beside, and then makes the triggers that keep it.
    async fn words(
        &mut self,
        table: &str,
        served: &schema::Schema,
        words: &schema::Words,
    ) -> Result<(), sqlx::Error> {
        for trigger in &served.triggers {
            self.run(format!("DROP TRIGGER IF EXISTS {}", quoted(&beside(&trigger.name)))).await?;
        }
        self.run(format!("DROP TABLE IF EXISTS {}", quoted(&beside(&words.name)))).await?;
        self.run(words.beside()).await?;
        let last: Option<i64> = sqlx::query_scalar(AssertSqlSafe(format!(
            "SELECT max(rowid) FROM {}",
            quoted(&beside(table))
        )))
        .fetch_one(&mut self.connection)
        .await?;
        let fill = words.fill(table);
        let mut after = 0;
        while after < last.unwrap_or(0) {
            sqlx::query(AssertSqlSafe(fill.clone()))
                .bind(after)
                .bind(after + TEXTS)
                .execute(&mut self.connection)
                .await?;
            after += TEXTS;
            self.leave_time().await?;
        }
        for trigger in &served.triggers {
            self.run(trigger.beside(table, Some(&words.name))).await?;
        }
        Ok(())
    }

    pub(super) async fn lock(&mut self, _: &[&'static Table]) -> Result<bool, sqlx::Error> {
        sqlx::raw_sql("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")
            .execute(&mut self.connection)
            .await?;
        self.locked = true;
        Ok(true)
    }

    pub(super) async fn exchange(
        &mut self,
        tables: &[&'static Table],
        notes: &[Note],
    ) -> Result<(), sqlx::Error> {
        for table in tables {
            let served = self.schema(table.name).await?;
            for statement in served.exchange() {
                self.run(statement).await?;
            }
        }
        for note in notes {
            self.note(note).await?;
        }
        self.locked = false;
        self.run("COMMIT").await?;
        self.run("PRAGMA synchronous = NORMAL").await
    }

    pub(super) async fn give_up(&mut self) -> Result<(), sqlx::Error> {
        self.locked = false;
        self.run("ROLLBACK").await
    }

    pub(super) async fn note(&mut self, note: &Note) -> Result<(), sqlx::Error> {
        let mut query = sqlx::query(note.sql).bind(&note.text);
        for number in &note.numbers {
            query = query.bind(number);
        }
        query.execute(&mut self.connection).await.map(drop)
    }

    pub(super) async fn close(self) {
        // The lock goes with the file, however this ends.
        let _ = self.connection.close().await;
    }

    async fn begin(&mut self) -> Result<(), sqlx::Error> {
        if self.locked { Ok(()) } else { self.run("BEGIN IMMEDIATE").await }
    }

    async fn commit(&mut self) -> Result<(), sqlx::Error> {
        if self.locked {
            return Ok(());
        }
        self.run("COMMIT").await?;
        self.leave_time().await
    }

    /// Whoever waits for SQLite's one write lock looks for it only now and then: with no pause
    /// between two transactions of a fill they might never find it free.
    async fn leave_time(&mut self) -> Result<(), sqlx::Error> {
        let version: i64 =
            sqlx::query("PRAGMA data_version").fetch_one(&mut self.connection).await?.try_get(0)?;
        if version != self.seen {
            self.wary = if self.seen == 0 { 0 } else { WARY };
            self.seen = version;
        }
        if self.wary > 0 {
            self.wary -= 1;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    async fn run(&mut self, sql: impl Into<String>) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(&mut self.connection).await.map(drop)
    }

    async fn schema(&mut self, table: &str) -> Result<schema::Schema, sqlx::Error> {
        schema::read(&mut self.connection, table).await
    }
}

/// The rows of a table, as many at a time as a statement takes.
fn chunks(table: &TableBatch) -> impl Iterator<Item = (&TableBatch, &[Vec<Value>])> {
    [&table.new, &table.again]
        .into_iter()
        .flat_map(|rows| rows.chunks(CHUNK))
        .map(move |chunk| (table, chunk))
}

/// Takes the lock, or says that another rebuild has it.
async fn lock(database: PathBuf) -> Result<File, RebuildError> {
    let mut name = database.into_os_string();
    name.push("-rebuilding");
    let path = PathBuf::from(name);
    let taken = tokio::task::spawn_blocking(move || {
        let file = File::create(&path)?;
        Ok::<_, std::io::Error>(file.try_lock().map(|()| file))
    });
    match taken.await.map_err(|_| RebuildError::Stopped)? {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(std::fs::TryLockError::WouldBlock)) => Err(RebuildError::Busy),
        Ok(Err(std::fs::TryLockError::Error(error))) | Err(error) => Err(RebuildError::Lock(error)),
    }
}
