//! Why something about the policy was not done or not read.

use hoiam_domain::case::codec::CodecError;
use hoiam_domain::policy::PolicyRejection;

use crate::log::{AppendError, LogError};
use crate::rules::RulesError;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The rules of the desk refuse it.
    #[error("{0}")]
    Rejected(#[from] PolicyRejection),
    /// The rule set cannot be read or is wrong.
    #[error("{0}")]
    Rules(#[from] RulesError),
    /// Examples beside the rules come out otherwise: what differs, by file and line.
    #[error("{failed} of {all} examples come out otherwise\n{differences}")]
    Examples {
        /// How many.
        failed: usize,
        /// Of how many.
        all: usize,
        /// A line each, at most a screenful.
        differences: String,
    },
    /// What an event names is not stored here.
    #[error("{hash} is not stored in this database")]
    Missing {
        /// Its hash.
        hash: String,
    },
    /// What is stored is not what the hash says.
    #[error("what is stored as {hash} was altered: {reason}")]
    Altered {
        /// The hash.
        hash: String,
        /// How it shows.
        reason: String,
    },
    /// More than may be stored in one piece.
    #[error("{bytes} bytes are more than the {most} that may be stored in one piece")]
    TooLarge {
        /// How many.
        bytes: usize,
        /// How many may be.
        most: usize,
    },
    /// The log holds what this program cannot read.
    #[error("{0}")]
    Unreadable(#[from] CodecError),
    /// The log cannot be read.
    #[error("{0}")]
    Log(#[from] LogError),
    /// The log cannot be written, or too many write to the policy at once.
    #[error("{0}")]
    Append(#[from] AppendError),
    /// The database does not answer.
    #[error("the database is not available: {0}")]
    Database(#[from] sqlx::Error),
}

impl PolicyError {
    /// Whether the caller gave something impossible, rather than the machine failing.
    pub const fn is_callers(&self) -> bool {
        matches!(self, Self::Rejected(_))
    }
}
