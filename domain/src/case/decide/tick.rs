//! Timers that came due. What a timer does follows from the state now: if the state no longer
//! wants it, nothing happens, so each fires exactly once however often it is delivered.

use super::super::clocks::{PAUSE_CAP, WINDOW_OVER, miss, timers, warning};
use super::super::command::Tick;
use super::super::event::{self, Event};
use super::super::ledger::holder;
use super::super::rejection::Rejection;
use super::super::stage::{ClosedBy, Stage};
use super::Desk;
use crate::kinds::Clock;

impl Desk<'_> {
    pub(super) fn tick(&self, command: &Tick) -> Result<Vec<Event>, Rejection> {
        let now = self.intent.now;
        let wanted = timers(self.case);
        let Some(timer) = wanted.iter().find(|t| t.name == command.timer && t.at <= now) else {
            return Ok(Vec::new());
        };
        if timer.name == PAUSE_CAP {
            return Ok(vec![
                event::PauseCapped { deadlines: self.moved_by_pause(timer.at)? }.into(),
            ]);
        }
        if timer.name == WINDOW_OVER {
            let by = match self.case.work.stage {
                Stage::HandedOff(_) => ClosedBy::HandoffComplete,
                _ => ClosedBy::WindowOver,
            };
            return Ok(vec![event::Closed { by }.into()]);
        }
        Ok(self.clock_event(&timer.name).into_iter().collect())
    }

    fn clock_event(&self, name: &str) -> Option<Event> {
        for clock in Clock::ALL {
            let Some(running) = self.case.work.clocks.get(clock) else { continue };
            let due = running.deadline.due;
            if name == miss(*clock) {
                let then = self.case.ledger.holder_at(due);
                let holder = then.cloned().unwrap_or_else(|| holder(self.case));
                return Some(event::DeadlineMissed { clock: *clock, due, holder }.into());
            }
            if name == warning(*clock) {
                return Some(event::DeadlineWarned { clock: *clock, due }.into());
            }
        }
        let part = self
            .case
            .work
            .parts
            .iter()
            .find(|part| name == format!("part.{}.missed", part.agency))?;
        Some(event::PartMissed { agency: part.agency.clone(), due: part.due? }.into())
    }
}
