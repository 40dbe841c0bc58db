//! What must hold of every event of a whole log, line by line.

use std::collections::{BTreeMap, HashMap};

use hoiam_domain::case::{CaseNumber, Event};
use hoiam_domain::policy::event as policy;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::blobs::unhex;
use super::format::EventLine;
use crate::desk::read_sealed;
use crate::log::{Envelope, RecordedEvent, leaf_hash, to_micros};

/// Follows a log from its first event on.
#[derive(Debug, Default)]
pub(super) struct Checker {
    /// The last position.
    pub(super) position: u64,
    /// How far each stream is: some fifty bytes a case.
    versions: HashMap<Uuid, u64>,
    /// The last number of each series.
    series: BTreeMap<String, u64>,
    /// How many cases were received.
    pub(super) cases: u64,
}

impl Checker {
    /// Checks the next event. The text says what is wrong with it.
    pub(super) fn next(&mut self, line: &EventLine<'_>) -> Result<RecordedEvent, String> {
        let wanted = self.position + 1;
        if line.position != wanted {
            return Err(format!("position {} stands where {wanted} belongs", line.position));
        }
        let version = self.versions.entry(line.stream).or_insert(0);
        if line.version != *version + 1 {
            return Err(format!(
                "version {} of stream {} stands where {} belongs",
                line.version,
                line.stream,
                *version + 1
            ));
        }
        *version += 1;
        self.position = wanted;
        let event = recorded(line)?;
        self.read(&event)?;
        Ok(event)
    }

    /// Whether this program can read it.
    fn read(&mut self, event: &RecordedEvent) -> Result<(), String> {
        if event.kind.starts_with("case.") {
            // Sealed words are none of this check's business: the hash covers them.
            let (read, meta) = read_sealed(event).map_err(|error| error.to_string())?;
            if let Event::Received(received) = read {
                self.cases += 1;
                let series = series(&received.number, meta.occurred_at);
                let last = self.series.entry(series).or_insert(0);
                *last = received.number.serial().max(*last);
            }
            return Ok(());
        }
        if event.kind.starts_with("rules.") || event.kind.starts_with("geo.") {
            let read = policy::decode(&event.kind, event.schema, event.data());
            return read.map(drop).map_err(|error| error.to_string());
        }
        Ok(())
    }

    /// The series of case numbers, each with its last number.
    pub(super) fn serials(&self) -> Vec<(String, u64)> {
        self.series.iter().map(|(series, last)| (series.clone(), *last)).collect()
    }
}

/// The event of a line, if its payload says the same as the fields beside it and is what was
/// hashed.
pub(super) fn recorded(line: &EventLine<'_>) -> Result<RecordedEvent, String> {
    let mut hash = Vec::with_capacity(32);
    let hash: Option<[u8; 32]> =
        unhex(&line.leaf_hash, &mut hash).and_then(|()| hash.try_into().ok());
    let leaf_hash_given = hash.ok_or("the leaf hash is no SHA-256")?;
    if leaf_hash(line.payload.as_bytes()) != leaf_hash_given {
        return Err("the payload does not have this leaf hash: one of them was altered".to_owned());
    }
    if line.payload.contains('\0') || line.actor.contains('\0') {
        return Err("it has a zero character".to_owned());
    }
    let event = RecordedEvent {
        position: line.position,
        stream: line.stream,
        version: line.version,
        kind: line.kind.clone().into_owned(),
        schema: line.schema,
        occurred_at: line.occurred_at,
        recorded_at: line.recorded_at,
        actor: line.actor.clone().into_owned(),
        causation: line.causation,
        correlation: line.correlation,
        payload: line.payload.clone().into_owned(),
        leaf_hash: leaf_hash_given,
        keys: None,
    };
    let rounded = [event.occurred_at, event.recorded_at].map(to_micros);
    if rounded != [event.occurred_at, event.recorded_at] || event.schema == 0 {
        return Err("a time is finer than a microsecond, or the schema is 0".to_owned());
    }
    let envelope = Envelope {
        stream: event.stream,
        version: event.version,
        kind: &event.kind,
        schema: event.schema,
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        actor: &event.actor,
        causation: event.causation,
        correlation: event.correlation,
        data: event.data(),
    };
    if envelope.payload() != event.payload {
        return Err("the payload says something else than the fields beside it".to_owned());
    }
    let json: Result<IgnoredAny, _> = serde_json::from_str(event.data());
    json.map_err(|error| format!("the data of the event are not JSON: {error}"))?;
    Ok(event)
}

/// The series a number is of: its prefix and whole year. The number has only two digits of the
/// year; the year meant is the one nearest to when the case came.
fn series(number: &CaseNumber, occurred_at: Timestamp) -> String {
    let about = occurred_at.to_zoned(TimeZone::UTC).year();
    let short = i16::from(number.year());
    let behind = (about - short).rem_euclid(100);
    let year = if behind <= 50 { about - behind } else { about + 100 - behind };
    format!("{}-{year}", number.prefix())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_belongs_to_the_year_nearest_to_its_case() {
        let of =
            |year, at: &str| series(&CaseNumber::new("HCM", year, 7).unwrap(), at.parse().unwrap());
        assert_eq!(of(2026, "2026-03-02T00:00:00Z"), "HCM-2026");
        // New year in the city, not yet in Greenwich; and the other way round.
        assert_eq!(of(2026, "2025-12-31T18:00:00Z"), "HCM-2026");
        assert_eq!(of(2025, "2026-01-01T03:00:00Z"), "HCM-2025");
        assert_eq!(of(1999, "2000-01-01T03:00:00Z"), "HCM-1999");
        assert_eq!(of(2000, "1999-12-31T18:00:00Z"), "HCM-2000");
        assert_eq!(of(2011, "2011-07-01T09:00:00Z"), "HCM-2011");
    }
}
