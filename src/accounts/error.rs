//! Why something about an account was not done.

use hoiam_domain::accounts::AccountRejection;
use hoiam_domain::case::codec::CodecError;

use crate::log::{AppendError, LogError};
use crate::vault::VaultError;

use super::password::WeakPassword;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The sign-in name cannot be used.
    #[error("a sign-in name is 2 to 64 letters a-z, digits and . _ - @")]
    Login,
    /// The name of the person cannot be used.
    #[error("a name is 1 to 120 characters on one line")]
    Name,
    /// The rules of accounts refuse it.
    #[error("{0}")]
    Rejected(#[from] AccountRejection),
    /// There is one of that name.
    #[error("there is an account `{0}` already")]
    Taken(String),
    /// There is none of that name.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// The last administrator cannot be disabled or made something else: nobody could undo it.
    #[error("this is the last administrator who can sign in: add another one first")]
    LastAdministrator,
    /// The password is not good enough.
    #[error("{0}")]
    Weak(#[from] WeakPassword),
    /// An issuer or a subject cannot be one.
    #[error("an issuer and a subject are 1 to 255 characters on one line")]
    Identity,
    /// The subject signs in as another account.
    #[error("another account is linked to this person of that provider")]
    LinkedElsewhere,
    /// No subject of that provider signs in as this account.
    #[error("the account is not linked to that provider")]
    NotLinked,
    /// Something cannot be sealed, or what is sealed cannot be opened.
    #[error("{0}")]
    Sealed(#[from] VaultError),
    /// Something sealed is not what it should be.
    #[error("a sealed secret cannot be read")]
    Unreadable,
    /// An account follows only so many cases.
    #[error("the account follows as many cases as it may")]
    TooManyCases,
    /// The account was changed at the same time.
    #[error("the account was changed at the same time; look again and repeat what is still wanted")]
    Conflict,
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
    /// An event of the account cannot be read or written.
    #[error("{0}")]
    Codec(#[from] CodecError),
    /// The log refuses it or does not answer.
    #[error("{0}")]
    Append(AppendError),
    /// The log does not answer.
    #[error("{0}")]
    Log(#[from] LogError),
    /// The database does not answer.
    #[error("the database is not available: {0}")]
    Unavailable(#[from] sqlx::Error),
}

impl From<AppendError> for AccountError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } => Self::Conflict,
            other => Self::Append(other),
        }
    }
}

/// Why somebody was not signed in. Says nothing about which part was wrong.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name, password or code is wrong, or the account is disabled.
    #[error("name, password or code is wrong")]
    Refused,
    /// Name and password are right; a one-time code is needed as well.
    #[error("a one-time code is needed")]
    CodeNeeded,
    /// Too many failures: nothing was checked.
    #[error("too many failures; try again in {seconds} seconds")]
    Wait {
        /// How long.
        seconds: i64,
    },
    /// Something else.
    #[error("{0}")]
    Account(#[from] AccountError),
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Account(error.into())
    }
}
