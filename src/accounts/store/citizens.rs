//! Citizens with an account, what is proven to be theirs, and the cases they follow.

use hoiam_projections::table::{Column, Row as NewRow, Table, Type};
use jiff::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

static CITIZENS: Table = Table {
    name: "citizens",
    columns: &[
        Column("citizen_id", Type::Uuid),
        Column("created_at", Type::Int),
        Column("closed_at", Type::Int),
    ],
    key: 1,
    add: 0,
};

static CASES: Table = Table {
    name: "citizen_cases",
    columns: &[
        Column("citizen_id", Type::Uuid),
        Column("case_id", Type::Uuid),
        Column("party", Type::Text),
        Column("claimed_at", Type::Int),
        Column("reported", Type::Int),
    ],
    key: 2,
    add: 0,
};

/// The row an append writes with the event: since when there is the account, and until when.
pub(in crate::accounts) fn citizen_row(
    id: Uuid,
    (since, until): (Timestamp, Option<Timestamp>),
) -> NewRow {
    NewRow { table: &CITIZENS, values: vec![id.into(), since.into(), until.into()] }
}

/// Since when there is an account, if there is.
pub(in crate::accounts) async fn citizen_since(
    pool: &Pool,
    id: Uuid,
) -> Result<Option<Timestamp>, sqlx::Error> {
    const SQL: &str = "SELECT created_at FROM citizens WHERE citizen_id = $1 AND closed_at IS NULL";
    on_pool!(pool, db => {
        let since: Option<i64> = sqlx::query_scalar(SQL).bind(id).fetch_optional(db).await?;
        Ok(since.map(super::instant))
    })
}

/// Takes away what an account is known by, and which cases it followed.
pub(in crate::accounts) async fn forget_citizen(
    pool: &Pool,
    citizen: Uuid,
) -> Result<(), sqlx::Error> {
    const CASES: &str = "DELETE FROM citizen_cases WHERE citizen_id = $1";
    // Last: by these it is found when this has to be done again.
    const CONTACTS: &str = "DELETE FROM citizen_contacts WHERE citizen_id = $1";
    on_pool!(pool, db => {
        for sql in [CASES, CONTACTS] {
            sqlx::query(sql).bind(citizen).execute(db).await?;
        }
        Ok(())
    })
}

/// Whether there is such an account.
pub(in crate::accounts) async fn is_citizen(pool: &Pool, id: Uuid) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT count(*) FROM citizens WHERE citizen_id = $1 AND closed_at IS NULL";
    on_pool!(pool, db => {
        let found: i64 = sqlx::query_scalar(SQL).bind(id).fetch_one(db).await?;
        Ok(found > 0)
    })
}

/// Something proven to be theirs: `email`, `phone` or `national_number`, as its keyed hash.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct Contact {
    pub(in crate::accounts) kind: &'static str,
    pub(in crate::accounts) identity: Uuid,
}

/// What a source says now, instead of what it said before: a number given up is no longer theirs.
pub(in crate::accounts) async fn put_contacts(
    pool: &Pool,
    citizen: Uuid,
    source: &str,
    contacts: &[Contact],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    const PUT: &str = "INSERT INTO citizen_contacts \
         (citizen_id, kind, identity, source, verified_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (citizen_id, kind, identity, source) \
         DO UPDATE SET verified_at = excluded.verified_at";
    const FORGET: &str = "DELETE FROM citizen_contacts \
         WHERE citizen_id = $1 AND source = $2 AND verified_at < $3";
    let now = now.as_microsecond();
    on_pool!(pool, db => {
        for contact in contacts {
            sqlx::query(PUT)
                .bind(citizen)
                .bind(contact.kind)
                .bind(contact.identity)
                .bind(source)
                .bind(now)
                .execute(db)
                .await?;
        }
        sqlx::query(FORGET).bind(citizen).bind(source).bind(now).execute(db).await.map(drop)
    })
}

/// A case of somebody, and as which of its parties they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedCase {
    /// Which.
    pub id: Uuid,
    /// The party of it they are; empty: its first one.
    pub party: String,
}

/// The row an append writes with the event; `reported`: by them, and not only shown its code.
pub(in crate::accounts) fn claim_row(
    citizen: Uuid,
    (case, reported): (&ClaimedCase, bool),
    now: Timestamp,
) -> NewRow {
    let values = vec![
        citizen.into(),
        case.id.into(),
        case.party.as_str().into(),
        now.into(),
        i64::from(reported).into(),
    ];
    NewRow { table: &CASES, values }
}

/// How many they follow.
pub(in crate::accounts) async fn claims(pool: &Pool, citizen: Uuid) -> Result<i64, sqlx::Error> {
    const SQL: &str = "SELECT count(*) FROM citizen_cases WHERE citizen_id = $1";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(citizen).fetch_one(db).await)
}

/// The cases of an account: those claimed, as the party of the code; and those reported under a mail
/// address or telephone number that is proven to be theirs, as their first party (no name of one).
/// Sealed ones only by their code: whoever typed a wrong address into those must harm nobody.
const OWN: &str = "SELECT case_id, party FROM citizen_cases WHERE citizen_id = $1 \
     UNION ALL SELECT p.case_id, '' FROM citizen_contacts AS o \
     JOIN case_people AS p ON p.identity = o.identity AND p.known > 0 \
     JOIN cases AS c ON c.case_id = p.case_id AND c.confidential = 0 \
     WHERE o.citizen_id = $1 AND o.kind IN ('email', 'phone')";

/// One of them.
pub(in crate::accounts) async fn own_case(
    pool: &Pool,
    citizen: Uuid,
    case: Uuid,
) -> Result<Option<ClaimedCase>, sqlx::Error> {
    let sql = format!(
        "SELECT case_id, max(party) FROM ({OWN}) AS own WHERE case_id = $2 GROUP BY case_id"
    );
    on_pool!(pool, db => {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(citizen).bind(case);
        let row = query.fetch_optional(db).await?;
        row.map(|row| Ok(ClaimedCase { id: row.try_get(0)?, party: row.try_get(1)? })).transpose()
    })
}

/// Whether they follow a case by its code.
pub(in crate::accounts) async fn is_claimed(
    pool: &Pool,
    citizen: Uuid,
    case: Uuid,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "SELECT count(*) FROM citizen_cases WHERE citizen_id = $1 AND case_id = $2";
    on_pool!(pool, db => {
        let found: i64 = sqlx::query_scalar(SQL).bind(citizen).bind(case).fetch_one(db).await?;
        Ok(found > 0)
    })
}

/// A page of them. Ids of cases sort by time; the newest first.
pub(in crate::accounts) async fn own_cases(
    pool: &Pool,
    citizen: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ClaimedCase>, sqlx::Error> {
    let sql = format!(
        "SELECT case_id, max(party) FROM ({OWN}) AS own WHERE case_id < $2 \
         GROUP BY case_id ORDER BY case_id DESC LIMIT $3"
    );
    let before = before.unwrap_or(Uuid::max());
    on_pool!(pool, db => {
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(citizen).bind(before).bind(limit);
        let rows = query.fetch_all(db).await?;
        rows.into_iter()
            .map(|row| Ok(ClaimedCase { id: row.try_get(0)?, party: row.try_get(1)? }))
            .collect()
    })
}
