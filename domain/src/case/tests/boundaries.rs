//! The moment itself: what holds at a limit, and a microsecond before and after it. A comparison
//! that is off by its equal sign changes nothing any longer story notices.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::fixture::*;
use crate::case::clocks::{RunningClock, timers};
use crate::case::ledger::{Holder, Ledger};
use crate::case::policy::CasePolicy;
use crate::kinds::Clock;

const BEFORE: SignedDuration = SignedDuration::from_micros(-1);
const AT: SignedDuration = SignedDuration::ZERO;
const AFTER: SignedDuration = SignedDuration::from_micros(1);

/// What a command is told when given at `at`: `ok`, or the code of the refusal.
fn told(
    story: &Story,
    at: Timestamp,
    who: &str,
    word: &str,
    body: &serde_json::Value,
) -> &'static str {
    let mut story = story.clone();
    story.now = at;
    match story.decide(&actor(who), &read(word, &body.to_string())) {
        Ok(events) if events.is_empty() => "nothing",
        Ok(_) => "ok",
        Err(no) => no.code(),
    }
}

#[test]
fn an_extension_is_asked_before_the_deadline_ends_and_lies_after_it() {
    let story = Story::in_progress();
    let running = &story.case.work.clocks[&Clock::Answer];
    let due = running.deadline.due;
    let extend = |at, new_due: Timestamp| {
        let body = json!({"reason": "x", "new_due": new_due.to_string(), "photos": ["p"]});
        told(&story, at, "unit_leader@GT", "extend", &body)
    };
    let later = due + hours(30);
    assert_eq!(
        [BEFORE, AT, AFTER].map(|by| extend(due + by, later)),
        ["ok", "ok", "extension_late"]
    );
    let now = story.now;
    assert_eq!(
        [BEFORE, AT, AFTER].map(|by| extend(now, due + by)),
        ["extension_not_later", "extension_not_later", "ok"]
    );
    let agency = story.case.agency();
    let time = city().time();
    let latest = time.latest_extension(&running.deadline, story.case.received_at, agency).unwrap();
    assert_eq!(
        [BEFORE, AT, AFTER].map(|by| extend(now, latest + by)),
        ["ok", "ok", "extension_too_far"]
    );
}

#[test]
fn what_is_promised_lies_in_the_future() {
    let story = Story::in_progress();
    let now = story.now;
    let refused = ["due_not_future", "due_not_future", "ok"];
    let dates = [BEFORE, AT, AFTER].map(|by| (now + by).to_string());
    let at = |who, word, body: fn(&str) -> serde_json::Value| {
        dates.clone().map(|date| told(&story, now, who, word, &body(&date)))
    };
    let part = |date: &str| json!({"agency": "CTN", "task": "x", "due": date});
    assert_eq!(at("coordinator", "add-co-agency", part), refused);
    let progress = |date: &str| json!({"note": "x", "committed_date": date});
    assert_eq!(at("unit_leader@GT", "progress", progress), refused);
    let planned = |date: &str| json!({"outcome": "planned", "note": "x", "committed_date": date});
    assert_eq!(at("unit_leader@GT", "resolve", planned), refused);
}

#[test]
fn progress_after_the_deadline_needs_a_date_and_a_photo() {
    let story = Story::in_progress();
    let due = story.case.due(Clock::Answer).unwrap();
    let progress = |at| told(&story, at, "unit_leader@GT", "progress", &json!({"note": "x"}));
    assert_eq!([BEFORE, AT, AFTER].map(|by| progress(due + by)), ["ok", "ok", "evidence_missing"]);
}

#[test]
fn the_citizen_may_come_back_to_the_last_moment_of_the_window() {
    let story = Story::answered();
    let until = story.case.work.window_until.unwrap();
    let back = |at| told(&story, at, "citizen", "reopen", &json!({"reason": "x"}));
    assert_eq!([BEFORE, AT, AFTER].map(|by| back(until + by)), ["ok", "ok", "window_over"]);
}

#[test]
fn a_timer_fires_when_it_is_due_and_not_before() {
    let story = Story::dispatched();
    for timer in timers(&story.case) {
        let tick = json!({"timer": timer.name});
        let ticked = |by| told(&story, timer.at + by, "system", "tick", &tick);
        assert_eq!([BEFORE, AT].map(ticked), ["nothing", "ok"], "{}", timer.name);
    }
}

#[test]
fn a_promise_is_kept_to_its_last_moment() {
    let story = Story::dispatched();
    let running = &story.case.work.clocks[&Clock::Answer];
    let due = running.deadline.due;
    let stopped =
        |by| RunningClock { stopped: Some(due + by), ..running.clone() }.kept(due + hours(9));
    assert_eq!([BEFORE, AT, AFTER].map(stopped), [Some(true), Some(true), Some(false)]);
    assert_eq!([BEFORE, AT, AFTER].map(|by| running.kept(due + by)), [None, None, Some(false)]);
}

#[test]
fn only_a_later_promise_is_warned_of_anew() {
    let story = Story::dispatched();
    let running = &story.case.work.clocks[&Clock::Answer];
    let marks = |by| {
        let mut clock = RunningClock { warned: true, missed: true, ..running.clone() };
        let mut deadline = (*running.deadline).clone();
        deadline.due += by;
        clock.move_to(deadline);
        (clock.warned, clock.missed)
    };
    assert_eq!([BEFORE, AT, AFTER].map(marks), [(true, true), (true, true), (false, false)]);
}

#[test]
fn a_moment_belongs_to_whoever_it_begins_with() {
    let (begin, change) = (local("03-02 08:00"), local("03-02 09:00"));
    let mut ledger = Ledger::default();
    ledger.pass_to(Holder::Desk, begin);
    ledger.pass_to(Holder::Citizen, change);
    let held = |at| ledger.holder_at(at).cloned();
    assert_eq!(held(begin + BEFORE), Some(Holder::Desk), "before the receipt, who got it first");
    assert_eq!(held(change + BEFORE), Some(Holder::Desk));
    assert_eq!(held(change), Some(Holder::Citizen));
    // Up to a moment before the change, only the first has held it.
    let half = begin + minutes(30);
    assert_eq!(ledger.sums(half), [(Holder::Desk, 1_800), (Holder::Citizen, 0)]);
    assert_eq!(ledger.sums(change + minutes(1)), [(Holder::Desk, 3_600), (Holder::Citizen, 60)]);
    // What was given is not taken back.
    ledger.pass_to(Holder::Arbitration, begin);
    assert_eq!(ledger.entries()[1].to, Some(change));
    assert_eq!(ledger.sums(change + minutes(1))[2], (Holder::Arbitration, 60));
}
