//! May a rule set be activated, may an activation be cancelled. Deciding twice adds nothing.

use jiff::Timestamp;

use super::event::{FileChange, PolicyEvent, RulesActivated, RulesActivationCancelled};
use super::schedule::Schedule;

/// Activations that may wait at once: each is kept ready in the memory of every node.
pub const MOST_PENDING: usize = 16;
/// Longest name of an account, in characters.
const LONGEST_NAME: usize = 80;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 1_000;

/// Why it was not done; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRejection {
    /// The moment lies before now.
    #[error("{from} has passed (it is {now}): what was decided by other rules stays as it is")]
    InPast {
        /// The moment given.
        from: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// Too many wait already.
    #[error("{MOST_PENDING} activations wait already: cancel one first")]
    TooManyPending,
    /// A name that is none.
    #[error("the name of who decides has 1 to {LONGEST_NAME} characters on one line")]
    BadName,
    /// A note that is too long.
    #[error("the note has at most {LONGEST_NOTE} characters")]
    BadNote,
    /// There is no such activation.
    #[error("there is no activation {id}")]
    NoSuchActivation {
        /// The id given.
        id: u64,
    },
    /// It began already.
    #[error("activation {id} began at {from}: activate another set instead")]
    Began {
        /// Its id.
        id: u64,
        /// When it began.
        from: Timestamp,
    },
}

/// Put a rule set into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activate {
    /// Hash of the set; its files are stored already.
    pub hash: String,
    /// From when.
    pub from: Timestamp,
    /// Who decides it.
    pub by: String,
    /// Why.
    pub note: Option<String>,
    /// How many files it has.
    pub files: u64,
    /// What differs from the set in force just before `from`.
    pub changes: Vec<FileChange>,
}

/// Take an activation back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancel {
    /// Its id.
    pub activation: u64,
    /// Who decides it.
    pub by: String,
    /// Why.
    pub note: Option<String>,
}

/// Decides an activation; no event when the set is in force at that moment anyway.
///
/// # Errors
/// A [`PolicyRejection`].
pub fn activate(
    schedule: &Schedule,
    now: Timestamp,
    command: &Activate,
) -> Result<Option<PolicyEvent>, PolicyRejection> {
    check(&command.by, command.note.as_deref())?;
    if command.from < now {
        return Err(PolicyRejection::InPast { from: command.from, now });
    }
    let before = schedule.in_force(command.from).map(|one| one.hash.clone());
    if before.as_ref() == Some(&command.hash) {
        return Ok(None);
    }
    if schedule.pending(now).count() >= MOST_PENDING {
        return Err(PolicyRejection::TooManyPending);
    }
    let Activate { hash, from, by, note, files, changes } = command.clone();
    Ok(Some(RulesActivated { hash, from, by, note, files, before, changes }.into()))
}

/// Decides the cancelling of an activation that has not begun; no event when it is cancelled.
///
/// # Errors
/// A [`PolicyRejection`].
pub fn cancel(
    schedule: &Schedule,
    now: Timestamp,
    command: &Cancel,
) -> Result<Option<PolicyEvent>, PolicyRejection> {
    check(&command.by, command.note.as_deref())?;
    let id = command.activation;
    let activation = schedule.get(id).ok_or(PolicyRejection::NoSuchActivation { id })?;
    if activation.cancelled.is_some() {
        return Ok(None);
    }
    if activation.from <= now {
        return Err(PolicyRejection::Began { id, from: activation.from });
    }
    let (by, note) = (command.by.clone(), command.note.clone());
    Ok(Some(RulesActivationCancelled { activation: id, by, note }.into()))
}

fn check(by: &str, note: Option<&str>) -> Result<(), PolicyRejection> {
    let plain = |text: &str| text.trim() == text && !text.chars().any(char::is_control);
    if by.is_empty() || by.chars().count() > LONGEST_NAME || !plain(by) {
        return Err(PolicyRejection::BadName);
    }
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE || note.contains('\0')) {
        return Err(PolicyRejection::BadNote);
    }
    Ok(())
}
