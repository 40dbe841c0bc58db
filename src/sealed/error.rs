//! Why something about the sealed stream was not done.

use hoiam_domain::case::codec::CodecError;
use hoiam_domain::sealed::{GroupRejection, RevealRejection};

use crate::accounts::AccountError;
use crate::log::{AppendError, LogError};

/// Nothing was changed, and nothing read.
#[derive(Debug, thiserror::Error)]
pub enum SealedError {
    /// The group stays as it is.
    #[error("{0}")]
    Group(#[from] GroupRejection),
    /// It may not be read.
    #[error("{0}")]
    Reveal(#[from] RevealRejection),
    /// No such account, or the accounts do not answer.
    #[error("{0}")]
    Account(#[from] AccountError),
    /// An event cannot be read or written.
    #[error("{0}")]
    Codec(#[from] CodecError),
    /// The log refuses it or does not answer.
    #[error("{0}")]
    Append(#[from] AppendError),
    /// The log does not answer.
    #[error("{0}")]
    Log(#[from] LogError),
    /// The database does not answer.
    #[error("the database is not available: {0}")]
    Unavailable(#[from] sqlx::Error),
}
