//! The group of the sealed stream, and who read what is sealed.

use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// Who of the group may act now: coordinators whose account is in use.
macro_rules! acting {
    ($($column:literal)*) => {
        concat!(
            "SELECT ", $($column,)*
            " FROM seal_members m JOIN accounts a ON a.account_id = m.account_id \
             WHERE m.member = 1 AND a.disabled = 0 AND a.role = 'coordinator'"
        )
    };
}

/// Whether an account belongs to the group and the group can act: with fewer than `least` members
/// who may sign in as coordinators nobody can, for one alone is no group.
///
/// # Errors
/// When the database does not answer.
pub async fn in_seal_group(pool: &Pool, account: Uuid, least: i64) -> Result<bool, sqlx::Error> {
    const SQL: &str = acting!(
        "CAST(coalesce(sum(CASE WHEN m.account_id = $1 THEN 1 ELSE 0 END), 0) AS BIGINT), "
        "CAST(count(*) AS BIGINT)"
    );
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(account).fetch_one(db).await?;
        let (own, all): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(own > 0 && all >= least)
    })
}

/// A line of the readings: an event of one. Instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the columns of the table")]
pub struct RevealRow {
    pub case_id: Uuid,
    pub version: i64,
    pub number: String,
    pub what: String,
    pub request: Option<i64>,
    pub fields: String,
    pub reason: Option<String>,
    pub actor_id: String,
    pub role: String,
    pub at: i64,
}

/// A place in the readings.
pub type RevealAfter = (i64, Uuid, i64);

/// Who asked for, allowed, refused and read what, the oldest first, after a place; each with
/// whether its case is one that everybody on the desk knows of: neither sealed nor unheard of.
///
/// # Errors
/// When the database does not answer.
pub async fn reveals(
    pool: &Pool,
    after: Option<RevealAfter>,
    limit: i64,
) -> Result<Vec<(RevealRow, bool)>, sqlx::Error> {
    const SQL: &str = "SELECT r.case_id, r.version, r.number, r.what, r.request, r.fields, r.reason, \
         r.actor_id, r.role, r.at, CAST(coalesce(c.confidential, 1) AS BIGINT) \
         FROM reveals r LEFT JOIN cases c ON c.case_id = r.case_id \
         WHERE (r.at, r.case_id, r.version) > ($1, $2, $3) \
         ORDER BY r.at, r.case_id, r.version LIMIT $4";
    let (at, id, version) = after.unwrap_or((i64::MIN, Uuid::nil(), 0));
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(at).bind(id).bind(version).bind(limit);
        let rows = query.fetch_all(db).await?;
        rows.iter().map(|row| Ok((read(row)?, row.try_get::<i64, _>(10)? == 0))).collect()
    })
}

/// Cases of which something was asked, decided or read at an instant, at most 10,000.
///
/// # Errors
/// When the database does not answer.
pub async fn revealed_at(pool: &Pool, at: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT DISTINCT case_id FROM reveals WHERE at = $1 LIMIT 10000";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(at).fetch_all(db).await)
}

/// Whether a number is that of a case everybody on the desk knows of: a sealed one is nobody's to
/// tell from one that is not there.
///
/// # Errors
/// When the database does not answer.
pub async fn is_open_number(pool: &Pool, number: &str) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT confidential FROM cases WHERE number = $1";
    on_pool!(pool, db => {
        let sealed: Option<i64> = sqlx::query_scalar(SQL).bind(number).fetch_optional(db).await?;
        Ok(sealed == Some(0))
    })
}

fn read<R>(row: &R) -> Result<RevealRow, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    Ok(RevealRow {
        case_id: row.try_get(0)?,
        version: row.try_get(1)?,
        number: row.try_get(2)?,
        what: row.try_get(3)?,
        request: row.try_get(4)?,
        fields: row.try_get(5)?,
        reason: row.try_get(6)?,
        actor_id: row.try_get(7)?,
        role: row.try_get(8)?,
        at: row.try_get(9)?,
    })
}

/// Whether an account is listed as a member.
///
/// # Errors
/// When the database does not answer.
pub async fn has_seal_row(pool: &Pool, account: Uuid) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT member FROM seal_members WHERE account_id = $1";
    on_pool!(pool, db => {
        let member: Option<i64> = sqlx::query_scalar(SQL).bind(account).fetch_optional(db).await?;
        Ok(member == Some(1))
    })
}

/// Streams of the group and of readings, in the order of their ids, after one. Reads the whole log:
/// for what is done once, after an import.
///
/// # Errors
/// When the database does not answer.
pub async fn sealed_streams(
    pool: &Pool,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    const SQL: &str = "SELECT DISTINCT stream FROM events \
         WHERE (kind LIKE 'seal_group.%' OR kind LIKE 'reveal.%') AND stream > $1 \
         ORDER BY stream LIMIT $2";
    on_pool!(pool, db => {
        sqlx::query_scalar(SQL).bind(after).bind(limit).fetch_all(db).await
    })
}

/// Notes whether an account belongs to the group, as the last event says.
///
/// # Errors
/// When the database does not answer.
pub async fn put_member(
    pool: &Pool,
    account: Uuid,
    member: bool,
    since: i64,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO seal_members (account_id, member, since) VALUES ($1, $2, $3) \
         ON CONFLICT (account_id) DO UPDATE SET member = excluded.member, since = excluded.since";
    on_pool!(pool, db => {
        sqlx::query(SQL).bind(account).bind(i64::from(member)).bind(since).execute(db).await?;
    });
    Ok(())
}

/// Notes a line of the readings, unless it is there.
///
/// # Errors
/// When the database does not answer.
pub async fn put_reveal(pool: &Pool, row: &RevealRow) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO reveals (case_id, version, number, what, request, fields, reason, \
         actor_id, role, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (case_id, version) DO NOTHING";
    on_pool!(pool, db => {
        let query = sqlx::query(SQL).bind(row.case_id).bind(row.version).bind(&row.number);
        let query = query.bind(&row.what).bind(row.request).bind(&row.fields).bind(&row.reason);
        query.bind(&row.actor_id).bind(&row.role).bind(row.at).execute(db).await?;
    });
    Ok(())
}
