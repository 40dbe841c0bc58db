//! Questions about stored events that only a search for damage asks.

use sqlx::Row;

use super::{count, number};
use crate::log::{LogError, Pool};
use crate::on_pool;
use crate::proof::tree::Hash;

/// The first event of a stretch that does not follow its stream's event before, or stands twice.
const OUT_OF_ORDER: &str = "SELECT CAST(min(e.position) AS BIGINT) FROM events AS e \
     WHERE e.position > $1 AND e.position <= $2 AND ((e.version > 1 AND NOT EXISTS \
     (SELECT 1 FROM events AS p WHERE p.stream = e.stream AND p.version = e.version - 1 \
      AND p.position < e.position)) OR EXISTS \
     (SELECT 1 FROM events AS d WHERE d.stream = e.stream AND d.version = e.version \
      AND d.position < e.position))";
const WITH_LEAF: &str =
    "SELECT CAST(min(position) AS BIGINT) FROM events WHERE leaf_hash = $1 AND position <> $2";
const LAST: &str = "SELECT CAST(max(position) AS BIGINT) FROM events";
const LEAF_TILES: &str =
    "SELECT tile, hashes FROM log_tiles WHERE level = 0 AND tile >= $1 ORDER BY tile LIMIT 64";

/// The first event after a position and up to another whose version does not follow.
pub(in crate::proof) async fn out_of_order(
    pool: &Pool,
    after: u64,
    to: u64,
) -> Result<Option<u64>, LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(OUT_OF_ORDER).bind(number(after)).bind(number(to));
        Ok(query.fetch_one(db).await?.try_get::<Option<i64>, _>(0)?.map(count))
    })
}

/// Where else an event with this leaf hash stands.
pub(in crate::proof) async fn with_leaf(
    pool: &Pool,
    leaf: &Hash,
    besides: u64,
) -> Result<Option<u64>, LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(WITH_LEAF).bind(leaf.as_slice()).bind(number(besides));
        Ok(query.fetch_one(db).await?.try_get::<Option<i64>, _>(0)?.map(count))
    })
}

/// The largest position of any row.
pub(in crate::proof) async fn last(pool: &Pool) -> Result<u64, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(LAST).fetch_one(db).await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map_or(0, count))
    })
}

/// The index at which a leaf hash stands in the tree.
pub(in crate::proof) async fn index_of(pool: &Pool, leaf: &Hash) -> Result<Option<u64>, LogError> {
    let mut from = 0_i64;
    loop {
        let page: Vec<(i64, Vec<u8>)> = on_pool!(pool, db => {
            let rows = sqlx::query(LEAF_TILES).bind(from).fetch_all(db).await?;
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Result<_, sqlx::Error>>()?
        });
        let Some((last, _)) = page.last() else { return Ok(None) };
        from = last + 1;
        for (tile, hashes) in &page {
            if let Some(place) = hashes.as_chunks::<32>().0.iter().position(|hash| hash == leaf) {
                return Ok(Some(count(*tile) * 256 + place as u64));
            }
        }
    }
}
