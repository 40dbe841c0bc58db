//! Erasing a person, or what is kept no longer: the words go, the history stays.

use uuid::Uuid;

use super::text::{SHORT_LIMIT, plain_required};
use super::{Desk, Intent, enter};
use crate::case::command::Erase;
use crate::case::event::{self, Event};
use crate::case::number::CaseNumber;
use crate::case::rejection::Rejection;
use crate::case::state::Case;

/// What the reporter of the case `from`, which was merged, wrote in this one goes. Whoever calls it
/// has seen that there is a key of theirs: that is nothing a case knows.
///
/// # Errors
/// A [`Rejection`]; the case is unchanged.
pub fn decide_erase_party(
    case: &Case,
    intent: &Intent,
    (from, number): (Uuid, &CaseNumber),
    legal_ground: &str,
) -> Result<Vec<Event>, Rejection> {
    enter(case, intent, "erase")?;
    plain_required("legal_ground", legal_ground, SHORT_LIMIT)?;
    let legal_ground = legal_ground.to_owned();
    Ok(vec![event::PartyErased { from, number: number.clone(), legal_ground }.into()])
}

impl Desk<'_> {
    /// Nothing is to be done when nothing happened since the same was erased before.
    pub(super) fn erase(&self, command: &Erase) -> Result<Vec<Event>, Rejection> {
        plain_required("legal_ground", &command.legal_ground, SHORT_LIMIT)?;
        let done = self.case.erased.as_ref().is_some_and(|erased| {
            erased.version == self.case.version && erased.covers(command.what)
        });
        if done {
            return Ok(Vec::new());
        }
        let legal_ground = command.legal_ground.clone();
        Ok(vec![event::Erased { what: command.what, legal_ground }.into()])
    }
}
