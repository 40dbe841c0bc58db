//! Where facts are written: each by itself for drilling down and for parts of days, and sums by
//! day and by what they are counted by, from which figures are read.

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

/// Sums by day: a row for what is counted by the same, the day the facts are of, and the day they
/// were recorded on.
pub static DAILY_FACTS: Table = Table {
    name: "daily_facts",
    columns: &[
        Column("day", Type::Int),
        Column("group_id", Type::Uuid),
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
    key: 3,
    add: SUMS,
};

/// Durations of stages by day, in buckets.
pub static DAILY_DURATIONS: Table = Table {
    name: "daily_durations",
    columns: &[
        Column("day", Type::Int),
        Column("group_id", Type::Uuid),
        Column("recorded_day", Type::Int),
        Column("stage", Type::Text),
        Column("bucket", Type::Int),
        Column("n", Type::Int),
    ],
    key: 5,
    add: 1,
};

/// How many columns of [`DAILY_FACTS`] add up.
pub(super) const SUMS: usize = 18;

/// Writes facts that are added (1) and taken back (−1).
pub(super) fn write(change: &Change<'_>, deltas: &[(i64, &Shared, &[Fact])], rows: &mut Vec<Row>) {
    let recorded_day = day_of(change.recorded_at);
    let mut groups = Groups::default();
    let mut daily: Vec<((i64, Uuid), [i64; SUMS])> = Vec::new();
    for (side, (sign, shared, facts)) in deltas.iter().enumerate() {
        for fact in *facts {
            let group = groups.of(side, shared, fact);
            let day = day_of(fact.at);
            rows.push(single(change, fact, group, *sign));
            if let Measure::Stage(stage) = fact.measure {
                rows.push(Row {
                    table: &DAILY_DURATIONS,
                    values: vec![
                        day.into(),
                        group.into(),
                        recorded_day.into(),
                        stage.as_str().into(),
                        duration::bucket(fact.seconds).into(),
                        (*sign).into(),
                    ],
                });
                continue;
            }
            match daily.iter_mut().find(|(key, _)| *key == (day, group)) {
                Some((_, sums)) => add(sums, fact, *sign),
                None => {
                    let mut sums = [0; SUMS];
                    add(&mut sums, fact, *sign);
                    daily.push(((day, group), sums));
                }
            }
        }
    }
    // Every group once, also of what is taken back: batches are summed by what their groups say.
    for (nr, (side, agency, holder, id)) in groups.known.iter().enumerate() {
        if groups.known.iter().take(nr).any(|(.., known)| known == id) {
            continue;
        }
        if let Some((_, shared, _)) = deltas.get(*side) {
            explain(*id, &parts(shared, *agency, holder), shared.sealed, rows);
        }
    }
    for ((day, group), sums) in daily {
        let mut values = Vec::with_capacity(3 + SUMS);
        values.extend([day.into(), group.into(), recorded_day.into()]);
        values.extend(sums.map(Value::Int));
        rows.push(Row { table: &DAILY_FACTS, values });
    }
}

/// A fact by itself.
fn single(change: &Change<'_>, fact: &Fact, group: Uuid, sign: i64) -> Row {
    Row {
        table: &CASE_FACTS,
        values: vec![
            change.after.id.into(),
            change.recorded_at.into(),
            fact.measure.as_str().into(),
            fact.at.into(),
            group.into(),
            sign.into(),
            (sign * fact.seconds).into(),
        ],
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

/// The groups of the facts of one change, which mostly share one or two.
#[derive(Default)]
struct Groups<'a> {
    known: Vec<(usize, Option<&'a str>, &'a str, Uuid)>,
}

impl<'a> Groups<'a> {
    /// The group of a fact of one side of the change.
    fn of(&mut self, side: usize, shared: &Shared, fact: &'a Fact) -> Uuid {
        let (agency, holder) = (fact.agency.as_deref(), fact.holder.as_str());
        let same = |known: &&(usize, Option<&str>, &str, Uuid)| {
            (known.0, known.1, known.2) == (side, agency, holder)
        };
        if let Some((.., group)) = self.known.iter().find(same) {
            return *group;
        }
        let group = group(&parts(shared, agency, holder), shared.sealed);
        self.known.push((side, agency, holder, group));
        group
    }
}

/// What facts are counted by, in the order of the columns.
type Parts<'a> = [&'a str; 7];

fn parts<'a>(shared: &'a Shared, agency: Option<&'a str>, holder: &'a str) -> Parts<'a> {
    [
        agency.unwrap_or_default(),
        holder,
        shared.sector.as_deref().unwrap_or_default(),
        shared.category.as_deref().unwrap_or_default(),
        shared.district.as_deref().unwrap_or_default(),
        shared.channel.as_str(),
        shared.kind.as_str(),
    ]
}

/// The name of what is counted by the same.
fn group(parts: &Parts<'_>, sealed: bool) -> Uuid {
    let name = format!("{}\n{sealed}", parts.join("\n"));
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

/// The row that explains a group.
fn explain(id: Uuid, parts: &Parts<'_>, sealed: bool, rows: &mut Vec<Row>) {
    let mut values: Vec<Value> = Vec::with_capacity(parts.len() + 2);
    values.push(id.into());
    values.extend(parts.map(Value::from));
    values.push(sealed.into());
    rows.push(Row { table: &FACT_GROUPS, values });
}

/// Where the case was received, as long as it is a matter of its own.
pub(super) fn write_place(change: &Change<'_>, rows: &mut Vec<Row>) {
    let placed = |case: &Case| {
        place::of(case)
            .map(|place| (place, case.received_at, shared_of(case), case.agency().cloned()))
    };
    let (was, is) = (change.before.and_then(placed), placed(change.after));
    if was == is {
        return;
    }
    for (sign, placed) in [(-1, was), (1, is)] {
        let Some((place, at, shared, agency)) = placed else { continue };
        let parts = parts(&shared, agency.as_ref().map(|agency| agency.as_str()), "");
        let group = group(&parts, shared.sealed);
        if sign > 0 {
            explain(group, &parts, shared.sealed, rows);
        }
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
