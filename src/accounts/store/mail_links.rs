//! Links sent by mail. Kept a day, to count how many an address got.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A link; microseconds since 1970.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct MailLink {
    /// Keyed hash of the address.
    pub(in crate::accounts) address: Uuid,
    /// Of the browser that asked.
    pub(in crate::accounts) browser: [u8; 32],
    /// Of the number it shows.
    pub(in crate::accounts) number: [u8; 32],
    pub(in crate::accounts) failures: i64,
    pub(in crate::accounts) created_at: i64,
}

/// How many links an address got since two moments.
pub(in crate::accounts) async fn links_sent(
    pool: &Pool,
    address: Uuid,
    soon: i64,
    day: i64,
) -> Result<(i64, i64), sqlx::Error> {
    const SQL: &str = "SELECT count(*) FILTER (WHERE created_at > $2), count(*) FROM mail_links \
         WHERE address = $1 AND created_at > $3";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(address).bind(soon).bind(day).fetch_one(db).await?;
        Ok((row.try_get(0)?, row.try_get(1)?))
    })
}

pub(in crate::accounts) async fn put_link(
    pool: &Pool,
    hash: &[u8; 32],
    link: &MailLink,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO mail_links \
         (token_hash, address, browser_hash, code_hash, failures, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(hash.as_slice())
            .bind(link.address)
            .bind(link.browser.as_slice())
            .bind(link.number.as_slice())
            .bind(link.failures)
            .bind(link.created_at)
            .execute(db)
            .await
            .map(drop)
    })
}

/// A link that was not used.
pub(in crate::accounts) async fn link(
    pool: &Pool,
    hash: &[u8; 32],
) -> Result<Option<MailLink>, sqlx::Error> {
    const SQL: &str = "SELECT address, browser_hash, code_hash, failures, created_at \
         FROM mail_links WHERE token_hash = $1 AND used_at IS NULL";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(hash.as_slice()).fetch_optional(db).await?;
        row.map(|row| {
            let hash = |bytes: Vec<u8>| {
                bytes.try_into().map_err(|_| sqlx::Error::Decode("no SHA-256".into()))
            };
            Ok(MailLink {
                address: row.try_get(0)?,
                browser: hash(row.try_get(1)?)?,
                number: hash(row.try_get(2)?)?,
                failures: row.try_get(3)?,
                created_at: row.try_get(4)?,
            })
        })
        .transpose()
    })
}

/// Counts a number that is tried; false when there were too many.
pub(in crate::accounts) async fn count_failure(
    pool: &Pool,
    hash: &[u8; 32],
    most: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "UPDATE mail_links SET failures = failures + 1 \
         WHERE token_hash = $1 AND failures < $2 AND used_at IS NULL";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(hash.as_slice()).bind(most).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Uses a link; false when it was used meanwhile, here or on another node.
pub(in crate::accounts) async fn use_link(
    pool: &Pool,
    hash: &[u8; 32],
    now: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str =
        "UPDATE mail_links SET used_at = $1 WHERE token_hash = $2 AND used_at IS NULL";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(now).bind(hash.as_slice()).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}

/// Forgets the links of an address.
pub(in crate::accounts) async fn forget_links(
    pool: &Pool,
    address: Uuid,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM mail_links WHERE address = $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(address).execute(db).await.map(drop))
}

/// Forgets links sent before a moment.
pub(in crate::accounts) async fn tidy_links(pool: &Pool, before: i64) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM mail_links WHERE created_at < $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(before).execute(db).await.map(drop))
}
