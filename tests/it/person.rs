//! Personal data: sealed wherever they are kept, found by their person, given to them, erased.
//!
//! - [`erased`]: what is left, and what is found in the database's own files.
//! - [`found`]: who somebody is, and what is held about them.
//! - [`again`]: old backups, other nodes, broken-off erasures.
//! - [`contact`]: the contact alone, and the rest afterwards.
//! - [`merged`]: what was written in cases that are somebody else's.
//! - [`kept`]: retention, [`ended`]: of merged cases; [`rotated`]: master keys.

use hoiam::desk::{Feedback, Received, Reporter};
use hoiam::person::{Journal, Request};
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::CaseNumber;
use hoiam_domain::case::command::ErasedPart;
use uuid::Uuid;

use crate::support::Bed;
use crate::support::city::{City, citizen, feedback};

mod again;
mod contact;
mod ended;
mod erased;
mod found;
mod kept;
mod merged;
mod rotated;

/// Words nobody else writes, as they are planted.
pub const NAME: &str = "Zũyxkhanh Quẩnhtrot";
pub const PHONE: &str = "+84 977-123-409";
pub const EMAIL: &str = "zuyx.khanh@planted.example";
pub const ADDRESS: &str = "số 47/9 ngõ Vắtkhoxe, phường 12";
pub const TEXT: &str = "Ổ gà rất sâu trước nhà bà Sụmxoe, hẻm 47 Bùi Đình Túy, quận Bình Thạnh";
pub const NOTE: &str = "gọi lại cho chị Lộtbâu buổi chiều";

/// What must be nowhere, in every form it might have been kept.
pub const PLANTED: &[&str] = &[
    NAME,
    "Zũyxkhanh",
    "zuyxkhanh",
    "quanhtrot",
    PHONE,
    "977-123-409",
    "84977123409",
    "0977123409",
    "977123409",
    EMAIL,
    "planted.example",
    ADDRESS,
    "Vắtkhoxe",
    "vatkhoxe",
    "Sụmxoe",
    "sumxoe",
    "Lộtbâu",
    "lotbau",
];

pub fn of_planted(text: &str) -> Feedback {
    Feedback {
        address: Some(ADDRESS.to_owned()),
        reporter: Reporter {
            name: Some(NAME.to_owned()),
            phone: Some(PHONE.to_owned()),
            email: Some(EMAIL.to_owned()),
            anonymous: false,
        },
        ..feedback(text)
    }
}

pub async fn receive(city: &City, feedback: Feedback) -> (Received, CaseNumber) {
    let (received, _) = city.desk.receive(&citizen("anonymous"), feedback, None).await.unwrap();
    let number = received.number.parse().unwrap();
    (received, number)
}

/// A journal of its own beside nothing.
pub fn journal() -> (tempfile::TempDir, Journal) {
    let place = tempfile::tempdir().unwrap();
    let journal = Journal::at(place.path().join("erasures.jsonl"));
    (place, journal)
}

pub fn request(person: Uuid) -> Request {
    Request {
        person,
        what: ErasedPart::Everything,
        legal_ground: "theo yêu cầu".to_owned(),
        by: Actor::new(Role::Administrator, "test"),
    }
}

/// Rows of the read models are what the log gives, and the log is what was hashed.
pub async fn check(bed: &Bed, city: &City) {
    hoiam::followers::catch_up(city.desk.log()).await.unwrap();
    let verified = hoiam::rebuild::verify(city.desk.log(), &[]).await.unwrap();
    assert_eq!(verified.difference(), None);
    crate::support::build::check_whole(&crate::support::build::everything(city.desk.log()).await);
    let _ = bed;
}
