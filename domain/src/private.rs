//! Personal data and free text: [`Private`] can be held and compared, but neither printed nor
//! written down except by the event codec.
//!
//! `Serialize` works only inside [`writing`], which the codec enters with the [`Seal`] of the case.
//! Anywhere else it fails, so a log line, an error or a read model cannot leak by forgetting.
//!
//! A private value belongs to one of the two [`Key`]s of a case: what tells who reported it, and
//! everything people wrote. A value whose key is destroyed is still there, and empty: history goes
//! on being read, and says what was erased.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// Which key of a case a value is sealed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Who reported it, and how to reach them.
    Contact,
    /// What people wrote, and their files.
    Content,
}

/// Says by its type which key a private value needs.
pub trait Subject {
    /// The key.
    const KEY: Key;
}

/// What tells who somebody is: [`Key::Contact`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OfPerson;

/// What was written: [`Key::Content`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OfCase;

impl Subject for OfPerson {
    const KEY: Key = Key::Contact;
}

impl Subject for OfCase {
    const KEY: Key = Key::Content;
}

/// How private text is turned into what the log stores, and back.
pub trait Seal: Send + Sync {
    /// The stored form of a clear text (the JSON of one value); never empty.
    ///
    /// # Errors
    /// When the case has no such key.
    fn seal(&self, key: Key, clear: String) -> Result<String, String>;
    /// The clear text of a stored form; none when its key was destroyed.
    ///
    /// # Errors
    /// When the stored form was altered.
    fn open(&self, key: Key, stored: String) -> Result<Option<String>, String>;
}

/// Stores private text as it is: for tests, and for showing it to whoever may see it.
pub struct Clear;

impl Seal for Clear {
    fn seal(&self, _: Key, clear: String) -> Result<String, String> {
        Ok(clear)
    }
    fn open(&self, _: Key, stored: String) -> Result<Option<String>, String> {
        Ok(Some(stored))
    }
}

/// The seal that hides nothing.
pub fn clear() -> Arc<dyn Seal> {
    Arc::new(Clear)
}

thread_local! {
    static SEAL: RefCell<Option<Arc<dyn Seal>>> = const { RefCell::new(None) };
}

/// Runs `work` with private values readable and writable through `seal`.
pub fn writing<T>(seal: Arc<dyn Seal>, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Arc<dyn Seal>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            let before = self.0.take();
            SEAL.with(|slot| *slot.borrow_mut() = before);
        }
    }
    let _restore = Restore(SEAL.with(|slot| slot.borrow_mut().replace(seal)));
    work()
}

/// A value about a person, or free text that may contain one.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Private<T, S = OfCase> {
    value: T,
    erased: bool,
    subject: PhantomData<S>,
}

impl<T, S> Private<T, S> {
    /// Marks a value as private.
    pub fn new(value: T) -> Self {
        Self { value, erased: false, subject: PhantomData }
    }

    /// The value itself; empty when it was erased. Whoever calls this has checked that the reader
    /// may see it.
    pub fn reveal(&self) -> &T {
        &self.value
    }

    /// Whether its key was destroyed.
    pub fn is_erased(&self) -> bool {
        self.erased
    }
}

impl<T: Default, S> Private<T, S> {
    /// What is left of a value whose key was destroyed.
    pub fn erased() -> Self {
        Self { value: T::default(), erased: true, subject: PhantomData }
    }

    /// Forgets the value.
    pub fn erase(&mut self) {
        *self = Self::erased();
    }
}

impl<T, S> fmt::Debug for Private<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.erased { "[erased]" } else { "[private]" })
    }
}

impl<T: Serialize, S: Subject> Serialize for Private<T, S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        let seal = SEAL.with(|slot| slot.borrow().clone()).ok_or_else(|| {
            ser::Error::custom("private data may be written by the event codec only")
        })?;
        if self.erased {
            return serializer.serialize_str("");
        }
        let clear = serde_json::to_string(&self.value).map_err(ser::Error::custom)?;
        let stored = seal.seal(S::KEY, clear).map_err(ser::Error::custom)?;
        serializer.serialize_str(&stored)
    }
}

impl<'de, T: DeserializeOwned + Default, S: Subject> Deserialize<'de> for Private<T, S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = String::deserialize(deserializer)?;
        let seal = SEAL
            .with(|slot| slot.borrow().clone())
            .ok_or_else(|| de::Error::custom("private data may be read by the event codec only"))?;
        if stored.is_empty() {
            return Ok(Self::erased());
        }
        match seal.open(S::KEY, stored).map_err(de::Error::custom)? {
            Some(clear) => serde_json::from_str(&clear).map(Self::new).map_err(de::Error::custom),
            None => Ok(Self::erased()),
        }
    }
}

/// Reads clear text that arrives from outside, in a command, into a private value: for
/// `#[serde(deserialize_with = "accept")]`.
///
/// # Errors
/// When the value is not of type `T`.
pub fn accept<'de, D, T, S>(deserializer: D) -> Result<Private<T, S>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Private::new)
}

/// As [`accept`], for a value that may be missing.
///
/// # Errors
/// When the value is present and not of type `T`.
pub fn accept_option<'de, D, T, S>(deserializer: D) -> Result<Option<Private<T, S>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.map(Private::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_outside_the_codec_and_returns_inside() {
        let name: Private<String> = Private::new("Nguyễn Văn A".to_owned());
        assert!(serde_json::to_string(&name).is_err());
        assert_eq!(format!("{name:?}"), "[private]");
        let json = writing(clear(), || serde_json::to_string(&name)).unwrap_or_default();
        let back: Result<Private<String>, _> = writing(clear(), || serde_json::from_str(&json));
        assert_eq!(back.ok(), Some(name));
        assert!(serde_json::from_str::<Private<String>>(&json).is_err());
    }

    #[test]
    fn what_was_erased_stays_erased_and_says_so() {
        struct Gone;
        impl Seal for Gone {
            fn seal(&self, _: Key, _: String) -> Result<String, String> {
                Err("no key".to_owned())
            }
            fn open(&self, key: Key, stored: String) -> Result<Option<String>, String> {
                Ok((key == Key::Content).then_some(stored))
            }
        }
        let gone: Arc<dyn Seal> = Arc::new(Gone);
        let stored = r#""\"Lan\"""#;
        let read = |key| match key {
            Key::Contact => writing(gone.clone(), || {
                serde_json::from_str::<Private<String, OfPerson>>(stored).map(|v| v.is_erased())
            }),
            Key::Content => writing(gone.clone(), || {
                serde_json::from_str::<Private<String>>(stored).map(|v| v.is_erased())
            }),
        };
        assert_eq!(read(Key::Contact).ok(), Some(true));
        assert_eq!(read(Key::Content).ok(), Some(false));
        let name: Private<String, OfPerson> = Private::erased();
        assert_eq!(format!("{name:?}"), "[erased]");
        let json = writing(gone.clone(), || serde_json::to_string(&name)).unwrap_or_default();
        let back: Result<Private<String, OfPerson>, _> =
            writing(clear(), || serde_json::from_str(&json));
        assert_eq!(back.ok(), Some(name));
    }
}
