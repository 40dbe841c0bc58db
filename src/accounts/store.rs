//! The tables of accounts, credentials, sessions and citizens. What follows from events is written in the
//! append of the event; the rest by statements here.

mod citizens;
mod credentials;
mod mail_links;
mod openid;
mod sessions;
pub(crate) mod ties;

pub use citizens::ClaimedCase;
pub(super) use citizens::{
    Contact, citizen_row, citizen_since, claim_row, claims, forget_citizen, is_citizen, is_claimed,
    own_case, own_cases, put_contacts,
};
pub(super) use credentials::{
    Credentials, code_row, codes, credentials, offer_code, password_row, reseal_code, use_code_step,
};
pub(super) use mail_links::{
    MailLink, count_failure, forget_links, link, links_sent, put_link, tidy_links, use_link,
};
pub(super) use openid::{
    Attempt, Link, linked, links, put_attempt, take_attempt, tidy_attempts, was_linked,
};
pub(super) use sessions::{
    Failures, Session, Whose, begin, code_given, device_of, end, end_all, end_vouched, failures,
    forget_failures, insert_device, put_failure, rotate, seen, session, tidy,
};

use hoiam_domain::accounts::Position;
use hoiam_domain::actor::Role;
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use hoiam_projections::table::{Column, Row, Table, Type};
use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, Type as SqlType};
use uuid::Uuid;

use crate::log::Pool;
use crate::on_pool;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Which account; its stream has the same id.
    pub id: Uuid,
    /// The sign-in name.
    pub login: String,
    /// What people call them.
    pub name: String,
    /// What they may do.
    pub position: Position,
    /// They may not sign in.
    pub disabled: bool,
    /// Since when there is the account.
    pub created_at: Timestamp,
}

/// Where people are listed; written by the append that says what they may do.
static ACCOUNTS: Table = Table {
    name: "accounts",
    columns: &[
        Column("account_id", Type::Uuid),
        Column("login", Type::Text),
        Column("name", Type::Text),
        Column("role", Type::Text),
        Column("agency", Type::Text),
        Column("focal_point", Type::Text),
        Column("disabled", Type::Int),
        Column("created_at", Type::Int),
    ],
    key: 1,
    add: 0,
};

impl Person {
    /// The row an append writes with its event.
    pub(super) fn row(&self) -> Row {
        let Position { role, agency, focal_point } = &self.position;
        Row {
            table: &ACCOUNTS,
            values: vec![
                self.id.into(),
                self.login.as_str().into(),
                self.name.as_str().into(),
                role.as_str().into(),
                agency.as_ref().map(AgencyCode::as_str).into(),
                focal_point.as_ref().map(FocalPointCode::as_str).into(),
                self.disabled.into(),
                self.created_at.into(),
            ],
        }
    }
}

const COLUMNS: &str = "account_id, login, name, role, agency, focal_point, disabled, created_at";

/// An account by id.
pub(super) async fn person(pool: &Pool, id: Uuid) -> Result<Option<Person>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE account_id = $1");
    on_pool!(pool, db => {
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db).await?;
        row.as_ref().map(read).transpose()
    })
}

/// Accounts whose sign-in name comes after another, in that order.
pub(super) async fn people(
    pool: &Pool,
    after: &str,
    limit: i64,
) -> Result<Vec<Person>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM accounts WHERE login > $1 ORDER BY login LIMIT $2");
    on_pool!(pool, db => {
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(after).bind(limit).fetch_all(db).await?;
        rows.iter().map(read).collect()
    })
}

/// How many administrators may sign in, another one than `but` among them.
pub(super) async fn other_administrators(pool: &Pool, but: Uuid) -> Result<i64, sqlx::Error> {
    const SQL: &str = "SELECT count(*) FROM accounts \
         WHERE role = 'administrator' AND disabled = 0 AND account_id <> $1";
    on_pool!(pool, db => sqlx::query_scalar(SQL).bind(but).fetch_one(db).await)
}

fn read<R>(row: &R) -> Result<Person, sqlx::Error>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + SqlType<R::Database>,
    for<'d> String: Decode<'d, R::Database> + SqlType<R::Database>,
    for<'d> Option<String>: Decode<'d, R::Database> + SqlType<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + SqlType<R::Database>,
{
    let role: String = row.try_get(3)?;
    let role: Role = role.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Person {
        id: row.try_get(0)?,
        login: row.try_get(1)?,
        name: row.try_get(2)?,
        position: Position {
            role,
            agency: row.try_get::<Option<String>, _>(4)?.map(AgencyCode::new),
            focal_point: row.try_get::<Option<String>, _>(5)?.map(FocalPointCode::new),
        },
        disabled: row.try_get::<i64, _>(6)? != 0,
        created_at: instant(row.try_get(7)?),
    })
}

/// Microseconds since 1970 as an instant.
fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}
