//! How a row is known again: by the source's own id, and by a hash of what it says.

use std::collections::HashMap;

use hoiam_domain::case::import::Record;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::map::Duplicates;
use super::rejects::Reject;
use super::rows::Row;
use crate::log::Idempotency;

/// Tells rows apart.
#[derive(Debug)]
pub(super) struct Identities {
    scope: String,
    /// For [`Duplicates::Each`]: how often an id was seen, by the first 8 bytes of its hash. About
    /// 20 bytes a row, the only memory that grows with the file.
    seen: Option<HashMap<u64, u32>>,
}

impl Identities {
    pub(super) fn new(system: &str, duplicates: Duplicates) -> Self {
        let seen = (duplicates == Duplicates::Each).then(HashMap::new);
        Self { scope: format!("import:{system}"), seen }
    }

    /// The key of a row; call it once for every row, in the order of the file.
    ///
    /// # Errors
    /// The rejection of a row without an id.
    pub(super) fn key(&mut self, row: &Row) -> Result<[u8; 32], Reject> {
        let id = row.id();
        let hash: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        let Some(seen) = &mut self.seen else {
            return if id.is_empty() { Err(row.reject("id", "is empty")) } else { Ok(hash) };
        };
        let mut short = [0; 8];
        short.copy_from_slice(&hash[..8]);
        let times = seen.entry(u64::from_be_bytes(short)).or_insert(0);
        *times = times.saturating_add(1);
        match *times {
            1 => Ok(hash),
            times => Ok(Sha256::digest(format!("{id}#{times}").as_bytes()).into()),
        }
    }

    pub(super) fn idempotency(&self, key_hash: [u8; 32], record: &Record) -> Idempotency {
        Idempotency {
            scope: self.scope.clone(),
            key_hash,
            request_hash: content_hash(record),
            salt: [0; 16],
        }
    }
}

/// SHA-256 over what the source says, each part preceded by its length. Not over the number, the
/// tracking code and the rule set, which are ours: the same row stays the same row.
fn content_hash(record: &Record) -> [u8; 32] {
    let found = &record.found;
    let location = record.location.clone().unwrap_or_default();
    let contact = &record.reporter.contact;
    let time = |at: Option<Timestamp>| at.map(|at| at.as_microsecond().to_string());
    let parts: [Option<String>; 21] = [
        Some(record.channel.to_string()),
        Some(record.text.reveal().clone()),
        location.lat.map(|lat| lat.to_string()),
        location.lon.map(|lon| lon.to_string()),
        location.address.map(|address| address.reveal().clone()),
        contact.name.as_ref().map(|name| name.reveal().clone()),
        contact.phone.as_ref().map(|phone| phone.reveal().clone()),
        contact.email.as_ref().map(|email| email.reveal().clone()),
        Some(record.public.to_string()),
        Some(found.kind.to_string()),
        found.sector.as_ref().map(ToString::to_string),
        found.category.as_ref().map(ToString::to_string),
        found.district.as_ref().map(ToString::to_string),
        found.ward.as_ref().map(ToString::to_string),
        record.agency.as_ref().map(ToString::to_string),
        time(Some(record.received_at)),
        time(record.target),
        time(record.ended.as_ref().map(|ended| ended.at)),
        record.ended.as_ref().map(|ended| ended.outcome.as_str().to_owned()),
        record.closing_note.as_ref().map(|note| note.reveal().clone()),
        Some(record.source.id.clone()),
    ];
    let mut digest = Sha256::new();
    for part in parts {
        // A missing part differs from an empty one.
        let length = part.as_ref().map_or(u64::MAX, |part| part.len() as u64);
        digest.update(length.to_be_bytes());
        digest.update(part.unwrap_or_default().as_bytes());
    }
    digest.finalize().into()
}
