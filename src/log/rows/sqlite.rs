//! Rows on SQLite: multi-row `VALUES` of a few fixed sizes, so that there are few statements and
//! each is prepared once. What a size has too many is filled with nulls and filtered out again.

use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;

use super::{Cell, Rows};

/// How many rows a statement takes at most.
pub(crate) const CHUNK: usize = 64;

/// The smallest size of statement that takes so many rows.
pub(crate) fn size(rows: usize) -> usize {
    [1, 4, 16].into_iter().find(|size| rows <= *size).unwrap_or(CHUNK)
}

impl Rows<'_> {
    /// `INSERT … SELECT … FROM (VALUES (?, …), …) WHERE …` for `size` rows; of a single row, which is
    /// never missing, its values, which saves a lone append the subquery.
    pub(crate) fn sqlite_sql(&self, sql: &mut String, size: usize) {
        use std::fmt::Write;
        self.insert(sql);
        if size == 1 {
            sql.push_str(" VALUES ");
            values(sql, self.columns.len(), 1);
            self.on_conflict(sql);
            sql.push(';');
            return;
        }
        sql.push_str(" SELECT ");
        for nr in 1..=self.columns.len() {
            let comma = if nr == 1 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{comma}column{nr}");
        }
        sql.push_str(" FROM (VALUES ");
        values(sql, self.columns.len(), size);
        sql.push_str(") WHERE column1 IS NOT NULL");
        self.on_conflict(sql);
        sql.push(';');
    }

    /// Binds the rows from `first` on, at most `size`, and nulls for those that are missing.
    pub(crate) fn sqlite_bind<'q>(
        &'q self,
        mut query: Query<'q, Sqlite, SqliteArguments>,
        first: usize,
        size: usize,
    ) -> Query<'q, Sqlite, SqliteArguments> {
        for nr in first..first + size {
            let row = self.rows.get(nr);
            for column in 0..self.columns.len() {
                query = bind(query, row.and_then(|row| row.get(column)).unwrap_or(&Cell::Null));
            }
        }
        query
    }
}

/// `(?, ?), (?, ?)`.
pub(crate) fn values(sql: &mut String, columns: usize, rows: usize) {
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            sql.push_str(if column == 0 { "?" } else { ", ?" });
        }
        sql.push(')');
    }
}

fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    cell: &'q Cell<'_>,
) -> Query<'q, Sqlite, SqliteArguments> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Text(text) => query.bind(text.as_ref()),
        Cell::Int(number) => query.bind(*number),
        Cell::Uuid(id) => query.bind(*id),
        Cell::Bytes(bytes) => query.bind(bytes.as_ref()),
    }
}
