//! Sums of the sums: by one dimension at a time, so that what a question reads goes with the values
//! of a dimension and the days or months asked for, not with how many cases there are.
//!
//! They are made from whole batches of [`DAILY_FACTS`] at once: a row by row would write more of them
//! than everything else together.

use std::collections::HashMap;

use jiff::Span;
use jiff::civil::date;
use uuid::Uuid;

use super::tables::{DAILY_FACTS, FACT_GROUPS, SUMS};
use crate::follower::{RollUp, RowOf};
use crate::table::{Column, Row, Table, Type, Value};

/// Sums by dimension. Which moment something was recorded at is known by blocks of
/// [`BLOCK`] days only; what was recorded since the last block is in [`DAILY_FACTS`].
pub static FIGURE_SUMS: Table = Table {
    name: "figure_sums",
    columns: &[
        // `` for the city, `@` and the code of an agency for what is charged to it.
        Column("scope", Type::Text),
        // `` for all together.
        Column("dimension", Type::Text),
        // `day` or `month`.
        Column("span", Type::Text),
        // The first day of it.
        Column("day", Type::Int),
        Column("value", Type::Text),
        Column("sealed", Type::Int),
        Column("recorded_block", Type::Int),
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
        Column("late_seconds", Type::Int),
        Column("running_from", Type::Int),
    ],
    key: 7,
    add: SUMS,
};

/// Days recorded in one row.
pub const BLOCK: i64 = 30;

/// Dimensions, as columns of [`FACT_GROUPS`] are called.
const DIMENSIONS: [&str; 7] =
    ["agency", "holder", "sector", "category", "district", "channel", "kind"];
/// The place of an agency and of a holder among them.
const AGENCY: usize = 0;
const HOLDER: usize = 1;

/// How [`FIGURE_SUMS`] follows from the other tables.
pub static ROLL_UP: RollUp =
    RollUp { into: &FIGURE_SUMS, of: &DAILY_FACTS, named: &FACT_GROUPS, rows };

/// The first day of the month of a day, both as days since 1970-01-01. A day beyond the calendar is
/// one of its own.
pub fn month_of(day: i64) -> i64 {
    let after = Span::new().try_days(day);
    let is = after.and_then(|after| date(1970, 1, 1).checked_add(after));
    is.map_or(day, |is| day + 1 - i64::from(is.day()))
}

/// The first day of the month after one that begins on a day.
pub fn month_after(first: i64) -> i64 {
    month_of(first + 31)
}

/// The block a day of recording is in.
pub fn block_of(recorded_day: i64) -> i64 {
    recorded_day.div_euclid(BLOCK)
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key<'a> {
    /// The agency; none for the city.
    scope: Option<&'a str>,
    dimension: &'static str,
    span: &'static str,
    day: i64,
    value: &'a str,
    sealed: i64,
    block: i64,
}

/// The rows that follow from some of [`DAILY_FACTS`] and the rows of their groups.
fn rows(batch: &[RowOf<'_>]) -> Vec<Row> {
    let of = |table: &'static Table| {
        batch.iter().filter(move |(of, _)| std::ptr::eq(*of, table)).map(|(_, values)| *values)
    };
    let groups: HashMap<Uuid, Group<'_>> = of(&FACT_GROUPS).filter_map(Group::read).collect();
    let mut all: HashMap<Key<'_>, [i64; SUMS]> = HashMap::new();
    for values in of(&DAILY_FACTS) {
        let [Value::Int(day), Value::Uuid(id), Value::Int(recorded_day), counts @ ..] = values
        else {
            continue;
        };
        let Some(group) = groups.get(id) else { continue };
        group.add(*day, block_of(*recorded_day), counts, &mut all);
    }
    let mut all: Vec<_> = all.into_iter().filter(|(_, sums)| *sums != [0; SUMS]).collect();
    all.sort_unstable_by_key(|(key, _)| *key);
    all.into_iter().map(|(key, sums)| key.row(sums)).collect()
}

/// What facts are counted by.
struct Group<'a> {
    parts: [&'a str; 7],
    sealed: i64,
}

impl<'a> Group<'a> {
    fn read(values: &'a [Value]) -> Option<(Uuid, Self)> {
        let [Value::Uuid(id), parts @ .., Value::Int(sealed)] = values else { return None };
        let mut texts = [""; 7];
        for (text, part) in texts.iter_mut().zip(parts) {
            if let Value::Text(part) = part {
                *text = part.as_str();
            }
        }
        Some((*id, Self { parts: texts, sealed: *sealed }))
    }

    /// Adds counts to every sum they belong to.
    fn add(&self, day: i64, block: i64, counts: &[Value], all: &mut HashMap<Key<'a>, [i64; SUMS]>) {
        let key = |scope, dimension, span, day, value| Key {
            scope,
            dimension,
            span,
            day,
            value,
            sealed: self.sealed,
            block,
        };
        let mut add = |key: Key<'a>| {
            let sums = all.entry(key).or_insert([0; SUMS]);
            for (sum, count) in sums.iter_mut().zip(counts) {
                if let Value::Int(count) = count {
                    *sum += count;
                }
            }
        };
        let month = month_of(day);
        let agency = Some(self.parts[AGENCY]).filter(|agency| !agency.is_empty());
        add(key(None, "", "day", day, ""));
        add(key(None, "", "month", month, ""));
        for (nr, (dimension, value)) in DIMENSIONS.iter().zip(self.parts).enumerate() {
            // Only lateness has a holder.
            if nr == HOLDER && value.is_empty() {
                continue;
            }
            add(key(None, dimension, "day", day, value));
            add(key(None, dimension, "month", month, value));
            if nr != AGENCY && agency.is_some() {
                add(key(agency, dimension, "month", month, value));
            }
        }
    }
}

impl Key<'_> {
    fn row(self, sums: [i64; SUMS]) -> Row {
        let mut values: Vec<Value> = Vec::with_capacity(FIGURE_SUMS.columns.len());
        values.push(scope_of(self.scope).into());
        values.extend([self.dimension.into(), self.span.into(), self.day.into()]);
        values.extend([self.value.into(), self.sealed.into(), self.block.into()]);
        values.extend(sums.map(Value::Int));
        Row { table: &FIGURE_SUMS, values }
    }
}

/// How the scope of an agency is stored; none for the city.
pub fn scope_of(agency: Option<&str>) -> String {
    agency.map(|code| format!("@{code}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn months_are_those_of_the_calendar(day in -200_000_i64..200_000) {
            let is = date(1970, 1, 1).checked_add(day.days()).unwrap();
            let back = i64::from(is.day()) - 1;
            prop_assert_eq!(month_of(day), day - back);
            let left = i64::from(is.days_in_month()) - back;
            prop_assert_eq!(month_after(month_of(day)), day + left);
        }
    }
}
