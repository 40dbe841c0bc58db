//! Laws of pauses: what was left when the clock stopped is left when it goes on.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use crate::kinds::Clock;
use crate::time::explanation::{Deadline, Explanation};
use crate::time::policy::Policy;
use crate::time::span::Span;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy {
    limits: super::limits(),
    calendars: super::calendars(),
    category_limits: BTreeMap::new(),
    hash: String::new(),
});

fn promised(start: Timestamp, span: Span) -> Deadline {
    let due = POLICY.calendars.add(None, start, span).unwrap().at;
    let explanation = Explanation::default();
    Deadline { clock: Clock::Resolve, span, start, due, warn_at: None, explanation }
}

/// What is left of a deadline at a moment, in its own unit.
fn left(deadline: &Deadline, now: Timestamp) -> i64 {
    let calendars = &POLICY.calendars;
    match deadline.span {
        Span::WorkingDays(_) => {
            i64::from(calendars.working_days_between(None, now, deadline.due).unwrap())
        }
        Span::WorkingHours(_) => calendars.office_us_between(None, now, deadline.due).unwrap(),
        _ => deadline.due.duration_since(now).as_secs(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_left_is_left(
        start in 0i64..600 * 1440, wait in 0i64..20_000, pause in 0i64..20_000, n in 1u32..15,
        span in prop::sample::select(vec![
            Span::Hours as fn(u32) -> Span, Span::WorkingHours, Span::WorkingDays,
        ]),
    ) {
        let origin = date(2025, 1, 1).to_zoned(POLICY.calendars.zone().clone()).unwrap();
        let start = origin.timestamp().checked_add(start.minutes()).unwrap();
        let from = start.checked_add(wait.minutes()).unwrap();
        let to = from.checked_add(pause.minutes()).unwrap();
        let before = promised(start, span(n));
        let after = POLICY.after_pause(&before, from, to, None).unwrap();
        prop_assert!(after.due >= before.due);
        if from < before.due {
            prop_assert_eq!(left(&after, to), left(&before, from));
        } else {
            prop_assert_eq!(after, before);
        }
    }
}
