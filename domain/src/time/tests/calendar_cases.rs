//! Days people can check on a wall calendar.

use super::super::span::Span;
use super::super::{TimeError, parse_calendars};
use super::{CALENDARS, at, calendars};
use crate::codes::AgencyCode;

fn check(cases: &[(&str, Span, &str)]) {
    let calendars = calendars();
    for (from, span, due) in cases {
        let found = calendars.add(None, at(from), *span).unwrap();
        assert_eq!(found.at, at(due), "{from} + {span}: {}", found.explanation.en);
    }
}

#[test]
fn working_days_leave_out_the_day_of_receipt_and_days_off() {
    check(&[
        ("2026-02-10 09:00", Span::WorkingDays(1), "2026-02-11 23:59:59"),
        // Tết 2026: off from Saturday 14 to Sunday 22 February.
        ("2026-02-10 09:00", Span::WorkingDays(3), "2026-02-13 23:59:59"),
        ("2026-02-10 09:00", Span::WorkingDays(4), "2026-02-23 23:59:59"),
        ("2026-02-13 23:59", Span::WorkingDays(1), "2026-02-23 23:59:59"),
        // Received on a day off: as if on the next working day, which is not counted.
        ("2026-02-15 09:00", Span::WorkingDays(1), "2026-02-24 23:59:59"),
        ("2026-01-31 08:00", Span::WorkingDays(1), "2026-02-03 23:59:59"),
        // Swaps: Friday 2 January off, Saturday 10 January worked; 31 August for 22 August.
        ("2025-12-31 09:00", Span::WorkingDays(1), "2026-01-05 23:59:59"),
        ("2026-01-09 09:00", Span::WorkingDays(1), "2026-01-10 23:59:59"),
        ("2026-01-10 09:00", Span::WorkingDays(1), "2026-01-12 23:59:59"),
        ("2026-08-21 16:00", Span::WorkingDays(1), "2026-08-22 23:59:59"),
        ("2026-08-28 09:00", Span::WorkingDays(1), "2026-09-03 23:59:59"),
        ("2024-04-26 09:00", Span::WorkingDays(2), "2024-05-03 23:59:59"),
        ("2024-05-03 09:00", Span::WorkingDays(1), "2024-05-04 23:59:59"),
        ("2025-04-25 09:00", Span::WorkingDays(4), "2025-05-05 23:59:59"),
        // The 10th of the 3rd lunar month 2026 is a Sunday: Monday 27 April is off.
        ("2026-04-24 09:00", Span::WorkingDays(1), "2026-04-28 23:59:59"),
        ("2026-11-23 09:00", Span::WorkingDays(1), "2026-11-25 23:59:59"),
        ("2028-04-28 09:00", Span::WorkingDays(1), "2028-05-03 23:59:59"),
        ("2028-08-31 09:00", Span::WorkingDays(1), "2028-09-05 23:59:59"),
    ]);
}

#[test]
fn calendar_days_start_the_day_after_and_never_end_on_a_day_off() {
    check(&[
        ("2026-03-02 23:59", Span::Days(1), "2026-03-03 23:59:59"),
        ("2026-03-02 09:00", Span::Days(5), "2026-03-09 23:59:59"),
        ("2026-02-10 09:00", Span::Days(5), "2026-02-23 23:59:59"),
        ("2026-02-10 09:00", Span::Days(15), "2026-02-25 23:59:59"),
        // Ends on a worked Saturday: stays.
        ("2026-01-05 09:00", Span::Days(5), "2026-01-10 23:59:59"),
        ("2027-04-21 09:00", Span::Days(10), "2027-05-04 23:59:59"),
    ]);
}

#[test]
fn working_hours_run_inside_office_hours_only() {
    check(&[
        ("2026-03-02 09:00", Span::WorkingHours(2), "2026-03-02 11:00"),
        ("2026-03-02 10:00", Span::WorkingHours(2), "2026-03-02 13:30"),
        ("2026-03-02 09:30", Span::WorkingHours(2), "2026-03-02 11:30"),
        ("2026-03-02 12:15", Span::WorkingHours(1), "2026-03-02 14:00"),
        ("2026-03-02 16:00", Span::WorkingHours(1), "2026-03-02 17:00"),
        ("2026-03-02 16:00", Span::WorkingHours(2), "2026-03-03 08:30"),
        ("2026-03-06 16:00", Span::WorkingHours(4), "2026-03-09 10:30"),
        ("2026-03-07 03:00", Span::WorkingHours(8), "2026-03-09 17:00"),
        // Friday before a worked Saturday, which has Friday's hours.
        ("2026-01-09 16:00", Span::WorkingHours(8), "2026-01-10 16:00"),
        ("2026-02-13 16:30", Span::WorkingHours(4), "2026-02-23 11:00"),
    ]);
    let minutes = |from, to| calendars().working_minutes_between(None, at(from), at(to)).unwrap();
    assert_eq!(minutes("2026-02-13 16:30", "2026-02-23 08:00"), 60);
    assert_eq!(minutes("2026-02-14 00:00", "2026-02-22 23:59"), 0);
    assert_eq!(minutes("2026-03-03 09:00", "2026-03-02 09:00"), 0);
}

#[test]
fn minutes_and_hours_run_round_the_clock() {
    check(&[
        ("2026-02-14 23:58", Span::Minutes(5), "2026-02-15 00:03"),
        ("2026-02-14 20:00", Span::Hours(60), "2026-02-17 08:00"),
        // They need no calendar, so years without one are no error.
        ("2010-01-01 00:00", Span::Minutes(5), "2010-01-01 00:05"),
    ]);
}

#[test]
fn agencies_keep_hours_of_their_own() {
    let calendars = calendars();
    let due = |agency: &str, from: &str, span| {
        calendars.add(Some(&AgencyCode::from(agency)), at(from), span).unwrap().at
    };
    assert_eq!(due("HEPZA", "2026-03-02 07:30", Span::WorkingHours(4)), at("2026-03-02 12:00"));
    assert_eq!(due("EVNHCMC", "2026-02-15 20:00", Span::WorkingHours(4)), at("2026-02-16 00:00"));
    assert_eq!(due("EVNHCMC", "2026-02-13 20:00", Span::WorkingDays(1)), at("2026-02-23 23:59:59"));
    // Saturday mornings until the unit ended; afterwards the city's hours.
    assert_eq!(due("UBND-CGI", "2025-06-27 17:00", Span::WorkingHours(1)), at("2025-06-28 08:30"));
    assert_eq!(due("UBND-CGI", "2025-07-04 17:00", Span::WorkingHours(1)), at("2025-07-07 08:30"));
    assert_eq!(due("NOBODY", "2026-03-02 16:00", Span::WorkingHours(1)), at("2026-03-02 17:00"));
}

#[test]
fn a_year_without_a_calendar_is_an_error_that_names_it() {
    let calendars = calendars();
    let year = |from: &str, span| match calendars.add(None, at(from), span) {
        Err(TimeError::YearNotCovered { year, first: 2024, last: 2028 }) => year,
        other => panic!("{other:?}"),
    };
    assert_eq!(year("2023-12-29 09:00", Span::WorkingDays(5)), 2023);
    assert_eq!(year("2023-12-29 09:00", Span::WorkingHours(5)), 2023);
    assert_eq!(year("2028-12-28 09:00", Span::WorkingDays(2)), 2029);
    assert_eq!(year("2028-12-29 16:00", Span::WorkingHours(2)), 2029);
    assert_eq!(year("2028-12-28 09:00", Span::Days(4)), 2029);
    // 30 December 2028 is a Saturday; the working day it moves to is not known.
    assert_eq!(year("2028-12-28 09:00", Span::Days(2)), 2029);
    assert_eq!(year("2031-05-05 09:00", Span::WorkingDays(1)), 2031);
}

#[test]
fn explanations_name_what_was_skipped_and_why() {
    let calendars = calendars();
    let due = calendars.add(None, at("2026-02-13 09:00"), Span::WorkingDays(1)).unwrap();
    let skipped: Vec<_> = due.explanation.skipped.iter().map(|day| day.date.to_string()).collect();
    assert_eq!(skipped.len(), 9);
    assert_eq!((skipped[0].as_str(), skipped[8].as_str()), ("2026-02-14", "2026-02-22"));
    assert!(due.explanation.vi.contains("14/02–22/02 (nghỉ Tết Nguyên đán)"), "{due:?}");
    assert!(due.explanation.vi.contains("hết 24 giờ"), "{due:?}");
    assert_eq!(due.explanation.calendar, "2026-11");

    let swap = calendars.add(None, at("2026-01-01 09:00"), Span::WorkingDays(5)).unwrap();
    assert_eq!(swap.at, at("2026-01-10 23:59:59"));
    assert!(swap.explanation.vi.contains("nghỉ hoán đổi, làm bù 10/01/2026"), "{swap:?}");
    assert!(swap.explanation.en.contains("10/01/2026 is worked in place of 02/01/2026"));

    let predicted = calendars.add(None, at("2027-01-04 09:00"), Span::WorkingDays(1)).unwrap();
    assert!(predicted.explanation.vi.contains("năm 2027 là dự kiến"), "{predicted:?}");
    let bridge = calendars.add(None, at("2027-04-29 09:00"), Span::WorkingDays(1)).unwrap();
    assert!(bridge.explanation.vi.contains("nghỉ bù Quốc tế Lao động"), "{bridge:?}");
}

#[test]
fn another_city_sets_its_own_zone() {
    let boston = CALENDARS.replace("Asia/Ho_Chi_Minh", "America/New_York");
    let boston = parse_calendars("calendars.toml", &boston).unwrap();
    let from = "2026-03-06T16:00:00-05:00".parse().unwrap();
    // Daylight saving begins on Sunday 8 March.
    let due = boston.add(None, from, Span::WorkingHours(2)).unwrap();
    assert_eq!(due.at, "2026-03-09T08:30:00-04:00".parse().unwrap());
    let due = boston.add(None, from, Span::WorkingDays(1)).unwrap();
    assert_eq!(due.at, "2026-03-09T23:59:59-04:00".parse().unwrap());
}
