//! Why a file was not taken or not given.

use super::media::Unfit;
use super::photo::PhotoError;
use super::store::StoreError;
use crate::desk::DeskError;

/// Nothing was attached, or nothing can be read.
#[derive(Debug, thiserror::Error)]
pub enum AttachmentError {
    /// The settings cannot be used.
    #[error("attachments: {0}")]
    Settings(String),
    /// It is no file the desk takes.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It is a picture that cannot be taken.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// It was erased.
    #[error("the file was erased")]
    Gone,
    /// What is stored is not what was stored.
    #[error("the stored file was altered")]
    Altered,
    /// The store does not do what it should.
    #[error("the store of attachments: {0}")]
    Store(String),
    /// The desk refuses, or cannot.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The work on it broke off.
    #[error("the work on the file broke off")]
    BrokenOff,
}

impl From<StoreError> for AttachmentError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotThere => Self::Gone,
            StoreError::Altered => Self::Altered,
            StoreError::Failed(why) => Self::Store(why),
        }
    }
}

impl From<sqlx::Error> for AttachmentError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}
