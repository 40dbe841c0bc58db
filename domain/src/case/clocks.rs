//! The clocks of a case and the timers they ask for.
//!
//! A clock is a promise with a deadline; it stops when what was promised happened. A timer is a
//! wish of the present state to be woken: the shell keeps the earliest of every case in a table by
//! due time and sends [`Tick`](super::command::Tick) when one is due. What a timer does is decided
//! from the state then, so a timer that fires twice, or late, does nothing twice.

use std::sync::Arc;

use jiff::Timestamp;

use super::stage::Stage;
use super::state::Case;
use crate::kinds::Clock;
use crate::time::Deadline;

/// One clock of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningClock {
    /// The promise. Shared: every step keeps the work before it, and promises are long.
    pub deadline: Arc<Deadline>,
    /// The warning was recorded.
    pub warned: bool,
    /// The miss was recorded.
    pub missed: bool,
    /// When it stopped, met or not.
    pub stopped: Option<Timestamp>,
}

impl RunningClock {
    /// A clock that starts running.
    pub fn start(deadline: Deadline) -> Self {
        Self { deadline: Arc::new(deadline), warned: false, missed: false, stopped: None }
    }

    /// Takes over a moved deadline. What was recorded for the old one holds for the new one only
    /// if the new one is not later.
    pub(super) fn move_to(&mut self, deadline: Deadline) {
        if deadline.due > self.deadline.due {
            self.warned = false;
            self.missed = false;
        }
        self.deadline = Arc::new(deadline);
    }

    /// Whether the promise was kept, as of `now`: none while that is open.
    pub fn kept(&self, now: Timestamp) -> Option<bool> {
        match self.stopped {
            Some(at) => Some(at <= self.deadline.due),
            None if now > self.deadline.due => Some(false),
            None => None,
        }
    }
}

/// A wish to be woken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Unique inside the case, e.g. `answer.missed`.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// Name of the timer that ends a pause.
pub const PAUSE_CAP: &str = "pause.cap";
/// Name of the timer that ends the rating window.
pub const WINDOW_OVER: &str = "window.over";

/// The timer that warns of a clock.
pub fn warning(clock: Clock) -> String {
    format!("{clock}.warned")
}

/// The timer that records a clock's miss.
pub fn miss(clock: Clock) -> String {
    format!("{clock}.missed")
}

/// The timers the present state wants. They follow from the state alone.
pub fn timers(case: &Case) -> Vec<Timer> {
    let mut timers = Vec::new();
    match &case.work.stage {
        Stage::WaitingCitizen { until, .. } => {
            timers.push(Timer { name: PAUSE_CAP.to_owned(), at: *until });
            return timers;
        }
        Stage::Merged { .. } | Stage::Closed(_) | Stage::Refused | Stage::Withdrawn => {
            return timers;
        }
        Stage::Answered | Stage::HandedOff(_) => {
            if let Some(until) = case.work.window_until {
                timers.push(Timer { name: WINDOW_OVER.to_owned(), at: until });
            }
        }
        _ => {}
    }
    for (clock, running) in &case.work.clocks {
        if running.stopped.is_some() {
            continue;
        }
        if let Some(at) = running.deadline.warn_at
            && !running.warned
            && !running.missed
        {
            timers.push(Timer { name: warning(*clock), at });
        }
        if !running.missed {
            timers.push(Timer { name: miss(*clock), at: running.deadline.due });
        }
    }
    for part in &case.work.parts {
        if let Some(at) = part.due
            && part.finished_at.is_none()
            && !part.missed
        {
            timers.push(Timer { name: format!("part.{}.missed", part.agency), at });
        }
    }
    timers
}
