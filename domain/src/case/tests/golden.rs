//! Events of cases stay readable: see `domain/golden/README.md`.

use serde::Deserializer;

use super::fixture::Story;
use crate::case::codec::{self, Stored};
use crate::case::{Event, Meta, fold};
use crate::golden::{Family, check_family};
use crate::private::clear;

struct Cases;

impl Family for Cases {
    type Event = Event;
    const PREFIX: &'static str = "case.";
    const KINDS: &'static [(&'static str, u16)] = Event::KINDS;

    fn read<'de, D: Deserializer<'de>>(kind: &str, from: D) -> Option<Result<Event, D::Error>> {
        codec::read(kind, from, &clear())
    }

    fn encode(event: &Event) -> Result<Stored, String> {
        codec::encode(event, &clear()).map_err(|error| error.to_string())
    }

    fn decode(kind: &str, schema: u16, data: &str) -> Result<Event, String> {
        codec::decode(kind, schema, data, &clear()).map_err(|error| error.to_string())
    }

    /// As the event after a receipt, whatever it is: to fold is total.
    fn fold(event: Event) {
        let (receipt, meta) = Story::dispatched().log.swap_remove(0);
        let metas = [meta.clone(), Meta { version: 2, ..meta }];
        assert!(fold([&receipt, &event].into_iter().zip(&metas)).is_some());
    }
}

#[test]
fn golden_files_of_cases_hold() {
    check_family::<Cases>();
}
