//! Erasing: the words go, the history stays, and what memory and replay make of it are the same.

use std::sync::Arc;

use super::fixture::{Story, actor, number, photograph};
use crate::case::codec::{decode, encode};
use crate::case::command::ErasedPart;
use crate::case::fold;
use crate::private::{Key, Seal, clear};

/// The seal of a case some of whose keys were destroyed.
struct Destroyed(ErasedPart);

impl Seal for Destroyed {
    fn seal(&self, _: Key, clear: String) -> Result<String, String> {
        Ok(clear)
    }

    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
        let gone = self.0 == ErasedPart::Everything || key == Key::Contact;
        Ok((!gone).then_some(stored))
    }
}

fn body(what: &str) -> String {
    format!(r#"{{"what": "{what}", "legal_ground": "NĐ 13/2023, Đ.16"}}"#)
}

#[test]
fn memory_and_replay_forget_the_same() {
    for (word, part) in [("contact", ErasedPart::Contact), ("everything", ErasedPart::Everything)] {
        let mut story = Story::in_progress();
        story.does("coordinator", "note", r#"{"text": "gọi lại cho chị Lan"}"#);
        let before = story.case.clone();
        story.does("system", "erase", &body(word));
        let gone: Arc<dyn Seal> = Arc::new(Destroyed(part));
        let back: Vec<_> = story
            .log
            .iter()
            .map(|(event, meta)| {
                let stored = encode(event, &clear()).unwrap();
                (decode(stored.kind, stored.schema, &stored.data, &gone).unwrap(), meta)
            })
            .collect();
        let folded = fold(back.iter().map(|(event, meta)| (event, *meta))).unwrap();
        assert!(folded == story.case, "{word}: replay makes another case");
        let texts = format!("{:?}", story.case.text);
        assert_eq!(texts == "[erased]", part == ErasedPart::Everything);
        let contact = &story.case.parties[0].contact;
        assert!(contact.name.as_ref().is_some_and(|name| name.is_erased()));
        // The work, its clocks and who held it when are as they were.
        assert_eq!(story.case.work.stage, before.work.stage);
        assert_eq!(story.case.work.clocks, before.work.clocks);
        assert_eq!(story.case.ledger, before.ledger);
        assert_eq!(story.case.step_at, before.step_at);
    }
}

#[test]
fn erasing_again_does_something_only_when_something_was_added() {
    let mut story = Story::in_progress();
    assert_eq!(story.does("system", "erase", &body("contact")), ["erased"]);
    assert_eq!(story.does("system", "erase", &body("contact")), [""; 0]);
    assert_eq!(story.does("system", "erase", &body("everything")), ["erased"]);
    assert_eq!(story.does("system", "erase", &body("contact")), [""; 0]);
    story.does("coordinator", "note", r#"{"text": "còn một việc"}"#);
    assert_eq!(story.does("system", "erase", &body("everything")), ["erased"]);
    assert_eq!(story.case.erased.as_ref().map(|e| e.what), Some(ErasedPart::Everything));
    let nothing = r#"{"what": "everything", "legal_ground": " "}"#;
    assert_eq!(story.refused("system", "erase", nothing), "text_missing");
    assert_eq!(story.refused("coordinator", "erase", &body("contact")), "role_not_allowed");
}

#[test]
fn files_of_whoever_came_with_a_merge_are_theirs() {
    let mut story = Story::in_progress();
    let from = |id: Option<u128>| crate::actor::Actor {
        reported: id.map(uuid::Uuid::from_u128),
        ..actor("citizen")
    };
    for (nr, whose) in [(1, None), (2, Some(7)), (3, Some(8))] {
        story.attaches("citizen", &photograph(nr)).unwrap();
        let file = story.case.attachments.last_mut().unwrap();
        file.by = from(whose);
    }
    let read = |story: &Story| -> Vec<u128> {
        let files = story.case.attachments.iter().filter(|file| {
            assert_eq!(file.key.is_erased(), file.sent.is_erased());
            !file.key.is_erased()
        });
        files.map(|file| file.id.as_u128()).collect()
    };
    let mut other = story.clone();
    story.does("system", "erase", &body("everything"));
    assert_eq!(read(&story), [2, 3]);
    other.erases_party(7, number(7));
    assert_eq!(read(&other), [1, 3]);
    assert!(other.case.erased.is_none() && !other.case.text.is_erased());
    other.does("system", "erase", &body("everything"));
    assert_eq!(read(&other), [3]);
}

#[test]
fn a_party_says_with_which_case_it_came() {
    let (one, two) = (number(1), number(2));
    for (id, came) in [
        ("party_1".to_owned(), None),
        (format!("{one}/party_1"), Some(&one)),
        (format!("{two}/{one}/party_1"), Some(&one)),
        ("x/party_1".to_owned(), None),
        (String::new(), None),
    ] {
        assert_eq!(crate::case::party::came_with(&id).as_ref(), came, "{id}");
    }
}
