//! When something is to happen to a case by itself: one row a case, with the earliest of its
//! timers. The shell reads only those that wait, by due time, so a tick costs what is due and not
//! what is open; which timers of the case are due follows from its state.

use hoiam_domain::case::Case;
use hoiam_domain::case::clocks::timers;
use jiff::Timestamp;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a case that ever had a timer.
pub static TIMERS: Table = Table {
    name: "timers",
    columns: &[
        Column("case_id", Type::Uuid),
        // Null while nothing waits.
        Column("due_at", Type::Int),
    ],
    key: 1,
    add: 0,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    let after = earliest(change.after);
    if change.before.and_then(earliest) != after {
        rows.push(Row { table: &TIMERS, values: vec![change.after.id.into(), after.into()] });
    }
}

fn earliest(case: &Case) -> Option<Timestamp> {
    timers(case).into_iter().map(|timer| timer.at).min()
}
