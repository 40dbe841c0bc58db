//! Which cases have a timer that is due.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A case with a timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueCase {
    /// The case.
    pub case_id: Uuid,
    /// When the earliest of its timers was due, microseconds since 1970.
    pub due_at: i64,
}

/// The cases with a timer due at `now` (microseconds), in order, after the last one seen, at most
/// `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn due_cases(
    pool: &Pool,
    now: i64,
    after: Option<&DueCase>,
    limit: i64,
) -> Result<Vec<DueCase>, sqlx::Error> {
    const SQL: &str = "SELECT case_id, due_at FROM timers \
         WHERE due_at IS NOT NULL AND due_at <= $1 AND (due_at, case_id) > ($2, $3) \
         ORDER BY due_at, case_id LIMIT $4";
    let (due_at, case_id) = after.map_or((i64::MIN, Uuid::nil()), |t| (t.due_at, t.case_id));
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL)
            .bind(now)
            .bind(due_at)
            .bind(case_id)
            .bind(limit)
            .fetch_all(db)
            .await?;
        rows.iter()
            .map(|row| Ok(DueCase { case_id: row.try_get(0)?, due_at: row.try_get(1)? }))
            .collect()
    })
}
