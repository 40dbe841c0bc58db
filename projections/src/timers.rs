//! What is to happen by itself and when: one row a case and timer. A timer the case no longer
//! wants is marked done; the shell reads only those that wait, by due time, so a tick costs what
//! is due and not what is open.

use hoiam_domain::case::clocks::{Timer, timers};
use uuid::Uuid;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a case and timer.
pub static TIMERS: Table = Table {
    name: "timers",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("name", Type::Text),
        Column("due_at", Type::Int),
        // 1 while it waits.
        Column("waiting", Type::Int),
    ],
    key: 2,
    add: 0,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    let before = change.before.map(timers).unwrap_or_default();
    let after = timers(change.after);
    for timer in &after {
        if !before.contains(timer) {
            rows.push(row(change.after.id, timer, true));
        }
    }
    for timer in &before {
        if !after.iter().any(|still| still.name == timer.name) {
            rows.push(row(change.after.id, timer, false));
        }
    }
}

fn row(case: Uuid, timer: &Timer, waiting: bool) -> Row {
    Row {
        table: &TIMERS,
        values: vec![case.into(), timer.name.clone().into(), timer.at.into(), waiting.into()],
    }
}
