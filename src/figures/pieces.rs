//! Which part of a question is answered by sums of whole days, and which by single facts.
//!
//! A fact is of a day and was recorded on a day. Whole days of both are summed; what is left are
//! the parts of the first and the last day of the period, what was recorded on the day of the
//! past moment asked for, and the deadlines of the day up to which lateness counts.

use hoiam_projections::facts::tables::{day_begins, day_of};
use jiff::Timestamp;

use super::Question;

/// Whole days that are summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
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
    /// Only of cases that were sealed after this moment.
    pub(crate) sealed_since: Option<i64>,
}

/// What figures of a past moment would still tell of cases that were open then and are sealed now:
/// it is taken off. None where sealed cases count, or nothing is asked of the past.
pub(super) fn sealed_since(question: &Question) -> Option<Piece> {
    let as_of = question.as_of.filter(|_| !question.sealed)?;
    Some(Piece {
        from: question.from.unwrap_or(i64::MIN),
        to: question.to.unwrap_or(i64::MAX),
        recorded_from: None,
        recorded_to: as_of.saturating_add(1),
        only_late: false,
        sealed_since: Some(as_of),
    })
}

/// How a question is answered.
pub(super) fn of(question: &Question) -> (Option<Sums>, Vec<Piece>) {
    let from = question.from.unwrap_or(i64::MIN);
    let to = question.to.unwrap_or(i64::MAX);
    let recorded_to = question.as_of.map_or(i64::MAX, |as_of| as_of.saturating_add(1));
    let (recorded_from, sealed_since) = (None, None);
    let all = Piece { from, to, recorded_from, recorded_to, only_late: false, sealed_since };
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
    let sums = Sums { from: first, to: end, late_to: until, recorded_to: recorded };
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
