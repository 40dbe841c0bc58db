//! Events applied to a case. Total: whatever decide produced, evolve can apply, and an event that
//! does not fit the state changes what it can and breaks nothing.

mod erase;
mod parts;
mod routing;
mod step;

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use self::routing::apply_routing;
use self::step::{is_aside, mark, remember};
use super::attachment::Attachment;
use super::clocks::RunningClock;
use super::event::{self, Event};
use super::ledger::{Ledger, holder};
use super::stage::{ClosedBy, Stage};
use super::state::{Absorbed, Case, Part, Progress, Resolution, Visit, Work};
use crate::actor::Actor;
use crate::kinds::Clock;
use crate::time::Deadline;

/// What the log knows of an event besides its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The stream.
    pub stream: Uuid,
    /// The event's version in the stream, from 1.
    pub version: u64,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
}

/// The state after a whole history; none when the history does not begin with a receipt.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a Event, &'a Meta)>) -> Option<Case> {
    events.into_iter().fold(None, |case, (event, meta)| evolve(case, event, meta))
}

/// The state after one more event.
pub fn evolve(case: Option<Case>, event: &Event, meta: &Meta) -> Option<Case> {
    let mut case = match (case, event) {
        (None, Event::Received(received)) => receive(received, meta),
        (None, _) => return None,
        (Some(case), _) => case,
    };
    let at = meta.occurred_at.max(case.step_at);
    case.version = meta.version;
    case.last_at = at.max(case.last_at);
    if !is_aside(event) {
        case.step_at = at;
    }
    remember(&mut case, event, meta);
    if let Event::Attached(attached) = event {
        case.attachments.push(Attachment::of(attached, meta));
    }
    // Another system's closing time stands as it gave it, even if it is before the receipt: its
    // figures must come out as they were.
    let from_source = matches!(event, Event::Closed(closed) if closed.by == ClosedBy::Source);
    match event {
        Event::Erased(erased) => erase::apply(&mut case, erased, meta),
        Event::PartyErased(erased) => erase::of_party(&mut case, erased),
        _ => {}
    }
    apply(&mut case, event, if from_source { meta.occurred_at } else { at });
    case.work.visit(at);
    let now = holder(&case);
    case.ledger.pass_to(now, at);
    Some(case)
}

fn receive(received: &event::Received, meta: &Meta) -> Case {
    Case {
        id: meta.stream,
        number: received.number.clone(),
        version: meta.version,
        channel: received.channel,
        text: received.text.clone(),
        location: received.location.clone(),
        public: received.public,
        source: received.source.clone(),
        received_at: meta.occurred_at,
        last_at: meta.occurred_at,
        step_at: meta.occurred_at,
        parties: vec![received.reporter.clone()],
        absorbed: Vec::new(),
        confidential: false,
        accused: None,
        handed_off: Vec::new(),
        work: Work::begin(),
        attachments: Vec::new(),
        ledger: Ledger::default(),
        undo: None,
        last_note: None,
        erased: None,
    }
}

impl Work {
    fn begin() -> Self {
        Self {
            stage: Stage::Received,
            trail: Vec::new(),
            found: None,
            lead: None,
            parts: Vec::new(),
            returns: Vec::new(),
            ruled: false,
            clocks: BTreeMap::new(),
            extensions: 0,
            progress: None,
            question: None,
            unanswered: false,
            resolution: None,
            answer: None,
            window_until: None,
            rating: None,
            refusal: None,
            reopened: 0,
            made_safe_at: None,
            closed_at: None,
        }
    }

    /// Notes the stage if it is another than before.
    fn visit(&mut self, at: Timestamp) {
        let stage = self.stage.name();
        if self.trail.last().is_none_or(|last| last.stage != stage) {
            self.trail.push(Visit { stage, at });
        }
    }

    fn promise(&mut self, deadlines: &[Deadline]) {
        for deadline in deadlines {
            match self.clocks.get_mut(&deadline.clock) {
                Some(running) if running.stopped.is_none() => running.move_to(deadline.clone()),
                _ => {
                    self.clocks.insert(deadline.clock, RunningClock::start(deadline.clone()));
                }
            }
        }
    }

    fn stop(&mut self, clocks: &[Clock], at: Timestamp) {
        for clock in clocks {
            if let Some(running) = self.clocks.get_mut(clock) {
                running.stopped.get_or_insert(at);
            }
        }
    }

    fn stop_all(&mut self, at: Timestamp) {
        self.stop(Clock::ALL, at);
        self.closed_at = Some(at);
    }

    /// The agency's promises end with its part; the next agency gets its own.
    fn forget_agency_clocks(&mut self) {
        for clock in [Clock::Acknowledge, Clock::OnSite, Clock::MakeSafe, Clock::Resolve] {
            if self.clocks.get(&clock).is_some_and(|running| running.stopped.is_none()) {
                self.clocks.remove(&clock);
            }
        }
    }
}

fn apply(case: &mut Case, event: &Event, at: Timestamp) {
    match event {
        Event::Received(e) => case.work.promise(&e.deadlines),
        Event::Refused(_)
        | Event::HandedOff(_)
        | Event::Sealed(_)
        | Event::Classified(_)
        | Event::Dispatched(_)
        | Event::SentToArbitration(_)
        | Event::Ruled(_)
        | Event::Returned(_)
        | Event::MovedToSuccessor(_) => apply_routing(case, event, at),
        Event::Accepted(_)
        | Event::CoAgencyAdded(_)
        | Event::PartFinished(_)
        | Event::PartDropped(_)
        | Event::PartMoved(_)
        | Event::PartMissed(_)
        | Event::Assigned(_)
        | Event::Arrived(_)
        | Event::MadeSafe(_)
        | Event::ProgressReported(_)
        | Event::Extended(_)
        | Event::Resolved(_)
        | Event::AnswerChecked(_) => apply_work(case, event, at),
        Event::QuestionAsked(_)
        | Event::QuestionAnswered(_)
        | Event::PauseCapped(_)
        | Event::Answered(_)
        | Event::Rated(_)
        | Event::Reopened(_)
        | Event::Appealed(_)
        | Event::AppealDismissed(_)
        | Event::Closed(_)
        | Event::Withdrawn(_) => apply_citizen(case, event, at),
        Event::Merged(_)
        | Event::Absorbed(_)
        | Event::Unmerged(_)
        | Event::Released(_)
        | Event::StepCorrected(_)
        | Event::Noted(_)
        | Event::Erased(_)
        | Event::PartyErased(_)
        | Event::PublicityChosen(_)
        | Event::Attached(_)
        | Event::DeadlineWarned(_)
        | Event::DeadlineMissed(_) => apply_bookkeeping(case, event),
    }
}

fn apply_work(case: &mut Case, event: &Event, at: Timestamp) {
    let work = &mut case.work;
    match event {
        Event::Accepted(_) => {
            work.stop(&[Clock::Acknowledge], at);
            work.stage = Stage::InProgress;
        }
        Event::CoAgencyAdded(e) => {
            work.parts.push(Part {
                agency: e.agency.clone(),
                task: e.task.clone(),
                mandatory: e.mandatory,
                due: e.due,
                finished_at: None,
                missed: false,
            });
            work.promise(&e.deadlines);
        }
        Event::PartFinished(e) => {
            for part in work.parts.iter_mut().filter(|part| part.agency == e.agency) {
                part.finished_at.get_or_insert(at);
            }
        }
        Event::PartDropped(e) => work.parts.retain(|part| part.agency != e.agency),
        Event::PartMoved(e) => work.move_part(&e.from, &e.to),
        Event::PartMissed(e) => {
            // As with clocks: it stays recorded when the step before is corrected.
            let undone = case.undo.as_mut().map(|undo| &mut *undo.work);
            for work in [Some(work), undone].into_iter().flatten() {
                for part in work.parts.iter_mut().filter(|part| part.agency == e.agency) {
                    part.missed = true;
                }
            }
        }
        Event::Assigned(e) => {
            if let Some(lead) = &mut work.lead {
                lead.focal_point = e.focal_point.clone();
                lead.handler = e.handler.clone();
            }
        }
        Event::Arrived(_) => work.stop(&[Clock::OnSite], at),
        Event::MadeSafe(_) => {
            work.made_safe_at.get_or_insert(at);
            work.stop(&[Clock::OnSite, Clock::MakeSafe], at);
        }
        Event::ProgressReported(e) => {
            work.progress =
                Some(Progress { note: e.note.clone(), committed_date: e.committed_date });
        }
        Event::Extended(e) => {
            work.extensions += 1;
            work.promise(&e.deadlines);
        }
        Event::Resolved(e) => {
            work.resolution = Some(Resolution {
                outcome: e.outcome,
                note: e.note.clone(),
                committed_date: e.committed_date,
            });
            work.promise(&e.deadlines);
            work.stop(&[Clock::OnSite, Clock::MakeSafe, Clock::Resolve], at);
            work.stage = Stage::Resolved;
        }
        Event::AnswerChecked(e) if e.approved => work.stage = Stage::Checked,
        Event::AnswerChecked(_) => {
            work.resolution = None;
            if let Some(running) = work.clocks.get_mut(&Clock::Resolve) {
                running.stopped = None;
            }
            work.stage = Stage::InProgress;
        }
        _ => {}
    }
}

fn apply_citizen(case: &mut Case, event: &Event, at: Timestamp) {
    let work = &mut case.work;
    match event {
        Event::QuestionAsked(e) => {
            work.question = Some(e.question.clone());
            work.unanswered = true;
            work.stage = Stage::WaitingCitizen { since: at, until: e.pause_until };
        }
        Event::QuestionAnswered(e) => {
            work.unanswered = false;
            work.promise(&e.deadlines);
            work.stage = Stage::InProgress;
        }
        Event::PauseCapped(e) => {
            work.promise(&e.deadlines);
            work.stage = Stage::InProgress;
        }
        Event::Answered(e) => {
            work.answer = Some(e.text.clone());
            work.window_until = Some(e.window_until);
            work.stop(&[Clock::Answer], at);
            work.closed_at = None;
            work.stage = Stage::Answered;
        }
        Event::Rated(e) => work.rating = Some(e.score),
        Event::Reopened(_) => {
            work.reopened += 1;
            work.unanswered = false;
            work.resolution = None;
            work.closed_at = None;
            work.window_until = None;
            work.rating = None;
            for clock in [Clock::Answer, Clock::Resolve] {
                if let Some(running) = work.clocks.get_mut(&clock) {
                    running.stopped = None;
                }
            }
            work.stage = if work.lead.is_some() { Stage::InProgress } else { Stage::Received };
        }
        Event::Appealed(_) => work.closed_at = None,
        Event::AppealDismissed(_) => {}
        Event::Closed(e) => {
            work.stop_all(at);
            work.stage = Stage::Closed(e.by);
        }
        Event::Withdrawn(_) => {
            work.stop_all(at);
            work.stage = Stage::Withdrawn;
        }
        _ => {}
    }
}

fn apply_bookkeeping(case: &mut Case, event: &Event) {
    match event {
        Event::Merged(e) => {
            let was = std::mem::replace(&mut case.work.stage, Stage::Received);
            case.work.stage =
                Stage::Merged { into: e.into, number: e.number.clone(), was: Box::new(was) };
        }
        Event::Unmerged(_) => {
            if let Stage::Merged { was, .. } = &case.work.stage {
                case.work.stage = (**was).clone();
                case.work.trail.pop();
            }
        }
        Event::Absorbed(e) => {
            case.absorbed.push(Absorbed {
                case: e.from,
                number: e.number.clone(),
                parties: e.parties.iter().map(|party| party.id.clone()).collect(),
            });
            case.parties.extend(e.parties.iter().cloned());
        }
        Event::Released(e) => {
            if let Some(at) = case.absorbed.iter().position(|absorbed| absorbed.case == e.from) {
                let gone = case.absorbed.remove(at);
                case.parties.retain(|party| !gone.parties.contains(&party.id));
            }
        }
        Event::StepCorrected(_) => {
            if let Some(undo) = case.undo.take() {
                case.work = *undo.work;
                case.confidential = undo.confidential;
                case.accused = undo.accused;
                case.handed_off = undo.handed_off;
            }
        }
        Event::PublicityChosen(e) => {
            case.public = e.public;
            for party in case.parties.iter_mut().filter(|party| party.id == e.party) {
                party.anonymous = e.anonymous;
            }
        }
        Event::Noted(e) => case.last_note = Some(e.text.clone()),
        Event::DeadlineWarned(e) => mark(case, e.clock, e.due, |running| running.warned = true),
        Event::DeadlineMissed(e) => mark(case, e.clock, e.due, |running| running.missed = true),
        _ => {}
    }
}
