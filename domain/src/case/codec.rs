//! Events as the log stores them: kind, version of the shape, JSON. The only place where private
//! data are written down.

use std::sync::Arc;

use serde::Deserializer;

use super::event::Event;
use super::upcast::{UPCASTERS, upcast};
use crate::private::{Key, Seal, writing};

/// Why an event could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CodecError {
    /// The log holds a kind this program does not know.
    #[error("unknown event kind `{0}`: written by a newer version?")]
    UnknownKind(String),
    /// The log holds a shape newer than this program.
    #[error("event `{kind}` has shape {found}, this program knows up to {known}")]
    NewerShape {
        /// The kind.
        kind: String,
        /// The version found.
        found: u16,
        /// The newest version known.
        known: u16,
    },
    /// An older shape could not be lifted to today's.
    #[error("event `{kind}` of shape {from} cannot be lifted: {reason}")]
    Upcast {
        /// The kind.
        kind: String,
        /// The version the step that failed begins with.
        from: u16,
        /// What is wrong.
        reason: String,
    },
    /// The JSON does not fit the kind.
    #[error("event `{kind}` does not read: {error}")]
    Json {
        /// The kind.
        kind: String,
        /// What is wrong.
        error: serde_json::Error,
    },
}

/// An event ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its kind.
    pub kind: &'static str,
    /// Version of its shape.
    pub schema: u16,
    /// Its fields as JSON.
    pub data: String,
}

/// Writes an event down, private values under the seal of its case.
///
/// # Errors
/// [`CodecError::Json`] when private data cannot be sealed.
pub fn encode(event: &Event, seal: &Arc<dyn Seal>) -> Result<Stored, CodecError> {
    let data = writing(seal.clone(), || event.to_json())
        .map_err(|error| CodecError::Json { kind: event.kind().to_owned(), error })?;
    Ok(Stored { kind: event.kind(), schema: event.schema(), data })
}

/// Reads an event, lifting older shapes to today's. What its case's seal cannot open any more is
/// erased, not missing.
///
/// # Errors
/// [`CodecError`] when the kind, shape or JSON is not known.
pub fn decode(
    kind: &str,
    schema: u16,
    data: &str,
    seal: &Arc<dyn Seal>,
) -> Result<Event, CodecError> {
    let known = Event::KINDS.iter().find(|(name, _)| *name == kind).map(|(_, version)| *version);
    let unknown = || CodecError::UnknownKind(kind.to_owned());
    let broken = |error| CodecError::Json { kind: kind.to_owned(), error };
    let known = known.ok_or_else(unknown)?;
    if schema > known {
        return Err(CodecError::NewerShape { kind: kind.to_owned(), found: schema, known });
    }
    if schema < known {
        let stored = serde_json::from_str(data).map_err(broken)?;
        let lifted = upcast(UPCASTERS, kind, schema, known, stored)?;
        return read(kind, lifted, seal).ok_or_else(unknown)?.map_err(broken);
    }
    let mut json = serde_json::Deserializer::from_str(data);
    let event = read(kind, &mut json, seal).ok_or_else(unknown)?;
    event.and_then(|event| json.end().map(|()| event)).map_err(broken)
}

/// Reads the present shape of a kind from any format; none for an unknown kind.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    kind: &str,
    from: D,
    seal: &Arc<dyn Seal>,
) -> Option<Result<Event, D::Error>> {
    writing(seal.clone(), || Event::deserialize(kind, from))
}

/// Marks a private value while an event is shown; no text may hold it otherwise.
const MARK: char = '\u{0}';

struct Marked;

impl Seal for Marked {
    fn seal(&self, _: Key, clear: String) -> Result<String, String> {
        Ok(format!("{MARK}{clear}"))
    }
    fn open(&self, _: Key, stored: String) -> Result<Option<String>, String> {
        Ok(Some(stored))
    }
}

/// The fields of an event as a reader sees them, private values in clear, erased ones empty. Whoever calls this has
/// checked what the reader may see.
///
/// # Errors
/// [`CodecError::Json`] when the event cannot be written.
pub fn reveal(event: &Event) -> Result<serde_json::Value, CodecError> {
    let broken = |error| CodecError::Json { kind: event.kind().to_owned(), error };
    let marked = writing(Arc::new(Marked), || event.to_json()).map_err(broken)?;
    let mut value = serde_json::from_str(&marked).map_err(broken)?;
    unmark(&mut value);
    Ok(value)
}

fn unmark(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            if let Some(clear) = text.strip_prefix(MARK).and_then(|t| serde_json::from_str(t).ok())
            {
                *value = clear;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unmark),
        Value::Object(fields) => fields.values_mut().for_each(unmark),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::event::Noted;
    use crate::private::{Private, clear};

    #[test]
    fn private_values_are_shown_in_clear_only_by_reveal() {
        let event: Event = Noted { text: Private::new("gọi lại \"sau\"".to_owned()) }.into();
        assert_eq!(reveal(&event).unwrap(), serde_json::json!({ "text": "gọi lại \"sau\"" }));
        assert_ne!(encode(&event, &clear()).unwrap().data, reveal(&event).unwrap().to_string());
    }
}
