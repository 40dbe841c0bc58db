//! Tables of read models and their rows, in the three types both databases store alike: text,
//! 64-bit integers and 16-byte ids. Instants are microseconds since 1970, truth values 0 or 1,
//! coordinates millionths of a degree.
//!
//! Rows are only ever written whole, by key, the newest winning, or, in the columns a table
//! [adds up](Table::add), the sum: a read model needs no other statement, so one writer serves all
//! tables on both databases.

use compact_str::CompactString;
use jiff::Timestamp;
use uuid::Uuid;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `TEXT` on both.
    Text,
    /// `BIGINT` on both.
    Int,
    /// `BLOB` of 16 bytes on SQLite, `UUID` on PostgreSQL.
    Uuid,
}

/// One column: its name and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(pub &'static str, pub Type);

/// A table a projection owns.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Name, the same in both migrations.
    pub name: &'static str,
    /// Columns in the order rows give their values.
    pub columns: &'static [Column],
    /// How many of the first columns form the primary key.
    pub key: usize,
    /// How many of the last columns are added to what is stored instead of replacing it: whole
    /// numbers, never null. A row whose added columns are all zero is as good as none: readers
    /// leave it out, and so do comparisons.
    pub add: usize,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// Text. Most are words of a few letters, which take no memory of their own.
    Text(CompactString),
    /// Integer.
    Int(i64),
    /// Id.
    Uuid(Uuid),
}

/// One row: replaces the row with the same key or is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it belongs.
    pub table: &'static Table,
    /// One value a column, in the table's order.
    pub values: Vec<Value>,
}

impl Row {
    /// The values that identify the row.
    pub fn key(&self) -> &[Value] {
        &self.values[..self.table.key.min(self.values.len())]
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Int(at.as_microsecond())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
