//! The stored form of events: what is written reads back, and what is unknown is refused.

use std::collections::BTreeSet;

use super::fixture::*;
use crate::case::codec::{CodecError, Stored, decode, encode};
use crate::case::command::{Ended, Outcome};
use crate::case::import::{Record, events as imported};
use crate::case::party::{Location, SourceRef};
use crate::case::stage::{ClosedBy, Stage};
use crate::case::{Event, Meta, decide_merge, decide_unmerge, fold};
use crate::kinds::{Channel, Clock};
use crate::private::clear;

/// Stories that together have every kind of event.
fn stories() -> Vec<Story> {
    let ask = r#"{"question": "?"}"#;
    let mut long = Story::in_progress();
    long.does("agency_coordinator@GT", "assign", r#"{"handler": "an"}"#);
    let part = |agency, due| format!(r#"{{"agency": "{agency}", "task": "x", "due": "{due}"}}"#);
    long.does("coordinator", "add-co-agency", &part("CTN", "2026-03-02T03:00:00Z"));
    long.does("coordinator", "add-co-agency", &part("BT", "2026-03-05T03:00:00Z"));
    long.tick_until(local("03-02 12:00"));
    long.does("handler@CTN", "finish-part", r#"{"note": "x"}"#);
    long.does("coordinator", "drop-part", r#"{"agency": "BT", "reason": "x"}"#);
    long.does("coordinator", "classify", r#"{"category": "GT09"}"#);
    long.does("handler@GT:an", "arrive", "{}");
    long.does("handler@GT:an", "make-safe", r#"{"note": "x"}"#);
    long.does("handler@GT:an", "progress", r#"{"note": "x"}"#);
    let extend = r#"{"reason": "x", "new_due": "2026-03-19T10:00:00Z", "photos": ["p"]}"#;
    long.does("unit_leader@GT", "extend", extend);
    long.does("handler@GT:an", "ask", ask);
    long.does("citizen", "reply", r#"{"text": "x"}"#);
    long.does("handler@GT:an", "ask", ask);
    long.tick_until(local("03-20 12:00"));
    long.does("handler@GT:an", "resolve", DONE);
    long.does("coordinator", "check-answer", r#"{"approved": true}"#);
    long.does("operator", "answer", r#"{"text": "x"}"#);
    long.does("citizen", "reopen", r#"{"reason": "x"}"#);
    long.does("operator", "note", r#"{"text": "x"}"#);
    long.attaches("citizen", &photograph(1)).unwrap();
    long.does("citizen", "choose", r#"{"public": false}"#);
    long.does("operator", "withdraw", "{}");
    long.does("coordinator", "correct", r#"{"reason": "x"}"#);

    let mut appealed = Story::answered();
    appealed.does("citizen", "rate", r#"{"score": 2}"#);
    appealed.does("citizen", "appeal", r#"{"reason": "x"}"#);
    appealed.does("coordinator", "dismiss-appeal", r#"{"reason": "x"}"#);

    let mut desk = Story::begin(fire());
    desk.does("operator", "dispatch", r#"{"agency": "GT"}"#);
    desk.does("agency_coordinator@GT", "return", r#"{"reason": "x"}"#);
    desk.does("coordinator", "rule", r#"{"agency": "CTN", "reason": "x"}"#);
    desk.does("coordinator", "seal", r#"{"reason": "x", "accused": "CTN"}"#);
    desk.does("coordinator", "refuse", r#"{"reason": "x"}"#);

    let mut moved = Story::begin_at(local("06-29 08:00"), 3, sent_to("Q1", pothole()));
    moved.now = time(REFORM);
    moved.does("system", "move-to-successor", "{}");
    let mut helped = Story::begin_at(local("06-29 08:00"), 4, sent_to("GT", pothole()));
    helped.does("coordinator", "add-co-agency", r#"{"agency": "Q1", "task": "x"}"#);
    helped.now = time(REFORM);
    helped.does("system", "move-to-successor", r#"{"part": "Q1"}"#);

    let (mut a, mut b) = (Story::dispatched(), Story::in_progress());
    a.now = b.now;
    b.case.id = uuid::Uuid::from_u128(9);
    b.case.number = number(9);
    let who = actor("operator");
    let intent = crate::case::Intent { actor: who.clone(), now: a.now, occurred_at: a.now };
    let merge = crate::case::command::Merge { into: number(9), reason: None };
    let (of_a, of_b) = decide_merge(&a.case, &b.case, city(), &intent, &merge).unwrap();
    a.apply(&who, of_a);
    b.apply(&who, of_b);
    let unmerge = crate::case::command::Unmerge { reason: private("x") };
    let (of_a, of_b) = decide_unmerge(&a.case, &b.case, &intent, &unmerge).unwrap();
    a.apply(&who, of_a);
    b.apply(&who, of_b);
    b.tick_until(local("04-20 08:00"));
    b.erases_party(1, number(1));
    b.does("system", "erase", r#"{"what": "everything", "legal_ground": "NĐ 13/2023, Đ.16"}"#);
    vec![long, appealed, desk, moved, helped, a, b]
}

#[test]
fn every_kind_of_event_reads_back_as_written() {
    let mut kinds = BTreeSet::new();
    for story in stories() {
        for (event, _) in &story.log {
            let Stored { kind, schema, data } = encode(event, &clear()).unwrap();
            assert_eq!(decode(kind, schema, &data, &clear()).unwrap(), *event, "{kind}");
            kinds.insert(kind);
        }
    }
    let known: BTreeSet<_> = Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(known.len(), Event::KINDS.len(), "a kind is used twice");
    let missing: Vec<_> = known.difference(&kinds).collect();
    assert!(missing.is_empty(), "no story has {missing:?}");
    for (kind, version) in Event::KINDS {
        assert!(kind.starts_with("case.") && *version >= 1, "{kind}");
    }
}

#[test]
fn what_is_not_known_is_refused() {
    assert!(matches!(decode("case.vanished", 1, "{}", &clear()), Err(CodecError::UnknownKind(_))));
    assert!(matches!(decode("", 1, "{}", &clear()), Err(CodecError::UnknownKind(_))));
    assert!(matches!(
        decode("case.accepted", 2, r#"{"agency": "GT"}"#, &clear()),
        Err(CodecError::NewerShape { found: 2, known: 1, .. })
    ));
    for data in ["", "{}", "[]", r#"{"agency": 1}"#, r#"{"agency": "GT""#] {
        assert!(
            matches!(decode("case.accepted", 1, data, &clear()), Err(CodecError::Json { .. })),
            "{data}"
        );
    }
    assert!(decode("case.accepted", 1, r#"{"agency": "GT"}"#, &clear()).is_ok());
}

#[test]
fn events_never_change_what_they_say() {
    // Shapes that lack what was added later still read.
    let old = r#"{"outcome":"done","note":"\"x\"","photos":[],"committed_date":null,"legal_ground":null,"receiver":null,"duplicate_of":null}"#;
    assert!(matches!(decode("case.resolved", 1, old, &clear()), Ok(Event::Resolved(_))));
    let old = r#"{"reason":"\"x\"","accused":null}"#;
    assert!(matches!(decode("case.sealed", 1, old, &clear()), Ok(Event::Sealed(_))));
}

#[test]
fn a_history_that_does_not_begin_with_a_receipt_is_no_case() {
    let story = Story::in_progress();
    let events = || story.log.iter().map(|(event, meta)| (event, meta));
    assert_eq!(fold(events()), Some(story.case.clone()));
    assert_eq!(fold(events().skip(1)), None);
    assert_eq!(fold(std::iter::empty::<(&Event, &Meta)>()), None);
}

#[test]
fn a_case_of_another_system_keeps_its_own_times() {
    let at = |text| time(text);
    let record = Record {
        number: number(7),
        source: SourceRef { system: "cũ".to_owned(), id: "101".to_owned() },
        channel: Channel::Web,
        text: private("Pothole"),
        location: Some(Location {
            lat: Some(10.7),
            lon: Some(106.6),
            address: None,
            address_mark: None,
        }),
        reporter: receive(7, at_desk(pothole())).reporter,
        public: true,
        found: pothole(),
        agency: Some("ANY".into()),
        received_at: at("2011-07-01T09:00:00Z"),
        target: Some(at("2011-07-05T09:00:00Z")),
        ended: Some(Ended {
            at: at("2011-07-06T09:00:00Z"),
            by: ClosedBy::Source,
            outcome: Outcome::Done,
        }),
        closing_note: None,
    };
    let fold_record = |record: &Record| {
        let events = imported(record);
        let metas: Vec<Meta> = events
            .iter()
            .zip(1..)
            .map(|((occurred_at, _), version)| Meta {
                stream: uuid::Uuid::from_u128(7),
                version,
                occurred_at: *occurred_at,
                actor: actor("system"),
            })
            .collect();
        fold(events.iter().map(|(_, event)| event).zip(&metas)).unwrap()
    };
    let case = fold_record(&record);
    assert_eq!(case.work.stage, Stage::Closed(ClosedBy::Source));
    assert_eq!(case.work.clocks[&Clock::Answer].kept(at("2026-01-01T00:00:00Z")), Some(false));
    let open = Record { ended: None, agency: None, ..record.clone() };
    assert_eq!(fold_record(&open).work.stage, Stage::Classified);
    // Closed before it was received: the other system's time stands.
    let odd =
        Ended { at: at("2011-06-30T09:00:00Z"), by: ClosedBy::Source, outcome: Outcome::Done };
    let case = fold_record(&Record { ended: Some(odd), ..record });
    assert_eq!(case.work.closed_at, Some(at("2011-06-30T09:00:00Z")));
    assert_eq!(case.work.clocks[&Clock::Answer].kept(case.received_at), Some(true));
}
