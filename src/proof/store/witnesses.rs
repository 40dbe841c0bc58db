//! What witnesses cosigned, and what they said last.

use sqlx::Row;

use super::{count, number};
use crate::log::{LogError, Pool};
use crate::on_pool;

const ADD: &str = "INSERT INTO log_cosignatures (size, witness, lines, cosigned_at) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (size, witness) DO NOTHING";
const OF_SIZE: &str =
    "SELECT size, witness, lines FROM log_cosignatures WHERE size = $1 ORDER BY witness LIMIT 100";
const LATEST: &str = "SELECT size, witness, lines FROM log_cosignatures \
     WHERE size = (SELECT max(size) FROM log_cosignatures) ORDER BY witness LIMIT 100";
const AFTER: &str = "SELECT size, witness, lines FROM log_cosignatures \
     WHERE size > $1 ORDER BY size, witness LIMIT $2";
const COVERING: &str = "SELECT CAST(max(size) AS BIGINT) FROM log_cosignatures WHERE size >= $1";
const SAID: &str = "INSERT INTO log_witnesses (witness, size, objection, asked_at) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (witness) DO UPDATE SET size = excluded.size, \
     objection = excluded.objection, asked_at = excluded.asked_at";
const KNOWN: &str = "SELECT size FROM log_witnesses WHERE witness = $1";
const OBJECTION: &str =
    "SELECT objection FROM log_witnesses WHERE objection IS NOT NULL ORDER BY witness LIMIT 1";
const NAMES: &str = "SELECT witness FROM log_witnesses ORDER BY witness LIMIT 1000";
const FORGET: &str = "DELETE FROM log_witnesses WHERE witness = $1";

/// What a witness cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::proof) struct Cosigned {
    /// The size of the checkpoint.
    pub(in crate::proof) size: u64,
    /// The witness's verifier key.
    pub(in crate::proof) witness: String,
    /// Its lines of signature.
    pub(in crate::proof) lines: String,
}

/// Adds what a witness cosigned; `at` in seconds since 1970.
pub(in crate::proof) async fn add(pool: &Pool, new: &Cosigned, at: u64) -> Result<(), LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(ADD).bind(number(new.size)).bind(&new.witness);
        query.bind(&new.lines).bind(number(at)).execute(db).await?;
    });
    Ok(())
}

/// Reads rows of cosignatures.
macro_rules! cosigned {
    ($rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                let size: i64 = row.try_get(0)?;
                let (witness, lines) = (row.try_get(1)?, row.try_get(2)?);
                Ok(Cosigned { size: count(size), witness, lines })
            })
            .collect::<Result<Vec<_>, LogError>>()
    };
}

/// Who cosigned the checkpoint of a size.
pub(in crate::proof) async fn of_size(pool: &Pool, size: u64) -> Result<Vec<Cosigned>, LogError> {
    on_pool!(pool, db => {
        let rows = sqlx::query(OF_SIZE).bind(number(size)).fetch_all(db).await?;
        cosigned!(rows)
    })
}

/// Who cosigned the largest checkpoint that anybody cosigned.
pub(in crate::proof) async fn latest(pool: &Pool) -> Result<Vec<Cosigned>, LogError> {
    on_pool!(pool, db => {
        let rows = sqlx::query(LATEST).fetch_all(db).await?;
        cosigned!(rows)
    })
}

/// Cosignatures of checkpoints larger than a size, smallest first.
pub(in crate::proof) async fn after(
    pool: &Pool,
    size: Option<u64>,
    limit: u32,
) -> Result<Vec<Cosigned>, LogError> {
    let size = size.map_or(-1, number);
    on_pool!(pool, db => {
        let rows = sqlx::query(AFTER).bind(size).bind(i64::from(limit)).fetch_all(db).await?;
        cosigned!(rows)
    })
}

/// The size of the largest cosigned checkpoint that has at least so many events.
pub(in crate::proof) async fn covering(pool: &Pool, size: u64) -> Result<Option<u64>, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(COVERING).bind(number(size)).fetch_one(db).await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map(count))
    })
}

/// Notes what a witness said; `at` in microseconds since 1970.
pub(in crate::proof) async fn said(
    pool: &Pool,
    witness: &str,
    size: u64,
    objection: Option<&str>,
    at: i64,
) -> Result<(), LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(SAID).bind(witness).bind(number(size)).bind(objection);
        query.bind(at).execute(db).await?;
    });
    Ok(())
}

/// The size a witness knows, as far as this log knows.
pub(in crate::proof) async fn known(pool: &Pool, witness: &str) -> Result<u64, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(KNOWN).bind(witness).fetch_optional(db).await?;
        Ok(row.map(|row| row.try_get::<i64, _>(0)).transpose()?.map_or(0, count))
    })
}

/// What a witness objects to, if one does.
pub(in crate::proof) async fn objection(pool: &Pool) -> Result<Option<String>, LogError> {
    on_pool!(pool, db => {
        let row = sqlx::query(OBJECTION).fetch_optional(db).await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    })
}

/// Forgets what witnesses said that are asked no more.
pub(in crate::proof) async fn keep_only(pool: &Pool, asked: &[String]) -> Result<(), LogError> {
    let names: Vec<String> = on_pool!(pool, db => {
        let rows = sqlx::query(NAMES).fetch_all(db).await?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, sqlx::Error>>()?
    });
    for name in names.iter().filter(|name| !asked.contains(name)) {
        on_pool!(pool, db => {
            sqlx::query(FORGET).bind(name).execute(db).await?;
        });
    }
    Ok(())
}
