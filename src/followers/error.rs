//! Why followers cannot go on.

use std::time::Duration;

use hoiam_domain::case::codec::CodecError;

use crate::log::LogError;

/// Why followers cannot go on. Nothing of the batch was written.
#[derive(Debug, thiserror::Error)]
pub enum FollowerError {
    /// The log or the database does not answer.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database takes what it is asked and says nothing.
    #[error("the database has given no answer for {} seconds", .0.as_secs())]
    Silent(Duration),
    /// The log holds what this program cannot read.
    #[error("position {position}: {error}")]
    Unreadable {
        /// Of the event.
        position: u64,
        /// What is wrong with it.
        error: CodecError,
    },
}
