//! Follower: the coordinators' rulings, as precedents. A row a ruling with the print of the case's
//! text and how the case came to them, and a row a ruling and key under which it is looked up.
//!
//! A ruling that was undone stays, marked. Whether the case was merged away is asked of the list
//! of cases, which knows it now.

use hoiam_domain::case::stage::{ArbitrationCause, Stage};
use hoiam_domain::case::state::{Return, Undo};
use hoiam_domain::case::{Case, Event};
use hoiam_domain::nearby::{Print, WordHash, grounds};
use jiff::Timestamp;

use crate::change::Change;
use crate::duplicates::print;
use crate::follower::Follower;
use crate::table::{Column, Row, Table, Type, Value};

/// One row a ruling.
pub static PRECEDENTS: Table = Table {
    name: "precedents",
    columns: &[
        Column("case_id", Type::Uuid),
        // Of the event.
        Column("version", Type::Int),
        Column("agency", Type::Text),
        Column("ruled_at", Type::Int),
        // Why the coordinators had it: `unclear`, `returned` or `appeal`.
        Column("cause", Type::Text),
        // Agencies that had returned it, in order, with a blank between.
        Column("returned_by", Type::Text),
        // The agency the last of them named.
        Column("proposed", Type::Text),
        // Words and places, hashed with the key, as `Print` writes them.
        Column("words", Type::Text),
        Column("places", Type::Text),
        // 1 once the ruling was taken back.
        Column("undone", Type::Int),
    ],
    key: 2,
    add: 0,
};

/// One row a key a ruling is filed under.
pub static PRECEDENT_KEYS: Table = Table {
    name: "precedent_keys",
    columns: &[
        Column("key", Type::Int),
        Column("ruled_at", Type::Int),
        Column("case_id", Type::Uuid),
        Column("version", Type::Int),
    ],
    key: 3,
    add: 0,
};

static TABLES: &[&Table] = &[&PRECEDENTS, &PRECEDENT_KEYS];

/// The follower.
#[derive(Debug)]
pub struct Precedents;

impl Follower for Precedents {
    fn name(&self) -> &'static str {
        "precedents"
    }

    fn version(&self) -> u32 {
        2
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        if change.after.text.is_erased() {
            // Whoever erased it took its rows away.
            return;
        }
        let by = |word: &str| change.veil.print(word);
        for (event, meta) in change.events {
            match (event, change.before) {
                (Event::Ruled(ruled), Some(before)) => {
                    let ruling = Ruling {
                        version: meta.version,
                        agency: ruled.agency.to_string(),
                        at: meta.occurred_at,
                        stage: &before.work.stage,
                        returns: &before.work.returns,
                    };
                    let print = print(before, &by);
                    rows.push(ruling.row(before, &print, false));
                    rows.extend(ruling.keys(before, &print));
                }
                (Event::StepCorrected(_), Some(before)) => {
                    let undo = before.undo.as_ref().filter(|undo| undo.kind == RULED);
                    rows.extend(undo.and_then(|undo| undone(before, undo, &by)));
                }
                _ => {}
            }
        }
    }
}

const RULED: &str = "case.ruled";

/// The row of a ruling that is taken back. Everything of it is still in the state before.
fn undone(before: &Case, undo: &Undo, by: WordHash<'_>) -> Option<Row> {
    let ruling = Ruling {
        version: undo.first,
        agency: before.agency()?.to_string(),
        at: undo.at,
        stage: &undo.work.stage,
        returns: &undo.work.returns,
    };
    Some(ruling.row(before, &print(before, by), true))
}

struct Ruling<'a> {
    version: u64,
    agency: String,
    at: Timestamp,
    /// Before it.
    stage: &'a Stage,
    /// Before it.
    returns: &'a [Return],
}

impl Ruling<'_> {
    fn row(&self, case: &Case, print: &Print, undone: bool) -> Row {
        let (words, places) = print.written();
        let returned: Vec<&str> = self.returns.iter().map(|r| r.agency.as_str()).collect();
        let proposed = self.returns.last().and_then(|last| last.proposed.as_ref());
        let values = vec![
            case.id.into(),
            Value::Int(i64::try_from(self.version).unwrap_or(i64::MAX)),
            self.agency.clone().into(),
            self.at.into(),
            cause(self.stage).into(),
            returned.join(" ").into(),
            proposed.map(ToString::to_string).into(),
            words.into(),
            places.into(),
            undone.into(),
        ];
        Row { table: &PRECEDENTS, values }
    }

    fn keys(&self, case: &Case, print: &Print) -> Vec<Row> {
        let keys = grounds(print, case.work.found.as_ref(), self.returns);
        let version = i64::try_from(self.version).unwrap_or(i64::MAX);
        let row = |key: i64| Row {
            table: &PRECEDENT_KEYS,
            values: vec![key.into(), self.at.into(), case.id.into(), version.into()],
        };
        keys.into_iter().map(row).collect()
    }
}

/// Why the coordinators had the case. They may also rule on one that was never formally laid
/// before them.
const fn cause(stage: &Stage) -> &'static str {
    match stage {
        Stage::Arbitration(ArbitrationCause::Returned) => "returned",
        Stage::Arbitration(ArbitrationCause::Appeal) => "appeal",
        _ => "unclear",
    }
}
