//! The desk: screening, classifying, dispatching, returns and rulings.

use serde_json::json;

use super::fixture::*;
use crate::case::command::Routed;
use crate::case::stage::StageName;
use crate::kinds::{Clock, Kind, PlaceSource, Priority};

fn at_the_desk() -> Story {
    Story::begin(at_desk(pothole()))
}

fn unclear() -> Story {
    Story::begin(Routed { unclear: true, ..at_desk(pothole()) })
}

const RETURN: &str = r#"{"reason": "Đường do quận quản lý", "proposed_agency": "BT"}"#;

/// Returned as often as the desk allows.
fn returned_twice() -> Story {
    let mut story = Story::dispatched();
    story.does("agency_coordinator@GT", "return", RETURN);
    story.does("coordinator", "dispatch", r#"{"agency": "BT"}"#);
    story.does("agency_coordinator@BT", "return", r#"{"reason": "Không phải của phường"}"#);
    story
}

#[test]
fn screening_refuses_with_a_reason() {
    let mut story = at_the_desk();
    assert_eq!(story.refused("operator", "refuse", r#"{"reason": " "}"#), "text_missing");
    let body = r#"{"reason": "Không thuộc phạm vi", "legal_ground": "Điều 5"}"#;
    assert_eq!(story.does("operator", "refuse", body), ["refused"]);
    assert_eq!((story.stage(), story.running()), (StageName::Refused, vec![]));
    assert_eq!(story.refused("operator", "refuse", body), "wrong_stage");
}

#[test]
fn coordinators_also_refuse_what_the_rules_found_unclear() {
    let mut story = unclear();
    let body = r#"{"reason": "Nội dung không rõ, không liên hệ được"}"#;
    assert_eq!(story.refused("operator", "refuse", body), "ruling_needed");
    assert_eq!(story.does("coordinator", "refuse", body), ["refused"]);
    // What an agency had is ruled on, not refused.
    let story = returned_twice();
    assert_eq!(story.refused("coordinator", "refuse", body), "ruling_needed");
}

#[test]
fn an_emergency_is_handed_over_and_may_still_go_to_an_agency() {
    let mut story = at_the_desk();
    let fire = r#"{"service": "114", "note": "Cháy trạm biến áp"}"#;
    assert_eq!(story.does("operator", "hand-off", fire), ["handed_off"]);
    assert_eq!(story.stage(), StageName::HandedOff);
    assert_eq!(story.does("operator", "hand-off", fire), [""; 0], "again adds nothing");
    assert_eq!(story.does("operator", "hand-off", r#"{"service": "115"}"#), ["handed_off"]);
    assert_eq!(story.does("operator", "dispatch", r#"{"agency": "GT"}"#), ["dispatched"]);
    assert_eq!(story.stage(), StageName::Dispatched);
    // While an agency works on it, it stays with the agency.
    assert_eq!(story.does("operator", "hand-off", r#"{"service": "113"}"#), ["handed_off"]);
    assert_eq!(story.stage(), StageName::Dispatched);

    let mut story = Story::begin(super::fixture::fire());
    assert_eq!(story.refused("system", "close", "{}"), "role_not_allowed");
    assert_eq!(story.does("operator", "close", "{}"), ["closed"]);
}

#[test]
fn a_hand_off_in_arbitration_never_loses_the_ruling() {
    // Nobody had it: it is with the emergency service, and the coordinators can still rule.
    let mut story = returned_twice();
    story.does("coordinator", "hand-off", r#"{"service": "113"}"#);
    assert_eq!(story.stage(), StageName::HandedOff);
    assert_eq!(story.refused("coordinator", "dispatch", r#"{"agency": "GT"}"#), "ruling_needed");
    let ruling = r#"{"agency": "GT", "reason": "Đường chính"}"#;
    assert_eq!(story.does("coordinator", "rule", ruling), ["ruled"]);

    // Under appeal the coordinators keep it, and their clock runs on.
    let mut story = Story::answered();
    story.does("citizen", "appeal", r#"{"reason": "Chưa sửa"}"#);
    story.does("coordinator", "hand-off", r#"{"service": "113"}"#);
    assert_eq!(story.stage(), StageName::Arbitration);
    assert!(story.running().contains(&Clock::Ruling));
}

#[test]
fn classifying_by_hand() {
    let mut story = at_the_desk();
    let body = r#"{"category": "GT09", "district": "Q1", "ward": "26734", "reason": "Hố sâu"}"#;
    assert_eq!(story.does("operator", "classify", body), ["classified"]);
    let found = story.case.work.found.clone().unwrap();
    assert_eq!((found.priority, found.urgent), (Some(Priority::P1), true));
    assert_eq!((found.confidence, found.rule), (None, None), "a person decided");
    assert_eq!(found.place_source, Some(PlaceSource::Picked));
    assert_eq!(story.does("operator", "classify", body), [""; 0], "again adds nothing");
    let refused = |body| story.refused("operator", "classify", body);
    assert_eq!(refused("{}"), "nothing_to_classify");
    assert_eq!(refused(r#"{"reason": "vì"}"#), "nothing_to_classify");
    assert_eq!(refused(r#"{"category": "XX"}"#), "unknown_category");
    assert_eq!(refused(r#"{"district": "XX"}"#), "unknown_place");
    assert_eq!(refused(r#"{"ward": "1"}"#), "unknown_place");
}

#[test]
fn classifying_without_a_place_leaves_the_place_as_it_was_found() {
    let mut story = at_the_desk();
    story.does("operator", "classify", r#"{"category": "GT09"}"#);
    let found = story.case.work.found.clone().unwrap();
    assert_eq!(found.place_source, Some(PlaceSource::Alias));
}

#[test]
fn classifying_while_an_agency_has_it_moves_deadlines_in_the_open() {
    let mut story = Story::dispatched();
    story.wait(minutes(5));
    story.does("coordinator", "classify", r#"{"category": "GT09"}"#);
    let (event, _) = story.log.last().unwrap();
    let json: serde_json::Value = serde_json::from_str(
        &crate::case::codec::encode(event, &crate::private::clear()).unwrap().data,
    )
    .unwrap();
    let moved: Vec<_> =
        json["deadlines"].as_array().unwrap().iter().map(|d| d["clock"].clone()).collect();
    // Urgent: a quarter of an hour from dispatch; and two clocks that did not run before.
    assert_eq!(json!(moved), json!(["acknowledge", "on_site", "make_safe"]));
    assert_eq!(story.due(Clock::Acknowledge), "03-02 08:15");
    assert_eq!(story.due(Clock::OnSite), "03-02 09:05");
    assert_eq!(story.due(Clock::Answer), "03-12 23:59", "the citizen's promise stays");
}

#[test]
fn classifying_never_starts_a_clock_that_nothing_can_stop() {
    // A proposal has no acknowledge clock; it was accepted, then found to be an incident.
    let found = crate::case::command::Found { kind: Kind::Proposal, category: None, ..pothole() };
    let mut story = Story::begin(sent_to("GT", found));
    assert_eq!(story.due(Clock::Acknowledge), "-");
    story.does("agency_coordinator@GT", "accept", "{}");
    story.does("handler@GT", "make-safe", r#"{"note": "Đã rào"}"#);
    story.does("coordinator", "classify", r#"{"category": "GT09", "kind": "incident"}"#);
    assert!(!story.running().contains(&Clock::Acknowledge), "it accepted long ago");
    assert!(!story.running().contains(&Clock::MakeSafe), "it is safe");
    assert!(!story.running().contains(&Clock::OnSite), "somebody was there to make it safe");
}

#[test]
fn dispatch_goes_to_agencies_that_exist() {
    let mut story = at_the_desk();
    let refused = |body| story.refused("operator", "dispatch", body);
    assert_eq!(refused(r#"{"agency": "XX"}"#), "unknown_agency");
    assert_eq!(refused(r#"{"agency": "GT", "focal_point": "CTN-1"}"#), "unknown_focal_point");
    let body = r#"{"agency": "GT", "focal_point": "GT-2", "reason": "Theo tuyến"}"#;
    assert_eq!(story.does("operator", "dispatch", body), ["dispatched"]);
    assert_eq!(story.running(), [Clock::Acknowledge, Clock::Resolve, Clock::Answer]);
    assert_eq!(story.refused("operator", "dispatch", body), "wrong_stage");

    let story = Story::begin_at(time(REFORM) + hours(9), 1, at_desk(pothole()));
    assert_eq!(story.refused("operator", "dispatch", r#"{"agency": "Q1"}"#), "agency_ended");
}

#[test]
fn the_unclear_goes_to_the_coordinators_alone() {
    let mut story = at_the_desk();
    let ask = r#"{"reason": "Không rõ ai quản lý"}"#;
    assert_eq!(story.does("operator", "escalate", ask), ["sent_to_arbitration"]);
    assert_eq!(story.running(), [Clock::Ruling, Clock::Answer]);
    assert_eq!(story.due(Clock::Ruling), "03-02 09:00");
    assert_eq!(story.refused("operator", "escalate", ask), "wrong_stage");
    let dispatch = r#"{"agency": "GT"}"#;
    assert_eq!(story.refused("operator", "dispatch", dispatch), "ruling_needed");
    let ruling = r#"{"agency": "GT", "reason": "Tuyến chính"}"#;
    assert_eq!(story.refused("operator", "rule", ruling), "role_not_allowed");
    assert_eq!(story.does("coordinator", "dispatch", dispatch), ["dispatched"]);
    assert!(!story.case.work.ruled, "a dispatch does not bind");
}

#[test]
fn an_agency_returns_until_somebody_rules() {
    let mut story = Story::dispatched();
    let back = |story: &mut Story, who: &str| story.does(who, "return", RETURN);
    let refused = story.refused("agency_coordinator@GT", "return", r#"{"reason": ""}"#);
    assert_eq!(refused, "text_missing");
    let unknown = r#"{"reason": "x", "proposed_agency": "XX"}"#;
    assert_eq!(story.refused("agency_coordinator@GT", "return", unknown), "unknown_agency");

    let answer = story.due(Clock::Answer);
    story.wait(minutes(30));
    assert_eq!(back(&mut story, "agency_coordinator@GT"), ["returned", "sent_to_arbitration"]);
    assert_eq!(story.running(), [Clock::Ruling, Clock::Answer]);
    story.wait(minutes(10));
    story.does("coordinator", "dispatch", r#"{"agency": "BT"}"#);
    assert_eq!(story.due(Clock::Acknowledge), "03-02 10:40", "the next agency has its own time");
    story.wait(minutes(10));
    assert_eq!(back(&mut story, "agency_coordinator@BT"), ["returned", "sent_to_arbitration"]);
    assert_eq!(story.due(Clock::Answer), answer, "returns never move the citizen's clock");

    // Twice: now only a ruling, and it binds.
    assert_eq!(story.refused("coordinator", "dispatch", r#"{"agency": "CTN"}"#), "ruling_needed");
    let ruling = r#"{"agency": "GT", "focal_point": "GT-1", "reason": "Tuyến chính"}"#;
    assert_eq!(story.does("coordinator", "rule", ruling), ["ruled"]);
    assert_eq!(story.refused("agency_coordinator@GT", "return", RETURN), "ruling_binds");
    assert_eq!(story.due(Clock::Answer), answer);
    story.does("agency_coordinator@GT/GT-1", "accept", "{}");
    assert_eq!(story.stage(), StageName::InProgress);
}

#[test]
fn a_ruling_needs_grounds_and_an_agency() {
    let mut story = returned_twice();
    let refused = |body| story.refused("coordinator", "rule", body);
    assert_eq!(refused(r#"{"agency": "GT", "reason": ""}"#), "text_missing");
    assert_eq!(refused(r#"{"agency": "XX", "reason": "x"}"#), "unknown_agency");
    story.does("coordinator", "rule", r#"{"agency": "GT", "reason": "x"}"#);
    // The same ruling again adds nothing; once the agency works on it, it is settled.
    let before = story.log.len();
    story.does("coordinator", "rule", r#"{"agency": "GT", "reason": "x"}"#);
    assert_eq!(story.log.len(), before);
    story.does("agency_coordinator@GT", "accept", "{}");
    assert_eq!(
        story.refused("coordinator", "rule", r#"{"agency": "GT", "reason": "x"}"#),
        "wrong_stage"
    );
}

#[test]
fn an_agency_that_stays_silent_loses_the_case_to_a_ruling() {
    let mut story = Story::dispatched();
    story.does("coordinator", "rule", r#"{"agency": "BT", "reason": "không phản hồi"}"#);
    assert_eq!(story.case.agency().map(ToString::to_string).as_deref(), Some("BT"));
    assert_eq!(story.refused("agency_coordinator@GT", "accept", "{}"), "not_your_agency");
}

#[test]
fn the_number_of_returns_is_policy() {
    // The desk of 2027 allows one return.
    let start = time("2027-03-02T08:00:00+07:00");
    let mut story = Story::begin_at(start, 1, sent_to("GT", pothole()));
    story.does("agency_coordinator@GT", "return", RETURN);
    assert_eq!(story.refused("coordinator", "dispatch", r#"{"agency": "BT"}"#), "ruling_needed");
}
