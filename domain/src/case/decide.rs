//! Commands against a case: events, or a refusal.
//!
//! Every command passes the same gates in the same order: may this actor do it, is it possible in
//! this stage ([`transitions`](super::transitions)), is the time plausible; then the command's own
//! function decides. A command whose effect is there already gives no events, so that sending it
//! twice adds nothing.

mod attach;
mod citizen;
mod correct;
mod erase;
mod finish;
mod intake;
mod merge;
mod routing;
mod successor;
mod text;
mod tick;
mod work;

use jiff::{SignedDuration, Timestamp};

use super::authority::authorise;
use super::clocks::RunningClock;
use super::command::Command;
use super::event::Event;
use super::policy::CasePolicy;
use super::rejection::Rejection;
use super::state::Case;
use super::transitions::allowed;
use crate::actor::Actor;
use crate::kinds::Clock;
use crate::time::{ClockFacts, Deadline, Span, TimeError};

pub use attach::decide_attach;
pub use erase::decide_erase_party;
pub use intake::receive;
pub use merge::{decide_merge, decide_unmerge};

/// Clocks of different machines may differ by this much.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(120);

/// Who asks, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Who.
    pub actor: Actor,
    /// Now, by the engine's clock.
    pub now: Timestamp,
    /// When it happened; not after `now`, not before the last step.
    pub occurred_at: Timestamp,
}

/// Decides a command.
///
/// # Errors
/// A [`Rejection`]; the case is unchanged.
pub fn decide(
    case: &Case,
    policy: &dyn CasePolicy,
    intent: &Intent,
    command: &Command,
) -> Result<Vec<Event>, Rejection> {
    enter(case, intent, command.name())?;
    let desk = Desk { case, policy, intent };
    match command {
        Command::Refuse(c) => desk.refuse(c),
        Command::HandOff(c) => desk.hand_off(c),
        Command::Seal(c) => desk.seal(c),
        Command::Classify(c) => desk.classify(c),
        Command::Dispatch(c) => desk.dispatch(c),
        Command::Escalate(c) => desk.escalate(c),
        Command::Accept(_) => desk.accept(),
        Command::Return(c) => desk.give_back(c),
        Command::Rule(c) => desk.rule(c),
        Command::AddCoAgency(c) => desk.add_co_agency(c),
        Command::FinishPart(c) => desk.finish_part(c),
        Command::DropPart(c) => desk.drop_part(c),
        Command::Assign(c) => desk.assign(c),
        Command::Arrive(_) => desk.arrive(),
        Command::MakeSafe(c) => desk.make_safe(c),
        Command::Progress(c) => desk.progress(c),
        Command::Ask(c) => desk.ask(c),
        Command::Reply(c) => desk.reply(c),
        Command::Extend(c) => desk.extend(c),
        Command::Resolve(c) => desk.resolve(c),
        Command::CheckAnswer(c) => desk.check_answer(c),
        Command::Answer(c) => desk.answer(c),
        Command::Rate(c) => desk.rate(c),
        Command::Reopen(c) => desk.reopen(c),
        Command::Appeal(c) => desk.appeal(c),
        Command::DismissAppeal(c) => desk.dismiss_appeal(c),
        Command::Close(_) => desk.close(),
        Command::Choose(c) => desk.choose(c),
        Command::Withdraw(c) => desk.withdraw(c),
        Command::MoveToSuccessor(c) => desk.move_to_successor(c),
        Command::Correct(c) => desk.correct(c),
        Command::Note(c) => desk.note(c),
        Command::Erase(c) => desk.erase(c),
        Command::Tick(c) => desk.tick(c),
    }
}

/// The gates every command on an existing case passes.
fn enter(case: &Case, intent: &Intent, command: &'static str) -> Result<(), Rejection> {
    authorise(case, &intent.actor, command)?;
    if !allowed(case.work.stage.name(), command) {
        return Err(Rejection::WrongStage { command, stage: case.work.stage.name() });
    }
    if intent.occurred_at > intent.now + CLOCK_SKEW {
        return Err(Rejection::InFuture);
    }
    if intent.occurred_at < case.step_at - CLOCK_SKEW {
        return Err(Rejection::OutOfOrder);
    }
    Ok(())
}

/// Everything a decision looks at.
struct Desk<'a> {
    case: &'a Case,
    policy: &'a dyn CasePolicy,
    intent: &'a Intent,
}

impl Desk<'_> {
    fn at(&self) -> Timestamp {
        self.intent.occurred_at.max(self.case.step_at)
    }

    fn facts(&self) -> ClockFacts {
        let found = self.case.work.found.as_ref();
        ClockFacts {
            kind: self.case.kind(),
            sector: found.and_then(|f| f.sector.clone()),
            category: found.and_then(|f| f.category.clone()),
            priority: found.and_then(|f| f.priority),
            urgent: found.is_some_and(|f| f.urgent),
            several_agencies: self.case.several_agencies(),
            agency: self.case.agency().cloned(),
            received_at: self.case.received_at,
        }
    }

    /// The deadlines of `clocks` starting now; clocks that do not run for such a case are left out.
    fn promise(&self, clocks: &[Clock], facts: &ClockFacts) -> Result<Vec<Deadline>, Rejection> {
        promise(self.policy, clocks, facts, self.at())
    }

    /// A running promise as it reads under other facts: from its own start, with its own pauses.
    fn restate(
        &self,
        running: &RunningClock,
        facts: &ClockFacts,
    ) -> Result<Option<Deadline>, Rejection> {
        let Deadline { clock, start, explanation, .. } = &*running.deadline;
        let time = self.policy.time();
        let mut restated = time.deadline(*clock, facts, *start).map_err(calendar_too_short)?;
        for pause in &explanation.pauses {
            if let Some(deadline) = &mut restated {
                *deadline = time
                    .after_pause(deadline, pause.from, pause.to, facts.agency.as_ref())
                    .map_err(calendar_too_short)?;
            }
        }
        Ok(restated)
    }
}

fn promise(
    policy: &dyn CasePolicy,
    clocks: &[Clock],
    facts: &ClockFacts,
    start: Timestamp,
) -> Result<Vec<Deadline>, Rejection> {
    let mut deadlines = Vec::with_capacity(clocks.len());
    for clock in clocks {
        if let Some(deadline) =
            policy.time().deadline(*clock, facts, start).map_err(calendar_too_short)?
        {
            deadlines.push(deadline);
        }
    }
    Ok(deadlines)
}

/// Until when the citizen may come back to a case that was ended at `from`.
fn window_until(
    policy: &dyn CasePolicy,
    received_at: Timestamp,
    from: Timestamp,
) -> Result<Timestamp, Rejection> {
    let days = policy.time().rules(received_at).rating_window_days;
    let span = Span::Hours(days.saturating_mul(24));
    let due = policy.time().calendars.add(None, from, span).map_err(calendar_too_short)?;
    Ok(due.at)
}

fn calendar_too_short(error: TimeError) -> Rejection {
    Rejection::CalendarTooShort { detail: error.to_string() }
}
