//! Tiles: read by their place, grown under the size of the tree.

use std::collections::BTreeSet;

use sqlx::{Row, Transaction};

use super::{count, number, to_the_end};
use crate::log::{LogError, Pool};
use crate::on_pool;
use crate::proof::tile::{At, Tiles};
use crate::proof::tree::Hash;

const SIZE: &str = "SELECT size FROM log_tree WHERE id = 1";
const TILE: &str = "SELECT hashes FROM log_tiles WHERE level = $1 AND tile = $2";
const LEAVES: &str =
    "SELECT position, leaf_hash FROM events WHERE position > $1 ORDER BY position LIMIT $2";
const MOVE: &str = "UPDATE log_tree SET size = $1 WHERE id = 1 AND size = $2";
const WRITE: &str = "INSERT INTO log_tiles (level, tile, hashes) VALUES ($1, $2, $3) \
     ON CONFLICT (level, tile) DO UPDATE SET hashes = excluded.hashes";

/// How many events are in the tiles.
pub(in crate::proof) async fn size(pool: &Pool) -> Result<u64, LogError> {
    let size: i64 = on_pool!(pool, db => sqlx::query(SIZE).fetch_one(db).await?.try_get(0)?);
    Ok(count(size))
}

/// Those of the tiles that there are. One statement each: a proof needs a few a level.
pub(in crate::proof) async fn read(pool: &Pool, wanted: &BTreeSet<At>) -> Result<Tiles, LogError> {
    let mut tiles = Tiles::default();
    for at in wanted {
        let (level, tile) = (i64::from(at.level), number(at.index));
        let bytes: Option<Vec<u8>> = on_pool!(pool, db => {
            let row = sqlx::query(TILE).bind(level).bind(tile).fetch_optional(db).await?;
            row.map(|row| row.try_get(0)).transpose()?
        });
        if let Some(bytes) = bytes {
            tiles.0.insert(*at, hashes(&bytes));
        }
    }
    Ok(tiles)
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks::<32>().0.to_vec()
}

/// The leaf hashes of the events after a position, at most `limit`, up to the first gap.
pub(in crate::proof) async fn leaves(
    pool: &Pool,
    after: u64,
    limit: u32,
) -> Result<Vec<Hash>, LogError> {
    let rows: Vec<(i64, Vec<u8>)> = on_pool!(pool, db => {
        let query = sqlx::query(LEAVES).bind(number(after)).bind(i64::from(limit));
        let rows = query.fetch_all(db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<Result<_, sqlx::Error>>()?
    });
    let leaf = |(place, (position, bytes)): (u64, (i64, Vec<u8>))| match bytes.try_into() {
        Ok(hash) if count(position) == after + 1 + place => Ok(hash),
        _ => {
            let reason = "the log has a gap here, or its leaf hash is none".to_owned();
            Err(LogError::Damaged { position: number(after + 1 + place), reason })
        }
    };
    (0..).zip(rows).map(leaf).collect()
}

/// Writes the tiles of a tree that grew from one size to another. False when somebody else moved
/// the size meanwhile: nothing was written.
///
/// The tiles follow from the log, so losing them in a power cut loses nothing and PostgreSQL need
/// not wait for the disk: a checkpoint is on disk only after them.
pub(in crate::proof) async fn grow(
    pool: &Pool,
    from: u64,
    to: u64,
    tiles: Vec<(At, Vec<Hash>)>,
) -> Result<bool, LogError> {
    let pool = pool.clone();
    to_the_end(async move {
        match &pool {
            Pool::Sqlite(db) => {
                let mut all = db.begin_with("BEGIN IMMEDIATE").await?;
                let moved = sqlx::query(MOVE).bind(number(to)).bind(number(from));
                if moved.execute(&mut *all).await?.rows_affected() != 1 {
                    all.rollback().await?;
                    return Ok(false);
                }
                for (at, hashes) in tiles {
                    let write = sqlx::query(WRITE).bind(i64::from(at.level)).bind(number(at.index));
                    write.bind(hashes.as_flattened()).execute(&mut *all).await?;
                }
                all.commit().await?;
            }
            Pool::Postgres(db) => {
                let mut all: Transaction<'_, sqlx::Postgres> = db.begin().await?;
                sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *all).await?;
                let moved = sqlx::query(MOVE).bind(number(to)).bind(number(from));
                if moved.execute(&mut *all).await?.rows_affected() != 1 {
                    all.rollback().await?;
                    return Ok(false);
                }
                for (at, hashes) in tiles {
                    let write = sqlx::query(WRITE).bind(i64::from(at.level)).bind(number(at.index));
                    write.bind(hashes.as_flattened()).execute(&mut *all).await?;
                }
                all.commit().await?;
            }
        }
        Ok(true)
    })
    .await
}
