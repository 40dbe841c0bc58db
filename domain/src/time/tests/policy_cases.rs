//! The promises of both regimes, pauses and extensions.

use std::collections::BTreeMap;

use super::super::{CategoryLimits, ClockFacts, Deadline, Policy, Span};
use super::{at, calendars, limits};
use crate::codes::{AgencyCode, CategoryCode, SectorCode};
use crate::kinds::{Clock, Kind, Priority};

fn policy() -> Policy {
    let pothole = CategoryLimits {
        priority: Some(Priority::P3),
        acknowledge: Some(Span::WorkingHours(4)),
        resolve: Some(Span::WorkingDays(3)),
        infrastructure: true,
        ..CategoryLimits::default()
    };
    let sinkhole = CategoryLimits {
        priority: Some(Priority::P1),
        acknowledge: Some(Span::Minutes(15)),
        on_site: Some(Span::Minutes(45)),
        make_safe: Some(Span::Hours(1)),
        resolve: Some(Span::Hours(72)),
        infrastructure: true,
    };
    let noise = CategoryLimits { priority: Some(Priority::P2), ..CategoryLimits::default() };
    let category_limits = BTreeMap::from([
        (CategoryCode::from("GT01"), pothole),
        (CategoryCode::from("GT02"), sinkhole),
        (CategoryCode::from("TTXH09"), noise),
    ]);
    Policy { limits: limits(), calendars: calendars(), category_limits, hash: String::new() }
}

fn facts(kind: Kind, received: &str) -> ClockFacts {
    ClockFacts {
        kind,
        sector: None,
        category: None,
        priority: None,
        urgent: false,
        several_agencies: false,
        agency: None,
        received_at: at(received),
    }
}

fn incident(category: &str) -> ClockFacts {
    ClockFacts { category: Some(category.into()), ..facts(Kind::Incident, "2026-03-02 09:00") }
}

fn deadline(clock: Clock, facts: &ClockFacts) -> Option<Deadline> {
    policy().deadline(clock, facts, facts.received_at).unwrap()
}

/// (span, rule) of a clock.
fn limit(clock: Clock, facts: &ClockFacts) -> Option<(String, String)> {
    deadline(clock, facts).map(|d| (d.span.to_string(), d.explanation.policy))
}

fn is(span: &str, rule: &str) -> Option<(String, String)> {
    Some((span.to_owned(), rule.to_owned()))
}

#[test]
fn the_regime_is_that_of_the_day_of_receipt() {
    let mut last_day = facts(Kind::Incident, "2025-09-03 23:59:59");
    assert_eq!(limit(Clock::Answer, &last_day), is("5 days", "answer-2020"));
    last_day.sector = Some(SectorCode::from("GT"));
    assert_eq!(limit(Clock::Answer, &last_day), is("5 working days", "answer-2020-infrastructure"));
    assert_eq!(limit(Clock::Ruling, &last_day), is("1 hour", "ruling-2020"));
    let mut first_day = facts(Kind::Incident, "2025-09-04 00:00");
    assert_eq!(limit(Clock::Answer, &first_day), is("10 days", "answer-2025"));
    first_day.several_agencies = true;
    assert_eq!(limit(Clock::Answer, &first_day), is("15 days", "answer-2025-several"));
    assert_eq!(limit(Clock::Dispatch, &first_day), is("5 minutes", "dispatch-2025"));
    // A ruling asked for under the new regime for an old case keeps the old promise.
    let old = policy().deadline(Clock::Answer, &last_day, at("2025-10-01 09:00")).unwrap();
    assert_eq!(old.unwrap().explanation.policy, "answer-2020-infrastructure");
    let rules = |day| policy().rules(at(day)).clone();
    assert_eq!(rules("2025-09-03 12:00").leaders_matter, None);
    assert_eq!(rules("2025-09-04 00:00").leaders_matter, Some(Span::WorkingDays(1)));
    assert_eq!((rules("2026-01-01").max_returns, rules("2026-01-01").reopen_days), (2, 15));
}

#[test]
fn the_category_wins_while_the_priority_is_its_own() {
    let mut case = incident("GT01");
    assert_eq!(limit(Clock::Acknowledge, &case), is("4 working hours", "category:GT01"));
    assert_eq!(limit(Clock::Resolve, &case), is("3 working days", "category:GT01"));
    assert_eq!(limit(Clock::OnSite, &case), None);
    assert_eq!(limit(Clock::MakeSafe, &case), None);
    case.priority = Some(Priority::P1);
    assert_eq!(limit(Clock::Acknowledge, &case), is("15 minutes", "acknowledge-p1"));
    assert_eq!(limit(Clock::OnSite, &case), is("60 minutes", "on-site-p1"));
    assert_eq!(limit(Clock::MakeSafe, &case), is("2 hours", "make-safe-p1"));
    assert_eq!(limit(Clock::Resolve, &case), is("24 hours", "resolve-p1"));
    let case = incident("GT02");
    assert_eq!(limit(Clock::OnSite, &case), is("45 minutes", "category:GT02"));
    assert_eq!(limit(Clock::MakeSafe, &case), is("1 hour", "category:GT02"));
    // A serious category that names no time to make safe needs none, but an arrival it does.
    let case = incident("TTXH09");
    assert_eq!(limit(Clock::OnSite, &case), is("4 hours", "on-site-p2"));
    assert_eq!(limit(Clock::MakeSafe, &case), None);
}

#[test]
fn each_priority_and_kind_has_its_clocks() {
    let mut case = facts(Kind::Incident, "2026-03-02 09:00");
    assert_eq!(limit(Clock::Acknowledge, &case), is("2 working hours", "acknowledge"));
    for (priority, acknowledge, resolve) in [
        (Priority::P1, "15 minutes", "24 hours"),
        (Priority::P2, "30 minutes", "48 hours"),
        (Priority::P3, "4 working hours", "5 working days"),
        (Priority::P4, "1 working day", "10 working days"),
    ] {
        case.priority = Some(priority);
        assert_eq!(limit(Clock::Acknowledge, &case).unwrap().0, acknowledge);
        assert_eq!(limit(Clock::Resolve, &case).unwrap().0, resolve);
    }
    let mut table = String::new();
    for kind in Kind::ALL {
        let case = ClockFacts { priority: Some(Priority::P1), ..facts(*kind, "2026-03-02 09:00") };
        let clocks = Clock::ALL
            .iter()
            .filter_map(|clock| limit(*clock, &case).map(|(span, _)| format!("{clock} {span}")));
        table += &format!("{kind}: {}\n", clocks.collect::<Vec<_>>().join(", "));
    }
    insta::assert_snapshot!(table, @r"
    incident: dispatch 5 minutes, ruling 1 hour, acknowledge 15 minutes, on_site 60 minutes, make_safe 2 hours, resolve 24 hours, answer 10 days
    question: dispatch 5 minutes, ruling 1 hour, acknowledge 2 working hours, answer 10 days
    proposal: dispatch 5 minutes, ruling 1 hour, acknowledge 2 working hours, answer 15 working days
    procedure: dispatch 5 minutes, ruling 1 hour, acknowledge 2 working hours, answer 15 working days
    enterprise: dispatch 5 minutes, ruling 1 hour, acknowledge 2 working hours, answer 7 working days
    complaint: dispatch 5 minutes, ruling 1 hour, acknowledge 10 days, answer 30 days
    denunciation: dispatch 5 minutes, ruling 1 hour, acknowledge 7 working days, answer 30 days
    emergency: dispatch 5 minutes, acknowledge 15 minutes
    ");
    let urgent = ClockFacts { urgent: true, ..facts(Kind::Question, "2026-03-02 09:00") };
    assert_eq!(limit(Clock::Acknowledge, &urgent), is("15 minutes", "acknowledge-urgent"));
}

#[test]
fn a_deadline_says_why() {
    let case = facts(Kind::Question, "2026-02-10 09:00");
    let answer = deadline(Clock::Answer, &case).unwrap();
    assert_eq!(answer.due, at("2026-02-23 23:59:59"));
    insta::assert_snapshot!(answer.explanation.vi, @"Trả lời người dân: 10 ngày, tính từ lúc tiếp nhận (quy tắc answer-2025; quy chế áp dụng từ 04/09/2025). 10 ngày tính từ ngày liền sau ngày 10/02/2026 (BLDS 2015, Điều 147), ngày cuối là 20/02/2026, là ngày nghỉ nên chuyển sang ngày làm việc kế tiếp 23/02/2026; hạn 23:59:59 23/02/2026 (hết 24 giờ của ngày cuối, BLDS 2015, Điều 148). Không tính: 20/02–22/02 (nghỉ Tết Nguyên đán).");
    insta::assert_snapshot!(answer.explanation.en, @"Answer the citizen: 10 days, from receipt (rule answer-2025; rules in force from 2025-09-04). 10 days counted from the day after 10/02/2026 (Civil Code 2015, art. 147), the last is 20/02/2026, which is off, so the next working day 23/02/2026; due 23:59:59 23/02/2026 (24:00 of the last day, Civil Code 2015, art. 148). Not counted: 20/02–22/02 (Lunar New Year).");
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(serde_json::from_str::<Deadline>(&json).unwrap(), answer);
}

#[test]
fn the_holder_is_warned_when_a_quarter_is_left() {
    let case = facts(Kind::Incident, "2026-03-06 16:30");
    assert_eq!(deadline(Clock::Dispatch, &case).unwrap().warn_at, Some(at("2026-03-06 16:33:45")));
    // Two working hours from Friday 16:30: half an hour that day, the rest on Monday.
    let acknowledge = deadline(Clock::Acknowledge, &case).unwrap();
    assert_eq!(acknowledge.due, at("2026-03-09 09:00"));
    assert_eq!(acknowledge.warn_at, Some(at("2026-03-09 08:30")));
}

#[test]
fn the_citizens_promise_follows_the_city_not_the_agency() {
    let mut case = facts(Kind::Question, "2026-03-06 16:30");
    case.agency = Some(AgencyCode::from("EVNHCMC"));
    assert_eq!(deadline(Clock::Acknowledge, &case).unwrap().due, at("2026-03-06 18:30"));
    let other = ClockFacts { agency: None, ..case.clone() };
    assert_eq!(deadline(Clock::Answer, &case), deadline(Clock::Answer, &other));
}

fn paused(clock: Clock, facts: &ClockFacts, from: &str, to: &str) -> Deadline {
    let before = deadline(clock, facts).unwrap();
    let after = policy().after_pause(&before, at(from), at(to), facts.agency.as_ref()).unwrap();
    assert!(after.due >= before.due);
    after
}

#[test]
fn a_pause_gives_back_what_it_cost() {
    let case = incident("GT01");
    // Four working hours from 09:00 end at 14:30; an hour and a half of the pause is office time.
    let after = paused(Clock::Acknowledge, &case, "2026-03-02 10:30", "2026-03-02 13:30");
    assert_eq!(after.due, at("2026-03-02 16:00"));
    assert_eq!(after.warn_at, Some(at("2026-03-02 15:00")));
    assert_eq!(after.explanation.pauses.len(), 1);
    assert!(after.explanation.vi.contains("chờ người dân trả lời, bù 90 phút làm việc"));
    assert!(after.explanation.en.contains("90 working minutes"));
    // A night and a weekend cost nothing in working hours.
    let night = paused(Clock::Acknowledge, &case, "2026-03-02 11:30", "2026-03-02 13:00");
    assert_eq!(night.due, at("2026-03-02 14:30"));
    // Three working days end on Thursday 5; Tuesday to Thursday cost two of them.
    let after = paused(Clock::Resolve, &case, "2026-03-03 10:00", "2026-03-05 09:00");
    assert_eq!(after.due, at("2026-03-09 23:59:59"));
    // Round the clock, plainly.
    let after = paused(Clock::Resolve, &incident("GT02"), "2026-03-03 10:00", "2026-03-03 10:45");
    assert_eq!(after.due, at("2026-03-05 09:45"));
    // Ten calendar days end on Thursday 12; three more on Sunday 15, so Monday.
    let after = paused(Clock::Answer, &case, "2026-03-03 10:00", "2026-03-06 09:00");
    assert_eq!(after.due, at("2026-03-16 23:59:59"));
}

#[test]
fn a_pause_after_the_end_or_without_length_changes_nothing() {
    let case = incident("GT01");
    let before = deadline(Clock::Acknowledge, &case).unwrap();
    for (from, to) in [
        ("2026-03-02 14:30", "2026-03-02 16:00"),
        ("2026-03-02 10:00", "2026-03-02 10:00"),
        ("2026-03-02 10:00", "2026-03-02 09:30"),
        ("2026-03-01 10:00", "2026-03-02 08:30"),
    ] {
        assert_eq!(paused(Clock::Acknowledge, &case, from, to), before, "{from}");
    }
    // The part before the clock started does not count.
    let early = paused(Clock::Acknowledge, &case, "2026-03-02 08:00", "2026-03-02 09:30");
    assert_eq!(early.due, at("2026-03-02 15:00"));
}

#[test]
fn an_extension_stays_visible() {
    let case = incident("GT01");
    let policy = policy();
    let before = deadline(Clock::Resolve, &case).unwrap();
    let granted = at("2026-03-04 10:00");
    let latest = policy.latest_extension(&before, granted, None).unwrap();
    assert_eq!(latest, at("2026-03-19 23:59:59"));
    let after = policy.extended(&before, at("2026-03-10 17:00"), granted, None).unwrap();
    assert_eq!(after.due, at("2026-03-10 17:00"));
    assert!(after.warn_at.is_some_and(|warn| granted < warn && warn < after.due));
    assert!(after.explanation.vi.ends_with(
        "Gia hạn lúc 10:00:00 04/03/2026: từ 23:59:59 05/03/2026 đến 17:00:00 10/03/2026."
    ));
    assert_eq!(after.explanation.policy, before.explanation.policy);
}
