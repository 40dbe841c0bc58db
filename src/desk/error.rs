//! Why the command path did not do what it was asked.

use hoiam_domain::case::Rejection;
use hoiam_domain::case::codec::CodecError;

use crate::log::{AppendError, LogError};

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No such case, or none the caller may see.
    #[error("no such case")]
    NotFound,
    /// The domain refused.
    #[error("{0}")]
    Rejected(Rejection),
    /// The case is at another version than the caller said.
    #[error("the case is at version {actual} now")]
    Stale {
        /// Its version.
        actual: u64,
    },
    /// The point lies outside the city.
    #[error("the point {lat}, {lon} lies outside the city")]
    OutsideCity {
        /// Latitude.
        lat: f64,
        /// Longitude.
        lon: f64,
    },
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// Too much is waiting, or too many commands compete for one case.
    #[error("too busy; try again")]
    Overloaded,
    /// The database cannot be written or read now.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The log holds what this program cannot read.
    #[error("{0}")]
    Unreadable(#[from] CodecError),
    /// More than one append may hold.
    #[error("the request is too large")]
    TooLarge,
}

impl From<LogError> for DeskError {
    fn from(error: LogError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<sqlx::Error> for DeskError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<AppendError> for DeskError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { actual, .. } => Self::Stale { actual },
            AppendError::IdempotencyMismatch => Self::KeyReused,
            AppendError::Overloaded => Self::Overloaded,
            AppendError::TooLarge => Self::TooLarge,
            other => Self::Unavailable(other.to_string()),
        }
    }
}
