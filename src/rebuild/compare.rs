//! Whether the rows filled beside are those that are served: counted by the database in one
//! statement, so all of one moment, and the first difference named.
//!
//! Cases that were appended to since the fill looked are left out, unless the fill is exactly as
//! far as what it is compared with.

mod question;

use hoiam_projections::table::{Table, Type, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row};
use uuid::Uuid;

use super::unit::Unit;
use crate::log::Pool;
use crate::on_pool;

/// What came out of comparing a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// The projection.
    pub projection: &'static str,
    /// Its table.
    pub table: &'static str,
    /// Rows the log gives.
    pub rows: u64,
    /// Rows that are not the same: stored otherwise, missing, or there without reason.
    pub different: u64,
    /// The first of them in the order of the key.
    pub first: Option<Difference>,
}

/// One row that is not what the log gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The values of the key.
    pub key: Vec<String>,
    /// The first column that differs; none if a whole row is missing or too many.
    pub column: Option<&'static str>,
    /// What is stored; `no row` if there is none. Text only as length and hash, for it may be
    /// somebody's words.
    pub stored: String,
    /// What the log gives.
    pub recomputed: String,
}

/// How one comparison went.
pub(crate) enum Outcome {
    Compared(Compared),
    /// What is compared with stands elsewhere.
    Moved,
}

/// Compares a table with the one beside it, which holds the rows up to `position`.
pub(crate) async fn table(
    pool: &Pool,
    unit: Unit,
    table: &'static Table,
    position: u64,
) -> Result<Outcome, sqlx::Error> {
    let question = question::Question::about(unit, table, position);
    let counted = on_pool!(pool, db => {
        let row = sqlx::query(AssertSqlSafe(question.count())).fetch_one(db).await?;
        [row.try_get::<i64, _>(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?]
    });
    let [served, stored, rows, same] = counted.map(|count| u64::try_from(count).unwrap_or(0));
    if !question.holds_at(served) {
        return Ok(Outcome::Moved);
    }
    let different = stored.max(rows) - same.min(stored.max(rows));
    let first = if different > 0 { first(pool, table, &question).await? } else { None };
    let (projection, table) = (unit.name(), table.name);
    Ok(Outcome::Compared(Compared { projection, table, rows, different, first }))
}

async fn first(
    pool: &Pool,
    table: &'static Table,
    question: &question::Question,
) -> Result<Option<Difference>, sqlx::Error> {
    on_pool!(pool, db => {
        let row = sqlx::query(AssertSqlSafe(question.first())).fetch_optional(db).await?;
        row.map(|row| difference(table, &row)).transpose()
    })
}

/// Reads a row of [`question::Question::first`]: whether each side is there, then both sides.
fn difference<R>(table: &'static Table, row: &R) -> Result<Difference, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + sqlx::Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + sqlx::Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + sqlx::Type<R::Database>,
{
    let columns = table.columns.len();
    let there = [row.try_get::<i64, _>(0)? == 1, row.try_get::<i64, _>(1)? == 1];
    let (stored, recomputed) = (side(table, row, 2)?, side(table, row, 2 + columns)?);
    let known = if there[0] { &stored } else { &recomputed };
    let key = known[..table.key].iter().map(plain).collect();
    let no_row = || "no row".to_owned();
    Ok(match there {
        [true, true] => {
            let at = (0..columns).find(|at| stored[*at] != recomputed[*at]).unwrap_or(0);
            Difference {
                key,
                column: Some(table.columns[at].0),
                stored: masked(&stored[at]),
                recomputed: masked(&recomputed[at]),
            }
        }
        [true, false] => {
            Difference { key, column: None, stored: "a row".to_owned(), recomputed: no_row() }
        }
        _ => Difference { key, column: None, stored: no_row(), recomputed: "a row".to_owned() },
    })
}

/// The values of a table's columns, from one of a row on.
pub(crate) fn side<R>(table: &Table, row: &R, first: usize) -> Result<Vec<Value>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + sqlx::Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + sqlx::Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + sqlx::Type<R::Database>,
{
    let mut values = Vec::with_capacity(table.columns.len());
    for (at, column) in (first..).zip(table.columns) {
        values.push(match column.1 {
            Type::Text => row.try_get::<Option<String>, _>(at)?.into(),
            Type::Int => row.try_get::<Option<i64>, _>(at)?.into(),
            Type::Uuid => row.try_get::<Option<Uuid>, _>(at)?.into(),
        });
    }
    Ok(values)
}

/// A value of a key: ids, codes, numbers.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uuid(id) => id.to_string(),
    }
}

/// A value without what a person may have said.
fn masked(value: &Value) -> String {
    use std::fmt::Write;
    let Value::Text(text) = value else { return plain(value) };
    let mut shown = format!("{} characters, sha256 ", text.chars().count());
    for byte in &Sha256::digest(text.as_bytes())[..6] {
        // Writing to a string cannot fail.
        let _ = write!(shown, "{byte:02x}");
    }
    shown
}
