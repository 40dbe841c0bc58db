//! Appends on SQLite: `BEGIN IMMEDIATE` and everything a batch reads as one statement text, what
//! it writes and `COMMIT` as another, since each text costs a hop to the driver's thread.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::rows::sqlite::{CHUNK, size, values};
use super::{Ending, Known, Plan, Wanted, Written, known, number};

/// The writer's connection.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: SqliteConnection,
    /// Whether a transaction is open.
    open: bool,
}

impl Writer {
    pub(crate) async fn connect(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        // The file is made when the log is opened. A writer that reconnects must not make a new,
        // empty one where the old was lost.
        let options = options.clone().create_if_missing(false);
        Ok(Self { connection: options.connect().await?, open: false })
    }

    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    pub(crate) async fn read(&mut self, wanted: &Wanted) -> Result<Known, sqlx::Error> {
        let mut sql = self.begin();
        let sizes = [wanted.streams.len(), wanted.series.len(), wanted.keys.len()].map(list_size);
        sql.push_str(&read_sql(sizes));
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for nr in 0..sizes[0] {
            query = query.bind(id(nr, wanted.streams.len())).bind(wanted.streams.get(nr));
        }
        for nr in 0..sizes[1] {
            query = query.bind(id(nr, wanted.series.len())).bind(wanted.series.get(nr));
        }
        for nr in 0..sizes[2] {
            let key = wanted.keys.get(nr);
            query = query
                .bind(id(nr, wanted.keys.len()))
                .bind(key.map(|(scope, _)| scope))
                .bind(key.map(|(_, hash)| hash.as_slice()));
        }
        let found: Vec<SqliteRow> = query.fetch_all(&mut self.connection).await?;
        known(&found, wanted)
    }

    /// Whole chunks by themselves, what is left of each set in one last text with the commit. If
    /// nothing was read, the transaction begins here; if another process appended since, the first
    /// event's position is taken and the database refuses it.
    pub(crate) async fn write(
        &mut self,
        plan: &Plan<'_>,
        ending: Ending,
    ) -> Result<Written, sqlx::Error> {
        let mut sql = self.begin();
        for set in &plan.sets {
            for chunk in 0..set.rows.len() / CHUNK {
                set.sqlite_sql(&mut sql, CHUNK);
                let text = std::mem::take(&mut sql);
                let query = set.sqlite_bind(sqlx::query(AssertSqlSafe(text)), chunk * CHUNK, CHUNK);
                query.execute(&mut self.connection).await?;
            }
        }
        let rest = |rows: usize| rows % CHUNK;
        let most = plan.sets.iter().map(|set| rest(set.rows.len())).max().unwrap_or(0);
        let size = size(most);
        let sets: Vec<_> = plan.sets.iter().filter(|set| rest(set.rows.len()) > 0).collect();
        sets.iter().for_each(|set| set.sqlite_sql(&mut sql, size));
        sql.push_str("UPDATE log_head SET position = ? WHERE id = 1");
        if ending == Ending::Commit {
            sql.push_str("; COMMIT");
        }
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for set in sets {
            let first = set.rows.len() - rest(set.rows.len());
            query = set.sqlite_bind(query, first, size);
        }
        query.bind(number(plan.head_after)).execute(&mut self.connection).await?;
        self.open = ending == Ending::Never;
        Ok(Written::Committed)
    }

    /// What has to stand before the first statement of a transaction.
    fn begin(&mut self) -> String {
        let begin = if self.open { "" } else { "BEGIN IMMEDIATE; " };
        self.open = true;
        begin.to_owned()
    }

    pub(crate) async fn abandon(&mut self) -> Result<(), sqlx::Error> {
        if self.open {
            self.open = false;
            // Some errors end the transaction by themselves; then there is none to roll back.
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
        }
        Ok(())
    }

    pub(crate) async fn close(self) {
        // Nothing is lost if it fails: everything answered is in the write-ahead log.
        let _ = self.connection.close().await;
    }
}

/// Lists are as long as one of a few sizes; what is missing is null.
fn list_size(length: usize) -> usize {
    match length {
        0 => 0,
        1..=CHUNK => size(length),
        _ => length.next_multiple_of(CHUNK),
    }
}

fn id(nr: usize, length: usize) -> Option<i64> {
    i64::try_from(nr).ok().filter(|_| nr < length)
}

/// What `read` asks; the columns are those `known` reads.
fn read_sql([streams, series, keys]: [usize; 3]) -> String {
    let mut sql = String::from(
        "SELECT 0 AS what, 0 AS nr, position AS number, 0 AS first_position, NULL AS request_hash, \
         NULL AS salt, NULL AS answer, NULL AS versions FROM log_head WHERE id = 1",
    );
    if streams > 0 {
        sql.push_str(
            " UNION ALL SELECT 1, column1, coalesce((SELECT max(version) FROM events WHERE stream = column2), 0), \
             0, NULL, NULL, NULL, NULL FROM (VALUES ",
        );
        values(&mut sql, 2, streams);
        sql.push_str(") WHERE column1 IS NOT NULL");
    }
    if series > 0 {
        sql.push_str(
            " UNION ALL SELECT 2, column1, coalesce((SELECT last FROM serials WHERE series = column2), 0), \
             0, NULL, NULL, NULL, NULL FROM (VALUES ",
        );
        values(&mut sql, 2, series);
        sql.push_str(") WHERE column1 IS NOT NULL");
    }
    if keys > 0 {
        sql.push_str(
            " UNION ALL SELECT 3, column1, i.last_position, i.first_position, i.request_hash, i.salt, i.answer, \
             i.versions FROM (VALUES ",
        );
        values(&mut sql, 3, keys);
        sql.push_str(") AS s CROSS JOIN idempotency AS i ON i.scope = s.column2 AND i.key_hash = s.column3 WHERE column1 IS NOT NULL");
    }
    sql
}

/// Result codes (the low byte of the extended ones) that mean "not this value": a general error,
/// too large, a constraint, a wrong type, an index out of range. All else means that nothing can be
/// written now.
pub(crate) fn refuses(code: &str) -> bool {
    let code: i32 = code.parse().unwrap_or(0);
    matches!(code & 0xff, 1 | 18 | 19 | 20 | 25)
}
