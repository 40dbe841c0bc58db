//! Tiles, checkpoints and cosignatures in the database: a small store beside the log, written
//! behind it and never in an append's transaction.
//!
//! Every node may write: the size of the tree and the sizes of checkpoints only move up, from where
//! the writer saw them, so of two that do the same one writes and the other finds out.

pub(super) mod checkpoints;
pub(super) mod rows;
pub(super) mod tiles;
pub(super) mod witnesses;

use sqlx::Row;

use crate::log::{LogError, Pool};
use crate::on_pool;

/// The position of the last event, as the head of the log has it.
pub(super) async fn head(pool: &Pool) -> Result<u64, LogError> {
    const HEAD: &str = "SELECT position FROM log_head WHERE id = 1";
    let head: i64 = on_pool!(pool, db => sqlx::query(HEAD).fetch_one(db).await?.try_get(0)?);
    Ok(count(head))
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Runs a transaction in a task that nobody cancels: the driver leaves one open whose beginning
/// was dropped.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, LogError> {
    let done = tokio::spawn(work).await;
    Ok(done.map_err(|gone| LogError::NotWritable(gone.to_string()))??)
}
