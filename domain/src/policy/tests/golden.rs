//! Events of the policy streams stay readable: see `domain/golden/README.md`.

use jiff::Timestamp;
use serde::Deserializer;

use crate::case::codec::Stored;
use crate::golden::{Family, check_family};
use crate::policy::event::{self, PolicyEvent};
use crate::policy::schedule::Schedule;

struct Rules;

impl Family for Rules {
    type Event = PolicyEvent;
    const PREFIX: &'static str = "rules.";
    const KINDS: &'static [(&'static str, u16)] =
        &[("rules.activated", 1), ("rules.activation_cancelled", 1), ("rules.files_loaded", 1)];

    fn read<'de, D: Deserializer<'de>>(
        kind: &str,
        from: D,
    ) -> Option<Result<PolicyEvent, D::Error>> {
        event::read(kind, from)
    }

    fn encode(event: &PolicyEvent) -> Result<Stored, String> {
        event::encode(event).map_err(|error| error.to_string())
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<PolicyEvent, String> {
        event::decode(kind, schema, data).map_err(|error| error.to_string())
    }

    fn fold(event: PolicyEvent) {
        let mut schedule = Schedule::default();
        schedule.apply(1, Timestamp::UNIX_EPOCH, &event);
        assert_eq!(schedule.version, 1);
    }
}

struct Geo;

impl Family for Geo {
    type Event = PolicyEvent;
    const PREFIX: &'static str = "geo.";
    const KINDS: &'static [(&'static str, u16)] = &[("geo.imported", 1)];

    fn read<'de, D: Deserializer<'de>>(
        kind: &str,
        from: D,
    ) -> Option<Result<PolicyEvent, D::Error>> {
        event::read(kind, from)
    }

    fn encode(event: &PolicyEvent) -> Result<Stored, String> {
        Rules::encode(event)
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<PolicyEvent, String> {
        Rules::decode(kind, schema, data)
    }

    fn fold(event: PolicyEvent) {
        Rules::fold(event);
    }
}

#[test]
fn golden_files_of_policy_hold() {
    check_family::<Rules>();
    check_family::<Geo>();
    let known = PolicyEvent::KINDS.iter();
    assert!(known.eq(Rules::KINDS.iter().chain(Geo::KINDS)), "every kind is checked here");
}
