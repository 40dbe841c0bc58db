//! The citizen's side: questions and answers, rating, reopening, appeal, taking back.

use super::super::command::{Appeal, Ask, Choose, DismissAppeal, Rate, Reopen, Reply, Withdraw};
use super::super::event::{self, Event};
use super::super::rejection::Rejection;
use super::super::stage::{ArbitrationCause, ClosedBy, Stage};
use super::Desk;
use super::routing::under_appeal;
use super::text::{TEXT_LIMIT, optional, required};
use crate::actor::Role;
use crate::kinds::Clock;
use crate::time::{Deadline, Span};
use jiff::Timestamp;

/// The clocks that stand still while the citizen is asked: those of the agency, and the answer,
/// which cannot be given without the citizen's word.
const PAUSED: &[Clock] = &[Clock::OnSite, Clock::MakeSafe, Clock::Resolve, Clock::Answer];

impl Desk<'_> {
    pub(super) fn ask(&self, command: &Ask) -> Result<Vec<Event>, Rejection> {
        required("question", &command.question, TEXT_LIMIT)?;
        // One pause a question: asking again after the cap would stop the clocks for good.
        if self.case.work.unanswered {
            return Err(Rejection::QuestionOpen);
        }
        let time = self.policy.time();
        let cap = time.rules(self.case.received_at).pause_cap;
        let pause_until = time
            .calendars
            .add(self.case.agency(), self.at(), cap)
            .map_err(super::calendar_too_short)?
            .at;
        Ok(vec![event::QuestionAsked { question: command.question.clone(), pause_until }.into()])
    }

    pub(super) fn reply(&self, command: &Reply) -> Result<Vec<Event>, Rejection> {
        required("text", &command.text, TEXT_LIMIT)?;
        // An answer after the cap is still welcome; the clocks run already.
        if !self.case.work.unanswered {
            return Err(Rejection::NoQuestion);
        }
        let deadlines = self.moved_by_pause(self.at())?;
        Ok(vec![event::QuestionAnswered { text: command.text.clone(), deadlines }.into()])
    }

    /// The paused deadlines, moved by the pause up to `now` or its cap.
    pub(super) fn moved_by_pause(&self, now: Timestamp) -> Result<Vec<Deadline>, Rejection> {
        let Stage::WaitingCitizen { since, until } = self.case.work.stage else {
            return Ok(Vec::new());
        };
        let to = now.min(until);
        let mut moved = Vec::new();
        for clock in PAUSED {
            let Some(running) = self.case.work.clocks.get(clock) else { continue };
            if running.stopped.is_some() {
                continue;
            }
            let deadline = self
                .policy
                .time()
                .after_pause(&running.deadline, since, to, self.case.agency())
                .map_err(super::calendar_too_short)?;
            if deadline != *running.deadline {
                moved.push(deadline);
            }
        }
        Ok(moved)
    }

    pub(super) fn rate(&self, command: &Rate) -> Result<Vec<Event>, Rejection> {
        if !(1..=5).contains(&command.score) {
            return Err(Rejection::ScoreOutOfRange);
        }
        optional("comment", command.comment.as_ref(), TEXT_LIMIT)?;
        self.within_window(self.policy.time().rules(self.case.received_at).rating_window_days)?;
        Ok(vec![
            event::Rated { score: command.score, comment: command.comment.clone() }.into(),
            event::Closed { by: ClosedBy::Rating }.into(),
        ])
    }

    /// So many days after the citizen heard from the desk.
    fn within_window(&self, days: u32) -> Result<(), Rejection> {
        let answered = self.case.work.clocks.get(&Clock::Answer).and_then(|c| c.stopped);
        let Some(heard) = answered.or(self.case.work.closed_at) else { return Ok(()) };
        let until = self
            .policy
            .time()
            .calendars
            .add(None, heard, Span::Hours(days.saturating_mul(24)))
            .map_err(super::calendar_too_short)?
            .at;
        if self.at() > until { Err(Rejection::WindowOver) } else { Ok(()) }
    }

    pub(super) fn reopen(&self, command: &Reopen) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        self.within_window(self.policy.time().rules(self.case.received_at).reopen_days)?;
        Ok(vec![event::Reopened { reason: command.reason.clone() }.into()])
    }

    pub(super) fn appeal(&self, command: &Appeal) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        self.within_window(self.policy.time().rules(self.case.received_at).appeal_days)?;
        Ok(vec![
            event::Appealed { reason: command.reason.clone() }.into(),
            self.to_arbitration(ArbitrationCause::Appeal, None)?,
        ])
    }

    pub(super) fn dismiss_appeal(&self, command: &DismissAppeal) -> Result<Vec<Event>, Rejection> {
        required("reason", &command.reason, TEXT_LIMIT)?;
        if !under_appeal(&self.case.work.stage) {
            return Err(Rejection::NoAppeal);
        }
        Ok(vec![
            event::AppealDismissed { reason: command.reason.clone() }.into(),
            event::Closed { by: ClosedBy::AppealDismissed }.into(),
        ])
    }

    /// The citizen's own choice, or the first reporter's, told to whoever types it.
    pub(super) fn choose(&self, command: &Choose) -> Result<Vec<Event>, Rejection> {
        let (case, actor) = (self.case, &self.intent.actor);
        let first = case.parties.first();
        let party = match actor.role {
            Role::Citizen => case.parties.iter().find(|party| party.id == actor.id),
            _ => first,
        };
        let Some(party) = party else { return Err(Rejection::NotAParty) };
        let public = command.public.unwrap_or(case.public);
        let anonymous = command.anonymous.unwrap_or(party.anonymous);
        if public != case.public && first.is_none_or(|first| first.id != party.id) {
            return Err(Rejection::NotFirstReporter);
        }
        if (public, anonymous) == (case.public, party.anonymous) {
            return Ok(Vec::new());
        }
        Ok(vec![event::PublicityChosen { party: party.id.clone(), public, anonymous }.into()])
    }

    pub(super) fn withdraw(&self, command: &Withdraw) -> Result<Vec<Event>, Rejection> {
        optional("reason", command.reason.as_ref(), TEXT_LIMIT)?;
        if self.case.parties.len() > 1 {
            return Err(Rejection::OthersReported);
        }
        Ok(vec![event::Withdrawn { reason: command.reason.clone() }.into()])
    }
}
