//! The group of the sealed stream, as events. Who named or removed somebody is the event's actor.

use std::collections::BTreeSet;

use crate::actor::Role;
use crate::event_family::event_family;

/// The fewest members who can do anything: nobody is alone with a denunciation.
pub const LEAST: usize = 2;
/// The most members: a secret of more is none.
pub const MOST: usize = 20;
/// The longest note, in characters.
const NOTE: usize = 500;

event_family! {
    /// An event of the group.
    GroupEvent;

    /// Somebody belongs to the group from now on.
    MemberAdded = "seal_group.member_added" v 1 {
        /// The account, by its id as an actor.
        account: String,
        /// Why.
        note: Option<String>,
    }
    /// Somebody belongs to it no more.
    MemberRemoved = "seal_group.member_removed" v 1 {
        /// The account, by its id as an actor.
        account: String,
        /// Why.
        note: Option<String>,
    }
}

/// Why the group stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupRejection {
    /// Only coordinators look into the sealed stream.
    #[error("only coordinators can be members, not the role `{0}`")]
    NotACoordinator(Role),
    /// The account is disabled.
    #[error("the account is disabled")]
    Disabled,
    /// The other would be alone.
    #[error("the group has always at least {LEAST} members: add somebody else first")]
    TooFew,
    /// Too many know already.
    #[error("the group has at most {MOST} members")]
    TooMany,
    /// Whom it concerns may not decide it.
    #[error("nobody adds or removes themselves")]
    Oneself,
    /// A note that is too long or no text.
    #[error("a note has at most {NOTE} characters")]
    BadNote,
}

/// The members, as the events make them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// By id as actors.
    pub members: BTreeSet<String>,
    /// How many events there are.
    pub version: u64,
}

impl Group {
    /// Takes in the next event.
    pub fn apply(&mut self, version: u64, event: &GroupEvent) {
        match event {
            GroupEvent::MemberAdded(added) => drop(self.members.insert(added.account.clone())),
            GroupEvent::MemberRemoved(gone) => drop(self.members.remove(&gone.account)),
        }
        self.version = version;
    }

    /// Decides to add an account; no event when it is a member.
    ///
    /// # Errors
    /// [`GroupRejection`]; the group stays as it is.
    pub fn add(
        &self,
        by: &str,
        account: &str,
        (role, disabled): (Role, bool),
        note: Option<String>,
    ) -> Result<Option<GroupEvent>, GroupRejection> {
        check(by, account, note.as_deref())?;
        if self.members.contains(account) {
            return Ok(None);
        }
        match role {
            Role::Coordinator if disabled => Err(GroupRejection::Disabled),
            Role::Coordinator if self.members.len() >= MOST => Err(GroupRejection::TooMany),
            Role::Coordinator => Ok(Some(MemberAdded { account: account.to_owned(), note }.into())),
            other => Err(GroupRejection::NotACoordinator(other)),
        }
    }

    /// Decides to remove an account; no event when it is no member.
    ///
    /// # Errors
    /// [`GroupRejection::TooFew`] when one would be left alone.
    pub fn remove(
        &self,
        by: &str,
        account: &str,
        note: Option<String>,
    ) -> Result<Option<GroupEvent>, GroupRejection> {
        check(by, account, note.as_deref())?;
        if !self.members.contains(account) {
            return Ok(None);
        }
        if self.members.len() == LEAST {
            return Err(GroupRejection::TooFew);
        }
        Ok(Some(MemberRemoved { account: account.to_owned(), note }.into()))
    }
}

fn check(by: &str, account: &str, note: Option<&str>) -> Result<(), GroupRejection> {
    if by == account {
        return Err(GroupRejection::Oneself);
    }
    let bad = |note: &str| note.chars().count() > NOTE || note.chars().any(char::is_control);
    if note.is_some_and(bad) { Err(GroupRejection::BadNote) } else { Ok(()) }
}
