//! Events as the log stores them: kind, version of the shape, JSON. The only place where private
//! data are written down.

use std::rc::Rc;

use super::event::Event;
use crate::private::{Clear, Seal, writing};

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

fn seal() -> Rc<dyn Seal> {
    Rc::new(Clear)
}

/// Writes an event down.
///
/// # Errors
/// [`CodecError::Json`] when private data cannot be sealed.
pub fn encode(event: &Event) -> Result<Stored, CodecError> {
    let data = writing(seal(), || event.to_json())
        .map_err(|error| CodecError::Json { kind: event.kind().to_owned(), error })?;
    Ok(Stored { kind: event.kind(), schema: event.schema(), data })
}

/// Reads an event, lifting older shapes to today's.
///
/// # Errors
/// [`CodecError`] when the kind, shape or JSON is not known.
pub fn decode(kind: &str, schema: u16, data: &str) -> Result<Event, CodecError> {
    let known = Event::KINDS.iter().find(|(name, _)| *name == kind).map(|(_, version)| *version);
    match known {
        None => return Err(CodecError::UnknownKind(kind.to_owned())),
        Some(known) if schema > known => {
            return Err(CodecError::NewerShape { kind: kind.to_owned(), found: schema, known });
        }
        Some(_) => {}
    }
    match writing(seal(), || Event::from_json(kind, data)) {
        Some(Ok(event)) => Ok(event),
        Some(Err(error)) => Err(CodecError::Json { kind: kind.to_owned(), error }),
        None => Err(CodecError::UnknownKind(kind.to_owned())),
    }
}
