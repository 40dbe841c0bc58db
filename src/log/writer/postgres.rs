//! Appends on PostgreSQL: usually two round trips a batch, one that reads and one that writes.
//!
//! The writing statement moves the one-row head only if it still is where the batch was read;
//! everything else in it hangs on that row. So the row lock orders the nodes, and what was read
//! before it is still true under it. If another node was faster, the batch is read again with the
//! head locked first, and so are the next few: a busy neighbour costs round trips, never starves.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use super::{Ending, Known, Plan, Wanted, Written, known, number};

/// How many batches take the lock first after another node was faster.
const WARY: u32 = 32;

/// What `read` asks; the columns are those `known` reads.
const READ: &str = include_str!("postgres/read.sql");

/// The writer's connection.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: PgConnection,
    /// How many more batches lock the head before they read.
    wary: u32,
    /// Whether a transaction is open.
    open: bool,
}

impl Writer {
    pub(crate) async fn connect(options: &PgConnectOptions) -> Result<Self, sqlx::Error> {
        // Statements are planned once, maybe when the tables were empty: never scan a table. A
        // lock that does not come within a few seconds means that a node hangs.
        let options = options.clone().options([
            ("enable_seqscan", "off"),
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
            ("jit", "off"),
            // There is nothing to choose for an upsert: planning it anew each time is waste.
            ("plan_cache_mode", "force_generic_plan"),
            ("lock_timeout", "15s"),
        ]);
        Ok(Self { connection: options.connect().await?, wary: 0, open: false })
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub(crate) fn contended(&self) -> bool {
        self.wary > 0
    }

    pub(crate) async fn read(&mut self, wanted: &Wanted) -> Result<Known, sqlx::Error> {
        if self.wary > 0 && !self.open {
            self.wary -= 1;
            self.open = true;
            sqlx::raw_sql("BEGIN; SELECT position FROM log_head WHERE id = 1 FOR UPDATE")
                .execute(&mut self.connection)
                .await?;
        }
        let (scopes, hashes): (Vec<&str>, Vec<&[u8]>) =
            wanted.keys.iter().map(|(scope, hash)| (scope.as_str(), hash.as_slice())).unzip();
        let found: Vec<PgRow> = sqlx::query(READ)
            .bind(&wanted.streams)
            .bind(&wanted.series)
            .bind(scopes)
            .bind(hashes)
            .fetch_all(&mut self.connection)
            .await?;
        known(&found, wanted)
    }

    pub(crate) async fn write(
        &mut self,
        plan: &Plan<'_>,
        ending: Ending,
    ) -> Result<Written, sqlx::Error> {
        if ending == Ending::Never && !self.open {
            self.open = true;
            sqlx::raw_sql("BEGIN").execute(&mut self.connection).await?;
        }
        let sql = statement(plan);
        let mut query = sqlx::query(AssertSqlSafe(sql))
            .bind(number(plan.head_after))
            .bind(number(plan.head_before));
        let lone = lone(plan);
        for set in &plan.sets {
            query = if lone { set.postgres_bind_one(query) } else { set.postgres_bind(query) };
        }
        // Not `fetch_one`: it returns at the first row, and without an open transaction the commit
        // comes after the rows.
        let rows = query.fetch_all(&mut self.connection).await?;
        let moved: i64 = rows.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
        if moved == 1 {
            if self.open && ending == Ending::Commit {
                sqlx::raw_sql("COMMIT").execute(&mut self.connection).await?;
                self.open = false;
            }
            return Ok(Written::Committed);
        }
        self.wary = WARY;
        self.abandon().await?;
        Ok(Written::Moved)
    }

    pub(crate) async fn abandon(&mut self) -> Result<(), sqlx::Error> {
        if self.open {
            sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await?;
            self.open = false;
        }
        Ok(())
    }

    pub(crate) async fn close(self) {
        // The server notices by itself if the farewell is lost.
        let _ = self.connection.close().await;
    }
}

/// A lone command writes one row a table, which needs no arrays.
fn lone(plan: &Plan<'_>) -> bool {
    plan.sets.iter().all(|set| set.rows.len() == 1)
}

/// Moves the head and, if that worked, writes every set: one statement, and its text depends only
/// on which tables there are and on whether each gets one row.
fn statement(plan: &Plan<'_>) -> String {
    use std::fmt::Write;
    let mut sql = String::from(
        "WITH head AS (UPDATE log_head SET position = $1 WHERE id = 1 AND position = $2 RETURNING position)",
    );
    let mut next = 3;
    let lone = lone(plan);
    for (nr, set) in plan.sets.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(sql, ",\nset{nr} AS (");
        if lone {
            set.postgres_sql_one(&mut sql, "head", &mut next);
        } else {
            set.postgres_sql(&mut sql, "head, ", &mut next);
        }
        sql.push(')');
    }
    sql.push_str("\nSELECT count(*) FROM head");
    sql
}

/// Classes of SQLSTATE that mean "not this value": cardinality, data, constraint, unknown names,
/// limits of size, raised by a trigger. All else, missing rights included, means that nothing can
/// be written now.
pub(crate) fn refuses(code: &str) -> bool {
    const NO_RIGHT: &str = "42501";
    code != NO_RIGHT
        && ["21", "22", "23", "42", "54", "P0"].iter().any(|class| code.starts_with(class))
}
