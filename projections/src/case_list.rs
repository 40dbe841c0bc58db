//! The list of cases: what filters, sorting and counting need, one row a case; and which agencies
//! have a part in it.

use hoiam_domain::case::clocks::timers;
use hoiam_domain::case::ledger::holder;
use hoiam_domain::case::stage::Stage;
use hoiam_domain::case::{Case, CaseNumber};
use hoiam_domain::kinds::Clock;
use jiff::Timestamp;
use uuid::Uuid;

use crate::change::Change;
use crate::table::{Column, Row, Table, Type, Value};

/// One row a case.
pub static CASES: Table = Table {
    name: "cases",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("number", Type::Text),
        Column("version", Type::Int),
        Column("status", Type::Text),
        Column("holder", Type::Text),
        Column("kind", Type::Text),
        Column("channel", Type::Text),
        Column("sector", Type::Text),
        Column("category", Type::Text),
        Column("priority", Type::Text),
        Column("urgent", Type::Int),
        Column("confidential", Type::Int),
        Column("public", Type::Int),
        Column("agency", Type::Text),
        Column("focal_point", Type::Text),
        Column("handler", Type::Text),
        Column("accused", Type::Text),
        Column("district", Type::Text),
        Column("ward", Type::Text),
        Column("lat", Type::Int),
        Column("lon", Type::Int),
        Column("received_at", Type::Int),
        Column("updated_at", Type::Int),
        // When the citizen's clock stopped: the answer, or whatever ended the case.
        Column("finished_at", Type::Int),
        Column("answer_due", Type::Int),
        // The earliest deadline still running, and which clock it is.
        Column("next_due", Type::Int),
        Column("next_clock", Type::Text),
        Column("outcome", Type::Text),
        Column("rating", Type::Int),
        Column("returns", Type::Int),
        Column("reopened", Type::Int),
        Column("source_system", Type::Text),
        // What was erased of it: `contact`, `everything`.
        Column("erased", Type::Text),
        // The case it was merged into, with which it ends.
        Column("merged_into", Type::Uuid),
    ],
    key: 1,
    add: 0,
};

/// One row a case and agency that has or had a part in it.
pub static CASE_AGENCIES: Table = Table {
    name: "case_agencies",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("agency", Type::Text),
        // `lead`, `co`, or `past` once it has no part any more.
        Column("part", Type::Text),
    ],
    key: 2,
    add: 0,
};

pub(crate) fn rows(change: &Change<'_>, rows: &mut Vec<Row>) {
    rows.push(Row { table: &CASES, values: values(change.after) });
    let now = involved(change.after);
    let before = change.before.map(involved).unwrap_or_default();
    for (agency, part) in &now {
        if !before.contains(&(agency.clone(), part)) {
            rows.push(agency_row(change.after, agency, part));
        }
    }
    for (agency, _) in &before {
        if !now.iter().any(|(still, _)| still == agency) {
            rows.push(agency_row(change.after, agency, "past"));
        }
    }
}

/// Puts the case's number into rows made before it was known. No other row holds it.
pub fn renumber(rows: &mut [Row], number: &CaseNumber) {
    let Some(place) = CASES.columns.iter().position(|column| column.0 == "number") else { return };
    for row in rows.iter_mut().filter(|row| row.table == &CASES) {
        if let Some(value) = row.values.get_mut(place) {
            *value = number.to_string().into();
        }
    }
}

fn agency_row(case: &Case, agency: &str, part: &'static str) -> Row {
    Row { table: &CASE_AGENCIES, values: vec![case.id.into(), agency.into(), part.into()] }
}

fn involved(case: &Case) -> Vec<(String, &'static str)> {
    let lead = case.agency().map(|agency| (agency.to_string(), "lead"));
    let parts = case.work.parts.iter().map(|part| (part.agency.to_string(), "co"));
    lead.into_iter().chain(parts).collect()
}

fn text(value: Option<impl ToString>) -> Value {
    value.map(|value| value.to_string()).into()
}

/// Millionths of a degree.
fn microdegrees(degrees: Option<f64>) -> Value {
    #[allow(clippy::cast_possible_truncation, reason = "checked to be within ±180 on receipt")]
    degrees.map(|degrees| (degrees * 1e6).round() as i64).into()
}

fn values(case: &Case) -> Vec<Value> {
    let work = &case.work;
    let found = work.found.as_ref();
    let lead = work.lead.as_ref();
    let location = case.location.as_ref();
    let next = next_due(case);
    vec![
        case.id.into(),
        case.number.to_string().into(),
        Value::Int(i64::try_from(case.version).unwrap_or(i64::MAX)),
        work.stage.name().as_str().into(),
        holder(case).to_string().into(),
        case.kind().as_str().into(),
        case.channel.as_str().into(),
        text(found.and_then(|f| f.sector.as_ref())),
        text(found.and_then(|f| f.category.as_ref())),
        text(found.and_then(|f| f.priority)),
        found.is_some_and(|f| f.urgent).into(),
        case.confidential.into(),
        case.public.into(),
        text(lead.map(|l| &l.agency)),
        text(lead.and_then(|l| l.focal_point.as_ref())),
        text(lead.and_then(|l| l.handler.as_ref())),
        text(case.accused.as_ref()),
        text(found.and_then(|f| f.district.as_ref())),
        text(found.and_then(|f| f.ward.as_ref())),
        microdegrees(location.and_then(|l| l.lat)),
        microdegrees(location.and_then(|l| l.lon)),
        case.received_at.into(),
        case.last_at.into(),
        finished_at(case).into(),
        case.due(Clock::Answer).into(),
        next.map(|(due, _)| due).into(),
        text(next.map(|(_, clock)| clock)),
        text(work.resolution.as_ref().map(|r| r.outcome.as_str())),
        work.rating.map(i64::from).into(),
        Value::Int(i64::try_from(work.returns.len()).unwrap_or(i64::MAX)),
        i64::from(work.reopened).into(),
        text(case.source.as_ref().map(|s| &s.system)),
        case.erased.as_ref().map(|erased| erased.what.as_str()).into(),
        merged_into(case).into(),
    ]
}

fn merged_into(case: &Case) -> Option<Uuid> {
    match case.work.stage {
        Stage::Merged { into, .. } => Some(into),
        _ => None,
    }
}

/// When the citizen's clock stopped. A merged case is finished with the case that goes on, which its
/// row names.
fn finished_at(case: &Case) -> Option<Timestamp> {
    let answer = case.work.clocks.get(&Clock::Answer);
    answer.map_or(case.work.closed_at, |running| running.stopped)
}

/// The earliest deadline that still runs; none while the clocks stand still.
pub(crate) fn next_due(case: &Case) -> Option<(Timestamp, Clock)> {
    let standing = matches!(case.work.stage, Stage::WaitingCitizen { .. } | Stage::Merged { .. });
    if standing || (case.work.stage.name().is_over() && timers(case).is_empty()) {
        return None;
    }
    case.work
        .clocks
        .iter()
        .filter(|(_, running)| running.stopped.is_none())
        .map(|(clock, running)| (running.deadline.due, *clock))
        .min()
}
