//! A person's data: found, given to them, erased.
//!
//! A person is everybody who reported under the same telephone number or e-mail address, directly
//! or through a case that has both; somebody who left neither is the one case they reported. Their
//! id is a keyed hash.
//!
//! - [`find`](mod@find): who that is.
//! - [`export`](mod@export): everything held about them.
//! - [`erase`](mod@erase): the keys destroyed, the rows gone, a tombstone left.
//! - `elsewhere`: what they wrote in cases theirs were merged into.
//! - [`journal`]: erasures, kept apart from the database, so that an old backup forgets what was
//!   forgotten since.

mod account;
mod elsewhere;
pub mod erase;
pub mod export;
mod export_files;
pub mod find;
pub mod journal;
mod letters;
mod record;
pub(crate) mod store;

use hoiam_domain::case::codec::CodecError;
use uuid::Uuid;

use crate::desk::DeskError;
use crate::log::{AppendError, LogError};

pub use account::AccountExport;
pub use erase::{Erasure, Request, erase, log_of, reapply};
pub use export::{DENUNCIATIONS, Export, Granted, export, export_granted, write_files};
pub use find::{Person, by_case, by_email, by_id, by_phone, told_of};
pub use journal::Journal;

/// Why nothing was done with a person's data.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Nobody is known by this.
    #[error("nobody is known by this")]
    Unknown,
    /// They were erased before.
    #[error("erased on {at}, by: {legal_ground}; nothing is left")]
    Erased {
        /// When.
        at: jiff::Timestamp,
        /// The provision.
        legal_ground: String,
    },
    /// More cases are tied together than anybody has: a number that is many people's.
    #[error(
        "{cases} cases or more hang together here: is this number one that many people use? Look at them first, and \
         name the cases one by one"
    )]
    TooMany {
        /// How many.
        cases: usize,
    },
    /// The words of a case were never sealed.
    #[error(
        "case {0} was received before personal data were sealed: its words stand in clear in the log and cannot be \
         erased from it"
    )]
    Clear(String),
    /// Tables are being made again.
    #[error("read models are being rebuilt; finish `hoiam projections rebuild` first, then erase")]
    Rebuilding,
    /// The journal of erasures cannot be read or written.
    #[error("{path}: {error}", path = path.display())]
    Journal {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The desk.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Followers cannot be brought up to date.
    #[error(transparent)]
    Followers(#[from] crate::followers::FollowerError),
    /// Their account as a citizen cannot be ended.
    #[error(transparent)]
    Account(#[from] crate::accounts::AccountError),
    /// A request is named of a case that is none of their denunciations.
    #[error("{0} is no denunciation in this export: its request is not used")]
    NotTheirs(String),
    /// A denunciation may not be given by the request that was named.
    #[error("the request: {0}")]
    Sealed(#[from] crate::sealed::SealedError),
    /// A file cannot be given.
    #[error(transparent)]
    Attachment(#[from] crate::attachments::AttachmentError),
    /// A file is not written over another, or cannot be written.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A read model is missing this case.
    #[error("case {0} is not in the list; rebuild the read models")]
    Missing(Uuid),
}

impl From<LogError> for PersonError {
    fn from(error: LogError) -> Self {
        Self::Desk(error.into())
    }
}

impl From<sqlx::Error> for PersonError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}

impl From<AppendError> for PersonError {
    fn from(error: AppendError) -> Self {
        Self::Desk(error.into())
    }
}

impl From<CodecError> for PersonError {
    fn from(error: CodecError) -> Self {
        Self::Desk(error.into())
    }
}
