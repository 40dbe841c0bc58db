//! Why a log was not exported or imported.

use crate::log::LogError;
use crate::policy::PolicyError;
use crate::proof::ProofError;
use crate::rebuild::RebuildError;

/// Why a log was not exported or imported. Of an import nothing was written, unless it says so.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A line is not what it must be.
    #[error("line {line}: {reason}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// The file has only part of a log.
    #[error(
        "this file has only part of a log ({what}); a part can be read, but a database is made from a whole export only"
    )]
    Partial {
        /// Which part.
        what: String,
    },
    /// An event of the case cannot be read.
    #[error("an event of the case cannot be read: {0}")]
    Unreadable(String),
    /// The log is that of another desk.
    #[error(
        "this log is of the desk {origin}, the configuration says {here}: numbers would not go on; set --prefix {origin}"
    )]
    Origin {
        /// The prefix in the file.
        origin: String,
        /// The prefix configured.
        here: String,
    },
    /// The database holds a log already.
    #[error("the database holds {events} events already; a log is imported into an empty one")]
    NotEmpty {
        /// How many.
        events: u64,
    },
    /// An import of another file was interrupted.
    #[error(
        "the import of another file into this database was interrupted; go on with that file, or take an empty database"
    )]
    OtherFile,
    /// The file changed while it was imported.
    #[error("the file changed while it was imported; the database is not complete")]
    Changed,
    /// There is no such case.
    #[error("there is no case {0}")]
    NoCase(String),
    /// The positions asked for are not in the log.
    #[error("positions {from} to {to} are not in the log, which has {head} events")]
    NoPositions {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
        /// The last there is.
        head: u64,
    },
    /// The file cannot be read or written.
    #[error("the file: {0}")]
    Io(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The log does not fit what was signed.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// What the log says of the sealed stream.
    #[error("the sealed stream: {0}")]
    Sealed(#[from] crate::sealed::SealedError),
    /// What policy events name.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// All events are there, but no rows were made of them.
    #[error("all events are in; their projections are not: {0}; run the same import again")]
    Rebuild(#[from] RebuildError),
}
