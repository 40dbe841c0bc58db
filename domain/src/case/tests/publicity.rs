//! What everybody may know of a case.

use super::fixture::*;
use crate::case::publicity::{coarse, covered, is_public};
use crate::private::Private;

#[test]
fn a_case_is_public_once_accepted_if_the_citizen_wants_it() {
    let public = |story: &mut Story, wish: bool| {
        story.case.public = wish;
        is_public(&story.case)
    };
    let mut dispatched = Story::dispatched();
    assert!(!public(&mut dispatched, true), "nobody has read it yet");
    let mut working = Story::in_progress();
    assert!(public(&mut working, true));
    assert!(!public(&mut working, false));
    working.case.public = true;
    let mut sealed = working.clone();
    sealed.does("coordinator", "seal", r#"{"reason": "x"}"#);
    assert!(!is_public(&sealed.case));
    for kind in ["complaint", "denunciation"] {
        let mut story = working.clone();
        story.does("operator", "classify", &format!(r#"{{"kind": "{kind}"}}"#));
        story.case.confidential = false;
        assert!(!is_public(&story.case), "{kind}");
    }
    let mut gone = working.clone();
    gone.does("citizen", "withdraw", "{}");
    assert!(!is_public(&gone.case));
}

#[test]
fn texts_are_covered_with_what_is_known_of_the_reporter() {
    let mut case = Story::in_progress().case;
    case.parties[0].contact.name = Some(Private::new("Võ Minh Khang".to_owned()));
    let got = covered(&case, "vo minh khang báo, gọi 090 123 4567 gặp anh Tú");
    assert_eq!(got, "*** báo, gọi *** gặp anh ***");
}

#[test]
fn places_are_known_to_a_hundred_metres() {
    assert_eq!((coarse(10.776_889), coarse(106.700_806)), (10.777, 106.701));
}
