//! Accounts of staff as events: who may act for the desk, in which role, for which agency.
//!
//! Each account is a stream of its own in the one log; kinds begin with `account.`. Names, sign-in
//! names and secrets are not in the events: they stand beside the log, where they can be forgotten.
//!
//! - [`event`]: what happened, as it is stored.
//! - [`key`]: keys of programs, likewise.
//! - [`citizen`]: accounts of citizens, likewise.
//! - [`Account`]: an account, folded from its events.

pub mod citizen;
pub mod event;
pub mod key;

pub use citizen::CitizenEvent;
pub use event::AccountEvent;
pub use key::KeyEvent;

use crate::actor::{Actor, Role};
use crate::codes::{AgencyCode, FocalPointCode};

/// In which role, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The role.
    pub role: Role,
    /// The agency, for roles that act for one.
    pub agency: Option<AgencyCode>,
    /// The focal point it is limited to, if any.
    pub focal_point: Option<FocalPointCode>,
}

impl Position {
    /// The actor that holds this position.
    pub fn actor(&self, id: impl Into<String>) -> Actor {
        Actor {
            agency: self.agency.clone(),
            focal_point: self.focal_point.clone(),
            ..Actor::new(self.role, id)
        }
    }
}

/// Why an account cannot be as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountRejection {
    /// Roles no person has.
    #[error("no account can have the role `{0}`")]
    NotForAccounts(Role),
    /// An agency's role without an agency.
    #[error("the role `{0}` works for an agency: name it")]
    AgencyMissing(Role),
    /// An agency with a role that has none.
    #[error("the role `{0}` belongs to no agency: leave agency and focal point out")]
    AgencyGiven(Role),
}

/// Checks that role and agency go together.
///
/// # Errors
/// [`AccountRejection`] saying what to change.
pub fn check(position: &Position) -> Result<(), AccountRejection> {
    let Position { role, agency, focal_point } = position;
    if !role.is_staff() {
        return Err(AccountRejection::NotForAccounts(*role));
    }
    match (role.belongs_to_agency(), agency) {
        (true, None) => Err(AccountRejection::AgencyMissing(*role)),
        (false, Some(_)) => Err(AccountRejection::AgencyGiven(*role)),
        (false, None) if focal_point.is_some() => Err(AccountRejection::AgencyGiven(*role)),
        _ => Ok(()),
    }
}

/// An account as its events make it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it may do.
    pub position: Position,
    /// Nobody may sign in.
    pub disabled: bool,
}

/// The account after an event; nothing before it was added.
pub fn evolve(account: Option<Account>, event: &AccountEvent) -> Option<Account> {
    let position = |role: Role, agency: &Option<AgencyCode>, point: &Option<FocalPointCode>| {
        Position { role, agency: agency.clone(), focal_point: point.clone() }
    };
    match event {
        AccountEvent::Added(added) => Some(Account {
            position: position(added.role, &added.agency, &added.focal_point),
            disabled: false,
        }),
        AccountEvent::RoleChanged(changed) => account.map(|account| Account {
            position: position(changed.role, &changed.agency, &changed.focal_point),
            ..account
        }),
        AccountEvent::Disabled(_) => account.map(|account| Account { disabled: true, ..account }),
        AccountEvent::Enabled(_) => account.map(|account| Account { disabled: false, ..account }),
        AccountEvent::CredentialsReset(_)
        | AccountEvent::PasswordChanged(_)
        | AccountEvent::CodeSet(_)
        | AccountEvent::AdministratorLeft(_)
        | AccountEvent::IdentityLinked(_)
        | AccountEvent::IdentityUnlinked(_) => account,
    }
}

#[cfg(test)]
mod tests;
