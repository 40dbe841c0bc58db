//! Who may act: agency, focal point, handler, party; and when something may have happened.

use super::fixture::*;
use crate::actor::{Actor, Role};
use crate::case::Rejection;
use crate::case::authority::{may_view, roles};
use crate::case::command::Command;
use crate::case::stage::StageName;

const NOTE: &str = r#"{"note": "Đang làm"}"#;

#[test]
fn people_of_an_agency_act_for_their_own() {
    let mut story = Story::dispatched();
    for who in ["agency_coordinator@CTN", "unit_leader@BT", "agency_coordinator"] {
        assert_eq!(story.refused(who, "accept", "{}"), "not_your_agency");
        assert!(!may_view(&story.case, &actor(who)));
    }
    story.does("agency_coordinator@GT", "assign", r#"{"focal_point": "GT-1"}"#);
    let other = "agency_coordinator@GT/GT-2";
    assert_eq!(story.refused(other, "accept", "{}"), "not_your_focal_point");
    assert!(!may_view(&story.case, &actor(other)));
    story.does("agency_coordinator@GT/GT-1", "accept", "{}");
    story.does("unit_leader@GT", "assign", r#"{"handler": "an"}"#);
    assert_eq!(story.refused("handler@GT:binh", "progress", NOTE), "not_your_case");
    story.does("handler@GT/GT-1:an", "progress", NOTE);
    assert_eq!(story.refused("handler@CTN:an", "progress", NOTE), "not_your_agency");
}

#[test]
fn a_co_agency_does_its_part_and_no_more() {
    let mut story = Story::in_progress();
    story.does("coordinator", "add-co-agency", r#"{"agency": "CTN", "task": "x"}"#);
    assert!(may_view(&story.case, &actor("handler@CTN")));
    story.does("handler@CTN", "note", r#"{"text": "Đã cử người"}"#);
    for (word, body) in [("resolve", DONE), ("progress", NOTE), ("arrive", "{}")] {
        assert_eq!(story.refused("handler@CTN", word, body), "not_your_agency");
    }
}

#[test]
fn the_focal_point_of_the_lead_agency_does_not_hide_the_case_from_a_co_agency() {
    let mut story = Story::in_progress();
    story.does("agency_coordinator@GT", "assign", r#"{"focal_point": "GT-1"}"#);
    story.does("coordinator", "add-co-agency", r#"{"agency": "CTN", "task": "x"}"#);
    assert!(may_view(&story.case, &actor("handler@CTN/CTN-1")));
    assert!(!may_view(&story.case, &actor("handler@GT/GT-2")), "another of the lead's own");
}

#[test]
fn the_trail_names_each_stage_and_when_it_began() {
    let story = Story::answered();
    let trail = story.case.work.trail.iter().map(|visit| (visit.stage, shown(visit.at)));
    let trail: Vec<_> = trail.collect();
    let trail: Vec<_> = trail.iter().map(|(stage, at)| (*stage, at.as_str())).collect();
    assert_eq!(
        trail,
        [
            (StageName::Received, "03-02 08:00"),
            (StageName::Classified, "03-02 08:00"),
            (StageName::Dispatched, "03-02 08:00"),
            (StageName::InProgress, "03-02 08:10"),
            (StageName::Resolved, "03-03 08:10"),
            (StageName::Checked, "03-03 09:10"),
            (StageName::Answered, "03-03 10:10"),
        ]
    );
}

#[test]
fn time_goes_forward() {
    let story = Story::in_progress();
    let who = actor("handler@GT");
    let command = read("progress", NOTE);
    let code = |at| story.decide_at(&who, &command, at).map_err(|e: Rejection| e.code());
    assert!(code(story.now + minutes(2)).is_ok(), "clocks of telephones differ");
    assert_eq!(code(story.now + minutes(3)), Err("in_future"));
    assert!(code(story.now - minutes(2)).is_ok());
    assert_eq!(code(story.now - minutes(3)), Err("out_of_order"));

    // What was done offline counts from when it was done.
    let mut story = Story::in_progress();
    let done = story.now + minutes(30);
    story.wait(hours(5));
    let events = story.decide_at(&who, &read("resolve", DONE), done).unwrap();
    story.now = done;
    story.apply(&who, events);
    let resolve = &story.case.work.clocks[&crate::kinds::Clock::Resolve];
    assert_eq!(resolve.stopped, Some(done));
}

#[test]
fn what_was_done_offline_stands_though_a_timer_or_a_note_came_first() {
    let mut story = Story::in_progress();
    let done = local("03-05 20:00");
    assert_eq!(story.tick_until(local("03-06 08:00")), ["deadline_warned", "deadline_missed"]);
    story.does("operator", "note", r#"{"text": "Người dân hỏi lại"}"#);
    let who = actor("handler@GT");
    let events = story.decide_at(&who, &read("resolve", DONE), done).unwrap();
    story.apply_at(&who, events, done);
    let resolve = &story.case.work.clocks[&crate::kinds::Clock::Resolve];
    assert_eq!(resolve.kept(story.now), Some(true), "finished on the 5th, told on the 6th");
    assert_eq!(story.case.last_at, story.now);
}

#[test]
fn every_command_has_roles_and_nobody_else_passes() {
    let story = Story::in_progress();
    for word in Command::NAMES {
        assert!(!roles(word).is_empty(), "{word}");
    }
    assert!(roles("no-such-command").is_empty());
    for role in Role::ALL {
        let who = Actor { agency: Some("GT".into()), ..Actor::new(*role, "party_1") };
        let refused = story.decide(
            &who,
            &read("extend", r#"{"reason":"x","new_due":"2026-03-20T00:00:00Z","photos":["p"]}"#),
        );
        assert_eq!(refused.is_ok(), *role == Role::UnitLeader, "{role}");
    }
}

#[test]
fn sight_follows_the_part_one_has() {
    let story = Story::dispatched();
    for (who, sees) in [
        ("citizen", true),
        ("citizen:party_2", false),
        ("operator", true),
        ("coordinator", true),
        ("administrator", true),
        ("system", true),
        ("integration", true),
        ("agency_coordinator@GT", true),
        ("handler@GT", true),
        ("handler@CTN", false),
        ("handler", false),
    ] {
        assert_eq!(may_view(&story.case, &actor(who)), sees, "{who}");
    }
}
