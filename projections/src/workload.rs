//! Follower: the open work of each agency, focal point and handler, with its deadlines. One row a
//! case and part in it; what is done is marked, and the index holds only what is open, so that a
//! figure costs what is open and not what ever was.

use hoiam_domain::case::Case;
use hoiam_domain::case::stage::StageName;

use crate::case_list::next_due;
use crate::change::Change;
use crate::follower::Follower;
use crate::table::{Column, Row, Table, Type, Value};

/// One row a case and part.
pub static WORKLOAD: Table = Table {
    name: "workload",
    columns: &[
        Column("case_id", Type::Uuid),
        // `lead`: the whole case, with its lead agency; `co`: a co-agency's part of it.
        Column("part", Type::Text),
        // Empty while no agency has it.
        Column("agency", Type::Text),
        // 1 until the work is done.
        Column("open", Type::Int),
        Column("focal_point", Type::Text),
        Column("handler", Type::Text),
        Column("accused", Type::Text),
        Column("confidential", Type::Int),
        // It waits for the citizen.
        Column("waiting", Type::Int),
        Column("urgent", Type::Int),
        // The earliest deadline that runs, of the case or of the part.
        Column("next_due", Type::Int),
    ],
    key: 3,
    add: 0,
};
const OPEN: usize = 3;

static TABLES: &[&Table] = &[&WORKLOAD];

/// The follower.
#[derive(Debug)]
pub struct Workload;

impl Follower for Workload {
    fn name(&self) -> &'static str {
        "workload"
    }

    fn version(&self) -> u32 {
        1
    }

    fn tables(&self) -> &'static [&'static Table] {
        TABLES
    }

    fn rows(&self, change: &Change<'_>, rows: &mut Vec<Row>) {
        let before = change.before.map(open).unwrap_or_default();
        let after = open(change.after);
        for row in &before {
            if !after.iter().any(|still| still.key() == row.key()) {
                let mut done = row.clone();
                done.values[OPEN] = Value::from(false);
                rows.push(done);
            }
        }
        rows.extend(after.into_iter().filter(|row| !before.contains(row)));
    }
}

/// The stages in which somebody still owes the citizen work or an answer.
pub const OPEN_STAGES: &[StageName] = &[
    StageName::Received,
    StageName::Classified,
    StageName::Arbitration,
    StageName::Dispatched,
    StageName::InProgress,
    StageName::WaitingCitizen,
    StageName::Resolved,
    StageName::Checked,
];

/// The rows of a case's open work.
fn open(case: &Case) -> Vec<Row> {
    let stage = case.work.stage.name();
    if !OPEN_STAGES.contains(&stage) {
        return Vec::new();
    }
    let lead = case.work.lead.as_ref();
    let agency = lead.map_or("", |lead| lead.agency.as_str());
    let focal_point = lead.and_then(|lead| lead.focal_point.as_ref()).map(ToString::to_string);
    let handler = lead.and_then(|lead| lead.handler.clone());
    let due = next_due(case).map(|(due, _)| due);
    let mut rows = vec![row(case, "lead", agency, focal_point, handler, due.into())];
    for part in case.work.parts.iter().filter(|part| part.finished_at.is_none()) {
        rows.push(row(case, "co", part.agency.as_str(), None, None, part.due.into()));
    }
    rows
}

fn row(
    case: &Case,
    part: &'static str,
    agency: &str,
    focal_point: Option<String>,
    handler: Option<String>,
    next_due: Value,
) -> Row {
    let urgent = case.work.found.as_ref().is_some_and(|found| found.urgent);
    let waiting = case.work.stage.name() == StageName::WaitingCitizen;
    let values = vec![
        case.id.into(),
        part.into(),
        agency.into(),
        true.into(),
        focal_point.into(),
        handler.into(),
        case.accused.as_ref().map(ToString::to_string).into(),
        case.confidential.into(),
        waiting.into(),
        urgent.into(),
        next_due,
    ];
    Row { table: &WORKLOAD, values }
}
