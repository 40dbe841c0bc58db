//! Which cases were received in a stretch of time.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A case and when it was received, microseconds since 1970.
pub type ReceivedCase = (i64, Uuid);

/// The cases received from `from` until before `to` (microseconds), in order, after the last one
/// seen, at most `limit`. Sealed ones are left out: what is not counted tells nobody anything.
///
/// # Errors
/// When the database does not answer.
pub async fn received_cases(
    pool: &Pool,
    from: i64,
    to: i64,
    after: Option<ReceivedCase>,
    limit: i64,
) -> Result<Vec<ReceivedCase>, sqlx::Error> {
    const SQL: &str = "SELECT received_at, case_id FROM cases \
         WHERE received_at >= $1 AND received_at < $2 AND (received_at, case_id) > ($3, $4) \
         AND confidential = 0 \
         ORDER BY received_at, case_id LIMIT $5";
    let (last_at, last) = after.unwrap_or((i64::MIN, Uuid::nil()));
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(from).bind(to).bind(last_at).bind(last).bind(limit);
        let rows = query.fetch_all(db).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    })
}
