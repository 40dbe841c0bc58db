//! The key of the log and what it signed.

use sqlx::Row;

use super::{count, number};
use crate::log::{LogError, Pool};
use crate::on_pool;
use crate::proof::tree::{Hash, Head};

const IDENTITY: &str = "SELECT verifier FROM log_identity WHERE id = 1";
const CLAIM: &str =
    "INSERT INTO log_identity (id, verifier) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";

const ADD: &str = "INSERT INTO log_checkpoints (size, root, note, made_at) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING";
const LATEST: &str =
    "SELECT size, root, note, made_at FROM log_checkpoints ORDER BY size DESC LIMIT 1";
const OF_SIZE: &str = "SELECT size, root, note, made_at FROM log_checkpoints WHERE size = $1";
const AFTER: &str =
    "SELECT size, root, note, made_at FROM log_checkpoints WHERE size > $1 ORDER BY size LIMIT $2";

/// A checkpoint as it is stored; whether it is true is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::proof) struct StoredCheckpoint {
    pub(in crate::proof) head: Head,
    pub(in crate::proof) note: String,
    /// Microseconds since 1970.
    pub(in crate::proof) made_at: i64,
}

/// The verifier key of the log, once it has one.
pub(in crate::proof) async fn identity(pool: &Pool) -> Result<Option<String>, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(IDENTITY).fetch_optional(db).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    })
}

/// Makes a key the log's own, if it has none. Gives the one it has.
pub(in crate::proof) async fn claim(pool: &Pool, verifier: &str) -> Result<String, LogError> {
    on_pool!(pool, db => {
        sqlx::query(CLAIM).bind(verifier).execute(db).await?;
    });
    identity(pool).await.map(Option::unwrap_or_default)
}

/// Adds a checkpoint. False if there is one of this size: as keys and trees are the same on every
/// node, it is the same.
pub(in crate::proof) async fn add(pool: &Pool, row: &StoredCheckpoint) -> Result<bool, LogError> {
    let written = on_pool!(pool, db => {
        let query = sqlx::query(ADD).bind(number(row.head.size)).bind(row.head.root.as_slice());
        query.bind(&row.note).bind(row.made_at).execute(db).await?.rows_affected()
    });
    Ok(written == 1)
}

/// Reads one row of any of the statements above.
macro_rules! stored {
    ($row:expr) => {{
        let row = $row;
        let root: Vec<u8> = row.try_get(1)?;
        let size: i64 = row.try_get(0)?;
        let root: Result<Hash, _> = root.try_into();
        let damaged =
            |_| LogError::Damaged { position: size, reason: "a checkpoint's root is none".into() };
        let head = Head { size: count(size), root: root.map_err(damaged)? };
        Ok::<StoredCheckpoint, LogError>(StoredCheckpoint {
            head,
            note: row.try_get(2)?,
            made_at: row.try_get(3)?,
        })
    }};
}

/// The largest.
pub(in crate::proof) async fn latest(pool: &Pool) -> Result<Option<StoredCheckpoint>, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(LATEST).fetch_optional(db).await?;
        row.map(|row| stored!(row)).transpose()
    })
}

/// The one of a size.
pub(in crate::proof) async fn of_size(
    pool: &Pool,
    size: u64,
) -> Result<Option<StoredCheckpoint>, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(OF_SIZE).bind(number(size)).fetch_optional(db).await?;
        row.map(|row| stored!(row)).transpose()
    })
}

/// Those larger than a size, smallest first.
pub(in crate::proof) async fn after(
    pool: &Pool,
    size: Option<u64>,
    limit: u32,
) -> Result<Vec<StoredCheckpoint>, LogError> {
    let size = size.map_or(-1, number);
    on_pool!(pool, db => {
        let query = sqlx::query(AFTER).bind(size).bind(i64::from(limit));
        let rows = query.fetch_all(db).await?;
        rows.into_iter().map(|row| stored!(row)).collect()
    })
}
