//! What happened to a case, in sentences.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Version of the event.
    pub version: i64,
    /// When it happened, microseconds since 1970.
    pub occurred_at: i64,
    /// The citizen may see it.
    pub public: bool,
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// The lines of a case after a version, oldest first, at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn timeline(
    pool: &Pool,
    case_id: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<TimelineRow>, sqlx::Error> {
    const SQL: &str = "SELECT version, occurred_at, public, vi, en FROM timeline \
         WHERE case_id = $1 AND version > $2 ORDER BY version LIMIT $3";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(case_id).bind(after).bind(limit);
        let rows = query.fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                Ok(TimelineRow {
                    version: row.try_get(0)?,
                    occurred_at: row.try_get(1)?,
                    public: row.try_get::<i64, _>(2)? != 0,
                    vi: row.try_get(3)?,
                    en: row.try_get(4)?,
                })
            })
            .collect()
    })
}
