//! What the read models know of people, and what is taken out of them when somebody is erased.

use sqlx::{AssertSqlSafe, Row as _};
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

const CASES: &str = "SELECT case_id FROM case_people WHERE identity = $1 AND known > 0 \
     ORDER BY case_id LIMIT $2";
const IDENTITIES: &str =
    "SELECT identity FROM case_people WHERE case_id = $1 AND known > 0 ORDER BY identity";
const RECEIVED: &str = "SELECT received_at, number FROM cases WHERE case_id = $1";
const FILLING: &str = "SELECT CAST(count(*) AS BIGINT) FROM projection_fills";

/// Tables of followers that hold something of what was written, by case.
const WORDS: &[&str] = &["duplicate_prints", "duplicate_keys", "precedents", "precedent_keys"];

/// The cases of an identity, at most `limit`.
pub(super) async fn cases_of(
    pool: &Pool,
    identity: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(CASES).bind(identity).bind(limit).fetch_all(db).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    })
}

/// The identities a case was reported under.
pub(super) async fn identities_of(pool: &Pool, case: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(IDENTITIES).bind(case).fetch_all(db).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    })
}

/// When a case was received, microseconds since 1970, and its number.
pub(super) async fn received(
    pool: &Pool,
    case: Uuid,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    on_pool!(pool, db => {
        let row = sqlx::query(RECEIVED).bind(case).fetch_optional(db).await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    })
}

/// Whether tables are being filled beside the served ones.
pub(crate) async fn is_filling(pool: &Pool) -> Result<bool, sqlx::Error> {
    let fills: i64 = on_pool!(pool, db => sqlx::query(FILLING).fetch_one(db).await?.try_get(0)?);
    Ok(fills > 0)
}

/// Takes what followers had made of a case's words out of their tables. Call it when they have
/// passed the event that erased it: they write nothing of it again.
pub(crate) async fn forget_words(pool: &Pool, case: Uuid) -> Result<(), sqlx::Error> {
    for table in WORDS {
        let sql = format!("DELETE FROM {table} WHERE case_id = $1");
        on_pool!(pool, db => {
            sqlx::query(AssertSqlSafe(sql)).bind(case).execute(db).await?;
        });
    }
    Ok(())
}

/// Cases that were erased and of whose words something is left, at most `limit`: an erasure was
/// broken off before its end. Reads all prints there are: for what is done when a server starts.
pub(crate) async fn left_over(pool: &Pool, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT c.case_id FROM duplicate_prints p JOIN cases c ON c.case_id = p.case_id \
         WHERE c.erased = 'everything' \
         UNION SELECT c.case_id FROM precedents p JOIN cases c ON c.case_id = p.case_id \
         WHERE c.erased = 'everything' LIMIT $1";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(limit).fetch_all(db).await)
}

/// Takes the identities of erased people out of their table.
pub(crate) async fn forget_identities(pool: &Pool) -> Result<(), sqlx::Error> {
    on_pool!(pool, db => {
        sqlx::query("DELETE FROM case_people WHERE known = 0").execute(db).await?;
    });
    Ok(())
}

/// Makes the database let go of the old versions of rows that were overwritten: what is left of
/// them in its files is wrapped by the master key, and this leaves less of it.
pub(crate) async fn scrub(pool: &Pool) -> Result<(), sqlx::Error> {
    match pool {
        Pool::Sqlite(db) => {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(db).await?;
        }
        Pool::Postgres(db) => {
            for table in ["stream_keys", "case_people", "case_texts"] {
                sqlx::query(AssertSqlSafe(format!("VACUUM {table}"))).execute(db).await?;
            }
        }
    }
    Ok(())
}
