//! A recorded event, and the bytes it is stored and hashed as.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::vault::WrappedKeys;

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its place in the one order of all events, from 1, without gaps. As a leaf of the Merkle
    /// tree its index is one less.
    pub position: u64,
    /// Its stream.
    pub stream: Uuid,
    /// Its place in the stream, from 1, without gaps.
    pub version: u64,
    /// Its kind.
    pub kind: String,
    /// Version of the shape of its data.
    pub schema: u16,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When the desk recorded it.
    pub recorded_at: Timestamp,
    /// Who did it, as compact JSON.
    pub actor: String,
    /// What caused it.
    pub causation: Option<Uuid>,
    /// The chain of causes it belongs to.
    pub correlation: Option<Uuid>,
    /// The stored bytes: an envelope that repeats all of the above except the position.
    pub payload: String,
    /// [`leaf_hash`] of the payload.
    pub leaf_hash: [u8; 32],
    /// The keys of its stream as they are now, wrapped; none for a stream without personal data.
    pub keys: Option<WrappedKeys>,
}

impl RecordedEvent {
    /// The event's own data, as the JSON text inside the payload.
    pub fn data(&self) -> &str {
        data_of(&self.payload, &self.actor)
    }

    /// The event's own data, read as `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.data())
    }
}

/// The event's own data, as the JSON text inside a payload whose actor is known.
pub(crate) fn data_of<'a>(payload: &'a str, actor: &str) -> &'a str {
    const ACTOR: &str = ",\"actor\":";
    const DATA: &str = ",\"data\":";
    // Before the actor stand numbers, ids and restricted words, after it only ids: neither
    // search can be fooled by what a person wrote.
    let after_actor = payload.find(ACTOR).map(|at| at + ACTOR.len() + actor.len());
    let rest = after_actor.and_then(|at| payload.get(at..)).unwrap_or_default();
    let data = rest.find(DATA).and_then(|at| rest.get(at + DATA.len()..)).unwrap_or_default();
    data.strip_suffix('}').unwrap_or_default()
}

/// SHA-256 of a leaf as RFC 6962, section 2.1 has it: a zero byte, then the stored bytes.
pub fn leaf_hash(payload: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(payload);
    hash.finalize().into()
}

/// The parts of an envelope. Once written, its layout is a storage format.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) stream: Uuid,
    pub(crate) version: u64,
    pub(crate) kind: &'a str,
    pub(crate) schema: u16,
    pub(crate) occurred_at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) actor: &'a str,
    pub(crate) causation: Option<Uuid>,
    pub(crate) correlation: Option<Uuid>,
    pub(crate) data: &'a str,
}

impl Envelope<'_> {
    /// The bytes to store: compact JSON, keys always in this order, instants in RFC 3339 with
    /// microseconds at most.
    pub(crate) fn payload(&self) -> String {
        use std::fmt::Write;
        let mut text = String::with_capacity(320 + self.actor.len() + self.data.len());
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{{\"stream\":\"{}\",\"version\":{},\"kind\":\"{}\",\"schema\":{},\"occurred_at\":\"{}\",\"recorded_at\":\"{}\",\"actor\":{}",
            self.stream,
            self.version,
            self.kind,
            self.schema,
            self.occurred_at,
            self.recorded_at,
            self.actor
        );
        id(&mut text, ",\"causation\":", self.causation);
        id(&mut text, ",\"correlation\":", self.correlation);
        text.push_str(",\"data\":");
        text.push_str(self.data);
        text.push('}');
        text
    }
}

fn id(text: &mut String, key: &str, id: Option<Uuid>) {
    use std::fmt::Write;
    text.push_str(key);
    match id {
        // Writing to a string cannot fail.
        Some(id) => drop(write!(text, "\"{id}\"")),
        None => text.push_str("null"),
    }
}

/// The instant as the log keeps it: whole microseconds, rounded towards the past.
pub(crate) fn to_micros(at: Timestamp) -> Timestamp {
    let nanos = at.as_nanosecond();
    Timestamp::from_microsecond(i64::try_from(nanos.div_euclid(1_000)).unwrap_or(0)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelope_is_json_and_gives_its_data_back() {
        let envelope = Envelope {
            stream: Uuid::from_u128(7),
            version: 3,
            kind: "case_received",
            schema: 1,
            occurred_at: Timestamp::UNIX_EPOCH,
            recorded_at: to_micros(Timestamp::from_nanosecond(-1).unwrap()),
            actor: r#"{"id":",\"data\":","data":1}"#,
            causation: None,
            correlation: Some(Uuid::from_u128(8)),
            data: r#"{"text":"ổ gà","data":{}}"#,
        };
        let payload = envelope.payload();
        let parsed: serde_json::Value = serde_json::from_str(&payload).unwrap();
        assert_eq!(parsed["data"]["text"], "ổ gà");
        assert_eq!(parsed["recorded_at"], "1969-12-31T23:59:59.999999Z");
        assert_eq!(parsed["causation"], serde_json::Value::Null);
        let event = RecordedEvent {
            position: 1,
            stream: envelope.stream,
            version: 3,
            kind: envelope.kind.into(),
            schema: 1,
            occurred_at: envelope.occurred_at,
            recorded_at: envelope.recorded_at,
            actor: envelope.actor.into(),
            causation: None,
            correlation: envelope.correlation,
            leaf_hash: leaf_hash(payload.as_bytes()),
            payload,
            keys: None,
        };
        assert_eq!(event.data(), envelope.data);
    }

    #[test]
    fn leaf_hash_is_the_one_of_rfc_6962() {
        // The hash of an empty leaf as certificate-transparency test vectors give it.
        let hex: String = leaf_hash(b"").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }
}
