//! Finishing: an outcome with its evidence, the check of the answer, the answer.

use super::super::command::{Answer, CheckAnswer, Outcome, Resolve};
use super::super::event::{self, Event};
use super::super::rejection::Rejection;
use super::super::stage::ClosedBy;
use super::Desk;
use super::text::{SHORT_LIMIT, TEXT_LIMIT, optional, references, required, within};

impl Desk<'_> {
    pub(super) fn resolve(&self, command: &Resolve) -> Result<Vec<Event>, Rejection> {
        required("note", &command.note, TEXT_LIMIT)?;
        references("photos", &command.photos)?;
        within("legal_ground", command.legal_ground.as_deref().unwrap_or(""), SHORT_LIMIT)?;
        within("receiver", command.receiver.as_deref().unwrap_or(""), SHORT_LIMIT)?;
        self.check_evidence(command)?;
        let open: Vec<&str> = self
            .case
            .work
            .parts
            .iter()
            .filter(|part| part.mandatory && part.finished_at.is_none())
            .map(|part| part.agency.as_str())
            .collect();
        if !open.is_empty() {
            return Err(Rejection::PartsOpen { agencies: open.join(", ") });
        }
        Ok(vec![
            event::Resolved {
                outcome: command.outcome,
                note: command.note.clone(),
                photos: command.photos.clone(),
                committed_date: command.committed_date,
                legal_ground: command.legal_ground.clone(),
                receiver: command.receiver.clone(),
                duplicate_of: command.duplicate_of.clone(),
                deadlines: self.moved_by_pause(self.at())?,
            }
            .into(),
        ])
    }

    fn check_evidence(&self, command: &Resolve) -> Result<(), Rejection> {
        let missing = |field| Err(Rejection::EvidenceMissing { field });
        let blank = |text: &Option<String>| text.as_ref().is_none_or(|t| t.trim().is_empty());
        match command.outcome {
            Outcome::Done => {
                let found = self.case.work.found.as_ref();
                let needs_photo = found
                    .and_then(|found| found.category.as_ref())
                    .and_then(|category| self.policy.category(category))
                    .is_some_and(|category| category.needs_photo);
                if needs_photo && command.photos.is_empty() {
                    return missing("photos");
                }
                Ok(())
            }
            Outcome::Answered => Ok(()),
            Outcome::Planned => match command.committed_date {
                None => missing("committed_date"),
                Some(date) if date <= self.at() => {
                    Err(Rejection::DueNotFuture { field: "committed_date" })
                }
                Some(_) => Ok(()),
            },
            Outcome::Refused if blank(&command.legal_ground) => missing("legal_ground"),
            Outcome::Referred if blank(&command.receiver) => missing("receiver"),
            Outcome::Duplicate => match &command.duplicate_of {
                None => missing("duplicate_of"),
                Some(number) if *number == self.case.number => Err(Rejection::MergeIntoItself),
                Some(_) => Ok(()),
            },
            // Taking back is the citizen's own command.
            Outcome::Withdrawn => Err(Rejection::WrongStage {
                command: "resolve",
                stage: self.case.work.stage.name(),
            }),
            Outcome::Refused | Outcome::Referred => Ok(()),
        }
    }

    pub(super) fn check_answer(&self, command: &CheckAnswer) -> Result<Vec<Event>, Rejection> {
        optional("note", command.note.as_ref(), TEXT_LIMIT)?;
        let said = command.note.as_ref().is_some_and(|note| !note.reveal().trim().is_empty());
        if !command.approved && !said {
            return Err(Rejection::TextMissing { field: "note" });
        }
        Ok(vec![
            event::AnswerChecked { approved: command.approved, note: command.note.clone() }.into(),
        ])
    }

    pub(super) fn answer(&self, command: &Answer) -> Result<Vec<Event>, Rejection> {
        required("text", &command.text, TEXT_LIMIT)?;
        let window_until = super::window_until(self.policy, self.case.received_at, self.at())?;
        Ok(vec![event::Answered { text: command.text.clone(), window_until }.into()])
    }

    pub(super) fn close(&self) -> Result<Vec<Event>, Rejection> {
        Ok(vec![event::Closed { by: ClosedBy::HandoffComplete }.into()])
    }
}
