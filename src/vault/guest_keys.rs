//! Keys of guests: of what the reporters of merged cases write in the case that goes on. Each has
//! one there, drawn with their first word and kept in the row of that case's keys, so that what they
//! wrote is erased apart from what everybody else did.
//!
//! A guest is named by the stream of the case they reported; undoing the merge changes nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoiam_domain::private::{Key, Seal};
use uuid::Uuid;

use super::VaultError;
use super::aead::DataKey;
use super::case_keys::{CaseKeys, Inner, opened};
use super::ring::Ring;
use crate::random::Random;

/// What the key of a guest is wrapped as: for them and this case only.
pub(super) fn wrapped_as(guest: Uuid, stream: Uuid) -> String {
    format!("guest {guest} {stream}")
}

/// Wrapped keys as the row of a case has them: JSON, by guest.
pub(super) fn read(
    stream: Uuid,
    stored: Option<&str>,
) -> Result<BTreeMap<Uuid, String>, VaultError> {
    let Some(stored) = stored else { return Ok(BTreeMap::new()) };
    serde_json::from_str(stored).map_err(|_| VaultError::Damaged(format!("guests of {stream}")))
}

/// As [`read`] reads it; none without guests.
fn written(stream: Uuid, keys: &BTreeMap<Uuid, String>) -> Result<Option<String>, VaultError> {
    if keys.is_empty() {
        return Ok(None);
    }
    let damaged = |_| VaultError::Damaged(format!("guests of {stream}"));
    serde_json::to_string(keys).map(Some).map_err(damaged)
}

pub(super) fn wrap(
    ring: &Ring,
    stream: Uuid,
    keys: &[(Uuid, DataKey)],
) -> Result<Option<String>, VaultError> {
    let wrap = |(guest, key): &(Uuid, DataKey)| {
        Ok::<_, VaultError>((*guest, ring.wrap(&wrapped_as(*guest, stream), key.bytes())?))
    };
    written(stream, &keys.iter().map(wrap).collect::<Result<_, _>>()?)
}

/// The same keys wrapped by the present master key.
pub(super) fn rewrapped(
    ring: &Ring,
    stream: Uuid,
    stored: Option<&str>,
) -> Result<Option<String>, VaultError> {
    let mut keys = read(stream, stored)?;
    for (guest, wrapped) in &mut keys {
        let name = wrapped_as(*guest, stream);
        *wrapped = ring.wrap(&name, &ring.unwrap(&name, wrapped)?)?;
    }
    written(stream, &keys)
}

impl CaseKeys {
    /// Who has a key of their own here.
    ///
    /// # Errors
    /// When the keys cannot be unwrapped.
    pub fn guests(&self) -> Result<Vec<Uuid>, VaultError> {
        Ok(self.inner().guests()?.iter().map(|(guest, _)| *guest).collect())
    }

    /// With a key for a guest as well; none when they have one, or the words of the case are clear.
    /// The row has to be written in the transaction of what is sealed with it.
    ///
    /// # Errors
    /// When the other keys cannot be unwrapped, or the new one not wrapped.
    pub fn with_guest(&self, guest: Uuid, random: &dyn Random) -> Result<Option<Self>, VaultError> {
        let known = self.inner().guests()?;
        if !self.is_sealing() || known.iter().any(|(known, _)| *known == guest) {
            return Ok(None);
        }
        let mut guests = known.to_vec();
        guests.push((guest, DataKey::new([random.draw(), random.draw()])));
        self.with_guests(guests).map(Some)
    }

    /// Without the key of a guest; none when there is none. The row has to be written over the old
    /// one in the transaction of the event that says so.
    ///
    /// # Errors
    /// When the other keys cannot be unwrapped or wrapped.
    pub fn without_guest(&self, guest: Uuid) -> Result<Option<Self>, VaultError> {
        let mut guests = self.inner().guests()?.to_vec();
        let before = guests.len();
        guests.retain(|(known, _)| *known != guest);
        if guests.len() == before {
            return Ok(None);
        }
        self.with_guests(guests).map(Some)
    }

    /// As the seal of what a guest writes.
    pub fn of_guest(&self, guest: Uuid) -> Arc<dyn Seal> {
        Arc::new(OfGuest { keys: self.clone(), guest })
    }

    /// As the seal of the case's events for whoever may read the words of these guests alone, and
    /// all else.
    pub fn before(&self, guests: BTreeSet<Uuid>) -> Arc<dyn Seal> {
        Arc::new(Before { keys: self.clone(), guests })
    }
}

/// Seals what a guest writes.
struct OfGuest {
    keys: CaseKeys,
    guest: Uuid,
}

impl Seal for OfGuest {
    fn seal(&self, key: Key, clear: String) -> Result<String, String> {
        if !self.keys.is_sealing() {
            return Ok(clear);
        }
        // How to reach them stands in the case they reported.
        if key == Key::Contact {
            return Err("contact data of a guest have no place here".to_owned());
        }
        let known = self.keys.inner().guests().map_err(|error| error.to_string())?;
        let known = known.iter().find(|(guest, _)| *guest == self.guest);
        let sealed = known.and_then(|(_, key)| Inner::sealed(key, &clear));
        sealed.ok_or_else(|| "the guest has no key to seal with".to_owned())
    }

    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
        self.keys.of_events().open(key, stored)
    }
}

/// Opens what is not some other guest's.
struct Before {
    keys: CaseKeys,
    guests: BTreeSet<Uuid>,
}

impl Seal for Before {
    fn seal(&self, _: Key, _: String) -> Result<String, String> {
        Err("it only opens".to_owned())
    }

    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
        let inner = self.keys.inner();
        let own = inner.key(key).map_err(|error| error.to_string())?;
        if let Some(clear) = opened(own, &stored)? {
            return Ok(Some(clear));
        }
        let guests = inner.guests().map_err(|error| error.to_string())?;
        let allowed = guests.iter().filter(|(guest, _)| self.guests.contains(guest));
        opened(allowed.map(|(_, key)| key), &stored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use crate::vault::Vault;

    const HOST: Uuid = Uuid::from_u128(1);
    const GUEST: Uuid = Uuid::from_u128(2);
    const OTHER: Uuid = Uuid::from_u128(3);

    fn open(keys: &CaseKeys, sealed: &str) -> Option<String> {
        keys.of_events().open(Key::Content, sealed.to_owned()).unwrap()
    }

    #[test]
    fn each_goes_alone() {
        let (vault, random) = (Vault::of_test(), SeededRandom::new(1));
        let keys = vault.draw(HOST, &random).unwrap();
        let keys = keys.with_guest(GUEST, &random).unwrap().unwrap();
        let keys = keys.with_guest(OTHER, &random).unwrap().unwrap();
        assert!(keys.with_guest(GUEST, &random).unwrap().is_none());
        let say = |seal: Arc<dyn Seal>| seal.seal(Key::Content, "\"ổ gà\"".to_owned()).unwrap();
        let own = say(keys.of_events());
        let [one, two] = [GUEST, OTHER].map(|guest| say(keys.of_guest(guest)));
        assert!(own != one && one != two && !one.contains("ổ gà"));
        assert!(keys.of_guest(GUEST).seal(Key::Contact, "x".to_owned()).is_err());

        // As they come back from the database.
        let again = vault.keys(HOST, Some(&keys.wrapped().unwrap()));
        assert_eq!(again.guests().unwrap(), [GUEST, OTHER]);
        let read = |keys: &CaseKeys| [&own, &one, &two].map(|text| open(keys, text).is_some());
        assert_eq!(read(&again), [true; 3]);
        let few = again.before(BTreeSet::from([OTHER]));
        let few = [&own, &one, &two].map(|text| few.open(Key::Content, text.clone()).unwrap());
        assert_eq!(few.map(|text| text.is_some()), [true, false, true]);
        let without = again.without_guest(GUEST).unwrap().unwrap();
        assert_eq!(read(&without), [true, false, true]);
        assert!(without.without_guest(GUEST).unwrap().is_none());
        let renewed = again.renewed(false, &random).unwrap();
        assert_eq!(read(&renewed), [false, true, true]);
        // Nor does a key open for another guest or case.
        let wrapped = keys.wrapped().unwrap();
        let swapped = wrapped.guests.as_ref().map(|text| text.replace(&OTHER.to_string(), "x"));
        let swapped = swapped.map(|text| text.replace(&GUEST.to_string(), &OTHER.to_string()));
        let swapped = swapped.map(|text| text.replace("\"x\"", &format!("\"{GUEST}\"")));
        let stored = crate::vault::WrappedKeys { guests: swapped, ..wrapped };
        assert!(vault.keys(HOST, Some(&stored)).check().is_err());
    }

    #[test]
    fn where_words_are_clear_so_are_a_guests() {
        let keys = Vault::of_test().keys(HOST, None);
        assert!(keys.with_guest(GUEST, &SeededRandom::new(1)).unwrap().is_none());
        assert_eq!(keys.of_guest(GUEST).seal(Key::Content, "x".to_owned()).unwrap(), "x");
    }
}
