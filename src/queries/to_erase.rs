//! Cases that are kept long enough.

use hoiam_domain::case::command::ErasedPart;
use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// What is asked.
#[derive(Clone, Debug)]
pub struct ToErase<'a> {
    /// The kind of case.
    pub kind: &'a str,
    /// Finished before, microseconds since 1970.
    pub before: i64,
    /// What is to be erased; cases of which it was are left out.
    pub what: ErasedPart,
}

const WHERE: &str = "FROM cases WHERE kind = $1 AND finished_at IS NOT NULL AND finished_at < $2 \
     AND coalesce(erased, '') <> 'everything' AND coalesce(erased, '') <> $3";

/// How many there are, and when the oldest of them was finished, microseconds since 1970.
///
/// # Errors
/// When the database does not answer.
pub async fn count_to_erase(
    pool: &Pool,
    asked: &ToErase<'_>,
) -> Result<(i64, Option<i64>), sqlx::Error> {
    let sql = format!("SELECT CAST(count(*) AS BIGINT), CAST(min(finished_at) AS BIGINT) {WHERE}");
    on_pool!(pool, db => {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(asked.kind).bind(asked.before);
        let row = query.bind(asked.what.as_str()).fetch_one(db).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    })
}

/// The first of them, the oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn cases_to_erase(
    pool: &Pool,
    asked: &ToErase<'_>,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    let sql = format!("SELECT case_id {WHERE} ORDER BY finished_at, case_id LIMIT $4");
    on_pool!(pool, db => {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(asked.kind).bind(asked.before);
        let rows = query.bind(asked.what.as_str()).bind(limit).fetch_all(db).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    })
}
