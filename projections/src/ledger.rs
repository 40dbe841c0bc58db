//! Who held each case when: the ledger by holder, one row a stretch of time.

use hoiam_domain::case::ledger::Entry;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a case and stretch, numbered from 1.
pub static LEDGER: Table = Table {
    name: "ledger",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("seq", Type::Int),
        Column("holder", Type::Text),
        Column("from_at", Type::Int),
        Column("to_at", Type::Int),
    ],
    key: 2,
    add: 0,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    let before: &[Entry] = change.before.map_or(&[], |case| case.ledger.entries());
    for (at, entry) in change.after.ledger.entries().iter().enumerate() {
        if before.get(at) == Some(entry) {
            continue;
        }
        rows.push(Row {
            table: &LEDGER,
            values: vec![
                change.after.id.into(),
                i64::try_from(at + 1).unwrap_or(i64::MAX).into(),
                entry.holder.to_string().into(),
                entry.from.into(),
                entry.to.into(),
            ],
        });
    }
}
