//! Which part of a question is answered by sums of whole days, and which by single facts.
//!
//! A fact is of a day and was recorded on a day. Whole days of both are summed; what is left are
//! the parts of the first and the last day of the period, what was recorded on the day of the
//! past moment asked for, and the deadlines of the day up to which lateness counts.

use hoiam_projections::facts::tables::{CITY, NO_AGENCY, day_begins, day_of};
use jiff::Timestamp;

use super::{By, Question};

/// Whole days that are summed, and by which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Whose; none for each agency's and that of none, but not the city's.
    pub(crate) scope: Option<String>,
    /// The dimension whose rows are read.
    pub(crate) dimension: &'static str,
    /// Only this value of it.
    pub(crate) value: Option<String>,
    /// The column that tells groups apart.
    pub(crate) group: &'static str,
    /// Days from this one.
    pub(crate) from: i64,
    /// Days before this one.
    pub(crate) to: i64,
    /// Lateness of days before this one.
    pub(crate) late_to: i64,
    /// Recorded on days before this one.
    pub(crate) recorded_to: i64,
}

/// Single facts: microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Facts at or after.
    pub(crate) from: i64,
    /// Facts before.
    pub(crate) to: i64,
    /// Recorded at or after.
    pub(crate) recorded_from: Option<i64>,
    /// Recorded before.
    pub(crate) recorded_to: i64,
    /// Lateness only.
    pub(crate) only_late: bool,
}

/// How a question is answered.
pub(super) fn of(question: &Question) -> (Option<Sums>, Vec<Piece>) {
    let from = question.from.unwrap_or(i64::MIN);
    let to = question.to.unwrap_or(i64::MAX);
    let recorded_to = question.as_of.map_or(i64::MAX, |as_of| as_of.saturating_add(1));
    let all = Piece { from, to, recorded_from: None, recorded_to, only_late: false };
    let Some((scope, dimension, value, group)) = key(question) else { return (None, vec![all]) };
    let first = question.from.map_or(i64::MIN, |from| {
        let day = day(from);
        if day_begins(day) == from { day } else { day + 1 }
    });
    let end = question.to.map_or(i64::MAX, day);
    if first >= end {
        return (None, vec![all]);
    }
    let until = day(question.until());
    let recorded = question.as_of.map_or(i64::MAX, day);
    let sums = Sums {
        scope,
        dimension,
        value,
        group,
        from: first,
        to: end,
        late_to: until,
        recorded_to: recorded,
    };
    let begins = |day: i64| match day {
        i64::MIN | i64::MAX => day,
        day => day_begins(day),
    };
    let (whole_from, whole_to) = (begins(first), begins(end));
    let mut pieces = vec![
        Piece { from, to: whole_from, ..all.clone() },
        Piece { from: whole_to, to, ..all.clone() },
        Piece {
            from: begins(until).max(whole_from),
            to: begins(until + 1).min(whole_to),
            recorded_to: recorded_to.min(begins(recorded)),
            only_late: true,
            ..all.clone()
        },
    ];
    if question.as_of.is_some() {
        let recorded_from = Some(begins(recorded));
        pieces.push(Piece { from: whole_from, to: whole_to, recorded_from, ..all });
    }
    pieces.retain(|piece| piece.from < piece.to);
    (Some(sums), pieces)
}

fn day(micros: i64) -> i64 {
    Timestamp::from_microsecond(micros).map_or(0, day_of)
}

/// Scope, dimension, value and grouping column of the sums that answer a question; none if only
/// single facts can.
type Key = (Option<String>, &'static str, Option<String>, &'static str);

fn key(question: &Question) -> Option<Key> {
    let agency = question.agency.as_deref();
    let agency = agency.map(|code| if code.is_empty() { NO_AGENCY } else { code }.to_owned());
    let whose = Some(agency.clone().unwrap_or_else(|| CITY.to_owned()));
    match (question.by, question.only.as_slice()) {
        (By::Day, []) => Some((whose, "", None, "day")),
        (By::Day, [(by, value)]) => Some((whose, by.as_str(), Some(value.clone()), "day")),
        (By::Agency, []) => Some((whose, "agency", question.agency.clone(), "value")),
        (By::Agency, [(by, value)]) => Some((agency, by.as_str(), Some(value.clone()), "scope")),
        (by, []) => Some((whose, by.as_str(), None, "value")),
        (by, [(same, value)]) if by == *same => {
            Some((whose, by.as_str(), Some(value.clone()), "value"))
        }
        _ => None,
    }
}
