//! Steps: which can be corrected, what belongs to one, what is kept to undo it.

use jiff::Timestamp;

use super::Meta;
use crate::case::clocks::RunningClock;
use crate::case::event::Event;
use crate::case::stage::ArbitrationCause;
use crate::case::state::{Case, Undo};
use crate::kinds::Clock;

/// Steps a person may take by mistake and correct.
const CORRECTABLE: &[&str] = &[
    "case.refused",
    "case.handed_off",
    "case.sealed",
    "case.classified",
    "case.dispatched",
    "case.sent_to_arbitration",
    "case.accepted",
    "case.returned",
    "case.ruled",
    "case.part_finished",
    "case.part_dropped",
    "case.made_safe",
    "case.arrived",
    "case.extended",
    "case.resolved",
    "case.answer_checked",
    "case.answered",
    "case.withdrawn",
];

/// Events that say nothing about the step before and change nobody's work.
pub(super) const fn is_aside(event: &Event) -> bool {
    matches!(
        event,
        Event::Noted(_)
            | Event::Erased(_)
            | Event::PartyErased(_)
            | Event::PublicityChosen(_)
            | Event::Attached(_)
            | Event::DeadlineWarned(_)
            | Event::DeadlineMissed(_)
            | Event::PartMissed(_)
            | Event::Absorbed(_)
            | Event::Released(_)
    )
}

/// Keeps what is needed to undo the step, or forgets it when something else came after.
pub(super) fn remember(case: &mut Case, event: &Event, meta: &Meta) {
    match event {
        event if is_aside(event) => {}
        Event::StepCorrected(_) => {}
        // An appeal is the citizen's right, not somebody's mistake.
        Event::SentToArbitration(e) if e.cause == ArbitrationCause::Appeal => case.undo = None,
        // A step of several events is undone as a whole: the first remembers.
        Event::SentToArbitration(_) | Event::Dispatched(_) | Event::HandedOff(_)
            if case.undo.as_ref().is_some_and(|undo| same_step(undo, meta)) =>
        {
            if let Some(undo) = &mut case.undo {
                undo.version = meta.version;
            }
        }
        event if CORRECTABLE.contains(&event.kind()) => {
            case.undo = Some(Undo {
                version: meta.version,
                first: meta.version,
                kind: event.kind(),
                actor: meta.actor.clone(),
                at: meta.occurred_at,
                work: Box::new(case.work.clone()),
                confidential: case.confidential,
                accused: case.accused.clone(),
                handed_off: case.handed_off.clone(),
            });
        }
        _ => case.undo = None,
    }
}

/// The version at which a receipt is classified; what follows in the same command is one step.
const RECEIPT_CLASSIFIED: u64 = 2;

/// Whether the event belongs to the same command as the one before: a return goes on to the
/// coordinators, a receipt is classified and sent on its way.
fn same_step(undo: &Undo, meta: &Meta) -> bool {
    let goes_on = undo.kind == "case.returned" || undo.first == RECEIPT_CLASSIFIED;
    goes_on
        && undo.version + 1 == meta.version
        && undo.actor == meta.actor
        && undo.at == meta.occurred_at
}

/// What a timer recorded stays recorded when the step before is corrected, unless the correction
/// gives back a later deadline, which has timers of its own.
pub(super) fn mark(case: &mut Case, clock: Clock, due: Timestamp, set: impl Fn(&mut RunningClock)) {
    if let Some(running) = case.work.clocks.get_mut(&clock) {
        set(running);
    }
    let undone = case.undo.as_mut().and_then(|undo| undo.work.clocks.get_mut(&clock));
    if let Some(running) = undone.filter(|running| running.deadline.due <= due) {
        set(running);
    }
}
