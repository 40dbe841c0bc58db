//! Timers: each fires exactly once, also late, and charges whoever held the case.

use super::fixture::*;
use crate::case::Event;
use crate::case::ledger::Holder;
use crate::case::stage::StageName;
use crate::kinds::Clock;

#[test]
fn a_deadline_warns_and_is_missed_once() {
    let mut story = Story::dispatched();
    // Two working hours from 08:00: warn when a quarter is left.
    assert_eq!(story.tick_until(local("03-02 09:29")), [""; 0]);
    assert_eq!(story.tick_until(local("03-02 09:30")), ["deadline_warned"]);
    assert_eq!(story.tick_until(local("03-02 10:00")), ["deadline_missed"]);
    assert_eq!(story.tick(), [""; 0]);
    let Event::DeadlineMissed(missed) = &story.log.last().unwrap().0 else { panic!() };
    assert_eq!(missed.clock, Clock::Acknowledge);
    assert_eq!(missed.holder, Holder::Agency("GT".into()));
    // A timer nobody asked for, or that is not due, does nothing.
    for timer in ["acknowledge.missed", "answer.missed", "", "no.such"] {
        let body = body(serde_json::json!({ "timer": timer }));
        assert_eq!(story.does("system", "tick", &body), [""; 0], "{timer}");
    }
}

#[test]
fn what_was_missed_by_the_longer_deadline_is_not_missed_again_by_a_shorter_one() {
    let mut story = Story::dispatched();
    assert_eq!(story.tick_until(local("03-02 10:30")), ["deadline_warned", "deadline_missed"]);
    story.does("coordinator", "classify", r#"{"category": "GT09"}"#);
    assert_eq!(story.due(Clock::Acknowledge), "03-02 08:15", "two hours before: it is urgent");
    story.tick_until(local("03-02 12:00"));
    let misses = story.log.iter().filter(|(event, _)| {
        matches!(event, Event::DeadlineMissed(missed) if missed.clock == Clock::Acknowledge)
    });
    assert_eq!(misses.count(), 1);
}

#[test]
fn what_one_agency_kept_the_next_still_owes() {
    let mut story = Story::answered();
    assert!(!story.running().contains(&Clock::Acknowledge), "GT accepted it in time");
    story.does("citizen", "appeal", r#"{"reason": "Đường của phường"}"#);
    story.does("coordinator", "rule", r#"{"agency": "BT", "reason": "Phường quản lý"}"#);
    for clock in [Clock::Acknowledge, Clock::Resolve] {
        assert!(story.running().contains(&clock), "{clock}");
    }
}

#[test]
fn after_a_stop_of_days_everything_due_fires_once() {
    let mut story = Story::dispatched();
    let fired = story.tick_until(local("03-20 08:00"));
    let missed = fired.iter().filter(|kind| **kind == "deadline_missed").count();
    let warned = fired.iter().filter(|kind| **kind == "deadline_warned").count();
    assert_eq!((missed, warned, fired.len()), (3, 3, 6), "acknowledge, resolve, answer");
    assert_eq!(story.tick(), [""; 0]);
}

#[test]
fn lateness_is_charged_to_whoever_held_it_then() {
    let mut story = Story::dispatched();
    // The desk's machines stood still over the acknowledge deadline of 10:00; at 10:30 the agency
    // returned the case before any timer was delivered.
    story.now = local("03-12 20:00");
    story.does("agency_coordinator@GT", "return", r#"{"reason": "x"}"#);
    story.tick_until(local("03-13 08:00"));
    let holders: Vec<_> = story
        .log
        .iter()
        .filter_map(|(event, _)| match event {
            Event::DeadlineMissed(e) => Some((e.clock, e.holder.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(
        holders,
        [(Clock::Ruling, Holder::Arbitration), (Clock::Answer, Holder::Arbitration)]
    );

    let mut story = Story::in_progress();
    story.now = local("03-14 08:00");
    story.does("handler@GT", "resolve", DONE);
    story.tick();
    let Event::DeadlineMissed(missed) = &story.log.last().unwrap().0 else { panic!() };
    assert_eq!(missed.holder, Holder::Agency("GT".into()), "the agency had it on 12 March");
}

#[test]
fn parts_have_deadlines_of_their_own() {
    let mut story = Story::in_progress();
    let part = r#"{"agency": "CTN", "task": "x", "due": "2026-03-02T03:00:00Z"}"#;
    story.does("unit_leader@GT", "add-co-agency", part);
    assert_eq!(story.tick_until(local("03-02 10:00")), ["part_missed"]);
    assert_eq!(story.tick(), [""; 0]);
}

#[test]
fn an_extension_gives_the_new_deadline_its_own_timers() {
    let mut story = Story::in_progress();
    story.tick_until(local("03-11 08:00"));
    let body = r#"{"reason": "x", "new_due": "2026-03-20T10:00:00Z", "photos": ["p"]}"#;
    story.does("unit_leader@GT", "extend", body);
    let fired = story.tick_until(local("03-21 08:00"));
    // Answer and resolve, each warned and missed under the new date.
    let count = |what| fired.iter().filter(|kind| **kind == what).count();
    assert_eq!((count("deadline_warned"), count("deadline_missed")), (2, 2), "{fired:?}");
    assert_eq!(story.tick(), [""; 0]);
}

#[test]
fn only_the_engine_ticks() {
    let story = Story::dispatched();
    for who in ["operator", "coordinator", "administrator", "agency_coordinator@GT"] {
        assert_eq!(story.refused(who, "tick", r#"{"timer": "answer.missed"}"#), "role_not_allowed");
    }
}

#[test]
fn a_handed_off_case_closes_by_itself() {
    let mut story = Story::begin(fire());
    assert_eq!(story.stage(), StageName::HandedOff);
    story.wait(hours(24 * 16));
    assert!(story.tick().contains(&"closed"));
    assert_eq!(story.stage(), StageName::Closed);
    assert!(story.tick().is_empty());
}
