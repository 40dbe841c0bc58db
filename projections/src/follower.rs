//! Projections behind the log: the same pure shape as the inline ones, written later, each under
//! a checkpoint that moves in the transaction of its rows.
//!
//! A follower is shown one event at a time, so what it writes never depends on how appends were
//! grouped, nor on where a batch ended.

use crate::change::Change;
use crate::table::{Row, Table, Value};

/// A read model behind the log.
pub trait Follower: Sync {
    /// Its name: the key of its checkpoint, and what `hoiam projections` calls it.
    fn name(&self) -> &'static str;

    /// The version of its rows, from 1. Raise it when the rows for the same events change: it is
    /// then filled anew beside the old.
    fn version(&self) -> u32;

    /// The tables it owns; no other projection writes them.
    fn tables(&self) -> &'static [&'static Table];

    /// The rows for one event of a case: `change.events` always holds exactly one.
    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>);

    /// The table whose rows follow from those of its other tables, if it has one.
    fn roll_up(&self) -> Option<&'static RollUp> {
        None
    }
}

/// A table and the values of a row of it.
pub type RowOf<'a> = (&'static Table, &'a [Value]);

/// A table of sums of the rows of another: made of whole batches, since what it adds up to does not
/// depend on where a batch ends.
#[derive(Debug)]
pub struct RollUp {
    /// The table, which nothing else writes. All that is not its key is added.
    pub into: &'static Table,
    /// What it sums, whose key begins with a day and an id, days since 1970-01-01.
    pub of: &'static Table,
    /// What these ids stand for.
    pub named: &'static Table,
    /// The rows that follow from rows of the one and, of every id in them, of the other.
    pub rows: fn(&[RowOf<'_>]) -> Vec<Row>,
}

/// Every follower, in the order they are listed to people.
pub static FOLLOWERS: &[&dyn Follower] = &[
    &crate::facts::Facts,
    &crate::duplicates::Duplicates,
    &crate::precedents::Precedents,
    &crate::workload::Workload,
];
