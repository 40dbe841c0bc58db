//! The table of mails waiting. A row goes when its mail went, or came too late.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A mail waiting; microseconds since 1970.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) id: Uuid,
    pub(super) sealed: String,
    pub(super) attempts: i64,
    pub(super) gives_up_at: i64,
}

/// Adds one, if fewer than `most` wait.
pub(super) async fn put(
    pool: &Pool,
    waiting: &Waiting,
    now: i64,
    most: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "INSERT INTO mails (mail_id, sealed, attempts, next_at, gives_up_at) \
         SELECT $1, CAST($2 AS TEXT), 0, CAST($3 AS BIGINT), CAST($4 AS BIGINT) \
         WHERE (SELECT count(*) FROM mails) < $5";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL)
            .bind(waiting.id)
            .bind(&waiting.sealed)
            .bind(now)
            .bind(waiting.gives_up_at)
            .bind(most)
            .execute(db)
            .await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Those to be tried now, the oldest first.
pub(super) async fn due(pool: &Pool, now: i64, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    const SQL: &str = "SELECT mail_id, sealed, attempts, gives_up_at FROM mails \
         WHERE next_at <= $1 ORDER BY next_at, mail_id LIMIT $2";
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).bind(now).bind(limit).fetch_all(db).await?;
        rows.into_iter().map(|row| Ok(Waiting {
            id: row.try_get(0)?,
            sealed: row.try_get(1)?,
            attempts: row.try_get(2)?,
            gives_up_at: row.try_get(3)?,
        })).collect()
    })
}

/// Some of those waiting, by id, from after one.
pub(super) async fn page(
    pool: &Pool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    const SQL: &str =
        "SELECT mail_id, sealed FROM mails WHERE mail_id > $1 ORDER BY mail_id LIMIT $2";
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).bind(after).bind(limit).fetch_all(db).await?;
        rows.into_iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    })
}

/// Takes one to be tried, until `next`; false if somebody else did.
pub(super) async fn lease(pool: &Pool, waiting: &Waiting, next: i64) -> Result<bool, sqlx::Error> {
    const SQL: &str = "UPDATE mails SET attempts = attempts + 1, next_at = $1 \
         WHERE mail_id = $2 AND attempts = $3";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(next).bind(waiting.id).bind(waiting.attempts);
        Ok(query.execute(db).await?.rows_affected() > 0)
    })
}

/// It went, or never will.
pub(super) async fn done(pool: &Pool, id: Uuid) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM mails WHERE mail_id = $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(id).execute(db).await.map(drop))
}
