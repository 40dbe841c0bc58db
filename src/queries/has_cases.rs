//! Whether there is any case.

use crate::log::Pool;
use crate::on_pool;

/// Whether the database holds a case.
///
/// # Errors
/// When the database does not answer.
pub async fn has_cases(pool: &Pool) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM cases LIMIT 1) AS one";
    let found: i64 = on_pool!(pool, db => sqlx::query_scalar(SQL).fetch_one(db).await?);
    Ok(found > 0)
}
