//! Who somebody is in the case theirs went into.

use std::sync::Arc;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::event::{Absorbed, Received};
use hoiam_domain::case::party::{Contact, Party};
use hoiam_domain::case::{Case, CaseNumber, Event, Meta, fold};
use hoiam_domain::kinds::Channel;
use hoiam_domain::private::Private;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Opened, same_party};

fn party(id: &str, tracking_hash: &str) -> Party {
    Party {
        id: id.to_owned(),
        contact: Contact::default(),
        anonymous: false,
        channel: Channel::App,
        tracking_hash: tracking_hash.to_owned(),
    }
}

fn number(serial: u64) -> CaseNumber {
    CaseNumber::new("HCM", 2026, serial).unwrap()
}

/// A case its first reporter has `hash` for, with others that were merged in.
fn case(serial: u64, hash: &str, merged: Vec<Party>) -> Arc<Case> {
    let received = Received {
        number: number(serial),
        channel: Channel::App,
        text: Private::new("Ổ gà".to_owned()),
        location: None,
        reporter: party("party_1", hash),
        public: false,
        source: None,
        deadlines: Vec::new(),
    };
    let absorbed = Absorbed { from: Uuid::from_u128(99), number: number(99), parties: merged };
    let meta = |version| Meta {
        stream: Uuid::from_u128(serial.into()),
        version,
        occurred_at: Timestamp::UNIX_EPOCH,
        actor: Actor::new(Role::Citizen, "anonymous"),
    };
    let events = [(Event::from(received), meta(1)), (Event::from(absorbed), meta(2))];
    Arc::new(fold(events.iter().map(|(event, meta)| (event, meta))).unwrap())
}

#[test]
fn no_code_is_nobodys() {
    let there = case(2, "", vec![party("HCM-26-000001-1/party_1", "")]);
    assert_eq!(same_party(&there, ""), None);
    // Neither the first reporter nor anybody else of the case theirs went into.
    let opened = Opened::of(case(1, "", Vec::new()), there, "party_1", String::new());
    assert_eq!((opened.going_on.id, opened.actor.id.as_str()), (opened.own.id, "party_1"));
}

#[test]
fn a_code_is_its_own_partys() {
    let there = case(2, "aa", vec![party("HCM-26-000001-1/party_1", "bb")]);
    let opened = Opened::of(case(1, "bb", Vec::new()), there.clone(), "party_1", "bb".to_owned());
    assert_eq!(opened.actor.id, "HCM-26-000001-1/party_1");
    assert_eq!((opened.going_on.id, opened.owner.id.as_str()), (there.id, "party_1"));
    // One that is not known there (any more) opens the own case only, whoever has that id there.
    let opened = Opened::of(case(1, "cc", Vec::new()), there, "party_1", "cc".to_owned());
    assert_eq!((opened.going_on.id, opened.actor.id.as_str()), (opened.own.id, "party_1"));
}
