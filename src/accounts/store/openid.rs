//! Browsers on their way to a provider, and whose account a provider's subject is.

use hoiam_projections::table::{Column, Row as NewRow, Table, Type};
use jiff::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// A browser on its way: found only by all three.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct Attempt<'a> {
    pub(in crate::accounts) state: [u8; 32],
    pub(in crate::accounts) browser: [u8; 32],
    pub(in crate::accounts) provider: &'a str,
}

/// One that came back.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct Begun {
    pub(in crate::accounts) destination: String,
    pub(in crate::accounts) created_at: i64,
}

pub(in crate::accounts) async fn put_attempt(
    pool: &Pool,
    attempt: &Attempt<'_>,
    destination: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO openid_attempts \
         (state_hash, browser_hash, provider, destination, created_at) VALUES ($1, $2, $3, $4, $5)";
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(attempt.state.as_slice())
            .bind(attempt.browser.as_slice())
            .bind(attempt.provider)
            .bind(destination)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })
}

/// Takes a way away: it is good for once, on however many nodes. Another browser's stays.
pub(in crate::accounts) async fn take_attempt(
    pool: &Pool,
    attempt: &Attempt<'_>,
) -> Result<Option<Begun>, sqlx::Error> {
    const SQL: &str = "DELETE FROM openid_attempts \
         WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 \
         RETURNING destination, created_at";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL)
            .bind(attempt.state.as_slice())
            .bind(attempt.browser.as_slice())
            .bind(attempt.provider)
            .fetch_optional(db)
            .await?;
        row.map(|row| Ok(Begun { destination: row.try_get(0)?, created_at: row.try_get(1)? }))
            .transpose()
    })
}

/// Forgets browsers that did not come back.
pub(in crate::accounts) async fn tidy_attempts(
    pool: &Pool,
    before: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM openid_attempts WHERE created_at < $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(before).execute(db).await.map(drop))
}

static LINKS: Table = Table {
    name: "openid_links",
    columns: &[
        Column("identity", Type::Uuid),
        Column("account_id", Type::Uuid),
        Column("issuer", Type::Text),
        Column("created_at", Type::Int),
        Column("ended_at", Type::Int),
    ],
    key: 1,
    add: 0,
};

/// A subject of a provider and the account it signs in as.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct Link {
    pub(in crate::accounts) identity: Uuid,
    pub(in crate::accounts) account: Uuid,
    pub(in crate::accounts) issuer: String,
    pub(in crate::accounts) created_at: Timestamp,
    pub(in crate::accounts) ended_at: Option<Timestamp>,
}

impl Link {
    /// The row an append writes with its event.
    pub(in crate::accounts) fn row(&self) -> NewRow {
        NewRow {
            table: &LINKS,
            values: vec![
                self.identity.into(),
                self.account.into(),
                self.issuer.as_str().into(),
                self.created_at.into(),
                self.ended_at.into(),
            ],
        }
    }
}

/// The account a subject signs in as.
pub(in crate::accounts) async fn linked(
    pool: &Pool,
    identity: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    const SQL: &str =
        "SELECT account_id FROM openid_links WHERE identity = $1 AND ended_at IS NULL";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(identity).fetch_optional(db).await)
}

/// What an account is linked to.
pub(in crate::accounts) async fn links(
    pool: &Pool,
    account: Uuid,
) -> Result<Vec<Link>, sqlx::Error> {
    const SQL: &str = "SELECT identity, issuer, created_at FROM openid_links \
         WHERE account_id = $1 AND ended_at IS NULL ORDER BY created_at, identity LIMIT 100";
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).bind(account).fetch_all(db).await?;
        rows.into_iter().map(|row| Ok(Link {
            identity: row.try_get(0)?,
            account,
            issuer: row.try_get(1)?,
            created_at: super::instant(row.try_get(2)?),
            ended_at: None,
        })).collect()
    })
}

/// Whether a subject of a provider ever was linked to an account.
pub(in crate::accounts) async fn was_linked(
    pool: &Pool,
    account: Uuid,
    issuer: &str,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT count(*) FROM openid_links WHERE account_id = $1 AND issuer = $2";
    on_pool!(pool, db => {
        let found: i64 = sqlx::query_scalar(SQL).bind(account).bind(issuer).fetch_one(db).await?;
        Ok(found > 0)
    })
}
