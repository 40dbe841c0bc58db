//! Checkpoints of projections behind the log, and the rows they stand for: one transaction.
//!
//! A checkpoint is moved only from where its reader saw it, so of two nodes that read the same
//! events one writes and the other finds out. Losing such a transaction in a power cut loses
//! nothing that the log does not hold, so PostgreSQL need not wait for the disk.

use hoiam_projections::table::Row;
use sqlx::{AssertSqlSafe, Postgres, Row as _, Sqlite, Transaction};

use super::error::LogError;
use super::pool::Pool;
use super::rows::sqlite::{CHUNK, size};
use super::rows::{Rows, group};
use crate::on_pool;

const READ: &str =
    "SELECT name, version, position, updated_at FROM follower_checkpoints ORDER BY name";

const ADD: &str = "INSERT INTO follower_checkpoints (name, version, position, updated_at) \
     VALUES ($1, $2, 0, 0) ON CONFLICT (name) DO NOTHING";

const MOVE: &str = "UPDATE follower_checkpoints SET position = $1, updated_at = $2 \
     WHERE name = $3 AND version = $4 AND position = $5";

/// How far a projection behind the log has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The projection's name.
    pub name: String,
    /// The version of its rows.
    pub version: u32,
    /// The position of the last event it took in; 0 before the first.
    pub position: u64,
    /// When that event was recorded, microseconds since 1970.
    pub updated_at: i64,
}

/// What one transaction moves and writes.
#[derive(Debug)]
pub(crate) struct Step {
    /// Names and versions of the projections that move.
    pub(crate) moved: Vec<(&'static str, u32)>,
    /// The position all of them move from.
    pub(crate) from: u64,
    /// The position all of them move to.
    pub(crate) to: u64,
    /// When the last event was recorded, microseconds since 1970.
    pub(crate) updated_at: i64,
    /// Their rows.
    pub(crate) rows: Vec<Row>,
}

pub(super) async fn checkpoints(pool: &Pool) -> Result<Vec<Checkpoint>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(READ).fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                let (version, position): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
                Ok(Checkpoint {
                    name: row.try_get(0)?,
                    version: u32::try_from(version).unwrap_or(u32::MAX),
                    position: u64::try_from(position).unwrap_or(0),
                    updated_at: row.try_get(3)?,
                })
            })
            .collect()
    })
}

pub(super) async fn add(pool: &Pool, names: &[(&str, u32)]) -> Result<(), sqlx::Error> {
    for (name, version) in names {
        on_pool!(pool, db => {
            sqlx::query(ADD).bind(*name).bind(i64::from(*version)).execute(db).await?;
        });
    }
    Ok(())
}

/// Runs in a task that nobody cancels: the driver leaves a transaction open whose beginning was
/// dropped.
pub(super) async fn follow(pool: &Pool, step: Step) -> Result<bool, LogError> {
    let pool = pool.clone();
    let written = tokio::spawn(async move {
        match &pool {
            Pool::Sqlite(db) => on_sqlite(db.begin_with("BEGIN IMMEDIATE").await?, &step).await,
            Pool::Postgres(db) => on_postgres(db.begin().await?, &step).await,
        }
    });
    let written = written.await.map_err(|gone| LogError::NotWritable(gone.to_string()))?;
    Ok(written?)
}

/// Moves every checkpoint of a step; false when one is not where it was seen.
macro_rules! move_checkpoints {
    ($all:ident, $step:ident) => {{
        let mut all_moved = true;
        for (name, version) in &$step.moved {
            let moved = sqlx::query(MOVE)
                .bind(number($step.to))
                .bind($step.updated_at)
                .bind(*name)
                .bind(i64::from(*version))
                .bind(number($step.from))
                .execute(&mut *$all)
                .await?;
            all_moved &= moved.rows_affected() == 1;
        }
        all_moved
    }};
}

async fn on_sqlite(mut all: Transaction<'_, Sqlite>, step: &Step) -> Result<bool, sqlx::Error> {
    if !move_checkpoints!(all, step) {
        all.rollback().await?;
        return Ok(false);
    }
    for set in group(step.rows.iter()) {
        let mut first = 0;
        while first < set.rows.len() {
            let size = size((set.rows.len() - first).min(CHUNK));
            let mut sql = String::new();
            set.sqlite_sql(&mut sql, size);
            let query = set.sqlite_bind(sqlx::query(AssertSqlSafe(sql)), first, size);
            query.execute(&mut *all).await?;
            first += size;
        }
    }
    all.commit().await?;
    Ok(true)
}

async fn on_postgres(mut all: Transaction<'_, Postgres>, step: &Step) -> Result<bool, sqlx::Error> {
    sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *all).await?;
    if !move_checkpoints!(all, step) {
        all.rollback().await?;
        return Ok(false);
    }
    for set in &group(step.rows.iter()) {
        let sql = postgres_sql(set);
        set.postgres_bind(sqlx::query(AssertSqlSafe(sql))).execute(&mut *all).await?;
    }
    all.commit().await?;
    Ok(true)
}

fn postgres_sql(set: &Rows<'_>) -> String {
    let (mut sql, mut next) = (String::new(), 1);
    set.postgres_sql(&mut sql, "", &mut next);
    sql
}

fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
