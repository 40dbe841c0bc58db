//! Why followers cannot go on.

use hoiam_domain::case::codec::CodecError;

use crate::log::LogError;

/// Why followers cannot go on. Nothing of the batch was written.
#[derive(Debug, thiserror::Error)]
pub enum FollowerError {
    /// The log or the database does not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The log holds what this program cannot read.
    #[error("position {position}: {error}")]
    Unreadable {
        /// Of the event.
        position: u64,
        /// What is wrong with it.
        error: CodecError,
    },
}
