//! Rows on PostgreSQL: one array a column, unfolded by `unnest`; of a lone row, its plain values.

use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use uuid::Uuid;

use super::{Cell, Kind, Rows, quote};

impl Rows<'_> {
    /// `INSERT … SELECT $n::bigint, … FROM from …`, for a set of one row; `next` is the number of
    /// the first parameter and is moved behind the last.
    pub(crate) fn postgres_sql_one(&self, sql: &mut String, from: &str, next: &mut usize) {
        use std::fmt::Write;
        self.insert(sql);
        sql.push_str(" SELECT ");
        for (nr, (_, kind)) in self.columns.iter().enumerate() {
            let comma = if nr == 0 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{comma}${next}::{}", name(*kind));
            *next += 1;
        }
        sql.push_str(" FROM ");
        sql.push_str(from);
        self.on_conflict(sql);
    }

    /// Binds what [`Rows::postgres_sql_one`] numbered.
    pub(crate) fn postgres_bind_one<'q>(
        &'q self,
        mut query: Query<'q, Postgres, PgArguments>,
    ) -> Query<'q, Postgres, PgArguments> {
        let row = self.rows.first().map_or(&[][..], Vec::as_slice);
        for (nr, (_, kind)) in self.columns.iter().enumerate() {
            let cell = row.get(nr).unwrap_or(&Cell::Null);
            query = match kind {
                Kind::Text => query.bind(text(cell)),
                Kind::Int => query.bind(int(cell)),
                Kind::Uuid => query.bind(uuid(cell)),
                Kind::Bytes => query.bind(bytes(cell)),
            };
        }
        query
    }

    /// `INSERT … SELECT … FROM [from,] unnest($n::bigint[], …) …`; `next` is the number of the
    /// first parameter and is moved behind the last.
    pub(crate) fn postgres_sql(&self, sql: &mut String, from: &str, next: &mut usize) {
        use std::fmt::Write;
        self.insert(sql);
        sql.push_str(" SELECT ");
        self.names(sql, "u.", self.columns.iter());
        sql.push_str(" FROM ");
        sql.push_str(from);
        sql.push_str("unnest(");
        for (nr, (_, kind)) in self.columns.iter().enumerate() {
            let comma = if nr == 0 { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(sql, "{comma}${next}::{}[]", name(*kind));
            *next += 1;
        }
        sql.push_str(") AS u(");
        for (nr, (name, _)) in self.columns.iter().enumerate() {
            if nr > 0 {
                sql.push_str(", ");
            }
            quote(sql, name);
        }
        sql.push(')');
        self.on_conflict(sql);
    }

    /// Binds what [`Rows::postgres_sql`] numbered.
    pub(crate) fn postgres_bind<'q>(
        &'q self,
        mut query: Query<'q, Postgres, PgArguments>,
    ) -> Query<'q, Postgres, PgArguments> {
        for (nr, (_, kind)) in self.columns.iter().enumerate() {
            let cells = self.rows.iter().map(|row| row.get(nr).unwrap_or(&Cell::Null));
            query = match kind {
                Kind::Text => query.bind(cells.map(text).collect::<Vec<Option<&str>>>()),
                Kind::Int => query.bind(cells.map(int).collect::<Vec<Option<i64>>>()),
                Kind::Uuid => query.bind(cells.map(uuid).collect::<Vec<Option<Uuid>>>()),
                Kind::Bytes => query.bind(cells.map(bytes).collect::<Vec<Option<&[u8]>>>()),
            };
        }
        query
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Int => "bigint",
        Kind::Uuid => "uuid",
        Kind::Bytes => "bytea",
    }
}

// A value of another type than its column cannot get here: appends are checked when they come.

fn text<'a>(cell: &'a Cell<'_>) -> Option<&'a str> {
    if let Cell::Text(text) = cell { Some(text) } else { None }
}

fn int(cell: &Cell<'_>) -> Option<i64> {
    if let Cell::Int(number) = cell { Some(*number) } else { None }
}

fn uuid(cell: &Cell<'_>) -> Option<Uuid> {
    if let Cell::Uuid(id) = cell { Some(*id) } else { None }
}

fn bytes<'a>(cell: &'a Cell<'_>) -> Option<&'a [u8]> {
    if let Cell::Bytes(bytes) = cell { Some(bytes) } else { None }
}
