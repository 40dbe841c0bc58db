//! Counts of cases by a group: one statement, the same on both databases.

use sqlx::Row;

use crate::log::Pool;
use crate::on_pool;
use crate::report::{By, Counts};

/// The statement for one column of `cases`. `open` and the closed ones leave out what was merged:
/// that is finished with the case it went into.
macro_rules! counted_by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            ", COUNT(*), \
             COUNT(*) FILTER (WHERE status <> 'merged' AND finished_at IS NULL), \
             COUNT(*) FILTER (WHERE status <> 'merged' AND finished_at <= answer_due), \
             COUNT(*) FILTER (WHERE status <> 'merged' AND finished_at > answer_due), \
             COUNT(*) FILTER (WHERE status <> 'merged' AND finished_at IS NOT NULL \
                              AND answer_due IS NULL), \
             COUNT(*) FILTER (WHERE returns > 0), \
             COUNT(*) FILTER (WHERE reopened > 0), \
             COUNT(*) FILTER (WHERE status = 'merged') \
             FROM cases WHERE received_at >= $1 AND received_at < $2 GROUP BY ",
            $column
        )
    };
}

fn sql(by: By) -> &'static str {
    match by {
        By::Agency => counted_by!("agency"),
        By::Sector => counted_by!("sector"),
        By::Channel => counted_by!("channel"),
        By::Category => counted_by!("category"),
        By::District => counted_by!("district"),
        By::Kind => counted_by!("kind"),
    }
}

/// The counts of the cases received from `from` until before `to` (microseconds), by code; without
/// an order. The code is none for cases that have none.
///
/// # Errors
/// When the database does not answer.
pub async fn counts(
    pool: &Pool,
    by: By,
    from: i64,
    to: i64,
) -> Result<Vec<(Option<String>, Counts)>, sqlx::Error> {
    on_pool!(pool, db => {
        let rows = sqlx::query(sql(by)).bind(from).bind(to).fetch_all(db).await?;
        rows.iter()
            .map(|row| {
                let counts = Counts {
                    received: row.try_get(1)?,
                    open: row.try_get(2)?,
                    closed_on_time: row.try_get(3)?,
                    closed_late: row.try_get(4)?,
                    closed_without_target: row.try_get(5)?,
                    returned: row.try_get(6)?,
                    reopened: row.try_get(7)?,
                    merged: row.try_get(8)?,
                };
                Ok((row.try_get(0)?, counts))
            })
            .collect()
    })
}
