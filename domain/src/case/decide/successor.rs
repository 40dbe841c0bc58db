//! Agencies end: the case, or a part in it, goes to whoever took over.

use super::super::command::MoveToSuccessor;
use super::super::event::{self, Event};
use super::super::policy::Standing;
use super::super::rejection::Rejection;
use super::Desk;
use crate::actor::Role;
use crate::codes::AgencyCode;

impl Desk<'_> {
    pub(super) fn move_to_successor(
        &self,
        command: &MoveToSuccessor,
    ) -> Result<Vec<Event>, Rejection> {
        if let Some(part) = &command.part {
            return self.move_part(part, command.successor.as_ref());
        }
        let Some(lead) = &self.case.work.lead else {
            return Err(Rejection::WrongStage {
                command: "move-to-successor",
                stage: self.case.work.stage.name(),
            });
        };
        let from = lead.agency.clone();
        let open = self.policy.standing(&from, self.at()) == Standing::Open;
        // Sent again after the move: the case is where it belongs.
        if open && command.successor.as_ref() == Some(&from) {
            return Ok(Vec::new());
        }
        let to = self.successor(&from, command.successor.as_ref())?;
        let rule_set = self.policy.hash().to_owned();
        Ok(vec![event::MovedToSuccessor { from, to, rule_set }.into()])
    }

    /// The part of a co-agency. What it finished is its own and stays.
    fn move_part(
        &self,
        from: &AgencyCode,
        named: Option<&AgencyCode>,
    ) -> Result<Vec<Event>, Rejection> {
        match self.case.work.parts.iter().find(|part| part.agency == *from) {
            Some(part) if part.finished_at.is_none() => {
                let (from, to) = (from.clone(), self.successor(from, named)?);
                let rule_set = self.policy.hash().to_owned();
                Ok(vec![event::PartMoved { from, to, rule_set }.into()])
            }
            Some(_) => Ok(Vec::new()),
            // Sent again after the move.
            None if self.successor(from, named).is_ok_and(|to| self.case.involves(&to)) => {
                Ok(Vec::new())
            }
            None => Err(Rejection::NotInvolved { code: from.to_string() }),
        }
    }

    /// Who has what an agency had that ended.
    fn successor(
        &self,
        from: &AgencyCode,
        named: Option<&AgencyCode>,
    ) -> Result<AgencyCode, Rejection> {
        let Standing::Ended { successor } = self.policy.standing(from, self.at()) else {
            return Err(Rejection::AgencyStillOpen { code: from.to_string() });
        };
        // The engine follows the directory; only people may name another agency.
        let named = named.filter(|_| self.intent.actor.role != Role::System).cloned();
        let to =
            named.or(successor).ok_or_else(|| Rejection::NoSuccessor { code: from.to_string() })?;
        self.check_target(&to, None)?;
        Ok(to)
    }
}
