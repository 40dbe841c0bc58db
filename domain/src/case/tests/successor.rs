//! Agencies end: their cases and their parts in others go to whoever took over.

use serde_json::json;

use super::fixture::*;
use crate::case::state::Part;
use crate::codes::AgencyCode;
use crate::kinds::Clock;

#[test]
fn a_case_moves_to_the_successor_with_its_clock() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("Q1", pothole()));
    story.does("agency_coordinator@Q1", "accept", "{}");
    story.does("agency_coordinator@Q1", "assign", r#"{"handler": "an"}"#);
    assert_eq!(story.refused("system", "move-to-successor", "{}"), "agency_still_open");
    let (answer, resolve) = (story.due(Clock::Answer), story.due(Clock::Resolve));
    story.now = time(REFORM);
    assert_eq!(story.does("system", "move-to-successor", "{}"), ["moved_to_successor"]);
    assert_eq!(story.case.agency().unwrap().as_str(), "BT");
    assert_eq!(story.case.work.lead.as_ref().unwrap().handler, None);
    assert_eq!((story.due(Clock::Answer), story.due(Clock::Resolve)), (answer, resolve));
    assert_eq!(story.refused("handler@Q1:an", "resolve", DONE), "not_your_agency");
    assert_eq!(story.refused("system", "move-to-successor", "{}"), "agency_still_open");
    let same = r#"{"successor": "BT"}"#;
    assert_eq!(story.does("coordinator", "move-to-successor", same), [""; 0]);
    story.does("handler@BT", "resolve", DONE);
}

#[test]
fn a_successor_the_directory_does_not_name_is_a_persons_to_name() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("CU", pothole()));
    story.now = time(REFORM);
    let named = r#"{"successor": "BT"}"#;
    assert_eq!(story.refused("system", "move-to-successor", named), "no_successor");
    assert_eq!(story.refused("coordinator", "move-to-successor", "{}"), "no_successor");
    let dead = r#"{"successor": "Q1"}"#;
    assert_eq!(story.refused("administrator", "move-to-successor", dead), "agency_ended");
    let moved = story.does("administrator", "move-to-successor", named);
    assert_eq!(moved, ["moved_to_successor"]);
}

#[test]
fn a_successor_that_had_a_part_has_the_whole() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("Q1", pothole()));
    story.does("coordinator", "add-co-agency", r#"{"agency": "BT", "task": "Rào chắn"}"#);
    story.now = time(REFORM);
    story.does("system", "move-to-successor", "{}");
    assert!(story.case.work.parts.is_empty(), "nobody is his own co-agency");
}

#[test]
fn an_open_part_moves_to_the_successor_with_its_deadline() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("GT", pothole()));
    let add = r#"{"agency": "Q1", "task": "Rào chắn", "mandatory": true}"#;
    story.does("coordinator", "add-co-agency", add);
    let part = r#"{"part": "Q1"}"#;
    assert_eq!(story.refused("system", "move-to-successor", part), "agency_still_open");
    let before = story.case.work.parts.clone();
    story.now = time(REFORM);
    assert_eq!(story.does("system", "move-to-successor", part), ["part_moved"]);
    let moved = Part { agency: "BT".into(), ..before[0].clone() };
    assert_eq!(story.case.work.parts, [moved]);
    assert_eq!(story.case.agency().unwrap().as_str(), "GT");
    assert_eq!(story.does("system", "move-to-successor", part), [""; 0], "it is there already");
    assert_eq!(story.refused("system", "move-to-successor", r#"{"part": "CU"}"#), "not_involved");
    story.does("agency_coordinator@BT", "finish-part", r#"{"note": "xong"}"#);
}

#[test]
fn whoever_has_a_part_already_has_both_tasks_in_one() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("GT", pothole()));
    let add = |agency, task, due| {
        let (agency, due) = (AgencyCode::new(agency), time(due));
        json!({ "agency": agency, "task": task, "due": due }).to_string()
    };
    let (early, late) = ("2026-07-03T08:00:00+07:00", "2026-07-04T08:00:00+07:00");
    story.does("coordinator", "add-co-agency", &add("Q1", "Rào chắn", late));
    story.does("coordinator", "add-co-agency", &add("BT", "Cắt điện", early));
    story.now = time(REFORM);
    story.does("system", "move-to-successor", r#"{"part": "Q1"}"#);
    let [part] = story.case.work.parts.as_slice() else { panic!("one part") };
    assert_eq!(part.agency.as_str(), "BT");
    assert_eq!(part.task.reveal(), "Cắt điện\nRào chắn");
    assert_eq!((part.due, part.finished_at), (Some(time(early)), None));
}

#[test]
fn a_finished_part_stays_and_the_part_of_whoever_is_responsible_ends() {
    let mut story = Story::begin_at(local("06-29 08:00"), 1, sent_to("BT", pothole()));
    story.does("coordinator", "add-co-agency", r#"{"agency": "Q1", "task": "Rào chắn"}"#);
    let mut finished = story.clone();
    finished.does("agency_coordinator@Q1", "finish-part", r#"{"note": "xong"}"#);
    for story in [&mut story, &mut finished] {
        story.now = time(REFORM);
    }
    let part = r#"{"part": "Q1"}"#;
    assert_eq!(finished.does("system", "move-to-successor", part), [""; 0]);
    assert_eq!(finished.case.work.parts[0].agency.as_str(), "Q1");
    assert_eq!(story.does("system", "move-to-successor", part), ["part_moved"]);
    assert!(story.case.work.parts.is_empty(), "nobody is his own co-agency");
}
