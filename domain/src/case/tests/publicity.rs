//! What everybody may know of a case.

use super::fixture::*;
use crate::case::publicity::{coarse, covered, is_public, without_hidden};
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
fn nothing_is_shown_of_texts_in_which_nobody_knows_the_name_any_more() {
    for field in ["name", "phone", "email"] {
        let mut case = Story::in_progress().case;
        let contact = &mut case.parties[0].contact;
        (contact.name, contact.phone) = (None, None);
        match field {
            "name" => contact.name = Some(Private::erased()),
            "phone" => contact.phone = Some(Private::erased()),
            // How a mail address looks is known without knowing which.
            _ => contact.email = Some(Private::erased()),
        }
        let got = covered(&case, "vo minh khang báo, an@thu.vn");
        let expected = if field == "email" { "vo minh khang báo, ***" } else { "***" };
        assert_eq!(got, expected, "{field}");
        assert_eq!(covered(&case, ""), "");
    }
}

#[test]
fn a_reporter_says_anew_who_may_know() {
    let mut story = Story::in_progress();
    let choose = r#"{"public": false, "anonymous": true}"#;
    assert_eq!(story.does("citizen", "choose", choose), ["publicity_chosen"]);
    assert!(!is_public(&story.case) && story.case.parties[0].anonymous);
    assert!(story.does("citizen", "choose", choose).is_empty(), "twice adds nothing");
    assert!(story.does("citizen", "choose", "{}").is_empty(), "what is left out stays");
    assert_eq!(story.refused("handler@GT", "choose", choose), "role_not_allowed");
    assert_eq!(story.refused("citizen:party_2", "choose", choose), "not_a_party");
    // It interrupts nobody's work and can be said at any time; nobody's step is it to undo.
    let stage = story.stage();
    story.does("operator", "choose", r#"{"public": true}"#);
    assert_eq!((story.stage(), is_public(&story.case)), (stage, true));
    assert!(story.case.parties[0].anonymous);
    story.does("citizen", "withdraw", "{}");
    assert_eq!(story.does("citizen", "choose", r#"{"anonymous": false}"#), ["publicity_chosen"]);
}

#[test]
fn only_the_first_reporter_makes_a_case_public() {
    let mut story = Story::in_progress();
    let mut other = story.case.parties[0].clone();
    other.id = "HCM-26-000002-2/party_1".to_owned();
    story.case.parties.push(other);
    let who = "citizen:HCM-26-000002-2/party_1";
    assert_eq!(story.refused(who, "choose", r#"{"public": false}"#), "not_first_reporter");
    assert_eq!(story.does(who, "choose", r#"{"anonymous": true}"#), ["publicity_chosen"]);
    assert!(!story.case.parties[0].anonymous && story.case.parties[1].anonymous);
}

#[test]
fn who_is_hidden_is_not_in_the_words_either() {
    let mut case = Story::in_progress().case;
    case.parties[0].contact.name = Some(Private::new("Võ Minh Khang".to_owned()));
    case.parties[0].contact.phone = Some(Private::new("0901234567".to_owned()));
    let text = "vo minh khang 090 123 4567, xe 51A-123.45 đậu chắn, hỏi anh Tú 0909 888 777";
    assert_eq!(without_hidden(&case, text), None);
    case.parties[0].anonymous = true;
    let told = "*** ***, xe 51A-123.45 đậu chắn, hỏi anh Tú 0909 888 777";
    assert_eq!(without_hidden(&case, text).as_deref(), Some(told));
    // Who is not known any more cannot be covered.
    case.parties[0].contact.name = Some(Private::erased());
    assert_eq!(without_hidden(&case, text).as_deref(), Some("***"));
}

#[test]
fn places_are_known_to_a_hundred_metres() {
    assert_eq!((coarse(10.776_889), coarse(106.700_806)), (10.777, 106.701));
}
