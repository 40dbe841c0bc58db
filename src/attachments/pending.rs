//! Files that were stored, or are about to be, and have no event yet, or one that was erased. A row is written before the
//! file and removed after the event, so whatever breaks off in between is found again without
//! looking through the store; and nothing is ever removed that was not written down here.

use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A file that may have no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pending {
    /// Its name.
    pub(super) stored: String,
    /// The case it is meant for.
    pub(super) case: Uuid,
}

/// Notes a file about to be stored.
pub(super) async fn add(pool: &Pool, file: &Pending, now: i64) -> Result<(), sqlx::Error> {
    const SQL: &str =
        "INSERT INTO attachments_pending (stored, case_id, created_at) VALUES ($1, $2, $3)";
    let (stored, case) = (file.stored.clone(), file.case);
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(stored).bind(case).bind(now).execute(db).await?;
    });
    Ok(())
}

/// Notes a file whose key was erased: the next round takes it.
pub(super) async fn add_erased(pool: &Pool, file: &Pending) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO attachments_pending (stored, case_id, created_at) \
         VALUES ($1, $2, 0) ON CONFLICT (stored) DO UPDATE SET created_at = 0";
    let (stored, case) = (file.stored.clone(), file.case);
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(stored).bind(case).execute(db).await?;
    });
    Ok(())
}

/// Forgets a file: it has its event, or is gone.
pub(super) async fn remove(pool: &Pool, stored: &str) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM attachments_pending WHERE stored = $1";
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(stored).execute(db).await?;
    });
    Ok(())
}

/// The oldest from before an instant, so many at most.
pub(super) async fn before(pool: &Pool, at: i64, most: i64) -> Result<Vec<Pending>, sqlx::Error> {
    const SQL: &str = "SELECT stored, case_id FROM attachments_pending WHERE created_at < $1 \
         ORDER BY created_at, stored LIMIT $2";
    let rows: Vec<(String, Uuid)> =
        on_pool!(pool, db => sqlx::query_as(SQL).bind(at).bind(most).fetch_all(db).await?);
    Ok(rows.into_iter().map(|(stored, case)| Pending { stored, case }).collect())
}
