//! What an agency does with a case: accept, assign, involve others, work, report.

use super::super::command::{
    AddCoAgency, Assign, DropPart, Extend, FinishPart, MakeSafe, Note, Progress,
};
use super::super::event::{self, Event};
use super::super::rejection::Rejection;
use super::Desk;
use super::text::{SHORT_LIMIT, TEXT_LIMIT, plain_required, references, required};
use crate::actor::Role;
use crate::codes::AgencyCode;
use crate::kinds::Clock;
use crate::time::ClockFacts;

impl Desk<'_> {
    pub(super) fn accept(&self) -> Result<Vec<Event>, Rejection> {
        let agency = self.lead()?.clone();
        Ok(vec![event::Accepted { agency }.into()])
    }

    fn lead(&self) -> Result<&AgencyCode, Rejection> {
        self.case.agency().ok_or(Rejection::NotYourAgency)
    }

    pub(super) fn assign(&self, command: &Assign) -> Result<Vec<Event>, Rejection> {
        let Some(lead) = &self.case.work.lead else { return Err(Rejection::NotYourAgency) };
        if command.focal_point.is_none() && command.handler.is_none() {
            return Err(Rejection::TextMissing { field: "handler" });
        }
        if let Some(handler) = &command.handler {
            plain_required("handler", handler, SHORT_LIMIT)?;
        }
        if let Some(code) = &command.focal_point
            && self.policy.agency_of(code).as_ref() != Some(&lead.agency)
        {
            return Err(Rejection::UnknownFocalPoint { code: code.to_string() });
        }
        let focal_point = command.focal_point.clone().or(lead.focal_point.clone());
        let handler = command.handler.clone().or(lead.handler.clone());
        if focal_point == lead.focal_point && handler == lead.handler {
            return Ok(Vec::new());
        }
        Ok(vec![event::Assigned { focal_point, handler }.into()])
    }

    pub(super) fn add_co_agency(&self, command: &AddCoAgency) -> Result<Vec<Event>, Rejection> {
        required("task", &command.task, TEXT_LIMIT)?;
        self.check_target(&command.agency, None)?;
        if self.case.involves(&command.agency) {
            let same = self.case.work.parts.iter().any(|part| {
                part.agency == command.agency
                    && part.task == command.task
                    && part.mandatory == command.mandatory
                    && command.due.is_none_or(|due| part.due == Some(due))
            });
            let code = command.agency.to_string();
            return if same { Ok(Vec::new()) } else { Err(Rejection::AlreadyInvolved { code }) };
        }
        if command.due.is_some_and(|due| due <= self.at()) {
            return Err(Rejection::DueNotFuture { field: "due" });
        }
        Ok(vec![
            event::CoAgencyAdded {
                agency: command.agency.clone(),
                task: command.task.clone(),
                mandatory: command.mandatory,
                due: command.due.or_else(|| self.lead_due()),
                deadlines: self.answer_of_several()?,
            }
            .into(),
        ])
    }

    /// A part without a deadline of its own has the lead agency's.
    fn lead_due(&self) -> Option<jiff::Timestamp> {
        let running =
            |clock| self.case.work.clocks.get(&clock).filter(|running| running.stopped.is_none());
        let clock = running(Clock::Resolve).or_else(|| running(Clock::Answer))?;
        Some(clock.deadline.due).filter(|due| *due > self.at())
    }

    /// Several agencies give the answer more time where the policy says so, unless it was extended
    /// before.
    fn answer_of_several(&self) -> Result<Vec<crate::time::Deadline>, Rejection> {
        let Some(running) = self.case.work.clocks.get(&Clock::Answer) else {
            return Ok(Vec::new());
        };
        let extended = self.case.work.extensions > 0;
        if running.stopped.is_some() || extended || self.case.several_agencies() {
            return Ok(Vec::new());
        }
        let facts = ClockFacts { several_agencies: true, ..self.facts() };
        let promised = self.restate(running, &facts)?;
        Ok(promised.into_iter().filter(|d| d.due > running.deadline.due).collect())
    }

    pub(super) fn finish_part(&self, command: &FinishPart) -> Result<Vec<Event>, Rejection> {
        required("note", &command.note, TEXT_LIMIT)?;
        let own = self.intent.actor.agency.as_ref();
        let agency = command.agency.as_ref().or(own).ok_or(Rejection::NotYourAgency)?;
        if own != Some(agency) && own != self.case.agency() {
            return Err(Rejection::NotYourAgency);
        }
        let part = self.case.work.parts.iter().find(|part| part.agency == *agency);
        match part {
            None => Err(Rejection::NotInvolved { code: agency.to_string() }),
            Some(part) if part.finished_at.is_some() => Ok(Vec::new()),
            Some(_) => Ok(vec![
                event::PartFinished { agency: agency.clone(), note: command.note.clone() }.into(),
            ]),
        }
    }

    pub(super) fn drop_part(&self, command: &DropPart) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        if !self.case.work.parts.iter().any(|part| part.agency == command.agency) {
            return Err(Rejection::NotInvolved { code: command.agency.to_string() });
        }
        Ok(vec![
            event::PartDropped { agency: command.agency.clone(), reason: command.reason.clone() }
                .into(),
        ])
    }

    pub(super) fn arrive(&self) -> Result<Vec<Event>, Rejection> {
        match self.case.work.clocks.get(&Clock::OnSite) {
            Some(running) if running.stopped.is_some() => Ok(Vec::new()),
            Some(_) => Ok(vec![event::Arrived { agency: self.lead()?.clone() }.into()]),
            None => Err(Rejection::NoClock { clock: Clock::OnSite }),
        }
    }

    pub(super) fn make_safe(&self, command: &MakeSafe) -> Result<Vec<Event>, Rejection> {
        required("note", &command.note, TEXT_LIMIT)?;
        references("photos", &command.photos)?;
        if self.case.work.made_safe_at.is_some() {
            return Ok(Vec::new());
        }
        Ok(vec![
            event::MadeSafe { note: command.note.clone(), photos: command.photos.clone() }.into(),
        ])
    }

    pub(super) fn progress(&self, command: &Progress) -> Result<Vec<Event>, Rejection> {
        required("note", &command.note, TEXT_LIMIT)?;
        references("photos", &command.photos)?;
        let same = self.case.work.progress.as_ref().is_some_and(|progress| {
            progress.note == command.note && progress.committed_date == command.committed_date
        });
        if same {
            return Ok(Vec::new());
        }
        if command.committed_date.is_some_and(|date| date <= self.at()) {
            return Err(Rejection::DueNotFuture { field: "committed_date" });
        }
        let late = self
            .case
            .work
            .clocks
            .get(&Clock::Answer)
            .is_some_and(|running| running.deadline.due < self.at());
        // Not finished in time: progress must come with a photo and a committed date.
        if late && command.committed_date.is_none() {
            return Err(Rejection::EvidenceMissing { field: "committed_date" });
        }
        if late && command.photos.is_empty() {
            return Err(Rejection::EvidenceMissing { field: "photos" });
        }
        Ok(vec![
            event::ProgressReported {
                note: command.note.clone(),
                committed_date: command.committed_date,
                photos: command.photos.clone(),
            }
            .into(),
        ])
    }

    /// Once, before the deadline, with a reason, a photo and a new date inside the policy's reach.
    pub(super) fn extend(&self, command: &Extend) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        references("photos", &command.photos)?;
        if command.photos.is_empty() {
            return Err(Rejection::EvidenceMissing { field: "photos" });
        }
        let allowed = self.policy.time().rules(self.case.received_at).max_extensions;
        if self.case.work.extensions >= allowed {
            return Err(Rejection::ExtensionUsed);
        }
        let none = Rejection::NoClock { clock: Clock::Answer };
        let running = self.case.work.clocks.get(&Clock::Answer).ok_or(none)?;
        if self.at() > running.deadline.due {
            return Err(Rejection::ExtensionLate);
        }
        if command.new_due <= running.deadline.due {
            return Err(Rejection::ExtensionNotLater);
        }
        let time = self.policy.time();
        let agency = self.case.agency();
        let latest = time
            .latest_extension(&running.deadline, self.case.received_at, agency)
            .map_err(super::calendar_too_short)?;
        if command.new_due > latest {
            return Err(Rejection::ExtensionTooFar);
        }
        let mut deadlines = Vec::new();
        for clock in [Clock::Answer, Clock::Resolve] {
            if let Some(running) = self.case.work.clocks.get(&clock)
                && running.stopped.is_none()
                && running.deadline.due < command.new_due
            {
                deadlines.push(
                    time.extended(&running.deadline, command.new_due, self.at(), agency)
                        .map_err(super::calendar_too_short)?,
                );
            }
        }
        Ok(vec![
            event::Extended {
                reason: command.reason.clone(),
                photos: command.photos.clone(),
                deadlines,
            }
            .into(),
        ])
    }

    pub(super) fn note(&self, command: &Note) -> Result<Vec<Event>, Rejection> {
        required("text", &command.text, TEXT_LIMIT)?;
        if self.intent.actor.role == Role::Citizen {
            return Err(Rejection::RoleNotAllowed { command: "note", role: Role::Citizen });
        }
        if self.case.last_note.as_ref() == Some(&command.text) {
            return Ok(Vec::new());
        }
        Ok(vec![event::Noted { text: command.text.clone() }.into()])
    }
}
