//! A node: one log with one or two desks on it, a clock that is never quite right, and a trap
//! that ends it at a moment of the log's choosing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use hoiam::clock::ManualClock;
use hoiam::desk::Desk;
use hoiam::log::{CrashPoint, CrashPoints, Log, LogOptions};
use hoiam::random::SeededRandom;
use hoiam::rules::Rules;
use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use crate::support::Bed;

/// Ends a node the n-th time it passes a point.
#[derive(Debug, Default)]
pub struct Trap {
    armed: Mutex<Option<(CrashPoint, usize)>>,
    sprung: AtomicBool,
}

impl CrashPoints for Trap {
    fn ends_at(&self, point: CrashPoint) -> bool {
        let mut armed = self.armed.lock().unwrap();
        let Some((at, more)) = armed.as_mut() else { return false };
        if *at != point {
            return false;
        }
        if *more > 0 {
            *more -= 1;
            return false;
        }
        *armed = None;
        self.sprung.store(true, Ordering::SeqCst);
        true
    }
}

impl Trap {
    pub fn arm(&self, point: CrashPoint, more: usize) {
        *self.armed.lock().unwrap() = Some((point, more));
    }

    /// Takes the trap away; tells whether it sprang.
    pub fn disarm(&self) -> bool {
        *self.armed.lock().unwrap() = None;
        self.sprung.load(Ordering::SeqCst)
    }
}

pub struct Machine {
    pub log: Log,
    pub desks: Vec<Desk>,
    pub trap: Arc<Trap>,
    /// How far its clock is off, in seconds.
    pub skew: i64,
}

impl Machine {
    /// Starts it; what it knows it reads from the database.
    pub async fn start(bed: &Bed, rules: &Rules, desks: usize, skew: i64, dice: &mut Dice) -> Self {
        let trap = Arc::new(Trap::default());
        let options =
            LogOptions { connections: 4, crash: Some(trap.clone()), ..LogOptions::default() };
        let log = bed.open_with(options).await;
        let desks = (0..desks)
            .map(|_| {
                let random = Arc::new(SeededRandom::new(dice.next()));
                let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
                Desk::new(log.clone(), rules.clone(), "HCM", clock, random)
            })
            .collect();
        Self { log, desks, trap, skew }
    }

    /// The time it tells for one delivery. The microseconds are the delivery's number, so that what
    /// it appended can be told from everything else.
    pub fn clock(&self, now: Timestamp, delivery: u32) -> Arc<ManualClock> {
        let seconds = SignedDuration::from_secs(self.skew);
        Arc::new(ManualClock::at(now + seconds + SignedDuration::from_micros(delivery.into())))
    }
}
