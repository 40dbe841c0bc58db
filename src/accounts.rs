//! Accounts of staff and of citizens: who may sign in, as whom, and who is signed in.
//!
//! What an account may do is decided by events of its own stream (see [`hoiam_domain::accounts`]).
//! Passwords, one-time codes and sessions stand beside the log.
//!
//! - [`people`]: adding, listing, disabling, resetting, changing roles.
//! - [`sign_in`](mod@sign_in): from name, password and code to a session.
//! - [`session`]: who a session stands for; its rotation and end.
//! - [`keys`]: keys of programs.
//! - [`password`], [`code`]: what makes a password good enough, and one-time codes (RFC 6238).
//! - [`patience`]: slows down whoever guesses.
//! - [`citizens`]: accounts of citizens, and the cases they follow.
//! - [`mail_link`]: signing in by a link that is mailed.
//! - [`openid`]: signing in through somebody else.
//! - [`contact`]: what people are known by, as it is compared.
//! - [`ways`]: the ways in that the configuration opens.
//! - `store`: the tables.

pub mod citizens;
pub mod code;
pub mod contact;
mod error;
#[cfg(test)]
mod fuzz;
pub mod keys;
pub mod mail_link;
pub mod openid;
pub mod password;
pub mod patience;
pub mod people;
pub(crate) mod record;
pub mod session;
pub mod sign_in;
mod store;
pub mod ways;

pub use error::{AccountError, SignInError};
pub use store::Person;

use uuid::Uuid;

pub(crate) use store::ties;

/// The namespace of the accounts' ids, drawn once.
const NAMESPACE: Uuid = Uuid::from_u128(0x8c1d_7a52_41f9_4b0e_a3c6_52d0_9e1b_77f4);

/// The longest sign-in name.
const LOGIN: usize = 64;

/// A sign-in name as it is compared: lower case, without blanks around.
///
/// # Errors
/// [`AccountError::Login`] when it is not 2 to 64 letters a-z, digits and `. _ - @`.
pub fn login(typed: &str) -> Result<String, AccountError> {
    let login = typed.trim().to_ascii_lowercase();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@".contains(&byte);
    if (2..=LOGIN).contains(&login.len()) && login.bytes().all(allowed) {
        Ok(login)
    } else {
        Err(AccountError::Login)
    }
}

/// The account of a sign-in name; its stream in the log has the same id.
pub fn id_of(login: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, login.as_bytes())
}

/// The actor's id of an account, as it stands in events.
pub fn actor_id(account: Uuid) -> String {
    format!("acc_{}", account.simple())
}

/// The account an actor's id stands for, if it stands for one.
pub fn account_of(actor_id: &str) -> Option<Uuid> {
    Uuid::try_parse(actor_id.strip_prefix("acc_")?).ok()
}
