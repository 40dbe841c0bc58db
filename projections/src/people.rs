//! Whose cases are whose: the keyed hashes of the telephone numbers and e-mail addresses a case was
//! reported under. What they were cannot be read out of them, and they go when the person is erased.

use hoiam_domain::case::command::ErasedPart;
use hoiam_domain::case::identity::identities;
use hoiam_domain::case::{Case, Event};

use crate::change::Change;
use crate::table::{Column, Row, Table, Type, Value};

/// One row a case and identity.
pub static CASE_PEOPLE: Table = Table {
    name: "case_people",
    columns: &[
        Column("identity", Type::Uuid),
        Column("case_id", Type::Uuid),
        // 1, until it is erased.
        Column("known", Type::Int),
    ],
    key: 2,
    add: 1,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    match change.before {
        None => put(change, change.after, 1, rows),
        Some(before) if erased(change) => put(change, before, -1, rows),
        Some(_) => {}
    }
}

/// Whether this append erased who reported the case.
fn erased(change: &Change<'_>) -> bool {
    let contact = |event: &Event| match event {
        Event::Erased(erased) => {
            matches!(erased.what, ErasedPart::Contact | ErasedPart::Everything)
        }
        _ => false,
    };
    change.events.iter().any(|(event, _)| contact(event))
}

/// Parties that came with a merge are known by their own case.
fn put(change: &Change<'_>, case: &Case, known: i64, rows: &mut Vec<Row>) {
    let Some(reporter) = case.parties.first() else { return };
    for (kind, value) in identities(&reporter.contact) {
        let identity = change.veil.identity(kind.as_str(), &value);
        let values = vec![identity.into(), case.id.into(), Value::Int(known)];
        rows.push(Row { table: &CASE_PEOPLE, values });
    }
}
