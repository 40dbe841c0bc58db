//! Sums of rows ([`RollUp`]): made once of everything that was filled, a month at a time, and then
//! added to with every batch.

use hoiam_projections::facts::sums::{month_after, month_of};
use hoiam_projections::follower::RollUp;
use hoiam_projections::table::{Table, Value};
use sqlx::AssertSqlSafe;

use crate::log::Pool;
use crate::on_pool;
use crate::rebuild::RebuildError;
use crate::rebuild::buffer::{Batch, TableBatch};
use crate::rebuild::compare;
use crate::rebuild::target::{Target, beside};
use crate::rebuild::unit::Unit;

/// Makes the table anew and fills it. What is summed is complete and has its keys.
pub(super) async fn fill(
    pool: &Pool,
    target: &mut Target,
    sums: &'static RollUp,
) -> Result<(), RebuildError> {
    target.clean(&[sums.into]).await?;
    target.make(&[sums.into]).await?;
    let mut from = i64::MIN;
    while let Some(day) = first_day(pool, sums.of, from).await? {
        let month = month_of(day);
        let end = month_after(month);
        let ids = format!("SELECT {} FROM {}", quoted(sums.of, 1), quoted_beside(sums.of));
        let (days, id) = (quoted(sums.of, 0), quoted(sums.named, 0));
        let within = format!("{days} >= $1 AND {days} < $2");
        let of_ids = format!("{id} IN ({ids} WHERE {within})");
        let named = read(pool, sums.named, &of_ids, month, end).await?;
        let of = read(pool, sums.of, &within, month, end).await?;
        let named = named.iter().map(|values| (sums.named, values.as_slice()));
        let batch: Vec<_> =
            named.chain(of.iter().map(|values| (sums.of, values.as_slice()))).collect();
        let new = (sums.rows)(&batch).into_iter().map(|row| row.values).collect();
        let rows = TableBatch { table: sums.into, new, again: Vec::new() };
        target.write(&Batch { tables: vec![rows], position: 0 }, &[]).await?;
        from = end;
    }
    Ok(())
}

/// Adds to a batch what its rows add to the sums.
pub(super) fn add(units: &[Unit], batch: &mut Batch) {
    for sums in units.iter().filter_map(|unit| unit.roll_up()) {
        let rows: Vec<_> = batch
            .tables
            .iter()
            .flat_map(|of| of.new.iter().chain(&of.again).map(|row| (of.table, row.as_slice())))
            .collect();
        let added: Vec<Vec<Value>> = (sums.rows)(&rows).into_iter().map(|row| row.values).collect();
        if let Some(into) = batch.tables.iter_mut().find(|to| std::ptr::eq(to.table, sums.into)) {
            into.again.extend(added);
        }
    }
}

fn quoted(table: &Table, column: usize) -> String {
    format!("\"{}\"", table.columns[column].0)
}

fn quoted_beside(table: &Table) -> String {
    format!("\"{}\"", beside(table.name))
}

/// The first day at or after another that has rows.
async fn first_day(pool: &Pool, of: &Table, from: i64) -> Result<Option<i64>, sqlx::Error> {
    let (day, table) = (quoted(of, 0), quoted_beside(of));
    let sql = format!("SELECT {day} FROM {table} WHERE {day} >= $1 ORDER BY {day} LIMIT 1");
    on_pool!(pool, db => {
        sqlx::query_scalar(AssertSqlSafe(sql)).bind(from).fetch_optional(db).await
    })
}

/// The rows of a table beside that fit; `$1` and `$2` are days.
async fn read(
    pool: &Pool,
    table: &'static Table,
    condition: &str,
    from: i64,
    to: i64,
) -> Result<Vec<Vec<Value>>, sqlx::Error> {
    let columns: Vec<String> = (0..table.columns.len()).map(|at| quoted(table, at)).collect();
    let (columns, name) = (columns.join(", "), quoted_beside(table));
    let sql = format!("SELECT {columns} FROM {name} WHERE {condition}");
    on_pool!(pool, db => {
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(from).bind(to).fetch_all(db).await?;
        rows.iter().map(|row| compare::side(table, row, 0)).collect()
    })
}
