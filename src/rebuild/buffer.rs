//! Rows gathered in memory: of a key only what is last, so that a row that changes often is
//! written once.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashSet, HashTable};
use hoiam_projections::table::{Row, Table, Value};
use uuid::Uuid;

use super::unit::case_column;

/// The rows since the last batch.
#[derive(Debug)]
pub(crate) struct Buffer {
    tables: Vec<Gathered>,
    hasher: DefaultHashBuilder,
    bytes: usize,
    /// Cases received since the last batch: no row of theirs is written yet.
    received: HashSet<Uuid>,
    /// Nothing was ever written.
    first: bool,
}

#[derive(Debug)]
struct Gathered {
    table: &'static Table,
    rows: Vec<Vec<Value>>,
    /// Where in `rows` a key is, with its hash. The keys themselves are in the rows.
    places: HashTable<(u64, usize)>,
    /// The key column that says which case a row belongs to.
    owner: Option<usize>,
}

/// What is written at once.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) tables: Vec<TableBatch>,
    /// Everything up to here is in it or was written before.
    pub(crate) position: u64,
}

/// The rows of one table.
#[derive(Debug)]
pub(crate) struct TableBatch {
    pub(crate) table: &'static Table,
    /// Rows whose keys are certainly new.
    pub(crate) new: Vec<Vec<Value>>,
    /// Rows that may replace or add to written ones.
    pub(crate) again: Vec<Vec<Value>>,
}

impl Buffer {
    /// `first`: nothing was written yet of these tables.
    pub(crate) fn new(tables: impl Iterator<Item = &'static Table>, first: bool) -> Self {
        let gathered = |table| Gathered {
            table,
            rows: Vec::new(),
            places: HashTable::new(),
            owner: case_column(table).filter(|at| *at < table.key),
        };
        Self {
            tables: tables.map(gathered).collect(),
            hasher: DefaultHashBuilder::default(),
            bytes: 0,
            received: HashSet::new(),
            first,
        }
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn received(&mut self, case: Uuid) {
        self.received.insert(case);
    }

    pub(crate) fn put(&mut self, row: Row) {
        let Some(to) = self.tables.iter_mut().find(|to| std::ptr::eq(to.table, row.table)) else {
            return;
        };
        let (table, key) = (row.table, row.key());
        let hash = self.hasher.hash_one(key);
        let same = |(known, at): &(u64, usize)| *known == hash && to.rows[*at][..table.key] == *key;
        match to.places.entry(hash, same, |(hash, _)| *hash) {
            Entry::Occupied(place) => replace(table, &mut to.rows[place.get().1], row.values),
            Entry::Vacant(place) => {
                self.bytes += bytes(&row.values);
                place.insert((hash, to.rows.len()));
                to.rows.push(row.values);
            }
        }
    }

    /// Empties it.
    pub(crate) fn take(&mut self, position: u64) -> Batch {
        let mut tables = Vec::with_capacity(self.tables.len());
        for gathered in &mut self.tables {
            // The next batch needs as much room.
            gathered.places.clear();
            let room = Vec::with_capacity(gathered.rows.len());
            let mut rows = std::mem::replace(&mut gathered.rows, room);
            let (sums, columns) = (gathered.table.add, gathered.table.columns.len());
            if gathered.table.key + sums == columns {
                // Sums of nothing change nothing.
                rows.retain(|row| row[columns - sums..].iter().any(|sum| *sum != Value::Int(0)));
            }
            let is_new = |row: &Vec<Value>| match gathered.owner.map(|at| &row[at]) {
                _ if self.first => true,
                Some(Value::Uuid(case)) => self.received.contains(case),
                _ => false,
            };
            let (new, again) = rows.into_iter().partition(is_new);
            tables.push(TableBatch { table: gathered.table, new, again });
        }
        self.bytes = 0;
        self.first = false;
        self.received = HashSet::new();
        Batch { tables, position }
    }
}

/// The newer row in place of the older, its last columns added where the table says so.
fn replace(table: &Table, old: &mut Vec<Value>, mut new: Vec<Value>) {
    let first = new.len().saturating_sub(table.add);
    for (new, old) in new.iter_mut().zip(old.iter()).skip(first) {
        if let (Value::Int(new), Value::Int(old)) = (new, old) {
            *new = new.saturating_add(*old);
        }
    }
    *old = new;
}

fn bytes(values: &[Value]) -> usize {
    /// A value without its text, and its part of the vector and the map around it.
    const VALUE: usize = 32;
    let text = |value: &Value| if let Value::Text(text) = value { text.len() + 16 } else { 0 };
    64 + values.iter().map(|value| VALUE + text(value)).sum::<usize>()
}
