//! Sealed cases: who may see and touch them, and the agency complained of.

use super::fixture::*;
use crate::case::authority::may_view;
use crate::case::command::Found;
use crate::case::stage::StageName;
use crate::kinds::{Clock, Kind};

const SEAL: &str = r#"{"reason": "Tố cáo cán bộ", "accused": "GT"}"#;

fn denunciation() -> Story {
    let found = Found {
        kind: Kind::Denunciation,
        category: Some("TC01".into()),
        priority: None,
        confidential: true,
        ..pothole()
    };
    Story::begin(at_desk(found))
}

fn complaint() -> Story {
    Story::begin(at_desk(Found { kind: Kind::Complaint, confidential: true, ..pothole() }))
}

#[test]
fn a_denunciation_is_the_groups_alone() {
    let mut story = denunciation();
    let outside = "coordinator:outside";
    for who in ["operator", outside, "administrator", "auditor", "city_leader", "integration"] {
        assert!(!may_view(&story.case, &actor(who)), "{who}");
    }
    for word in ["note", "dispatch", "classify", "refuse", "seal", "correct"] {
        let body = super::matrix::example(word).1;
        assert_eq!(story.refused(outside, word, body), "sealed_case", "{word}");
    }
    assert!(may_view(&story.case, &actor("coordinator")));
    // An administrator moves the cases of agencies that end, but knows nothing of this one.
    let moved = super::matrix::example("move-to-successor").1;
    assert_eq!(story.refused("administrator", "move-to-successor", moved), "sealed_case");
    // The body that is competent does its part on paper: nobody there sees the case.
    story.does("coordinator", "dispatch", r#"{"agency": "CTN"}"#);
    for who in ["agency_coordinator@CTN", "unit_leader@CTN", "handler@CTN"] {
        assert!(!may_view(&story.case, &actor(who)), "{who}");
        assert_eq!(story.refused(who, "note", r#"{"text": "x"}"#), "not_your_agency");
    }
    assert_eq!(story.refused("agency_coordinator@CTN", "accept", "{}"), "not_your_agency");
    assert_eq!(story.refused(outside, "accept", "{}"), "role_not_allowed");
    story.does("coordinator", "accept", "{}");
    let done = r#"{"outcome": "answered", "note": "Đã xác minh"}"#;
    story.does("coordinator:binh", "resolve", done);
    story.does("coordinator", "check-answer", r#"{"approved": true}"#);
    story.does("coordinator:binh", "answer", r#"{"text": "Kết luận"}"#);
    assert_eq!(story.stage(), StageName::Answered);
}

#[test]
fn who_had_it_when_it_became_a_denunciation_loses_sight() {
    let mut story = Story::in_progress();
    assert!(may_view(&story.case, &actor("handler@GT")));
    story.does("coordinator:outside", "classify", r#"{"kind": "denunciation"}"#);
    for who in ["handler@GT", "unit_leader@GT", "coordinator:outside", "operator"] {
        assert!(!may_view(&story.case, &actor(who)), "{who}");
    }
    assert_eq!(story.refused("unit_leader@GT", "correct", r#"{"reason": "x"}"#), "not_your_agency");
}

#[test]
fn operators_touch_nothing_after_intake() {
    let mut story = denunciation();
    assert!(!may_view(&story.case, &actor("operator")));
    for (word, body) in [
        ("classify", r#"{"category": "GT01"}"#),
        ("dispatch", r#"{"agency": "GT"}"#),
        ("refuse", r#"{"reason": "x"}"#),
        ("note", r#"{"text": "x"}"#),
        ("withdraw", "{}"),
        ("correct", r#"{"reason": "x"}"#),
        ("hand-off", r#"{"service": "113"}"#),
        ("seal", SEAL),
    ] {
        assert_eq!(story.refused("operator", word, body), "sealed_case", "{word}");
    }
    story.does("coordinator", "hand-off", r#"{"service": "113"}"#);
    story.does("coordinator", "seal", SEAL);
    story.does("coordinator", "dispatch", r#"{"agency": "CTN"}"#);
}

#[test]
fn other_systems_touch_no_sealed_case() {
    let story = denunciation();
    assert!(!may_view(&story.case, &actor("integration")));
    assert_eq!(story.refused("integration", "withdraw", "{}"), "sealed_case");
}

#[test]
fn classifying_as_denunciation_seals_for_good() {
    let mut story = Story::begin(at_desk(pothole()));
    story.does("operator", "classify", r#"{"kind": "denunciation"}"#);
    assert!(story.case.confidential);
    let body = r#"{"kind": "incident"}"#;
    assert_eq!(story.refused("operator", "classify", body), "sealed_case");
    story.does("coordinator", "classify", body);
    assert!(story.case.confidential, "no classification lifts it");

    let mut story = Story::begin(at_desk(pothole()));
    story.does("operator", "classify", r#"{"category": "TC01"}"#);
    assert!(story.case.confidential);
    // A correction does.
    story.does("coordinator", "correct", r#"{"reason": "Nhầm"}"#);
    assert!(!story.case.confidential);
}

#[test]
fn the_agency_complained_of_loses_the_case_and_never_gets_it() {
    for stage in ["dispatched", "waiting", "resolved"] {
        let mut story = match stage {
            "dispatched" => Story::dispatched(),
            "waiting" => Story::in_progress(),
            _ => Story::resolved(),
        };
        if stage == "waiting" {
            story.does("handler@GT", "ask", r#"{"question": "?"}"#);
        }
        let answer = story.due(Clock::Answer);
        story.does("operator", "seal", SEAL);
        assert_eq!(story.stage(), StageName::Classified, "{stage}");
        assert_eq!((story.case.agency(), story.due(Clock::Answer)), (None, answer));
        for who in ["agency_coordinator@GT", "unit_leader@GT", "handler@GT"] {
            assert!(!may_view(&story.case, &actor(who)));
            assert_eq!(story.refused(who, "note", r#"{"text": "x"}"#), "not_your_agency");
        }
        let refused = |word, body| story.refused("coordinator", word, body);
        assert_eq!(refused("dispatch", r#"{"agency": "GT"}"#), "accused_agency");
        assert_eq!(refused("rule", r#"{"agency": "GT", "reason": "x"}"#), "accused_agency");
        story.does("coordinator", "dispatch", r#"{"agency": "CTN"}"#);
        let part = r#"{"agency": "GT", "task": "x"}"#;
        assert_eq!(story.refused("coordinator", "add-co-agency", part), "accused_agency");
    }
}

#[test]
fn sealing_under_appeal_leaves_it_with_the_coordinators() {
    let mut story = Story::answered();
    story.does("citizen", "appeal", r#"{"reason": "Cán bộ nhận tiền"}"#);
    story.does("coordinator", "seal", SEAL);
    assert_eq!((story.stage(), story.case.agency()), (StageName::Arbitration, None));
    assert!(story.running().contains(&Clock::Ruling));
    story.does("coordinator", "rule", r#"{"agency": "CTN", "reason": "Thanh tra"}"#);
}

#[test]
fn a_co_agency_complained_of_loses_its_part() {
    let mut story = Story::in_progress();
    story.does("unit_leader@GT", "add-co-agency", r#"{"agency": "CTN", "task": "x"}"#);
    story.does("coordinator", "seal", r#"{"reason": "x", "accused": "CTN"}"#);
    assert!(story.case.work.parts.is_empty());
    assert_eq!(story.stage(), StageName::InProgress, "the lead goes on");
    let done = r#"{"note": "x"}"#;
    assert_eq!(story.refused("handler@CTN", "finish-part", done), "not_your_agency");
}

#[test]
fn sealing_twice_adds_nothing_but_a_name() {
    let mut story = Story::dispatched();
    assert_eq!(story.refused("operator", "seal", r#"{"reason": " "}"#), "text_missing");
    let unknown = r#"{"reason": "x", "accused": "XX"}"#;
    assert_eq!(story.refused("operator", "seal", unknown), "unknown_agency");
    assert_eq!(story.does("operator", "seal", r#"{"reason": "Mật"}"#), ["sealed"]);
    assert_eq!(story.does("coordinator", "seal", r#"{"reason": "Mật"}"#), [""; 0]);
    assert_eq!(story.stage(), StageName::Dispatched, "the agency is not complained of");
    assert_eq!(story.does("coordinator", "seal", SEAL), ["sealed"]);
    assert_eq!(story.does("coordinator", "seal", SEAL), [""; 0]);
}

#[test]
fn inside_an_agency_a_sealed_case_is_its_heads_and_its_handlers() {
    let mut story = complaint();
    story.does("coordinator", "dispatch", r#"{"agency": "GT"}"#);
    story.does("agency_coordinator@GT", "accept", "{}");
    let handler = actor("handler@GT:an");
    let note = r#"{"note": "x"}"#;
    assert!(!may_view(&story.case, &handler), "not assigned yet");
    assert_eq!(story.refused("handler@GT:an", "progress", note), "not_your_case");
    story.does("agency_coordinator@GT", "assign", r#"{"handler": "an"}"#);
    assert!(may_view(&story.case, &handler));
    story.does("handler@GT:an", "progress", note);
    assert_eq!(story.refused("handler@GT:binh", "progress", note), "not_your_case");
}
