//! The keys of a case. For its events they are the [`Seal`], for its rows the [`Veil`].
//!
//! Keys are unwrapped when the first word needs them: most events hold none.

use std::sync::{Arc, OnceLock};

use hoiam_domain::private::{Key, Seal};
use hoiam_projections::table::{Column, Row, Table, Type, Value};
use hoiam_projections::veil::Veil;
use uuid::Uuid;

use super::aead::{DataKey, Opened, is_sealed};
use super::{Vault, VaultError, guest_keys};
use crate::proof::text::unhex_hash;

/// The wrapped keys of all cases. No projection: it cannot be made again from the log.
pub static STREAM_KEYS: Table = Table {
    name: "stream_keys",
    columns: &[
        Column("stream", Type::Uuid),
        // Wrapped by the master key; null once destroyed.
        Column("contact", Type::Text),
        Column("content", Type::Text),
        // Name of the master key that wrapped them last.
        Column("master", Type::Text),
        // Of guests, wrapped, as JSON by the stream of the case they reported.
        Column("guests", Type::Text),
    ],
    key: 1,
    add: 0,
};

/// A case's keys as the database holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKeys {
    /// Of [`Key::Contact`].
    pub contact: Option<String>,
    /// Of [`Key::Content`].
    pub content: Option<String>,
    /// Of [guests](super::guest_keys); none without any.
    pub guests: Option<String>,
}

/// The keys of one case.
#[derive(Clone)]
pub struct CaseKeys(Arc<Inner>);

pub(super) struct Inner {
    vault: Vault,
    stream: Uuid,
    /// None for a case from before there were keys: its words are clear.
    wrapped: Option<WrappedKeys>,
    contact: OnceLock<Option<DataKey>>,
    content: OnceLock<Option<DataKey>>,
    guests: OnceLock<Vec<(Uuid, DataKey)>>,
    master: String,
}

impl std::fmt::Debug for CaseKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseKeys").field("stream", &self.0.stream).finish_non_exhaustive()
    }
}

/// What a key is wrapped as, so that it opens for its case and purpose only.
fn wrapped_as(stream: Uuid, key: Key) -> String {
    let word = match key {
        Key::Contact => "contact",
        Key::Content => "content",
    };
    format!("{word} {stream}")
}

impl CaseKeys {
    pub(super) fn drawn(
        vault: &Vault,
        stream: Uuid,
        contact: Option<DataKey>,
        content: Option<DataKey>,
        guests: Vec<(Uuid, DataKey)>,
    ) -> Result<Self, VaultError> {
        let ring = vault.ring();
        let wrap = |key: &Option<DataKey>, of| {
            let wrap = |key: &DataKey| ring.wrap(&wrapped_as(stream, of), key.bytes());
            key.as_ref().map(wrap).transpose()
        };
        let wrapped = WrappedKeys {
            contact: wrap(&contact, Key::Contact)?,
            content: wrap(&content, Key::Content)?,
            guests: guest_keys::wrap(&ring, stream, &guests)?,
        };
        Ok(Self(Arc::new(Inner {
            vault: vault.clone(),
            stream,
            wrapped: Some(wrapped),
            contact: contact.into(),
            content: content.into(),
            guests: guests.into(),
            master: ring.present(),
        })))
    }

    pub(super) fn stored(vault: &Vault, stream: Uuid, wrapped: Option<&WrappedKeys>) -> Self {
        Self(Arc::new(Inner {
            vault: vault.clone(),
            stream,
            wrapped: wrapped.cloned(),
            contact: OnceLock::new(),
            content: OnceLock::new(),
            guests: OnceLock::new(),
            master: String::new(),
        }))
    }

    /// The row that stores them: written in the transaction of the case's first event, or of the
    /// one that erases.
    pub fn row(&self) -> Option<Row> {
        let wrapped = self.0.wrapped.clone()?;
        let values: Vec<Value> = vec![
            self.0.stream.into(),
            wrapped.contact.into(),
            wrapped.content.into(),
            self.0.master.clone().into(),
            wrapped.guests.into(),
        ];
        Some(Row { table: &STREAM_KEYS, values })
    }

    /// New keys in place of those that are destroyed: both, or the contact's only. What comes later
    /// is sealed with them. Guests keep theirs.
    ///
    /// # Errors
    /// When the other key cannot be unwrapped, or the new ones not wrapped.
    pub fn renewed(
        &self,
        keep_content: bool,
        random: &dyn crate::random::Random,
    ) -> Result<Self, VaultError> {
        let draw = || DataKey::new([random.draw(), random.draw()]);
        let content = match keep_content {
            true => self.key(Key::Content)?.cloned(),
            false => Some(draw()),
        };
        let guests = self.0.guests()?.to_vec();
        Self::drawn(&self.0.vault, self.0.stream, Some(draw()), content, guests)
    }

    /// The same keys with these of guests.
    pub(super) fn with_guests(&self, guests: Vec<(Uuid, DataKey)>) -> Result<Self, VaultError> {
        let (contact, content) = (self.key(Key::Contact)?, self.key(Key::Content)?);
        let (contact, content) = (contact.cloned(), content.cloned());
        Self::drawn(&self.0.vault, self.0.stream, contact, content, guests)
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Whether words are sealed at all: those of a case from before there were keys are clear.
    pub(super) fn is_sealing(&self) -> bool {
        self.0.wrapped.is_some()
    }

    #[cfg(test)]
    pub(super) fn wrapped(&self) -> Option<WrappedKeys> {
        self.0.wrapped.clone()
    }

    /// As the seal of the case's events.
    pub fn of_events(&self) -> Arc<dyn Seal> {
        self.0.clone()
    }

    fn key(&self, of: Key) -> Result<Option<&DataKey>, VaultError> {
        self.0.key(of)
    }

    /// Whether the master key opens them.
    ///
    /// # Errors
    /// When it does not, or they are damaged.
    pub fn check(&self) -> Result<(), VaultError> {
        self.key(Key::Contact)?;
        self.key(Key::Content)?;
        self.0.guests().map(drop)
    }

    /// The keys themselves, hexadecimal, for whoever is given the case as evidence.
    ///
    /// # Errors
    /// As [`CaseKeys::check`].
    pub fn opened(&self) -> Result<OpenedKeys, VaultError> {
        let text = |key: Option<&DataKey>| key.map(|key| crate::tracking::hex(key.bytes()));
        Ok(OpenedKeys {
            contact: text(self.key(Key::Contact)?),
            content: text(self.key(Key::Content)?),
            guests: self.0.guests()?.iter().filter_map(|(_, key)| text(Some(key))).collect(),
        })
    }
}

/// The keys of a case, opened: what an export of the case as evidence holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenedKeys {
    /// Of [`Key::Contact`], hexadecimal; none once destroyed.
    pub contact: Option<String>,
    /// Of [`Key::Content`], hexadecimal; none once destroyed.
    pub content: Option<String>,
    /// Of [guests](super::guest_keys), hexadecimal, without those that were destroyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guests: Vec<String>,
}

impl OpenedKeys {
    /// As the seal of the case's events; keys that are none open nothing.
    pub fn of_events(&self) -> Arc<dyn Seal> {
        let key = |text: &Option<String>| text.as_deref().and_then(unhex_hash).map(DataKey::of);
        let guests = self.guests.iter().filter_map(|text| unhex_hash(text).map(DataKey::of));
        Arc::new(Opening {
            contact: key(&self.contact),
            content: key(&self.content),
            guests: guests.collect(),
        })
    }
}

/// Opens with keys at hand, or without any.
struct Opening {
    contact: Option<DataKey>,
    content: Option<DataKey>,
    guests: Vec<DataKey>,
}

impl Seal for Opening {
    fn seal(&self, _: Key, _: String) -> Result<String, String> {
        Err("it only opens".to_owned())
    }

    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
        match key {
            Key::Contact => opened(&self.contact, &stored),
            Key::Content => opened(self.content.iter().chain(&self.guests), &stored),
        }
    }
}

/// The clear text of an event's text; none when its key is not among those at hand.
pub(super) fn opened<'k>(
    keys: impl IntoIterator<Item = &'k DataKey>,
    stored: &str,
) -> Result<Option<String>, String> {
    if !is_sealed(stored) {
        return Ok(Some(stored.to_owned()));
    }
    for key in keys {
        match key.open(stored, EVENT) {
            Opened::Clear(clear) => {
                return String::from_utf8(clear).map(Some).map_err(|e| e.to_string());
            }
            Opened::Altered => return Err("a sealed text was altered".to_owned()),
            Opened::OtherKey => {}
        }
    }
    Ok(None)
}

impl Inner {
    pub(super) fn key(&self, of: Key) -> Result<Option<&DataKey>, VaultError> {
        let slot = match of {
            Key::Contact => &self.contact,
            Key::Content => &self.content,
        };
        if let Some(known) = slot.get() {
            return Ok(known.as_ref());
        }
        let wrapped = self.wrapped.as_ref().and_then(|wrapped| match of {
            Key::Contact => wrapped.contact.as_deref(),
            Key::Content => wrapped.content.as_deref(),
        });
        let opened = match wrapped {
            None => None,
            Some(wrapped) => {
                let name = wrapped_as(self.stream, of);
                let bytes = self.vault.unwrap(&name, wrapped)?;
                let bytes = bytes.try_into().map_err(|_| VaultError::Damaged(name))?;
                Some(DataKey::of(bytes))
            }
        };
        Ok(slot.get_or_init(|| opened).as_ref())
    }

    pub(super) fn guests(&self) -> Result<&[(Uuid, DataKey)], VaultError> {
        if let Some(known) = self.guests.get() {
            return Ok(known);
        }
        let stored = self.wrapped.as_ref().and_then(|wrapped| wrapped.guests.as_deref());
        let mut opened = Vec::new();
        for (guest, wrapped) in guest_keys::read(self.stream, stored)? {
            let name = guest_keys::wrapped_as(guest, self.stream);
            let bytes = self.vault.unwrap(&name, &wrapped)?;
            let bytes = bytes.try_into().map_err(|_| VaultError::Damaged(name))?;
            opened.push((guest, DataKey::of(bytes)));
        }
        Ok(self.guests.get_or_init(|| opened))
    }

    /// A text as it stands in an event.
    pub(super) fn sealed(key: &DataKey, clear: &str) -> Option<String> {
        key.seal(clear.as_bytes(), EVENT)
    }
}

/// Sealed texts of events are never taken for those of rows.
const EVENT: &[u8] = b"event";
const ROW: &[u8] = b"row";

impl Seal for Inner {
    fn seal(&self, key: Key, clear: String) -> Result<String, String> {
        if self.wrapped.is_none() {
            return Ok(clear);
        }
        let known = self.key(key).map_err(|error| error.to_string())?;
        let sealed = known.and_then(|known| Self::sealed(known, &clear));
        sealed.ok_or_else(|| "the case has no key to seal with".to_owned())
    }

    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
        if !is_sealed(&stored) {
            return Ok(Some(stored));
        }
        let own = self.key(key).map_err(|error| error.to_string())?;
        match opened(own, &stored)? {
            None if key == Key::Content => {
                let guests = self.guests().map_err(|error| error.to_string())?;
                opened(guests.iter().map(|(_, key)| key), &stored)
            }
            read => Ok(read),
        }
    }
}

/// The seal of whoever has no keys.
pub(crate) fn unopened() -> Arc<dyn Seal> {
    Arc::new(Opening { contact: None, content: None, guests: Vec::new() })
}

impl Veil for CaseKeys {
    fn seal(&self, text: &str) -> String {
        if self.0.wrapped.is_none() || text.is_empty() {
            return text.to_owned();
        }
        let known = self.key(Key::Content).ok().flatten();
        known.and_then(|known| known.seal(text.as_bytes(), ROW)).unwrap_or_default()
    }

    fn word(&self, word: &str) -> String {
        self.0.vault.word(word)
    }

    fn beginning(&self, letters: &str) -> String {
        self.0.vault.beginning(letters)
    }

    fn print(&self, word: &str) -> u32 {
        self.0.vault.print(word)
    }

    fn identity(&self, kind: &str, value: &str) -> Uuid {
        self.0.vault.identity(kind, value)
    }
}

impl CaseKeys {
    /// The clear text of a row's sealed one; empty when its key is destroyed.
    pub fn read_row(&self, sealed: &str) -> String {
        if !is_sealed(sealed) {
            return sealed.to_owned();
        }
        match self.key(Key::Content).ok().flatten().map(|known| known.open(sealed, ROW)) {
            Some(Opened::Clear(clear)) => String::from_utf8(clear).unwrap_or_default(),
            _ => String::new(),
        }
    }
}
