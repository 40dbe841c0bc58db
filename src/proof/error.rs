//! Why nothing is proved.

use super::note::NoteError;
use crate::log::LogError;

/// Why a proof or checkpoint was not made or not given.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The log has no checkpoint yet.
    #[error("there is no checkpoint yet")]
    NoCheckpoint,
    /// What is asked about lies beyond the last checkpoint, or the numbers make no sense.
    #[error("the last checkpoint has {size} events; this asks for more, or for nothing")]
    Beyond {
        /// The size of the last checkpoint.
        size: u64,
    },
    /// The stored log and what was signed do not fit together: nothing of it is served.
    #[error("the log forks from what was signed: {0}")]
    Forked(String),
    /// The log has another key.
    #[error(
        "this log is signed with the key {stored}; the key given here is {given}. Every node of a log \
         needs the same key and origin: see docs/proof.md"
    )]
    OtherKey {
        /// The log's verifier key.
        stored: String,
        /// The one given.
        given: String,
    },
    /// The file or variable with the key.
    #[error("the log's key: {0}")]
    Key(String),
    /// A stored note cannot be read.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The database.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file of authorities that vouch for witnesses.
    #[error("witness_ca_file: {0}")]
    Authorities(String),
    /// A witness.
    #[error("witness {witness}: {reason}")]
    Witness {
        /// Whose key.
        witness: String,
        /// What went wrong.
        reason: String,
    },
}
