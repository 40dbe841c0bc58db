//! Correcting the last step, taken by mistake: the case is as it was before, and the history shows
//! both the mistake and its correction.

use super::super::command::Correct;
use super::super::event::{self, Event};
use super::super::rejection::Rejection;
use super::Desk;
use super::text::{TEXT_LIMIT, required};
use crate::actor::Role;

impl Desk<'_> {
    pub(super) fn correct(&self, command: &Correct) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        let undo = self.case.undo.as_ref().ok_or(Rejection::NothingToCorrect)?;
        let own = undo.actor == self.intent.actor;
        if !own && self.intent.actor.role != Role::Coordinator {
            return Err(Rejection::CorrectByOther);
        }
        if command.version.is_some_and(|version| version != undo.version) {
            return Err(Rejection::NotTheLastStep { version: undo.version });
        }
        Ok(vec![
            event::StepCorrected { version: undo.version, reason: command.reason.clone() }.into(),
        ])
    }
}
