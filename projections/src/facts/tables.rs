//! Where facts are written: each by itself for drilling down and for parts of days, and sums by
//! day and by what they are counted by, from which figures are read.

use std::collections::BTreeMap;

use hoiam_domain::case::Case;
use jiff::Timestamp;
use uuid::Uuid;

use super::measure::Measure;
use super::of::{Fact, Shared, shared_of};
use super::{duration, place};
use crate::change::Change;
use crate::table::{Column, Row, Table, Type, Value};

/// Days are those of Viet Nam, which has one zone without daylight saving: seven hours ahead.
pub const OFFSET_SECONDS: i64 = 7 * 3_600;
const DAY: i64 = 86_400_000_000;

/// The day of an instant, days since 1970-01-01.
pub fn day_of(at: Timestamp) -> i64 {
    (at.as_microsecond() + OFFSET_SECONDS * 1_000_000).div_euclid(DAY)
}

/// When a day begins, microseconds since 1970.
pub fn day_begins(day: i64) -> i64 {
    day.saturating_mul(DAY) - OFFSET_SECONDS * 1_000_000
}

/// The scope of sums over the whole city. Other scopes are agencies, and `-` for none.
pub const CITY: &str = "*";
/// The scope of what is charged to no agency.
pub const NO_AGENCY: &str = "-";

/// What facts are counted by: one row a combination. Empty texts stand for none.
pub static FACT_GROUPS: Table = Table {
    name: "fact_groups",
    columns: &[
        Column("group_id", Type::Uuid),
        Column("agency", Type::Text),
        Column("holder", Type::Text),
        Column("sector", Type::Text),
        Column("category", Type::Text),
        Column("district", Type::Text),
        Column("channel", Type::Text),
        Column("kind", Type::Text),
        Column("sealed", Type::Int),
    ],
    key: 1,
    add: 0,
};

/// Facts as they were added and taken back: a case has one as of a moment if what was recorded
/// by then sums to more than zero.
pub static CASE_FACTS: Table = Table {
    name: "case_facts",
    columns: &[
        Column("case_id", Type::Uuid),
        Column("recorded_at", Type::Int),
        Column("measure", Type::Text),
        Column("at", Type::Int),
        Column("group_id", Type::Uuid),
        Column("n", Type::Int),
        Column("seconds", Type::Int),
    ],
    key: 5,
    add: 2,
};

/// Receipts by place.
pub static PLACE_FACTS: Table = Table {
    name: "place_facts",
    columns: &[
        Column("place", Type::Uuid),
        Column("at", Type::Int),
        Column("case_id", Type::Uuid),
        Column("recorded_at", Type::Int),
        Column("group_id", Type::Uuid),
        Column("n", Type::Int),
    ],
    key: 5,
    add: 1,
};

/// Sums by day: a row a scope (an agency or the city), a dimension with its value, the day the
/// facts are of, and the day they were recorded on.
pub static DAILY_FACTS: Table = Table {
    name: "daily_facts",
    columns: &[
        Column("scope", Type::Text),
        Column("dimension", Type::Text),
        Column("day", Type::Int),
        Column("value", Type::Text),
        Column("sealed", Type::Int),
        Column("recorded_day", Type::Int),
        Column("received", Type::Int),
        Column("received_open", Type::Int),
        Column("received_on_time", Type::Int),
        Column("received_late", Type::Int),
        Column("received_without_target", Type::Int),
        Column("received_returned", Type::Int),
        Column("received_reopened", Type::Int),
        Column("received_merged", Type::Int),
        Column("resolved", Type::Int),
        Column("answered", Type::Int),
        Column("on_time", Type::Int),
        Column("late", Type::Int),
        Column("returned", Type::Int),
        Column("reopened", Type::Int),
        Column("merged", Type::Int),
        Column("running", Type::Int),
        // Of time late that is over.
        Column("late_seconds", Type::Int),
        // Of time late that goes on: less the seconds from 1970 to its beginning.
        Column("running_from", Type::Int),
    ],
    key: 6,
    add: 18,
};

/// Durations of stages by day, in buckets.
pub static DAILY_DURATIONS: Table = Table {
    name: "daily_durations",
    columns: &[
        Column("scope", Type::Text),
        Column("dimension", Type::Text),
        Column("day", Type::Int),
        Column("value", Type::Text),
        Column("sealed", Type::Int),
        Column("recorded_day", Type::Int),
        Column("stage", Type::Text),
        Column("bucket", Type::Int),
        Column("n", Type::Int),
        Column("seconds", Type::Int),
    ],
    key: 8,
    add: 2,
};

/// How many columns of [`DAILY_FACTS`] add up.
const SUMS: usize = 18;
/// A sum for every day, charged agency and holder; separately for what is sealed.
type Daily = BTreeMap<(i64, String, String, usize), [i64; SUMS]>;

/// Writes facts that are added (1) and taken back (−1).
pub(super) fn write(change: &Change<'_>, deltas: &[(i64, &Shared, &[Fact])], rows: &mut Vec<Row>) {
    let mut daily = Daily::new();
    let recorded_day = day_of(change.recorded_at);
    for (side, (sign, shared, facts)) in deltas.iter().enumerate() {
        for fact in *facts {
            let group = group(shared, fact, rows);
            rows.push(Row {
                table: &CASE_FACTS,
                values: vec![
                    change.after.id.into(),
                    change.recorded_at.into(),
                    fact.measure.as_str().into(),
                    fact.at.into(),
                    group.into(),
                    (*sign).into(),
                    (sign * fact.seconds).into(),
                ],
            });
            if let Measure::Stage(stage) = fact.measure {
                for mut key in keys(shared, fact, day_of(fact.at), recorded_day) {
                    key.extend([
                        stage.as_str().into(),
                        duration::bucket(fact.seconds).into(),
                        (*sign).into(),
                        (sign * fact.seconds).into(),
                    ]);
                    rows.push(Row { table: &DAILY_DURATIONS, values: key });
                }
                continue;
            }
            let agency = fact.agency.clone().unwrap_or_default();
            let key = (day_of(fact.at), agency, fact.holder.clone(), side);
            add(daily.entry(key).or_insert([0; SUMS]), fact, *sign);
        }
    }
    for ((day, agency, holder, side), sums) in daily {
        let Some((_, shared, _)) = deltas.get(side) else { continue };
        let charged = Fact {
            measure: Measure::Received,
            at: change.recorded_at,
            agency: Some(agency).filter(|agency| !agency.is_empty()),
            holder,
            seconds: 0,
        };
        for mut key in keys(shared, &charged, day, recorded_day) {
            key.extend(sums.iter().map(|sum| Value::Int(*sum)));
            rows.push(Row { table: &DAILY_FACTS, values: key });
        }
    }
}

/// Adds a fact to the sums, in the order of the columns.
fn add(sums: &mut [i64; SUMS], fact: &Fact, sign: i64) {
    let counts = Measure::COUNTS.iter().position(|measure| *measure == fact.measure);
    if let Some(sum) = counts.and_then(|at| sums.get_mut(at)) {
        *sum += sign;
    }
    match fact.measure {
        Measure::LateTime => sums[SUMS - 2] += sign * fact.seconds,
        Measure::Running => sums[SUMS - 1] += sign * fact.seconds,
        _ => {}
    }
}

/// The keys under which a fact is summed: for the city and for its agency, by each dimension. By
/// holder only what is charged to one.
fn keys(shared: &Shared, fact: &Fact, day: i64, recorded_day: i64) -> Vec<Vec<Value>> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let agency = text(&fact.agency);
    let scope = if agency.is_empty() { NO_AGENCY.to_owned() } else { agency.clone() };
    let mut dimensions = vec![
        ("", String::new()),
        ("agency", agency),
        ("sector", text(&shared.sector)),
        ("category", text(&shared.category)),
        ("district", text(&shared.district)),
        ("channel", shared.channel.as_str().to_owned()),
        ("kind", shared.kind.as_str().to_owned()),
    ];
    if !fact.holder.is_empty() {
        dimensions.push(("holder", fact.holder.clone()));
    }
    let mut keys = Vec::with_capacity(2 * dimensions.len());
    for scope in [CITY.to_owned(), scope] {
        for (dimension, value) in &dimensions {
            keys.push(vec![
                scope.clone().into(),
                (*dimension).into(),
                day.into(),
                value.clone().into(),
                shared.sealed.into(),
                recorded_day.into(),
            ]);
        }
    }
    keys
}

/// The name of what a fact is counted by, and the row that explains it.
fn group(shared: &Shared, fact: &Fact, rows: &mut Vec<Row>) -> Uuid {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parts = [
        text(&fact.agency),
        fact.holder.clone(),
        text(&shared.sector),
        text(&shared.category),
        text(&shared.district),
        shared.channel.as_str().to_owned(),
        shared.kind.as_str().to_owned(),
    ];
    let name = format!("{}\n{}", parts.join("\n"), shared.sealed);
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    let known =
        |row: &Row| row.table.name == FACT_GROUPS.name && row.values.first() == Some(&id.into());
    // Facts of one change mostly share it.
    if !rows.iter().rev().take(40).any(known) {
        let mut values: Vec<Value> = vec![id.into()];
        values.extend(parts.into_iter().map(Value::from));
        values.push(shared.sealed.into());
        rows.push(Row { table: &FACT_GROUPS, values });
    }
    id
}

/// Where the case was received, as long as it is a matter of its own.
pub(super) fn write_place(change: &Change<'_>, rows: &mut Vec<Row>) {
    let mut placed = |case: &Case| {
        let place = place::of(case)?;
        let agency = case.agency().map(ToString::to_string);
        let (measure, at, seconds) = (Measure::Received, case.received_at, 0);
        let fact = Fact { measure, at, agency, holder: String::new(), seconds };
        Some((place, at, group(&shared_of(case), &fact, rows)))
    };
    let (was, is) = (change.before.and_then(&mut placed), placed(change.after));
    if was == is {
        return;
    }
    for (sign, placed) in [(-1, was), (1, is)] {
        let Some((place, at, group)) = placed else { continue };
        rows.push(Row {
            table: &PLACE_FACTS,
            values: vec![
                place.into(),
                at.into(),
                change.after.id.into(),
                change.recorded_at.into(),
                group.into(),
                sign.into(),
            ],
        });
    }
}
