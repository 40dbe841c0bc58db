//! Personal data and free text: [`Private`] can be held and compared, but neither printed nor
//! written down except by the event codec.
//!
//! `Serialize` works only inside [`writing`], which the codec enters with the [`Seal`] to use.
//! Anywhere else it fails, so a log line, an error or a read model cannot leak by forgetting.
//! Today the codec's seal is [`Clear`]; sealing per subject later replaces that one value.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// How private text is turned into what the log stores, and back.
pub trait Seal {
    /// The stored form of a clear text (the JSON of one value).
    ///
    /// # Errors
    /// When the key of the subject is gone.
    fn seal(&self, clear: String) -> Result<String, String>;
    /// The clear text of a stored form.
    ///
    /// # Errors
    /// When the key of the subject is gone or the stored form was altered.
    fn open(&self, stored: String) -> Result<String, String>;
}

/// Stores private text as it is.
pub struct Clear;

impl Seal for Clear {
    fn seal(&self, clear: String) -> Result<String, String> {
        Ok(clear)
    }
    fn open(&self, stored: String) -> Result<String, String> {
        Ok(stored)
    }
}

thread_local! {
    static SEAL: RefCell<Option<Rc<dyn Seal>>> = const { RefCell::new(None) };
}

/// Runs `work` with private values readable and writable through `seal`.
pub fn writing<T>(seal: Rc<dyn Seal>, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Rc<dyn Seal>>);
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
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Marks a value as private.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Whoever calls this has checked that the reader may see it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

impl<T: Serialize> Serialize for Private<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seal = SEAL.with(|slot| slot.borrow().clone()).ok_or_else(|| {
            ser::Error::custom("private data may be written by the event codec only")
        })?;
        let clear = serde_json::to_string(&self.0).map_err(ser::Error::custom)?;
        let stored = seal.seal(clear).map_err(ser::Error::custom)?;
        serializer.serialize_str(&stored)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Private<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = String::deserialize(deserializer)?;
        let seal = SEAL
            .with(|slot| slot.borrow().clone())
            .ok_or_else(|| de::Error::custom("private data may be read by the event codec only"))?;
        let clear = seal.open(stored).map_err(de::Error::custom)?;
        serde_json::from_str(&clear).map(Self).map_err(de::Error::custom)
    }
}

/// Reads clear text that arrives from outside, in a command, into a private value: for
/// `#[serde(deserialize_with = "accept")]`.
///
/// # Errors
/// When the value is not of type `T`.
pub fn accept<'de, D, T>(deserializer: D) -> Result<Private<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Private)
}

/// As [`accept`], for a value that may be missing.
///
/// # Errors
/// When the value is present and not of type `T`.
pub fn accept_option<'de, D, T>(deserializer: D) -> Result<Option<Private<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.map(Private))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_outside_the_codec_and_returns_inside() {
        let name = Private::new("Nguyễn Văn A".to_owned());
        assert!(serde_json::to_string(&name).is_err());
        assert_eq!(format!("{name:?}"), "[private]");
        let json = writing(Rc::new(Clear), || serde_json::to_string(&name)).unwrap_or_default();
        let back: Result<Private<String>, _> =
            writing(Rc::new(Clear), || serde_json::from_str(&json));
        assert_eq!(back.ok(), Some(name));
        assert!(serde_json::from_str::<Private<String>>(&json).is_err());
    }
}
