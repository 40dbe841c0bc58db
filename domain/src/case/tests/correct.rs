//! Correcting the last step: the case is as it was before.

use super::fixture::*;
use crate::case::Case;
use crate::case::command::Routed;
use crate::case::stage::StageName;
use crate::kinds::Clock;

const OOPS: &str = r#"{"reason": "Bấm nhầm"}"#;

/// Takes a step and corrects it as the same person; the case must be as before.
#[track_caller]
fn undone(mut story: Story, who: &str, word: &str, body: &str) {
    let before = story.case.clone();
    story.wait(minutes(1));
    story.does(who, word, body);
    story.wait(minutes(1));
    assert_eq!(story.does(who, "correct", OOPS), ["step_corrected"], "{word}");
    same(&story.case, &before, word);
    assert_eq!(story.refused("coordinator", "correct", OOPS), "nothing_to_correct");
}

#[track_caller]
fn same(now: &Case, before: &Case, what: &str) {
    assert_eq!(now.work, before.work, "{what}");
    assert_eq!((now.confidential, &now.accused), (before.confidential, &before.accused), "{what}");
    assert_eq!(now.handed_off, before.handed_off, "{what}");
    assert_eq!(now.parties, before.parties, "{what}");
}

#[test]
fn every_correctable_step_is_undone_by_whoever_took_it() {
    let desk = || Story::begin(at_desk(pothole()));
    let back = r#"{"reason": "Không phải"}"#;
    undone(desk(), "operator", "refuse", back);
    undone(desk(), "operator", "hand-off", r#"{"service": "114"}"#);
    undone(desk(), "coordinator", "seal", r#"{"reason": "x", "accused": "GT"}"#);
    undone(desk(), "operator", "classify", r#"{"category": "GT09"}"#);
    undone(desk(), "operator", "dispatch", r#"{"agency": "GT"}"#);
    undone(desk(), "operator", "escalate", back);
    undone(desk(), "coordinator", "rule", r#"{"agency": "GT", "reason": "x"}"#);
    undone(Story::dispatched(), "coordinator", "seal", r#"{"reason": "x", "accused": "GT"}"#);
    undone(Story::dispatched(), "agency_coordinator@GT", "accept", "{}");
    // Two events, one step; and the agency takes back what it no longer has.
    undone(Story::dispatched(), "agency_coordinator@GT", "return", back);
    undone(Story::in_progress(), "handler@GT", "make-safe", r#"{"note": "x"}"#);
    undone(Story::in_progress(), "handler@GT", "resolve", DONE);
    let extend = r#"{"reason": "x", "new_due": "2026-03-18T00:00:00Z", "photos": ["p"]}"#;
    undone(Story::in_progress(), "unit_leader@GT", "extend", extend);
    undone(Story::resolved(), "coordinator", "check-answer", r#"{"approved": true}"#);
    undone(
        Story::resolved(),
        "unit_leader@GT",
        "check-answer",
        r#"{"approved": false, "note": "x"}"#,
    );
    undone(Story::in_progress(), "operator", "withdraw", "{}");

    let mut story = Story::in_progress();
    story.does("unit_leader@GT", "add-co-agency", r#"{"agency": "CTN", "task": "x"}"#);
    undone(story.clone(), "handler@CTN", "finish-part", r#"{"note": "x"}"#);
    undone(story, "coordinator", "drop-part", r#"{"agency": "CTN", "reason": "x"}"#);
    let mut story = Story::resolved();
    story.does("coordinator", "check-answer", r#"{"approved": true}"#);
    undone(story, "operator", "answer", r#"{"text": "x"}"#);
}

#[test]
fn a_hand_off_by_mistake_does_not_swallow_the_real_one() {
    let mut story = Story::begin(at_desk(pothole()));
    let fire = r#"{"service": "114"}"#;
    story.does("operator", "hand-off", fire);
    story.does("operator", "correct", OOPS);
    assert_eq!(story.does("operator", "hand-off", fire), ["handed_off"]);
    assert_eq!(story.stage(), StageName::HandedOff);
}

#[test]
fn two_steps_of_one_person_are_two_steps() {
    let mut story = Story::begin(at_desk(pothole()));
    story.wait(minutes(1));
    story.does("operator", "classify", r#"{"category": "GT09"}"#);
    let classified = story.case.clone();
    story.wait(minutes(1));
    story.does("operator", "dispatch", r#"{"agency": "BT"}"#);
    story.wait(minutes(1));
    story.does("operator", "correct", OOPS);
    same(&story.case, &classified, "the classification stays");
}

#[test]
fn two_steps_told_for_the_same_minute_are_two_steps() {
    let mut story = Story::begin(at_desk(pothole()));
    story.wait(minutes(1));
    story.does("operator", "classify", r#"{"category": "GT09"}"#);
    let classified = story.case.clone();
    story.does("operator", "hand-off", r#"{"service": "114"}"#);
    story.does("operator", "correct", OOPS);
    same(&story.case, &classified, "the classification stays");
}

#[test]
fn what_the_rules_did_on_receipt_can_be_taken_back() {
    for routed in [
        sent_to("GT", pothole()),
        Routed { unclear: true, ..at_desk(pothole()) },
        fire(),
        Routed { handoff: fire().handoff, ..sent_to("GT", pothole()) },
    ] {
        let mut story = Story::begin(routed);
        story.wait(minutes(1));
        story.does("operator", "correct", OOPS);
        assert_eq!(story.stage(), StageName::Received, "the whole verdict is taken back");
        assert_eq!((story.case.agency(), story.case.handed_off.len()), (None, 0));
        assert_eq!(story.case.work.found, None);
        story.does("operator", "classify", r#"{"category": "GT01"}"#);
        story.does("operator", "dispatch", r#"{"agency": "GT"}"#);
    }
}

#[test]
fn who_corrects_and_what() {
    let mut story = Story::dispatched();
    story.does("agency_coordinator@GT", "accept", "{}");
    assert_eq!(story.refused("operator", "correct", OOPS), "correct_by_other");
    assert_eq!(story.refused("handler@GT", "correct", OOPS), "correct_by_other");
    assert_eq!(story.refused("agency_coordinator@CTN", "correct", OOPS), "not_your_agency");
    assert_eq!(story.refused("citizen", "correct", OOPS), "role_not_allowed");
    assert_eq!(story.refused("coordinator", "correct", r#"{"reason": ""}"#), "text_missing");
    let version = story.case.version;
    let other = body(serde_json::json!({"reason": "x", "version": version - 1}));
    assert_eq!(story.refused("coordinator", "correct", &other), "not_the_last_step");
    // A note and a timer say nothing about the step before.
    story.does("operator", "note", r#"{"text": "x"}"#);
    story.tick_until(local("03-05 08:00"));
    let exact = body(serde_json::json!({"reason": "x", "version": version}));
    story.does("coordinator", "correct", &exact);
    assert_eq!(story.stage(), StageName::Dispatched);

    // Something else came after: too late.
    let mut story = Story::in_progress();
    story.does("handler@GT", "progress", r#"{"note": "x"}"#);
    assert_eq!(story.refused("coordinator", "correct", OOPS), "nothing_to_correct");
}

#[test]
fn an_appeal_is_not_somebody_elses_mistake() {
    let mut story = Story::answered();
    story.does("citizen", "rate", r#"{"score": 1}"#);
    story.does("citizen", "appeal", r#"{"reason": "x"}"#);
    assert_eq!(story.refused("coordinator", "correct", OOPS), "nothing_to_correct");
}

#[test]
fn a_correction_gives_back_clocks_and_their_timers() {
    // Made urgent by mistake: the short deadline passes, then the mistake is found.
    let mut story = Story::dispatched();
    story.does("operator", "classify", r#"{"category": "GT09"}"#);
    assert_eq!(story.due(Clock::Acknowledge), "03-02 08:15");
    let fired = story.tick_until(local("03-02 08:30"));
    assert_eq!(fired, ["deadline_warned", "deadline_missed"]);
    story.does("operator", "correct", OOPS);
    assert_eq!(story.due(Clock::Acknowledge), "03-02 10:00");
    assert_eq!(story.tick_until(local("03-02 10:00")), ["deadline_warned", "deadline_missed"]);
}

#[test]
fn what_was_recorded_before_a_correction_is_not_recorded_again() {
    let mut story = Story::in_progress();
    let part = r#"{"agency": "CTN", "task": "x", "due": "2026-03-02T03:00:00Z"}"#;
    story.does("unit_leader@GT", "add-co-agency", part);
    story.does("handler@GT", "make-safe", r#"{"note": "x"}"#);
    assert!(story.tick_until(local("03-02 10:30")).contains(&"part_missed"));
    story.does("handler@GT", "correct", OOPS);
    assert_eq!(story.tick(), [""; 0]);
}
