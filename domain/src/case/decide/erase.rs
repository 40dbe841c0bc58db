//! Erasing a person, or what is kept no longer: the words go, the history stays.

use super::Desk;
use super::text::{SHORT_LIMIT, plain_required};
use crate::case::command::Erase;
use crate::case::event::{self, Event};
use crate::case::rejection::Rejection;

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
