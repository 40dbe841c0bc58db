//! Laws of the arithmetic, and its equality with the naive counters, across holidays, swapped
//! days and agencies' hours.

use std::sync::LazyLock;

use jiff::civil::{DateTime, date};
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::naive::{self, Hours};
use crate::codes::AgencyCode;
use crate::time::calendars::Calendars;
use crate::time::span::Span;

static CALENDARS: LazyLock<Calendars> = LazyLock::new(super::calendars);

/// Whole minutes of 2025 and of 2026 until October, so that every end lies in 2026 too.
fn local() -> impl Strategy<Value = DateTime> {
    // Every other start falls near a holiday or a swap, where mistakes would hide.
    let anywhere = 0..(660 * 1440i64);
    let near = (
        prop::sample::select(vec![22i64, 91, 111, 240, 360, 372, 407, 412, 477, 595, 605]),
        0..(8 * 1440i64),
    )
        .prop_map(|(day, minute)| day * 1440 + minute);
    prop_oneof![anywhere, near]
        .prop_map(|minutes| date(2025, 1, 1).at(0, 0, 0, 0).checked_add(minutes.minutes()).unwrap())
}

fn moment(local: DateTime) -> Timestamp {
    local.to_zoned(CALENDARS.zone().clone()).unwrap().timestamp()
}

fn agency() -> impl Strategy<Value = (Hours, Option<AgencyCode>)> {
    prop::sample::select(vec![
        (Hours::City, None),
        (Hours::Zones, Some(AgencyCode::from("HEPZA"))),
        (Hours::Duty, Some(AgencyCode::from("EVNHCMC"))),
    ])
}

fn unit() -> impl Strategy<Value = (fn(u32) -> Span, u32)> {
    prop::sample::select(vec![
        (Span::Minutes as fn(u32) -> Span, 20_000),
        (Span::Hours, 300),
        (Span::WorkingHours, 60),
        (Span::Days, 20),
        (Span::WorkingDays, 12),
    ])
}

fn add(agency: &Option<AgencyCode>, from: Timestamp, span: Span) -> Timestamp {
    CALENDARS.add(agency.as_ref(), from, span).unwrap().at
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_later_start_or_a_longer_span_is_never_due_earlier(
        a in local(), b in local(), (span, most) in unit(), n in 0u32..1000, m in 0u32..1000,
        (_, agency) in agency(), seconds in 0i64..60,
    ) {
        let (n, m) = (n % most, m % most);
        let later = moment(a.max(b)).checked_add(seconds.seconds()).unwrap();
        let first = add(&agency, moment(a.min(b)), span(n.min(m)));
        prop_assert!(first <= add(&agency, later, span(n.min(m))));
        prop_assert!(first <= add(&agency, moment(a.min(b)), span(n.max(m))));
        prop_assert!(first >= moment(a.min(b)));
    }

    #[test]
    fn adding_twice_is_adding_the_sum(
        start in local(), (span, most) in unit(), n in 0u32..1000, m in 0u32..1000,
        (_, agency) in agency(), seconds in 0i64..60,
    ) {
        let (n, m) = (n % most, m % most);
        let start = moment(start).checked_add(seconds.seconds()).unwrap();
        let middle = add(&agency, start, span(n));
        let twice = add(&agency, middle, span(m));
        let once = add(&agency, start, span(n + m));
        let first_moved = matches!(span(n), Span::Days(_)) && {
            let plain = CALENDARS.local_date(start).checked_add(i64::from(n).days()).unwrap();
            plain != CALENDARS.local_date(middle)
        };
        // Calendar days whose first part ended on a day off gained the days it moved.
        if first_moved {
            prop_assert!(twice >= once);
        } else {
            prop_assert_eq!(twice, once);
        }
    }

    #[test]
    fn periods_in_days_equal_the_naive_count(start in local(), n in 0u32..25) {
        let end = |day: jiff::civil::Date| moment(day.at(23, 59, 59, 0));
        let working = add(&None, moment(start), Span::WorkingDays(n));
        prop_assert_eq!(working, end(naive::working_days(start.date(), n)));
        let plain = add(&None, moment(start), Span::Days(n));
        prop_assert_eq!(plain, end(naive::days(start.date(), n)));
    }
}

proptest! {
    // The naive counter walks up to ten thousand minutes a case.
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn working_hours_equal_the_naive_count(
        start in local(), hours in 0u32..20, (kind, agency) in agency(),
    ) {
        let due = add(&agency, moment(start), Span::WorkingHours(hours));
        let expected = naive::working_minutes(kind, start, hours * 60);
        prop_assert_eq!(due, moment(expected));
        let counted = CALENDARS
            .working_minutes_between(agency.as_ref(), moment(start), moment(expected))
            .unwrap();
        prop_assert_eq!(counted, u64::from(hours) * 60);
    }

    #[test]
    fn minutes_between_equal_the_naive_count(
        start in local(), length in 0i64..8_000, (kind, agency) in agency(),
    ) {
        let end = start.checked_add(length.minutes()).unwrap();
        let counted = CALENDARS
            .working_minutes_between(agency.as_ref(), moment(start), moment(end))
            .unwrap();
        prop_assert_eq!(counted, naive::minutes_between(kind, start, end));
    }

    #[test]
    fn clock_minutes_equal_the_naive_count(start in local(), minutes in 0u32..4_000) {
        let mut end = start;
        for _ in 0..minutes {
            end = end.checked_add(1.minutes()).unwrap();
        }
        prop_assert_eq!(add(&None, moment(start), Span::Minutes(minutes)), moment(end));
    }
}
