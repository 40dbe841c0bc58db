//! Who is signed in, from which browser, and who failed to sign in. Everything is found by the
//! SHA-256 of what the browser holds.

use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// Whose session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) enum Whose {
    Staff,
    Citizen,
}

impl Whose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Citizen => "citizen",
        }
    }
}

/// A session as stored; microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Session {
    pub(in crate::accounts) hash: [u8; 32],
    pub(in crate::accounts) account: Uuid,
    /// The OpenID provider that vouched.
    pub(in crate::accounts) provider: Option<String>,
    /// A one-time code of ours is still needed.
    pub(in crate::accounts) code_pending: bool,
    pub(in crate::accounts) created_at: i64,
    pub(in crate::accounts) rotated_at: i64,
    pub(in crate::accounts) seen_at: i64,
}

pub(in crate::accounts) async fn begin(
    pool: &Pool,
    whose: Whose,
    session: &Session,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO sessions (session_hash, account_id, created_at, rotated_at, \
         seen_at, kind, provider, code_pending) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on_pool!(pool, db => {
        sqlx::query(SQL)
            .bind(session.hash.as_slice())
            .bind(session.account)
            .bind(session.created_at)
            .bind(session.rotated_at)
            .bind(session.seen_at)
            .bind(whose.as_str())
            .bind(session.provider.as_deref())
            .bind(i64::from(session.code_pending))
            .execute(db)
            .await
            .map(drop)
    })
}

/// The session of a hash, or the one that took its place after `grace`.
pub(in crate::accounts) async fn session(
    pool: &Pool,
    whose: Whose,
    hash: &[u8; 32],
    grace: i64,
) -> Result<Option<Session>, sqlx::Error> {
    const SQL: &str = "SELECT session_hash, account_id, created_at, rotated_at, seen_at, provider, \
         code_pending FROM sessions \
         WHERE (session_hash = $1 OR (previous_hash = $1 AND rotated_at > $2)) AND kind = $3";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(hash.as_slice()).bind(grace).bind(whose.as_str());
        let row = query.fetch_optional(db).await?;
        row.map(|row| {
            let hash: Vec<u8> = row.try_get(0)?;
            Ok(Session {
                hash: hash.try_into().map_err(|_| sqlx::Error::Decode("no SHA-256".into()))?,
                account: row.try_get(1)?,
                created_at: row.try_get(2)?,
                rotated_at: row.try_get(3)?,
                seen_at: row.try_get(4)?,
                provider: row.try_get(5)?,
                code_pending: row.try_get::<i64, _>(6)? != 0,
            })
        })
        .transpose()
    })
}

/// The code of ours was given.
pub(in crate::accounts) async fn code_given(
    pool: &Pool,
    hash: &[u8; 32],
) -> Result<(), sqlx::Error> {
    const SQL: &str = "UPDATE sessions SET code_pending = 0 WHERE session_hash = $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(hash.as_slice()).execute(db).await.map(drop))
}

/// Ends the sessions of an account that a provider vouched for.
pub(in crate::accounts) async fn end_vouched(
    pool: &Pool,
    account: Uuid,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND provider IS NOT NULL";
    on_pool!(pool, db => sqlx::query(SQL).bind(account).execute(db).await.map(drop))
}

/// Gives a session another hash; false if somebody else did so first.
pub(in crate::accounts) async fn rotate(
    pool: &Pool,
    old: &[u8; 32],
    new: &[u8; 32],
    now: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "UPDATE sessions SET session_hash = $1, previous_hash = $2, rotated_at = $3, \
         seen_at = $3 WHERE session_hash = $2";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(new.as_slice()).bind(old.as_slice()).bind(now);
        Ok(query.execute(db).await?.rows_affected() > 0)
    })
}

pub(in crate::accounts) async fn seen(
    pool: &Pool,
    hash: &[u8; 32],
    now: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "UPDATE sessions SET seen_at = $1 WHERE session_hash = $2";
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(now).bind(hash.as_slice()).execute(db).await.map(drop)
    })
}

pub(in crate::accounts) async fn end(pool: &Pool, hash: &[u8; 32]) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM sessions WHERE session_hash = $1 OR previous_hash = $1";
    on_pool!(pool, db => sqlx::query(SQL).bind(hash.as_slice()).execute(db).await.map(drop))
}

/// Ends every session of an account; how many. With `devices` its browsers are forgotten as well.
pub(in crate::accounts) async fn end_all(
    pool: &Pool,
    account: Uuid,
    devices: bool,
) -> Result<u64, sqlx::Error> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1";
    const DEVICES: &str = "DELETE FROM devices WHERE account_id = $1";
    on_pool!(pool, db => {
        if devices {
            sqlx::query(DEVICES).bind(account).execute(db).await?;
        }
        Ok(sqlx::query(SQL).bind(account).execute(db).await?.rows_affected())
    })
}

/// Removes sessions last seen, and failures last counted, before a moment.
pub(in crate::accounts) async fn tidy(pool: &Pool, before: i64) -> Result<(), sqlx::Error> {
    const SESSIONS: &str = "DELETE FROM sessions WHERE seen_at < $1";
    const FAILURES: &str = "DELETE FROM signin_failures WHERE last_at < $1";
    on_pool!(pool, db => {
        sqlx::query(SESSIONS).bind(before).execute(db).await?;
        sqlx::query(FAILURES).bind(before).execute(db).await.map(drop)
    })
}

/// The account a browser was used for.
pub(in crate::accounts) async fn device_of(
    pool: &Pool,
    hash: &[u8; 32],
) -> Result<Option<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT account_id FROM devices WHERE device_hash = $1";
    on_pool!(pool, db => {
        sqlx::query_scalar(SQL).bind(hash.as_slice()).fetch_optional(db).await
    })
}

pub(in crate::accounts) async fn insert_device(
    pool: &Pool,
    hash: &[u8; 32],
    account: Uuid,
    now: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO devices (device_hash, account_id, created_at) \
         VALUES ($1, $2, $3) ON CONFLICT (device_hash) DO NOTHING";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(hash.as_slice()).bind(account).bind(now);
        query.execute(db).await.map(drop)
    })
}

/// Failures in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::accounts) struct Failures {
    pub(in crate::accounts) count: i64,
    pub(in crate::accounts) last_at: i64,
}

pub(in crate::accounts) async fn failures(
    pool: &Pool,
    bucket: &[u8; 32],
) -> Result<Failures, sqlx::Error> {
    const SQL: &str = "SELECT failures, last_at FROM signin_failures WHERE bucket = $1";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(bucket.as_slice()).fetch_optional(db).await?;
        row.map_or(Ok(Failures::default()), |row| {
            Ok(Failures { count: row.try_get(0)?, last_at: row.try_get(1)? })
        })
    })
}

/// Counts one more, in one statement: two nodes never lose one.
pub(in crate::accounts) async fn put_failure(
    pool: &Pool,
    bucket: &[u8; 32],
    now: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO signin_failures (bucket, failures, last_at) VALUES ($1, 1, $2) \
         ON CONFLICT (bucket) DO UPDATE SET failures = signin_failures.failures + 1, \
         last_at = excluded.last_at";
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(bucket.as_slice()).bind(now).execute(db).await.map(drop)
    })
}

pub(in crate::accounts) async fn forget_failures(
    pool: &Pool,
    bucket: &[u8; 32],
) -> Result<(), sqlx::Error> {
    const SQL: &str = "DELETE FROM signin_failures WHERE bucket = $1";
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(bucket.as_slice()).execute(db).await.map(drop)
    })
}
