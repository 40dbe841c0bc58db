//! Laws that hold for any history: two cases of one city, people who mostly do what they may,
//! time that goes forward, and timers as they come due.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

use super::fixture::*;
use super::lives::{Try, begin, command, routed, somebody, tries};
use crate::actor::{Actor, Role};
use crate::case::authority::may_view;
use crate::case::command::{Merge, Routed, Unmerge};
use crate::case::stage::StageName;
use crate::case::transitions::allowed;
use crate::case::{
    Case, Event, Intent, Meta, codec, decide_attach, decide_merge, decide_unmerge, fold,
};
use crate::kinds::Clock;
use crate::private::clear;

fn dues(case: &Case) -> BTreeMap<Clock, Timestamp> {
    let running = case.work.clocks.iter().filter(|(_, clock)| clock.stopped.is_none());
    running.map(|(clock, running)| (*clock, running.deadline.due)).collect()
}

/// The deadlines an event states.
fn stated(event: &Event) -> BTreeMap<String, Timestamp> {
    let data: Value = serde_json::from_str(&codec::encode(event, &clear()).unwrap().data).unwrap();
    let list = data["deadlines"].as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|d| {
            let due = d["due"].as_str().unwrap().parse().unwrap();
            (d["clock"].as_str().unwrap().to_owned(), due)
        })
        .collect()
}

/// Events that owe again what was met already.
const OWED_AGAIN: &[&str] = &[
    "case.answer_checked",
    "case.dispatched",
    "case.reopened",
    "case.ruled",
    "case.sent_to_arbitration",
    "case.step_corrected",
];

/// Applies decided events one by one: a deadline changes only by an event that states it, and a
/// clock that was met runs again only by one that owes it again.
fn apply(story: &mut Story, who: &Actor, events: Vec<Event>, at: Timestamp) {
    for event in events {
        let before = dues(&story.case);
        let known: Vec<Clock> = story.case.work.clocks.keys().copied().collect();
        let (stated, corrects) = (stated(&event), matches!(event, Event::StepCorrected(_)));
        let returns = matches!(event, Event::Returned(_) | Event::SentToArbitration(_));
        let kind = event.kind();
        story.apply_at(who, vec![event], at);
        let after = dues(&story.case);
        for (clock, due) in &after {
            let again = known.contains(clock) && !before.contains_key(clock);
            assert!(!again || OWED_AGAIN.contains(&kind), "{kind} wakes {clock}");
            let moved = before.get(clock).is_some_and(|was| was != due);
            if moved && !corrects {
                assert_eq!(stated.get(clock.as_str()), Some(due), "{kind} moved {clock}");
            }
        }
        if returns {
            let answer = (before.get(&Clock::Answer), after.get(&Clock::Answer));
            assert_eq!(answer.0, answer.1, "{kind} moved the citizen's clock");
        }
    }
    coherent(&story.case, story.log.len());
}

/// What is true of every case at any time.
fn coherent(case: &Case, events: usize) {
    let (work, stage) = (&case.work, case.work.stage.name());
    assert_eq!(case.version, events as u64);
    let limit = city().time_rules(case.received_at).max_returns;
    assert!(work.returns.len() <= limit as usize, "returned too often");

    use StageName as S;
    let with_agency = matches!(
        stage,
        S::Dispatched | S::InProgress | S::WaitingCitizen | S::Resolved | S::Checked
    );
    assert!(!with_agency || work.lead.is_some(), "{stage:?} without an agency");
    let at_desk = matches!(stage, S::Received | S::Classified | S::HandedOff);
    assert!(!at_desk || work.lead.is_none(), "{stage:?} with an agency");
    let ended = matches!(stage, S::Closed | S::Refused | S::Withdrawn);
    assert!(
        stage == S::Merged || ended == work.closed_at.is_some(),
        "{stage:?} {:?}",
        work.closed_at
    );
    let running = dues(case);
    assert!(!ended || running.is_empty(), "{stage:?}: {running:?}");
    if with_agency && let Some(answer) = work.clocks.get(&Clock::Answer) {
        assert_eq!(answer.stopped, None, "{stage:?}: the citizen waits");
    }
    let acknowledged = with_agency && stage != S::Dispatched;
    assert!(!acknowledged || !running.contains_key(&Clock::Acknowledge), "{stage:?}");
    let ruling = running.contains_key(&Clock::Ruling);
    assert!(stage == S::Merged || (stage == S::Arbitration) == ruling, "{stage:?}: {running:?}");

    let lead = case.agency();
    assert!(lead.is_none() || lead != case.accused.as_ref(), "the accused has it");
    for part in &work.parts {
        assert!(Some(&part.agency) != lead && Some(&part.agency) != case.accused.as_ref());
    }
}

/// The ledger gives every moment since receipt to exactly one holder.
fn accounted(case: &Case, until: Timestamp) {
    let entries = case.ledger.entries();
    assert_eq!(entries[0].from, case.received_at);
    for pair in entries.windows(2) {
        assert_eq!(pair[0].to, Some(pair[1].from), "a gap or an overlap");
        assert!(pair[0].from <= pair[1].from && pair[0].holder != pair[1].holder);
    }
    assert_eq!(entries.last().unwrap().to, None);
    let elapsed =
        until.as_second().max(case.received_at.as_second()) - case.received_at.as_second();
    let sum: i64 = case.ledger.sums(until).iter().map(|(_, seconds)| seconds).sum();
    assert_eq!(sum, elapsed, "up to {until}");
    assert!(case.ledger.sums(until).iter().all(|(_, seconds)| *seconds >= 0));
}

/// The state is what its stored history makes of it.
fn folds(story: &Story) {
    let back: Vec<(Event, &Meta)> = story
        .log
        .iter()
        .map(|(event, meta)| {
            let stored = codec::encode(event, &clear()).unwrap();
            let event = codec::decode(stored.kind, stored.schema, &stored.data, &clear()).unwrap();
            (event, meta)
        })
        .collect();
    let folded = fold(back.iter().map(|(event, meta)| (event, *meta)));
    assert!(folded.as_ref() == Some(&story.case), "folds to another state");
}

/// Whoever may act may also see, but for the few whose task it is to act unseen.
fn seen(story: &Story, who: &Actor, word: &str) {
    let unseen = match who.role {
        Role::System | Role::Administrator => true,
        Role::Operator => matches!(word, "hand-off" | "seal"),
        _ => word == "correct",
    };
    assert!(unseen || may_view(&story.case, who), "{who:?} may {word} but not see it");
}

/// A step that can be corrected is corrected without trace in the work.
fn corrected(before: &Case, story: &Story) {
    if story.case.undo.as_ref().is_none_or(|undo| undo.version != story.case.version) {
        return;
    }
    let mut story = story.clone();
    story.does("coordinator", "correct", r#"{"reason": "x"}"#);
    let now = &story.case;
    assert_eq!(now.work, before.work, "correction");
    assert_eq!((now.confidential, &now.accused), (before.confidential, &before.accused));
    assert_eq!(now.handed_off, before.handed_off);
}

/// Somebody attaches a file, if they may.
fn attach(story: &mut Story, tried: &Try) {
    let who = somebody(story, "attach", tried.who);
    let intent = Intent { actor: who.clone(), now: story.now, occurred_at: story.now };
    let file = photograph(tried.what % 6);
    let Ok(events) = decide_attach(&story.case, &intent, &file) else { return };
    if events.is_empty() {
        return;
    }
    assert!(allowed(story.stage(), "attach"));
    seen(story, &who, "attach");
    let work = story.case.work.clone();
    apply(story, &who, events, story.now);
    assert_eq!(story.case.work, work, "a file changes nothing else");
    assert_eq!(decide_attach(&story.case, &intent, &file), Ok(vec![]), "attaching twice");
}

fn attempt(story: &mut Story, other: &Case, tried: &Try) {
    if tried.command % 32 == 5 {
        return attach(story, tried);
    }
    let (word, command) = command(story, other, tried);
    let who = somebody(story, word, tried.who);
    // Some things are told later than they happened.
    let told_late = if tried.who.is_multiple_of(4) { i64::from(tried.wait) } else { 0 };
    let at = (story.now - minutes(told_late)).max(story.case.step_at);
    let Ok(events) = story.decide_at(&who, &command, at) else { return };
    if events.is_empty() {
        return;
    }
    assert!(allowed(story.stage(), word), "{word} in {:?}", story.stage());
    seen(story, &who, word);
    let before = story.case.clone();
    apply(story, &who, events, at);
    let again = story.decide_at(&who, &command, at);
    assert!(again.as_ref().map_or(true, Vec::is_empty), "{word} twice: {again:?}");
    if word != "correct" {
        corrected(&before, story);
    }
}

/// Merges the one into the other or undoes it, if possible; the law of restoring is checked on
/// copies first.
fn join(a: &mut Story, b: &mut Story, keep: bool) {
    let who = Actor::new(Role::Coordinator, "somebody").in_group(true);
    let intent = Intent { actor: who.clone(), now: a.now, occurred_at: a.now };
    let reason = private("x");
    let unmerge = Unmerge { reason };
    if let Ok((of_a, of_b)) = decide_unmerge(&a.case, &b.case, &intent, &unmerge) {
        apply(a, &who, of_a, intent.now);
        apply(b, &who, of_b, intent.now);
        return;
    }
    let merge = Merge { into: b.case.number.clone(), reason: None };
    let Ok((of_a, of_b)) = decide_merge(&a.case, &b.case, city(), &intent, &merge) else { return };
    if of_a.is_empty() {
        return;
    }
    let (mut one, mut two) = (a.clone(), b.clone());
    apply(&mut one, &who, of_a, intent.now);
    apply(&mut two, &who, of_b, intent.now);
    let merged = (one.clone(), two.clone());
    let again = decide_merge(&one.case, &two.case, city(), &intent, &merge);
    assert_eq!(again, Ok((vec![], vec![])), "merging twice adds nothing");
    let (of_one, of_two) = decide_unmerge(&one.case, &two.case, &intent, &unmerge).unwrap();
    apply(&mut one, &who, of_one, intent.now);
    apply(&mut two, &who, of_two, intent.now);
    for (now, before) in [(&one.case, &a.case), (&two.case, &b.case)] {
        assert_eq!(now.work, before.work);
        assert_eq!((&now.parties, &now.absorbed), (&before.parties, &before.absorbed));
        assert_eq!(now.confidential, before.confidential);
    }
    if keep {
        (*a, *b) = merged;
    }
}

/// From wherever it is, people who are entitled bring an open case to its end.
fn ends(story: &Story) {
    let mut story = story.clone();
    let reason = |agency: &str| format!(r#"{{"agency": "{agency}", "reason": "x"}}"#);
    for _ in 0..20 {
        let agency = story.case.agency().map(ToString::to_string).unwrap_or_default();
        let group = story.case.is_denunciation();
        let of_agency = |role: &str| match group {
            true => "coordinator".to_owned(),
            false => format!("{role}@{agency}"),
        };
        let accused = story.case.accused.as_ref().map(|a| a.as_str());
        let free = ["GT", "CTN"].into_iter().find(|a| Some(*a) != accused).unwrap();
        match story.stage() {
            StageName::Received | StageName::Classified | StageName::Arbitration => {
                story.does("coordinator", "rule", &reason(free));
            }
            StageName::Dispatched => {
                story.does(&of_agency("agency_coordinator"), "accept", "{}");
            }
            StageName::InProgress | StageName::WaitingCitizen => {
                for part in story.case.work.parts.clone() {
                    let body = reason(part.agency.as_str());
                    story.does("coordinator", "drop-part", &body);
                }
                let body = r#"{"outcome": "answered", "note": "x"}"#;
                story.does(&of_agency("unit_leader"), "resolve", body);
            }
            StageName::Resolved => {
                story.does("coordinator", "check-answer", r#"{"approved": true}"#);
            }
            StageName::Checked => {
                story.does("coordinator", "answer", r#"{"text": "x"}"#);
            }
            StageName::Answered => {
                let until = story.case.work.window_until.unwrap();
                story.tick_until(until);
            }
            StageName::HandedOff => {
                story.does("coordinator", "close", "{}");
            }
            stage => {
                assert!(stage.is_over());
                return;
            }
        }
    }
    panic!("never ends");
}

fn live(of_a: Routed, of_b: Routed, reform: bool, tries: &[Try]) {
    let (mut a, mut b) = begin(of_a, of_b, reform);
    for tried in tries {
        let now = a.now + SignedDuration::from_mins(tried.wait.into());
        (a.now, b.now) = (now, now);
        if tried.ticks {
            for story in [&mut a, &mut b] {
                story.tick();
                assert!(story.tick().is_empty(), "a timer fired twice");
            }
        }
        let (one, two) = if tried.second { (&mut b, &mut a) } else { (&mut a, &mut b) };
        match tried.command % 12 {
            0 => join(one, two, tried.what.is_multiple_of(2)),
            _ => attempt(one, &two.case, tried),
        }
    }
    // The engine stood still for days; then everything due fires, once.
    for story in [&mut a, &mut b] {
        folds(story);
        for minutes in [0, 1, 777, 50_000] {
            accounted(&story.case, story.case.received_at + SignedDuration::from_mins(minutes));
        }
        accounted(&story.case, story.now);
        ends(story);
        story.wait(hours(24 * 20));
        story.tick();
        assert!(story.tick().is_empty(), "a timer fired twice");
        folds(story);
        recorded_once(story);
        ends(story);
    }
}

/// No promise is recorded as near or missed twice.
fn recorded_once(story: &Story) {
    let mut seen: Vec<(&str, Clock)> = Vec::new();
    for (event, _) in &story.log {
        let key = match event {
            Event::DeadlineWarned(e) => ("warned", e.clock),
            Event::DeadlineMissed(e) => ("missed", e.clock),
            // Gives back the promise before, with timers of its own where it is later.
            Event::StepCorrected(_) => {
                seen.clear();
                continue;
            }
            _ => {
                // What is promised anew is recorded anew.
                let stated = stated(event);
                seen.retain(|(_, clock)| !stated.contains_key(clock.as_str()));
                continue;
            }
        };
        assert!(!seen.contains(&key), "{key:?} is recorded twice");
        seen.push(key);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn laws_of_any_history(of_a in routed(), of_b in routed(), reform: bool, tries in tries()) {
        live(of_a, of_b, reform, &tries);
    }
}

/// The laws mean little if the histories are poor: together they must see the whole life.
#[test]
fn the_histories_are_rich() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..300 {
        let (of_a, of_b) = (routed(), routed());
        let of_a = of_a.new_tree(&mut runner).unwrap().current();
        let of_b = of_b.new_tree(&mut runner).unwrap().current();
        let tries = tries().new_tree(&mut runner).unwrap().current();
        let (mut a, mut b) = begin(of_a, of_b, true);
        for tried in &tries {
            let now = a.now + SignedDuration::from_mins(tried.wait.into());
            (a.now, b.now) = (now, now);
            a.tick();
            match tried.command % 12 {
                0 => join(&mut a, &mut b, tried.what.is_multiple_of(2)),
                _ => attempt(&mut a, &b.case, tried),
            }
        }
        for (event, _) in a.log.iter().chain(&b.log) {
            *kinds.entry(event.kind()).or_default() += 1;
        }
    }
    let missing: Vec<_> = Event::KINDS
        .iter()
        .map(|(kind, _)| *kind)
        .filter(|kind| !kinds.contains_key(kind))
        .collect();
    assert!(missing.len() <= 2, "never seen: {missing:?} in {kinds:?}");
}
