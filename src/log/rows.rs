//! One writer for rows of any table, on both databases: a statement takes a whole set of rows, so
//! what a transaction costs in round trips does not depend on how many rows it writes.

use std::borrow::Cow;
use std::collections::HashMap;

use hoiam_projections::table::{Row, Table, Type, Value};
use uuid::Uuid;

pub(crate) mod postgres;
pub(crate) mod sqlite;

/// What a column holds: the types of read models, and bytes for the log's own tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Int,
    Uuid,
    Bytes,
}

impl From<Type> for Kind {
    fn from(kind: Type) -> Self {
        match kind {
            Type::Text => Self::Text,
            Type::Int => Self::Int,
            Type::Uuid => Self::Uuid,
        }
    }
}

/// One value to write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cell<'a> {
    Null,
    Text(Cow<'a, str>),
    Int(i64),
    Uuid(Uuid),
    Bytes(Cow<'a, [u8]>),
}

impl<'a> From<&'a Value> for Cell<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Int(number) => Self::Int(*number),
            Value::Uuid(id) => Self::Uuid(*id),
        }
    }
}

impl From<Option<Uuid>> for Cell<'_> {
    fn from(id: Option<Uuid>) -> Self {
        id.map_or(Self::Null, Self::Uuid)
    }
}

/// Rows of one table.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    /// The table's name.
    pub(crate) table: Cow<'a, str>,
    /// Its columns, the key first; the first one is never null.
    pub(crate) columns: Vec<(&'static str, Kind)>,
    /// How many columns form the key, if a row replaces the one with the same key; otherwise
    /// such a row is an error.
    pub(crate) replace: Option<usize>,
    /// How many of the last columns are added to those of the row replaced.
    pub(crate) add: usize,
    /// One value a column each. No key twice.
    pub(crate) rows: Vec<Vec<Cell<'a>>>,
}

/// Groups rows of read models by table, in the order tables are met; of two rows with one key the
/// last stays, with the sum of both in columns that add up. Where all columns but the key add up,
/// a row of zeros changes nothing and is left out.
pub(crate) fn group<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Rows<'a>> {
    let mut sets: Vec<Rows<'a>> = Vec::new();
    let mut at: HashMap<(&'static str, &'a [Value]), (usize, usize)> = HashMap::new();
    for row in rows {
        let mut cells: Vec<Cell<'a>> = row.values.iter().map(Cell::from).collect();
        if let Some(&(set, place)) = at.get(&(row.table.name, row.key())) {
            let known = &mut sets[set].rows[place];
            add_up(&mut cells, known, row.table.add);
            *known = cells;
            continue;
        }
        let set = sets.iter().position(|set| set.table == row.table.name).unwrap_or_else(|| {
            sets.push(Rows::of(row.table));
            sets.len() - 1
        });
        at.insert((row.table.name, row.key()), (set, sets[set].rows.len()));
        sets[set].rows.push(cells);
    }
    for set in &mut sets {
        if set.add > 0 && set.replace.is_some_and(|key| key + set.add == set.columns.len()) {
            let add = set.add;
            set.rows.retain(|row| row.iter().rev().take(add).any(|cell| *cell != Cell::Int(0)));
        }
    }
    sets.retain(|set| !set.rows.is_empty());
    sets
}

/// Adds the last `add` values of `known` to those of `cells`.
fn add_up(cells: &mut [Cell<'_>], known: &[Cell<'_>], add: usize) {
    for (cell, known) in cells.iter_mut().zip(known).rev().take(add) {
        if let (Cell::Int(cell), Cell::Int(known)) = (cell, known) {
            *cell = cell.saturating_add(*known);
        }
    }
}

impl Rows<'_> {
    /// No rows yet of a read model's table.
    pub(crate) fn of(table: &'static Table) -> Self {
        Self {
            table: Cow::Borrowed(table.name),
            columns: table.columns.iter().map(|column| (column.0, column.1.into())).collect(),
            replace: Some(table.key),
            add: table.add,
            rows: Vec::new(),
        }
    }

    /// `INSERT INTO "table" ("a", "b")`, the same text on both databases.
    fn insert(&self, sql: &mut String) {
        sql.push_str("INSERT INTO ");
        quote(sql, &self.table);
        sql.push_str(" (");
        self.names(sql, "", self.columns.iter());
        sql.push(')');
    }

    /// What happens to a row whose key is taken, the same text on both databases.
    fn on_conflict(&self, sql: &mut String) {
        let Some(key) = self.replace else { return };
        sql.push_str(" ON CONFLICT (");
        self.names(sql, "", self.columns.iter().take(key));
        if self.columns.len() <= key {
            sql.push_str(") DO NOTHING");
            return;
        }
        sql.push_str(") DO UPDATE SET ");
        for (nr, (name, _)) in self.columns.iter().enumerate().skip(key) {
            if nr > key {
                sql.push_str(", ");
            }
            quote(sql, name);
            sql.push_str(" = ");
            if nr + self.add >= self.columns.len() {
                quote(sql, &self.table);
                sql.push('.');
                quote(sql, name);
                sql.push_str(" + ");
            }
            sql.push_str("excluded.");
            quote(sql, name);
        }
    }

    fn names<'n>(
        &self,
        sql: &mut String,
        prefix: &str,
        columns: impl Iterator<Item = &'n (&'static str, Kind)>,
    ) {
        for (nr, (name, _)) in columns.enumerate() {
            if nr > 0 {
                sql.push_str(", ");
            }
            sql.push_str(prefix);
            quote(sql, name);
        }
    }
}

/// Names come from code, never from outside; quoted so that a column may be called `from`.
fn quote(sql: &mut String, name: &str) {
    sql.push('"');
    sql.push_str(name);
    sql.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoiam_projections::table::Column;

    static TABLE: Table = Table {
        name: "t",
        columns: &[Column("id", Type::Uuid), Column("n", Type::Int)],
        key: 1,
        add: 0,
    };
    static SUMS: Table = Table {
        name: "s",
        columns: &[Column("id", Type::Uuid), Column("n", Type::Int)],
        key: 1,
        add: 1,
    };

    fn row(id: u128, n: i64) -> Row {
        Row { table: &TABLE, values: vec![Uuid::from_u128(id).into(), n.into()] }
    }

    #[test]
    fn last_row_of_a_key_stays() {
        let rows = [row(1, 1), row(2, 2), row(1, 3)];
        let sets = group(rows.iter());
        assert_eq!(sets.len(), 1);
        assert_eq!(sets[0].rows.len(), 2);
        assert_eq!(sets[0].rows[0][1], Cell::Int(3));
    }

    #[test]
    fn columns_that_add_up_are_summed() {
        let rows = [1, 2, 4].map(|n| Row { table: &SUMS, values: row(7, n).values });
        let sets = group(rows.iter());
        assert_eq!(sets[0].rows, vec![vec![Cell::Uuid(Uuid::from_u128(7)), Cell::Int(7)]]);
        let nothing = [3, -3].map(|n| Row { table: &SUMS, values: row(7, n).values });
        assert!(group(nothing.iter()).is_empty());
        let mut sql = String::new();
        sets[0].on_conflict(&mut sql);
        let wanted = r#" ON CONFLICT ("id") DO UPDATE SET "n" = "s"."n" + excluded."n""#;
        assert_eq!(sql, wanted);
    }
}
