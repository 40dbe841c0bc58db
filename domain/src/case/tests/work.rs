//! The agency's work: accepting, assigning, parts of others, safety, progress, extension, outcome.

use super::fixture::*;
use crate::case::stage::StageName;
use crate::kinds::Clock;

const PART: &str = r#"{"agency": "CTN", "task": "Sửa ống", "due": "2026-03-04T10:00:00Z"}"#;

/// Danger to life, accepted.
fn danger() -> Story {
    let mut story = Story::dispatched();
    story.does("coordinator", "classify", r#"{"category": "GT09"}"#);
    story.does("agency_coordinator@GT", "accept", "{}");
    story
}

#[test]
fn accepting_stops_the_acknowledge_clock() {
    let mut story = Story::dispatched();
    story.wait(minutes(20));
    assert_eq!(story.does("unit_leader@GT", "accept", "{}"), ["accepted"]);
    assert_eq!(story.running(), [Clock::Resolve, Clock::Answer]);
    assert_eq!(story.refused("unit_leader@GT", "accept", "{}"), "wrong_stage");
    let back = r#"{"reason": "x"}"#;
    assert_eq!(story.refused("unit_leader@GT", "return", back), "wrong_stage");
}

#[test]
fn assigning_inside_the_agency() {
    let mut story = Story::dispatched();
    let body = r#"{"focal_point": "GT-1", "handler": "an"}"#;
    assert_eq!(story.does("agency_coordinator@GT", "assign", body), ["assigned"]);
    assert_eq!(story.does("agency_coordinator@GT/GT-1", "assign", body), [""; 0]);
    let refused = |body| story.refused("agency_coordinator@GT", "assign", body);
    assert_eq!(refused("{}"), "text_missing");
    assert_eq!(refused(r#"{"handler": " "}"#), "text_missing");
    assert_eq!(refused(r#"{"focal_point": "CTN-1"}"#), "unknown_focal_point");
    story.does("agency_coordinator@GT", "assign", r#"{"handler": "binh"}"#);
    let lead = story.case.work.lead.as_ref().unwrap();
    assert_eq!(lead.focal_point.as_ref().unwrap().as_str(), "GT-1");
    assert_eq!(lead.handler.as_deref(), Some("binh"));
}

#[test]
fn several_agencies_give_the_answer_fifteen_days_in_the_open() {
    let mut story = Story::in_progress();
    assert_eq!(story.due(Clock::Answer), "03-12 23:59");
    assert_eq!(story.does("agency_coordinator@GT", "add-co-agency", PART), ["co_agency_added"]);
    assert_eq!(story.due(Clock::Answer), "03-17 23:59");
    let crate::case::Event::CoAgencyAdded(added) = &story.log.last().unwrap().0 else { panic!() };
    assert_eq!(shown(added.deadlines[0].due), "03-17 23:59");
    assert_eq!(added.deadlines[0].explanation.policy, "answer-several");
    // The second co-agency adds no more time; dropping one takes none away.
    story.does("coordinator", "add-co-agency", r#"{"agency": "BT", "task": "Rào chắn"}"#);
    story.does("coordinator", "drop-part", r#"{"agency": "BT", "reason": "Không cần"}"#);
    story.does("coordinator", "drop-part", r#"{"agency": "CTN", "reason": "Không cần"}"#);
    assert_eq!(story.due(Clock::Answer), "03-17 23:59");

    // Until September 2025 there was no such rule.
    let mut story = Story::begin_at(time("2025-09-01T08:00:00+07:00"), 1, sent_to("GT", pothole()));
    let before = story.due(Clock::Answer);
    story.does("agency_coordinator@GT", "add-co-agency", r#"{"agency": "CTN", "task": "Sửa"}"#);
    assert_eq!(story.due(Clock::Answer), before);
}

#[test]
fn a_question_to_the_citizen_before_does_not_cost_the_longer_answer() {
    let mut story = Story::in_progress();
    story.does("handler@GT", "ask", r#"{"question": "Ở đâu?"}"#);
    story.wait(hours(24));
    story.does("citizen", "reply", r#"{"text": "Số 12"}"#);
    assert_eq!(story.due(Clock::Answer), "03-13 23:59");
    story.does("agency_coordinator@GT", "add-co-agency", PART);
    assert_eq!(story.due(Clock::Answer), "03-18 23:59", "fifteen days and the pause");
}

#[test]
fn co_agencies_and_their_parts() {
    let mut story = Story::in_progress();
    let add = |story: &Story, body| story.refused("unit_leader@GT", "add-co-agency", body);
    assert_eq!(add(&story, r#"{"agency": "CTN", "task": ""}"#), "text_missing");
    assert_eq!(add(&story, r#"{"agency": "XX", "task": "x"}"#), "unknown_agency");
    assert_eq!(add(&story, r#"{"agency": "GT", "task": "x"}"#), "already_involved");
    let past = r#"{"agency": "CTN", "task": "x", "due": "2026-03-01T00:00:00Z"}"#;
    assert_eq!(add(&story, past), "due_not_future");
    story.does("unit_leader@GT", "add-co-agency", PART);
    assert_eq!(story.does("unit_leader@GT", "add-co-agency", PART), [""; 0], "again adds nothing");
    assert_eq!(add(&story, r#"{"agency": "CTN", "task": "khác"}"#), "already_involved");

    // A mandatory part blocks the end.
    assert_eq!(story.refused("handler@GT", "resolve", DONE), "parts_open");
    let done = r#"{"note": "Đã sửa ống"}"#;
    assert_eq!(story.refused("handler@BT", "finish-part", done), "not_your_agency");
    let of_other = r#"{"agency": "BT", "note": "x"}"#;
    assert_eq!(story.refused("handler@CTN", "finish-part", of_other), "not_your_agency");
    assert_eq!(story.refused("handler@GT", "finish-part", of_other), "not_involved");
    assert_eq!(story.refused("handler@CTN", "finish-part", r#"{"note": " "}"#), "text_missing");
    assert_eq!(story.does("handler@CTN", "finish-part", done), ["part_finished"]);
    assert_eq!(story.does("handler@CTN", "finish-part", done), [""; 0]);
    assert_eq!(story.does("handler@GT", "resolve", DONE), ["resolved"]);
}

#[test]
fn a_part_may_be_dropped_or_optional() {
    let mut story = Story::in_progress();
    story.does("unit_leader@GT", "add-co-agency", PART);
    let drop = |body| story.refused("coordinator", "drop-part", body);
    assert_eq!(drop(r#"{"agency": "BT", "reason": "x"}"#), "not_involved");
    assert_eq!(drop(r#"{"agency": "CTN", "reason": ""}"#), "text_missing");
    let body = r#"{"agency": "CTN", "reason": "Không cần"}"#;
    assert_eq!(story.refused("unit_leader@GT", "drop-part", body), "role_not_allowed");
    story.does("coordinator", "drop-part", body);
    assert_eq!(story.refused("coordinator", "drop-part", body), "not_involved");
    let optional = r#"{"agency": "BT", "task": "Tưới", "mandatory": false}"#;
    story.does("unit_leader@GT", "add-co-agency", optional);
    assert_eq!(story.does("handler@GT", "resolve", DONE), ["resolved"]);
}

#[test]
fn the_lead_may_finish_a_part_for_another() {
    let mut story = Story::in_progress();
    story.does("unit_leader@GT", "add-co-agency", PART);
    let body = r#"{"agency": "CTN", "note": "Bên nước báo xong"}"#;
    assert_eq!(story.does("agency_coordinator@GT", "finish-part", body), ["part_finished"]);
}

#[test]
fn on_site_and_made_safe() {
    let mut story = danger();
    assert_eq!(story.running(), [Clock::OnSite, Clock::MakeSafe, Clock::Resolve, Clock::Answer]);
    assert_eq!(story.does("handler@GT", "arrive", "{}"), ["arrived"]);
    assert_eq!(story.does("handler@GT", "arrive", "{}"), [""; 0]);
    assert_eq!(story.running(), [Clock::MakeSafe, Clock::Resolve, Clock::Answer]);
    let safe = r#"{"note": "Đã rào", "photos": ["p1"]}"#;
    assert_eq!(story.refused("handler@GT", "make-safe", r#"{"note": ""}"#), "text_missing");
    assert_eq!(story.does("handler@GT", "make-safe", safe), ["made_safe"]);
    assert_eq!(story.does("handler@GT", "make-safe", safe), [""; 0]);
    assert_eq!(story.running(), [Clock::Resolve, Clock::Answer]);

    let story = Story::in_progress();
    assert_eq!(story.refused("handler@GT", "arrive", "{}"), "no_clock");
}

#[test]
fn a_pause_wakes_no_clock_that_was_met() {
    let mut story = danger();
    story.does("handler@GT", "make-safe", r#"{"note": "Đã rào"}"#);
    story.does("handler@GT", "ask", r#"{"question": "?"}"#);
    story.wait(hours(24));
    story.does("citizen", "reply", r#"{"text": "x"}"#);
    assert_eq!(story.running(), [Clock::Resolve, Clock::Answer]);
}

#[test]
fn progress_and_what_is_late_needs_more() {
    let mut story = Story::in_progress();
    let note = r#"{"note": "Đang chờ vật tư"}"#;
    assert_eq!(story.does("handler@GT", "progress", note), ["progress_reported"]);
    assert_eq!(story.does("handler@GT", "progress", note), [""; 0]);
    let past = r#"{"note": "x", "committed_date": "2026-03-01T00:00:00Z"}"#;
    assert_eq!(story.refused("handler@GT", "progress", past), "due_not_future");
    assert_eq!(story.refused("handler@GT", "progress", r#"{"note": ""}"#), "text_missing");

    // Past the answer's deadline: with a photo and a committed date.
    story.now = local("03-13 08:00");
    let late = |body| story.refused("handler@GT", "progress", body);
    assert_eq!(late(r#"{"note": "Còn"}"#), "evidence_missing");
    assert_eq!(late(r#"{"note": "Còn", "photos": ["p"]}"#), "evidence_missing");
    let date = "2026-03-20T00:00:00Z";
    assert_eq!(
        late(&format!(r#"{{"note": "Còn", "committed_date": "{date}"}}"#)),
        "evidence_missing"
    );
    let full = format!(r#"{{"note": "Còn", "committed_date": "{date}", "photos": ["p"]}}"#);
    assert_eq!(story.does("handler@GT", "progress", &full), ["progress_reported"]);
}

fn extension(until: &str) -> String {
    format!(r#"{{"reason": "Mưa", "new_due": "2026-{until}T16:00:00Z", "photos": ["p"]}}"#)
}

#[test]
fn one_extension_by_the_leader_before_the_deadline() {
    let mut story = Story::in_progress();
    assert_eq!(story.refused("handler@GT", "extend", &extension("03-18")), "role_not_allowed");
    let refused = |body: &str| story.refused("unit_leader@GT", "extend", body);
    let no_photo = r#"{"reason": "Mưa", "new_due": "2026-03-18T16:00:00Z", "photos": []}"#;
    assert_eq!(refused(no_photo), "evidence_missing");
    let no_reason = r#"{"reason": " ", "new_due": "2026-03-18T16:00:00Z", "photos": ["p"]}"#;
    assert_eq!(refused(no_reason), "text_missing");
    assert_eq!(refused(&extension("03-12")), "extension_not_later");
    // 10 working days after Thursday 12 March: Thursday 26 March.
    assert_eq!(refused(&extension("03-27")), "extension_too_far");
    assert_eq!(story.does("unit_leader@GT", "extend", &extension("03-18")), ["extended"]);
    assert_eq!(story.due(Clock::Answer), "03-18 23:00");
    assert_eq!(story.due(Clock::Resolve), "03-18 23:00");
    assert_eq!(story.refused("unit_leader@GT", "extend", &extension("03-20")), "extension_used");

    let mut story = Story::in_progress();
    story.now = local("03-13 08:00");
    assert_eq!(story.refused("unit_leader@GT", "extend", &extension("03-18")), "extension_late");
}

#[test]
fn the_number_of_extensions_is_policy() {
    let start = time("2027-03-02T08:00:00+07:00");
    let mut story = Story::begin_at(start, 1, sent_to("GT", pothole()));
    story.does("agency_coordinator@GT", "accept", "{}");
    let body = r#"{"reason": "Mưa", "new_due": "2027-03-13T16:00:00Z", "photos": ["p"]}"#;
    assert_eq!(story.refused("unit_leader@GT", "extend", body), "extension_used");
}

#[test]
fn an_extension_needs_a_clock() {
    let found = crate::case::command::Found { kind: crate::kinds::Kind::Emergency, ..pothole() };
    let mut story = Story::begin(sent_to("GT", found));
    story.does("agency_coordinator@GT", "accept", "{}");
    assert_eq!(story.refused("unit_leader@GT", "extend", &extension("03-18")), "no_clock");
}

#[test]
fn every_outcome_has_its_evidence() {
    let story = Story::in_progress();
    let own =
        format!(r#"{{"outcome": "duplicate", "note": "x", "duplicate_of": "{}"}}"#, number(1));
    for (body, code) in [
        (r#"{"outcome": "done", "note": ""}"#, "text_missing"),
        (r#"{"outcome": "done", "note": "x"}"#, "evidence_missing"),
        (r#"{"outcome": "done", "note": "x", "photos": [""]}"#, "text_missing"),
        (r#"{"outcome": "planned", "note": "x"}"#, "evidence_missing"),
        (
            r#"{"outcome": "planned", "note": "x", "committed_date": "2026-03-01T00:00:00Z"}"#,
            "due_not_future",
        ),
        (r#"{"outcome": "refused", "note": "x"}"#, "evidence_missing"),
        (r#"{"outcome": "refused", "note": "x", "legal_ground": " "}"#, "evidence_missing"),
        (r#"{"outcome": "referred", "note": "x"}"#, "evidence_missing"),
        (r#"{"outcome": "duplicate", "note": "x"}"#, "evidence_missing"),
        (own.as_str(), "merge_into_itself"),
        (r#"{"outcome": "withdrawn", "note": "x"}"#, "wrong_stage"),
    ] {
        assert_eq!(story.refused("handler@GT", "resolve", body), code, "{body}");
    }
    let other =
        format!(r#"{{"outcome": "duplicate", "note": "x", "duplicate_of": "{}"}}"#, number(2));
    for body in [
        DONE,
        r#"{"outcome": "answered", "note": "x"}"#,
        r#"{"outcome": "planned", "note": "x", "committed_date": "2026-06-01T00:00:00Z"}"#,
        r#"{"outcome": "refused", "note": "x", "legal_ground": "Điều 5"}"#,
        r#"{"outcome": "referred", "note": "x", "receiver": "Điện lực Long An"}"#,
        other.as_str(),
    ] {
        let mut story = story.clone();
        assert_eq!(story.does("handler@GT", "resolve", body), ["resolved"], "{body}");
        assert_eq!(story.running(), [Clock::Answer], "only the citizen still waits");
    }
}

#[test]
fn only_physical_categories_need_a_photo() {
    let mut story = Story::in_progress();
    story.does("coordinator", "classify", r#"{"category": "HC01", "kind": "procedure"}"#);
    let body = r#"{"outcome": "done", "note": "Đã giải quyết"}"#;
    assert_eq!(story.does("handler@GT", "resolve", body), ["resolved"]);
}

#[test]
fn the_answer_is_checked_before_it_goes_out() {
    let mut story = Story::resolved();
    let bad = r#"{"approved": false, "note": "Ảnh không rõ"}"#;
    assert_eq!(
        story.refused("coordinator", "check-answer", r#"{"approved": false}"#),
        "text_missing"
    );
    assert_eq!(story.refused("handler@GT", "check-answer", bad), "role_not_allowed");
    assert_eq!(story.does("coordinator", "check-answer", bad), ["answer_checked"]);
    assert_eq!(story.stage(), StageName::InProgress, "back to work");
    assert_eq!(story.running(), [Clock::Resolve, Clock::Answer]);
    assert_eq!(story.case.work.resolution, None);

    story.does("handler@GT", "resolve", DONE);
    assert_eq!(story.refused("operator", "answer", r#"{"text": "Xong"}"#), "wrong_stage");
    story.does("unit_leader@GT", "check-answer", r#"{"approved": true}"#);
    assert_eq!(story.refused("operator", "answer", r#"{"text": ""}"#), "text_missing");
    assert_eq!(story.does("operator", "answer", r#"{"text": "Xong"}"#), ["answered"]);
    assert_eq!((story.stage(), story.running()), (StageName::Answered, vec![]));
}

#[test]
fn notes_are_for_colleagues() {
    let mut story = Story::in_progress();
    let body = r#"{"text": "Gọi lại sau 17 giờ"}"#;
    assert_eq!(story.does("operator", "note", body), ["noted"]);
    assert_eq!(story.does("operator", "note", body), [""; 0]);
    assert_eq!(story.refused("citizen", "note", body), "role_not_allowed");
    assert_eq!(story.refused("operator", "note", r#"{"text": ""}"#), "text_missing");
}
