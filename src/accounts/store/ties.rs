//! How citizens' accounts belong to people: by what is proven of them, and by the cases they
//! reported. A case whose tracking code was only shown belongs to whoever reported it.

use jiff::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// Rows of one account that are told: an account follows no more cases.
const MOST: i64 = 1_000;

/// The accounts something is proven of.
pub(crate) async fn accounts_of(pool: &Pool, identity: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT DISTINCT citizen_id FROM citizen_contacts WHERE identity = $1 \
         ORDER BY citizen_id LIMIT $2";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(identity).bind(MOST).fetch_all(db).await)
}

/// The accounts that reported a case.
pub(crate) async fn reported_with(pool: &Pool, case: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT citizen_id FROM citizen_cases WHERE case_id = $1 AND reported = 1 \
         ORDER BY citizen_id LIMIT $2";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(case).bind(MOST).fetch_all(db).await)
}

/// What is proven of an account, as keyed hashes.
pub(crate) async fn identities_of(pool: &Pool, account: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT DISTINCT identity FROM citizen_contacts WHERE citizen_id = $1 \
         ORDER BY identity LIMIT $2";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(account).bind(MOST).fetch_all(db).await)
}

/// The cases an account reported, at most `limit`.
pub(crate) async fn reported_by(
    pool: &Pool,
    account: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT case_id FROM citizen_cases WHERE citizen_id = $1 AND reported = 1 \
         ORDER BY case_id LIMIT $2";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(account).bind(limit).fetch_all(db).await)
}

/// When an account was made, also of one that was ended.
pub(crate) async fn made_at(pool: &Pool, account: Uuid) -> Result<Option<Timestamp>, sqlx::Error> {
    const SQL: &str = "SELECT created_at FROM citizens WHERE citizen_id = $1";
    on_pool!(pool, db => {
        let at: Option<i64> = sqlx::query_scalar(SQL).bind(account).fetch_optional(db).await?;
        Ok(at.map(super::instant))
    })
}

/// Whether there is such an account now.
pub(crate) async fn is_open(pool: &Pool, account: Uuid) -> Result<bool, sqlx::Error> {
    super::is_citizen(pool, account).await
}

/// Something proven of an account.
pub(crate) struct Proven {
    /// `email`, `phone` or `national_number`.
    pub(crate) kind: String,
    /// `mail`, or the provider that vouched.
    pub(crate) source: String,
    /// When last.
    pub(crate) at: Timestamp,
}

/// A session of an account.
pub(crate) struct Began {
    /// When it began.
    pub(crate) at: Timestamp,
    /// When it was last used.
    pub(crate) seen_at: Timestamp,
    /// The provider that vouched; none: a mail.
    pub(crate) provider: Option<String>,
}

/// A case in the list of an account.
pub(crate) struct Followed {
    /// Which.
    pub(crate) case: Uuid,
    /// Since when.
    pub(crate) at: Timestamp,
    /// They reported it.
    pub(crate) reported: bool,
}

/// Everything in the tables about an account but its id.
pub(crate) struct Held {
    pub(crate) proven: Vec<Proven>,
    pub(crate) sessions: Vec<Began>,
    pub(crate) cases: Vec<Followed>,
}

/// What is held about an account.
pub(crate) async fn held(pool: &Pool, account: Uuid) -> Result<Held, sqlx::Error> {
    const PROVEN: &str = "SELECT kind, source, verified_at FROM citizen_contacts \
         WHERE citizen_id = $1 ORDER BY kind, source, verified_at LIMIT $2";
    const SESSIONS: &str = "SELECT created_at, seen_at, provider FROM sessions \
         WHERE account_id = $1 AND kind = 'citizen' ORDER BY created_at LIMIT $2";
    const CASES: &str = "SELECT case_id, claimed_at, reported FROM citizen_cases \
         WHERE citizen_id = $1 ORDER BY claimed_at, case_id LIMIT $2";
    let instant = super::instant;
    on_pool!(pool, db => {
        let proven = sqlx::query(PROVEN).bind(account).bind(MOST).fetch_all(db).await?;
        let sessions = sqlx::query(SESSIONS).bind(account).bind(MOST).fetch_all(db).await?;
        let cases = sqlx::query(CASES).bind(account).bind(MOST).fetch_all(db).await?;
        let proven = proven.iter().map(|row| Ok(Proven {
            kind: row.try_get(0)?,
            source: row.try_get(1)?,
            at: instant(row.try_get(2)?),
        }));
        let sessions = sessions.iter().map(|row| Ok(Began {
            at: instant(row.try_get(0)?),
            seen_at: instant(row.try_get(1)?),
            provider: row.try_get(2)?,
        }));
        let cases = cases.iter().map(|row| Ok(Followed {
            case: row.try_get(0)?,
            at: instant(row.try_get(1)?),
            reported: row.try_get::<i64, _>(2)? != 0,
        }));
        Ok::<_, sqlx::Error>(Held {
            proven: proven.collect::<Result<_, sqlx::Error>>()?,
            sessions: sessions.collect::<Result<_, sqlx::Error>>()?,
            cases: cases.collect::<Result<_, sqlx::Error>>()?,
        })
    })
}
