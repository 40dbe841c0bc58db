//! Which timers are due.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// The case.
    pub case_id: Uuid,
    /// Its name inside the case.
    pub name: String,
    /// When it was due, microseconds since 1970.
    pub due_at: i64,
}

/// The timers due at `now` (microseconds), in order, after the last one seen, at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn due_timers(
    pool: &Pool,
    now: i64,
    after: Option<&DueTimer>,
    limit: i64,
) -> Result<Vec<DueTimer>, sqlx::Error> {
    const SQL: &str = "SELECT case_id, name, due_at FROM timers \
         WHERE waiting = 1 AND due_at <= $1 AND (due_at, case_id, name) > ($2, $3, $4) \
         ORDER BY due_at, case_id, name LIMIT $5";
    let (due_at, case_id, name) =
        after.map_or((i64::MIN, Uuid::nil(), ""), |t| (t.due_at, t.case_id, t.name.as_str()));
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL)
            .bind(now)
            .bind(due_at)
            .bind(case_id)
            .bind(name)
            .bind(limit)
            .fetch_all(db)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(DueTimer {
                    case_id: row.try_get(0)?,
                    name: row.try_get(1)?,
                    due_at: row.try_get(2)?,
                })
            })
            .collect()
    })
}
