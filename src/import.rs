//! A city's history: finished and open cases of another system become cases here, with the times
//! they really had.
//!
//! A map (TOML, see [`Map`]) says which column means what; a second city needs data only. Rows are
//! streamed, so memory does not grow with the file. Each row is one append, many of them in flight
//! so that group commit writes them together. A row is known by the source's own id: what is
//! there already is not added again, so an import that was interrupted is simply run again. A row
//! that cannot be taken is written to the rejects with its line, field and reason; the rest goes on.

mod build;
mod dates;
#[cfg(test)]
mod fuzz;
mod identity;
mod map;
mod pipeline;
mod rejects;
mod resolve;
mod rows;

use std::path::PathBuf;

pub use map::{Map, MapError};
pub use pipeline::{Progress, import};
pub use rejects::{Reject, Rejects};
pub use rows::Rows;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Cases added.
    pub imported: u64,
    /// Rows that were there already.
    pub already_there: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Whether it was asked to stop before the end; run it again to go on.
    pub interrupted: bool,
}

/// Why an import could not begin or go on. What was imported before stays; running it again goes
/// on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The map is wrong.
    #[error(transparent)]
    Map(#[from] MapError),
    /// The file to import lacks a column the map names, or its header cannot be read.
    #[error("{path}: {message}", path = path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {error}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A case cannot be given keys.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    /// The program is being stopped.
    #[error("stopped; run the same import again to go on")]
    Stopped,
    /// The log failed.
    #[error("{0}; run the same import again to go on")]
    Log(#[from] crate::log::AppendError),
    /// An event could not be written down.
    #[error("{0}")]
    Encode(#[from] serde_json::Error),
    /// The prefix of case numbers cannot be used.
    #[error("{0}")]
    Number(#[from] hoiam_domain::case::number::NumberError),
}
