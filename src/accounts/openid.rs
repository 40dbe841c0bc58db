//! Signing in through somebody else: OpenID Connect, authorization code with PKCE.
//!
//! A provider is named in the configuration, for citizens or for staff. It vouches for who somebody
//! is, never for what they may do: a staff member must have an account already and be linked to it.
//!
//! - [`config`]: what a provider's entry says.
//! - [`provider`]: a provider as it describes itself, and its keys.
//! - [`claims`]: what a token says, by the names the entry maps.
//! - [`flow`]: to the provider and back.
//! - [`staff`]: whose account a subject is.

pub mod claims;
pub mod config;
pub mod flow;
pub mod provider;
pub mod staff;

pub use config::{For, OpenIdConfig};
pub use provider::Provider;

use super::AccountError;

/// Why a provider did not vouch for somebody.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    /// It cannot be reached, or does not describe itself as it must.
    #[error("the provider is not available: {0}")]
    Unavailable(String),
    /// What came back does not belong to anything this browser began, or was used before.
    #[error("this browser began no such sign-in, or too long ago")]
    State,
    /// The provider or the person said no.
    #[error("the provider refused: {0}")]
    Denied(String),
    /// What it answered cannot be trusted.
    #[error("the provider's answer cannot be trusted: {0}")]
    Untrusted(String),
    /// It vouches for somebody whom no account is linked to.
    #[error("no account is linked to this person")]
    NoAccount,
    /// What it says about somebody does not fit their account.
    #[error("the provider does not say what the account needs")]
    Unfit,
    /// Something else.
    #[error("{0}")]
    Account(#[from] AccountError),
}

impl From<sqlx::Error> for OpenIdError {
    fn from(error: sqlx::Error) -> Self {
        Self::Account(error.into())
    }
}
