//! Counters too simple to be wrong: day by day and minute by minute, over days off listed here
//! by hand and not read from the file.

use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::{ToSpan, Unit};

/// Weekdays off between the years of the calendar that the laws run over (2025 and 2026).
const OFF: &[(i16, i8, i8)] = &[
    (2025, 1, 1),
    (2025, 1, 27),
    (2025, 1, 28),
    (2025, 1, 29),
    (2025, 1, 30),
    (2025, 1, 31),
    (2025, 4, 7),
    (2025, 4, 30),
    (2025, 5, 1),
    (2025, 5, 2),
    (2025, 9, 1),
    (2025, 9, 2),
    (2026, 1, 1),
    (2026, 1, 2),
    (2026, 2, 16),
    (2026, 2, 17),
    (2026, 2, 18),
    (2026, 2, 19),
    (2026, 2, 20),
    (2026, 4, 27),
    (2026, 4, 30),
    (2026, 5, 1),
    (2026, 8, 31),
    (2026, 9, 1),
    (2026, 9, 2),
    (2026, 11, 24),
];

const WORKED_SATURDAYS: &[(i16, i8, i8)] = &[(2025, 4, 26), (2026, 1, 10), (2026, 8, 22)];

pub(super) fn works(day: Date) -> bool {
    let listed = |days: &[(i16, i8, i8)]| days.iter().any(|(y, m, d)| date(*y, *m, *d) == day);
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    listed(WORKED_SATURDAYS) || (!weekend && !listed(OFF))
}

fn next(day: Date) -> Date {
    day.tomorrow().unwrap()
}

/// The last day of `n` working days received on `day`.
pub(super) fn working_days(mut day: Date, n: u32) -> Date {
    while !works(day) {
        day = next(day);
    }
    for _ in 0..n {
        day = next(day);
        while !works(day) {
            day = next(day);
        }
    }
    day
}

/// The last day of `n` calendar days received on `day`.
pub(super) fn days(mut day: Date, n: u32) -> Date {
    for _ in 0..n {
        day = next(day);
    }
    while !works(day) {
        day = next(day);
    }
    day
}

/// Whose office hours are counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hours {
    City,
    /// HEPZA: 08:00–12:00, 13:00–17:00.
    Zones,
    /// EVNHCMC: always.
    Duty,
}

/// Whether the minute that begins at `at` counts.
pub(super) fn open(hours: Hours, at: DateTime) -> bool {
    let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
    let (morning, afternoon) = match hours {
        Hours::Duty => return true,
        Hours::City => (450..690, 780..1020),
        Hours::Zones => (480..720, 780..1020),
    };
    works(at.date()) && (morning.contains(&minute) || afternoon.contains(&minute))
}

/// The moment after `minutes` counted minutes; `at` lies on a whole minute.
pub(super) fn working_minutes(hours: Hours, mut at: DateTime, minutes: u32) -> DateTime {
    let mut left = minutes;
    while left > 0 {
        left -= u32::from(open(hours, at));
        at = at.checked_add(1.minutes()).unwrap();
    }
    at
}

/// Counted minutes from `from` to `to`, both on whole minutes.
pub(super) fn minutes_between(hours: Hours, from: DateTime, to: DateTime) -> u64 {
    let all = from.until((Unit::Minute, to)).unwrap().get_minutes();
    let minute = |i: i64| from.checked_add(i.minutes()).unwrap();
    (0..all.max(0)).filter(|i| open(hours, minute(*i))).count() as u64
}
