//! Laws of the facts: whatever happens to a case, what was written sums to what holds.

use std::collections::BTreeMap;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::command::{Found, Outcome};
use hoiam_domain::case::ledger::Holder;
use hoiam_domain::case::party::{Contact, Location, Party};
use hoiam_domain::case::stage::ClosedBy;
use hoiam_domain::case::{Case, CaseNumber, Event, Meta, event, evolve};
use hoiam_domain::kinds::{Channel, Clock, Kind};
use hoiam_domain::private::Private;
use hoiam_domain::time::{Deadline, Explanation, Span};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::table::{Table, Value};

const START: &str = "2026-03-02T01:00:00Z";

fn start() -> Timestamp {
    START.parse().unwrap()
}

fn private(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

fn found(choice: u8) -> Found {
    Found {
        kind: if choice.is_multiple_of(3) { Kind::Incident } else { Kind::Question },
        sector: Some("GT".into()),
        category: Some(["GT01", "GT09"][usize::from(choice) % 2].into()),
        priority: None,
        urgent: false,
        confidential: choice.is_multiple_of(7),
        district: (choice.is_multiple_of(2)).then(|| "Q1".into()),
        ward: None,
        place_source: None,
        confidence: None,
        because: Private::new(Vec::new()),
        rule: None,
        rule_set: "r".to_owned(),
    }
}

fn promise(clock: Clock, due: Timestamp) -> Deadline {
    let explanation = Explanation::default();
    Deadline { clock, span: Span::Days(5), start: start(), due, warn_at: None, explanation }
}

fn receipt(due: Timestamp) -> Event {
    event::Received {
        number: CaseNumber::new("HCM", 2026, 1).unwrap(),
        channel: Channel::Phone,
        text: private("x"),
        location: Some(Location {
            lat: Some(10.77),
            lon: Some(106.7),
            address: None,
            address_mark: None,
        }),
        reporter: Party {
            id: "party_1".to_owned(),
            contact: Contact::default(),
            anonymous: false,
            channel: Channel::Phone,
            tracking_hash: "0".to_owned(),
        },
        public: true,
        source: None,
        deadlines: vec![promise(Clock::Answer, due)],
    }
    .into()
}

/// Any event, sensible or not: folding is total, and so are the facts.
fn any_event(choice: u8, what: u8, case: &Case, at: Timestamp) -> Event {
    let agency = ["A", "B", "C"][usize::from(what) % 3];
    let later = at + SignedDuration::from_hours(i64::from(what));
    let due = vec![promise(Clock::Answer, later)];
    let reason = private("x");
    let other = CaseNumber::new("HCM", 2026, 2).unwrap();
    match choice % 18 {
        0 => event::Classified { found: found(what), reason: None, deadlines: Vec::new() }.into(),
        1 | 2 => event::Dispatched {
            agency: agency.into(),
            focal_point: None,
            reason: None,
            rule: None,
            rule_set: "r".to_owned(),
            deadlines: Vec::new(),
        }
        .into(),
        3 => event::Accepted { agency: agency.into() }.into(),
        4 => event::Returned {
            agency: case.agency().cloned().unwrap_or_else(|| agency.into()),
            reason,
            proposed_agency: None,
        }
        .into(),
        5 => event::QuestionAsked { question: reason, pause_until: later }.into(),
        6 => event::QuestionAnswered { text: reason, deadlines: due }.into(),
        7 | 8 => event::Resolved {
            outcome: Outcome::Done,
            note: reason,
            photos: Vec::new(),
            committed_date: None,
            legal_ground: None,
            receiver: None,
            duplicate_of: None,
            deadlines: Vec::new(),
        }
        .into(),
        9 => event::AnswerChecked { approved: what.is_multiple_of(2), note: None }.into(),
        10 => event::Answered { text: reason, window_until: later }.into(),
        11 => event::Reopened { reason }.into(),
        12 => event::Closed { by: ClosedBy::WindowOver }.into(),
        13 => event::Merged { into: Uuid::from_u128(2), number: other, reason: None }.into(),
        14 => event::Unmerged { reason }.into(),
        15 => event::StepCorrected { version: case.version, reason }.into(),
        16 => event::Extended { reason, photos: Vec::new(), deadlines: due }.into(),
        _ => event::MovedToSuccessor {
            from: case.agency().cloned().unwrap_or_else(|| agency.into()),
            to: agency.into(),
            rule_set: "r".to_owned(),
        }
        .into(),
    }
}

/// Rows by table and key, added up.
type Sums = BTreeMap<(&'static str, String), Vec<i64>>;

fn sum(sums: &mut Sums, rows: &[Row], keep: impl Fn(&Row) -> String) {
    for row in rows.iter().filter(|row| row.table.add > 0) {
        let added = row.values.iter().rev().take(row.table.add).map(|value| match value {
            Value::Int(number) => *number,
            other => panic!("{other:?} cannot be added"),
        });
        let sum = sums.entry((row.table.name, keep(row))).or_default();
        let added: Vec<i64> = added.collect();
        if sum.is_empty() {
            sum.resize(added.len(), 0);
        }
        sum.iter_mut().zip(added).for_each(|(sum, added)| *sum += added);
    }
    sums.retain(|_, sum| sum.iter().any(|n| *n != 0));
}

/// Which row it is, whenever it was recorded.
fn timeless(row: &Row) -> String {
    let recorded = |column: &crate::table::Column| {
        matches!(column.0, "recorded_at" | "recorded_day" | "recorded_block")
    };
    let key = row.key().iter().zip(row.table.columns).filter(|(_, column)| !recorded(column));
    key.map(|(value, _)| format!("{value:?}|")).collect()
}

fn written(before: Option<&Case>, after: &Case, recorded_at: Timestamp) -> Vec<Row> {
    let mut rows = Vec::new();
    Facts.rows(
        &Change { before, events: &[], after, recorded_at, veil: &crate::veil::Plain },
        &mut rows,
    );
    for row in &rows {
        assert_eq!(row.values.len(), row.table.columns.len(), "{}", row.table.name);
    }
    rows.extend(rolled_up(&rows));
    rows
}

fn rolled_up(rows: &[Row]) -> Vec<Row> {
    let batch: Vec<_> = rows.iter().map(|row| (row.table, row.values.as_slice())).collect();
    (sums::ROLL_UP.rows)(&batch)
}

/// The sums of rows that a filter lets pass.
fn total(rows: &[Row], table: &Table, keep: impl Fn(&[Value]) -> bool) -> Vec<i64> {
    let mut sums = vec![0; tables::SUMS];
    for row in rows.iter().filter(|row| std::ptr::eq(row.table, table) && keep(&row.values)) {
        for (sum, value) in sums.iter_mut().rev().zip(row.values.iter().rev()) {
            let Value::Int(number) = value else { panic!("{value:?} cannot be added") };
            *sum += number;
        }
    }
    sums
}

/// Of every dimension, days and months sum to what was summed by day, whoever made the batches.
fn rolls_up(changes: &[Vec<Row>]) {
    let apart: Vec<Row> = changes.iter().flatten().cloned().collect();
    let written: Vec<Row> =
        apart.iter().filter(|row| !std::ptr::eq(row.table, &sums::FIGURE_SUMS)).cloned().collect();
    let all = total(&written, &tables::DAILY_FACTS, |_| true);
    for rows in [&apart, &rolled_up(&written)] {
        for dimension in ["", "agency", "sector", "category", "district", "channel", "kind"] {
            for span in ["day", "month"] {
                let of = |row: &[Value]| row[..3] == ["".into(), dimension.into(), span.into()];
                assert_eq!(total(rows, &sums::FIGURE_SUMS, of), all, "{dimension} {span}");
            }
        }
        for (agency, dimension) in [("A", "kind"), ("B", "category"), ("C", "district")] {
            let own =
                |row: &[Value]| row[0] == format!("@{agency}").into() && row[1] == dimension.into();
            let of = |row: &[Value]| {
                row[1] == "agency".into() && row[2] == "day".into() && row[4] == agency.into()
            };
            let (own, of) =
                (total(rows, &sums::FIGURE_SUMS, own), total(rows, &sums::FIGURE_SUMS, of));
            assert_eq!(own, of, "{agency} by {dimension}");
        }
    }
}

fn check(case: &Case, now: Timestamp) {
    let facts = facts_of(case);
    let count = |measure: Measure| facts.iter().filter(|f| f.measure == measure).count();
    assert_eq!(count(Measure::Received), 1);
    let became = [
        Measure::ReceivedOpen,
        Measure::ReceivedOnTime,
        Measure::ReceivedLate,
        Measure::ReceivedWithoutTarget,
        Measure::ReceivedMerged,
    ];
    assert_eq!(became.map(count).iter().sum::<usize>(), 1, "one thing became of it");
    assert_eq!(count(Measure::Returned), case.work.returns.len());
    assert!(count(Measure::Late) + count(Measure::OnTime) <= 1);
    let answered = matches!(case.work.stage.name().as_str(), "answered");
    assert!(!answered || count(Measure::Answered) == 1);
    accounted(case, &facts, now);
}

/// Of an open case past its deadline, every second late is charged to exactly one holder, as the
/// ledger has it.
fn accounted(case: &Case, facts: &[Fact], now: Timestamp) {
    let Some(answer) = case.work.clocks.get(&Clock::Answer) else { return };
    let due = answer.deadline.due;
    if !facts.iter().any(|fact| fact.measure == Measure::Late) || due > now {
        return;
    }
    let until = answer.stopped.unwrap_or(now);
    let entries = case.ledger.entries();
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for entry in entries {
        if matches!(entry.holder, Holder::Closed | Holder::Suspended(_)) {
            continue;
        }
        let to = entry.to.unwrap_or(until).min(until);
        let seconds = to.as_second() - entry.from.max(due).as_second();
        if seconds > 0 {
            *expected.entry(entry.holder.to_string()).or_default() += seconds;
        }
    }
    let mut charged: BTreeMap<String, i64> = BTreeMap::new();
    for fact in facts {
        let seconds = match fact.measure {
            Measure::LateTime => fact.seconds,
            Measure::Running => until.as_second() + fact.seconds,
            _ => continue,
        };
        *charged.entry(fact.holder.clone()).or_default() += seconds;
    }
    charged.retain(|_, seconds| *seconds > 0);
    assert_eq!(charged, expected);
}

fn live(hours: u8, steps: &[(u8, u8, u16)]) {
    let id = Uuid::from_u128(1);
    let mut now = start();
    let mut case: Option<Case> = None;
    let (mut sums, mut changes) = (Sums::new(), Vec::new());
    let begin = (255_u8, 0_u8, 0_u16);
    for (version, (choice, what, wait)) in (1..).zip([begin].iter().chain(steps)) {
        now += SignedDuration::from_mins(i64::from(*wait));
        let event = match &case {
            None => receipt(start() + SignedDuration::from_hours(i64::from(hours))),
            Some(case) => any_event(*choice, *what, case, now),
        };
        let actor = Actor::new(Role::Operator, "x");
        let meta = Meta { stream: id, version, occurred_at: now, actor };
        let after = evolve(case.clone(), &event, &meta).unwrap();
        let rows = written(case.as_ref(), &after, now);
        sum(&mut sums, &rows, timeless);
        changes.push(rows);
        // As if the case had always been so.
        let mut whole = Sums::new();
        sum(&mut whole, &written(None, &after, now), timeless);
        assert_eq!(sums, whole, "after {}", event.kind());
        check(&after, now);
        case = Some(after);
    }
    rolls_up(&changes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_was_written_sums_to_what_holds(
        hours in 1_u8..200,
        steps in prop::collection::vec((any::<u8>(), any::<u8>(), 0_u16..6_000), 1..30),
    ) {
        live(hours, &steps);
    }
}

#[test]
fn days_are_those_of_the_city() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let day = tables::day_of(at("2026-03-10T00:00:00+07:00"));
    assert_eq!(tables::day_of(at("2026-03-09T23:59:59.999999+07:00")), day - 1);
    assert_eq!(tables::day_begins(day), at("2026-03-10T00:00:00+07:00").as_microsecond());
}

#[test]
fn every_measure_reads_back_and_has_its_column() {
    let columns = tables::DAILY_FACTS.columns.iter().skip(tables::DAILY_FACTS.key);
    for (measure, column) in Measure::COUNTS.iter().zip(columns) {
        assert_eq!(measure.as_str(), column.0);
        assert_eq!(Measure::of(column.0), Some(*measure));
    }
    for table in [&tables::DAILY_FACTS, &sums::FIGURE_SUMS] {
        assert_eq!(table.columns.len(), table.key + table.add);
    }
    let summed = &sums::FIGURE_SUMS.columns[sums::FIGURE_SUMS.key..];
    assert_eq!(summed, &tables::DAILY_FACTS.columns[tables::DAILY_FACTS.key..]);
}
