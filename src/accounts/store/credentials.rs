//! What people prove with that they are who they say. What an event tells of is written as a row in
//! the append of the event; the rest by statements here.

use hoiam_projections::table::{Column, Row as NewRow, Table, Type, Value};
use sqlx::Row;
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// What is stored of an account's secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Credentials {
    /// Argon2id, as a PHC string.
    pub(in crate::accounts) password: String,
    /// It is a first password.
    pub(in crate::accounts) must_change: bool,
    /// Of one-time codes.
    pub(in crate::accounts) code_secret: Option<String>,
    /// One being set up.
    pub(in crate::accounts) code_offered: Option<String>,
    /// The last time step a code was taken of.
    pub(in crate::accounts) code_step: i64,
}

static PASSWORDS: Table = Table {
    name: "passwords",
    columns: &[
        Column("account_id", Type::Uuid),
        Column("password", Type::Text),
        Column("must_change", Type::Int),
    ],
    key: 1,
    add: 0,
};

/// Without the step: which codes were used stands, whatever else changes.
static CODES: Table = Table {
    name: "codes",
    columns: &[
        Column("account_id", Type::Uuid),
        Column("secret", Type::Text),
        Column("offered", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// A password instead of the one before.
pub(in crate::accounts) fn password_row(id: Uuid, hash: &str, must_change: bool) -> NewRow {
    NewRow { table: &PASSWORDS, values: vec![id.into(), hash.into(), must_change.into()] }
}

/// A secret of one-time codes in use, or none; none is offered any more.
pub(in crate::accounts) fn code_row(id: Uuid, secret: Option<&str>) -> NewRow {
    NewRow { table: &CODES, values: vec![id.into(), secret.into(), Value::Null] }
}

/// The credentials of an account.
pub(in crate::accounts) async fn credentials(
    pool: &Pool,
    id: Uuid,
) -> Result<Option<Credentials>, sqlx::Error> {
    const SQL: &str = "SELECT p.password, p.must_change, c.secret, c.offered, \
         CAST(coalesce(c.step, 0) AS BIGINT) \
         FROM passwords AS p LEFT JOIN codes AS c ON c.account_id = p.account_id \
         WHERE p.account_id = $1";
    on_pool!(pool, db => {
        let row = sqlx::query(SQL).bind(id).fetch_optional(db).await?;
        row.map(|row| {
            Ok(Credentials {
                password: row.try_get(0)?,
                must_change: row.try_get::<i64, _>(1)? != 0,
                code_secret: row.try_get(2)?,
                code_offered: row.try_get(3)?,
                code_step: row.try_get(4)?,
            })
        })
        .transpose()
    })
}

/// A secret of codes being set up.
pub(in crate::accounts) async fn offer_code(
    pool: &Pool,
    id: Uuid,
    secret: &str,
) -> Result<(), sqlx::Error> {
    const SQL: &str = "INSERT INTO codes (account_id, offered) VALUES ($1, $2) \
         ON CONFLICT (account_id) DO UPDATE SET offered = excluded.offered";
    on_pool!(pool, db => sqlx::query(SQL).bind(id).bind(secret).execute(db).await.map(drop))
}

/// An account, the secret of its codes, and one being set up.
type CodeRow = (Uuid, Option<String>, Option<String>);

/// Secrets of codes by account, a page after another.
pub(in crate::accounts) async fn codes(
    pool: &Pool,
    after: Option<Uuid>,
) -> Result<Vec<CodeRow>, sqlx::Error> {
    const SQL: &str = "SELECT account_id, secret, offered FROM codes \
         WHERE account_id > $1 ORDER BY account_id LIMIT 200";
    let after = after.unwrap_or(Uuid::nil());
    on_pool!(pool, db => {
        let rows = sqlx::query(SQL).bind(after).fetch_all(db).await?;
        rows.into_iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
            .collect()
    })
}

/// The same secret, sealed anew, unless another took its place.
pub(in crate::accounts) async fn reseal_code(
    pool: &Pool,
    account: Uuid,
    old: &str,
    new: &str,
) -> Result<(), sqlx::Error> {
    const SECRET: &str = "UPDATE codes SET secret = $1 WHERE account_id = $2 AND secret = $3";
    const OFFERED: &str = "UPDATE codes SET offered = $1 WHERE account_id = $2 AND offered = $3";
    on_pool!(pool, db => {
        for sql in [SECRET, OFFERED] {
            sqlx::query(sql).bind(new).bind(account).bind(old).execute(db).await?;
        }
        Ok(())
    })
}

/// Marks the time step of a code as used; false if it was already, here or on another node.
pub(in crate::accounts) async fn use_code_step(
    pool: &Pool,
    id: Uuid,
    step: i64,
) -> Result<bool, sqlx::Error> {
    const SQL: &str = "UPDATE codes SET step = $1 WHERE account_id = $2 AND step < $1";
    on_pool!(pool, db => {
        let done = sqlx::query(SQL).bind(step).bind(id).execute(db).await?;
        Ok(done.rows_affected() > 0)
    })
}
