//! Which case a tracking code opens, and as whom. Only hashes of codes are stored.

use crate::change::Change;
use crate::table::{Column, Row, Table, Type};

/// One row a tracking code.
pub static TRACKING: Table = Table {
    name: "tracking",
    columns: &[
        // SHA-256 of the code, hexadecimal.
        Column("code_hash", Type::Text),
        Column("case_id", Type::Uuid),
        Column("party", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// A code belongs to the case it was given for, also while that is merged into another.
pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    if change.before.is_some() {
        return;
    }
    for party in &change.after.parties {
        rows.push(Row {
            table: &TRACKING,
            values: vec![
                party.tracking_hash.clone().into(),
                change.after.id.into(),
                party.id.clone().into(),
            ],
        });
    }
}
