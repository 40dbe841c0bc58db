//! Files of a case: whose they are, how many, and that they stand aside from the work.

use super::fixture::*;
use crate::case::attachment::Attach;

#[test]
fn the_same_file_again_adds_nothing() {
    let mut story = Story::in_progress();
    assert_eq!(story.attaches("citizen", &photograph(1)), Ok(1));
    let again = Attach { id: uuid::Uuid::from_u128(99), ..photograph(1) };
    assert_eq!(story.attaches("citizen", &again), Ok(0));
    assert_eq!(story.attaches("handler@GT", &again), Ok(1), "another person's file is another");
    let hidden = Attach { shown: false, ..photograph(1) };
    assert_eq!(story.attaches("handler@GT", &hidden), Ok(1), "so is one shown to others");
}

#[test]
fn neither_citizens_nor_staff_use_up_the_others_room() {
    let mut story = Story::in_progress();
    for nr in 1..=3 {
        assert_eq!(story.attaches("citizen", &photograph(nr)), Ok(1));
    }
    assert_eq!(story.attaches("citizen", &photograph(4)), Err("too_many"));
    for nr in 1..=3 {
        assert_eq!(story.attaches("operator", &photograph(nr)), Ok(1));
    }
    assert_eq!(story.attaches("coordinator", &photograph(4)), Err("too_many"));
}

#[test]
fn a_citizen_sees_their_own_and_what_staff_shows() {
    let mut story = Story::in_progress();
    story.attaches("citizen", &photograph(1)).unwrap();
    story.attaches("handler@GT", &photograph(2)).unwrap();
    story.attaches("handler@GT", &Attach { shown: false, ..photograph(3) }).unwrap();
    let seen_by = |who: &str| -> Vec<u128> {
        let all = story.case.attachments.iter();
        all.filter(|file| file.is_for(&actor(who))).map(|file| file.id.as_u128()).collect()
    };
    assert_eq!(seen_by("citizen"), [1, 2]);
    assert_eq!(seen_by("citizen:party_2"), [2], "not what another reporter sent");
    assert!(!story.case.attachments[0].shown, "a citizen does not show anything to others");
}

#[test]
fn who_may_attach_and_when() {
    let mut story = Story::in_progress();
    for (who, outcome) in [
        ("citizen:party_2", Err("not_a_party")),
        ("handler@CTN", Err("not_your_agency")),
        ("administrator", Err("role_not_allowed")),
        ("auditor", Err("role_not_allowed")),
        ("integration", Ok(1)),
    ] {
        assert_eq!(story.attaches(who, &photograph(1)), outcome, "{who}");
    }
    story.does("operator", "withdraw", "{}");
    assert_eq!(story.attaches("operator", &photograph(2)), Err("wrong_stage"));
}

#[test]
fn a_file_is_no_step() {
    let mut story = Story::in_progress();
    story.does("handler@GT", "make-safe", r#"{"note": "x"}"#);
    let step = story.case.step_at;
    story.wait(minutes(5));
    story.attaches("citizen", &photograph(1)).unwrap();
    assert_eq!(story.case.step_at, step);
    story.does("handler@GT", "correct", r#"{"reason": "x"}"#);
    assert_eq!(story.case.attachments.len(), 1, "a correction takes no file away");
}

#[test]
fn what_a_file_is_called_is_bounded() {
    let mut story = Story::in_progress();
    let named = |name: &str| Attach { name: Some(private(name)), ..photograph(1) };
    assert_eq!(story.attaches("citizen", &named(&"x".repeat(301))), Err("text_too_long"));
    assert_eq!(story.attaches("citizen", &named("a\u{0}b")), Err("text_control_characters"));
    assert_eq!(story.attaches("citizen", &named("ảnh.jpg")), Ok(1));
}
