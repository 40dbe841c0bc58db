//! How the log says no.

use uuid::Uuid;

/// Opening, reading or migrating failed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database did not answer, or not in the way expected.
    #[error("the database does not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// The tables could not be brought to this version of the program.
    #[error("the database cannot be migrated: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The directory or the files of the database cannot be made.
    #[error("cannot make {path}: {error}")]
    Directory {
        /// Which directory.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A stored event cannot be read as one.
    #[error("event {position} is damaged: {reason}")]
    Damaged {
        /// Its position.
        position: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// A log is being imported into it, or an import was interrupted.
    #[error(
        "a log is being imported into this database, event {position} of {events}; if that was interrupted, \
             run the same `hoiam log import` again, and it goes on"
    )]
    Importing {
        /// The last event that is there.
        position: u64,
        /// How many there are to be.
        events: u64,
    },
    /// The keys of personal data cannot be had.
    #[error(transparent)]
    Vault(#[from] crate::vault::VaultError),
    /// The database is there but takes no writes.
    #[error("the database takes no writes: {0}")]
    NotWritable(String),
}

/// Why an append was not made. In every case nothing of it was written, except that after
/// [`AppendError::Unavailable`] the outcome may be unknown if the connection broke during the
/// commit: repeat with the same idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// A stream has another version than expected.
    #[error("stream {stream} has version {actual}")]
    Conflict {
        /// Which stream.
        stream: Uuid,
        /// The version it has (0: no events).
        actual: u64,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    IdempotencyMismatch,
    /// The builder of a numbered append refused; in its own words.
    #[error("{0}")]
    Rejected(String),
    /// The append breaks a rule of the log, or the database refuses one of its values.
    #[error("the append is invalid: {0}")]
    Invalid(String),
    /// Too much is waiting already; try again later.
    #[error("too many appends are waiting")]
    Overloaded,
    /// The database cannot be written now.
    #[error("the log cannot be written now: {0}")]
    Unavailable(String),
    /// The append is larger than one transaction may be.
    #[error("the append is too large")]
    TooLarge,
}
