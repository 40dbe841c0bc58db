//! The worker that keeps projections behind the log up to date.
//!
//! It reads the log from the least checkpoint in bounded batches, folds the cases the events
//! belong to, and writes the rows and the checkpoint in one transaction. Events are facts and a
//! checkpoint moves only from where it was seen, so a crash, a restart or a second node neither
//! loses nor doubles anything: who comes second drops its batch and reads on.
//!
//! Commands never wait for it. It is woken by the log's own commits, and pauses a moment between
//! two batches at the head, so that a busy hour costs a few larger transactions a second.

mod cases;
mod error;
mod lane;

use std::time::Duration;

use hoiam_projections::follower::{FOLLOWERS, Follower};
use tokio::sync::watch;

pub use error::FollowerError;

use crate::log::{Checkpoint, Log, advance};
use crate::rebuild::silent;
use cases::Cases;
use lane::{Lane, lanes};

/// Events in one transaction while the desk is quiet.
const BATCH: u32 = 500;
/// And while commands come in: some ten milliseconds of writing, for on SQLite a command waits for it.
const BUSY_BATCH: u32 = 50;
/// How long events gather once everything before them is taken in.
const GATHER: Duration = Duration::from_millis(100);
/// While commands come in, a batch is followed by a rest of so many times what it took: figures may
/// be late in a busy minute, answers may not.
const REST: u32 = 9;
/// How long to wait after a failure, at first and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// The longest the database may be silent while it is asked: then it is gone, and is asked anew.
const SILENCE: Duration = Duration::from_secs(60);

/// What is to be followed.
pub type List = &'static [&'static dyn Follower];

/// The followers of a log.
#[derive(Clone)]
pub struct Followers {
    log: Log,
    list: List,
    reached: std::sync::Arc<watch::Sender<u64>>,
    silence: Duration,
}

/// Takes in everything that is in the log now, for every follower. Returns the position they have
/// reached.
///
/// # Errors
/// When the database does not answer or the log holds what this program cannot read.
pub async fn catch_up(log: &Log) -> Result<u64, FollowerError> {
    Followers::of(log).catch_up().await
}

impl Followers {
    /// All followers there are.
    pub fn of(log: &Log) -> Self {
        Self::listed(log, FOLLOWERS)
    }

    /// These followers only.
    pub fn listed(log: &Log, list: List) -> Self {
        let reached = std::sync::Arc::new(watch::Sender::new(0));
        Self { log: log.clone(), list, reached, silence: SILENCE }
    }

    /// The same, for whom the database may be silent so long; a minute if nothing is said.
    #[must_use]
    pub fn patient(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// The position up to which all have taken in everything, as far as this handle knows.
    pub fn reached(&self) -> u64 {
        *self.reached.borrow()
    }

    /// Waits until all have taken in everything up to a position.
    pub async fn wait_for(&self, position: u64) {
        let mut reached = self.reached.subscribe();
        // The sender lives as long as this handle.
        let _ = reached.wait_for(|reached| *reached >= position).await;
    }

    /// Takes in everything that is in the log now. Returns the position all have reached.
    ///
    /// # Errors
    /// When the database does not answer or the log holds what this program cannot read; what was
    /// taken in stays.
    pub async fn catch_up(&self) -> Result<u64, FollowerError> {
        let cases = Cases::new();
        self.answered(async { self.go_on(self.log.head().await?, &cases, None).await }).await
    }

    /// What is asked of the database, as long as it gives any answers at all. One whose machine is gone
    /// says nothing, not even that: nobody would ever go on.
    async fn answered(
        &self,
        work: impl Future<Output = Result<u64, FollowerError>>,
    ) -> Result<u64, FollowerError> {
        tokio::select! {
            done = work => done,
            () = silent(self.log.pool(), self.silence) => Err(FollowerError::Silent(self.silence)),
        }
    }

    /// Follows the log until `stop` changes.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut committed = self.log.committed();
        let cases = Cases::new();
        let mut patience = PATIENCE.0;
        loop {
            let head = *committed.borrow_and_update();
            let taken = self.answered(self.go_on(head, &cases, Some(&committed))).await;
            let pause = match taken {
                Ok(_) => {
                    patience = PATIENCE.0;
                    GATHER
                }
                Err(error) => {
                    tracing::error!(%error, "followers cannot go on");
                    metrics::counter!("hoiam_follower_failures_total").increment(1);
                    patience = (patience * 2).min(PATIENCE.1);
                    patience
                }
            };
            let failed = pause > GATHER;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => return,
            }
            if failed {
                continue;
            }
            tokio::select! {
                changed = committed.changed() => if changed.is_err() { return },
                _ = stop.changed() => return,
            }
        }
    }

    /// Where the followers stand; those that are new begin before the first event.
    async fn checkpoints(&self) -> Result<Vec<Checkpoint>, FollowerError> {
        let known = self.log.checkpoints().await?;
        let names = self.list.iter().map(|follower| (follower.name(), follower.version()));
        let new: Vec<_> =
            names.filter(|(name, _)| !known.iter().any(|known| known.name == *name)).collect();
        if new.is_empty() {
            return Ok(known);
        }
        self.log.add_checkpoints(&new).await?;
        Ok(self.log.checkpoints().await?)
    }

    /// Batch by batch until every follower has passed `head`. Followers that stand together share
    /// one reading; of several groups each takes a batch in turn. `busy` tells by a change that
    /// commands come in meanwhile.
    async fn go_on(
        &self,
        head: u64,
        cases: &Cases,
        busy: Option<&watch::Receiver<u64>>,
    ) -> Result<u64, FollowerError> {
        let is_busy = || busy.is_some_and(|busy| busy.has_changed().unwrap_or(false));
        loop {
            let batch = if is_busy() { BUSY_BATCH } else { BATCH };
            let lanes = lanes(self.list, &self.checkpoints().await?, batch);
            let reached = lanes.first().map_or(head, |lane| lane.from);
            self.measure(head, &lanes);
            advance(&self.reached, reached);
            if reached >= head {
                return Ok(reached);
            }
            for lane in lanes.iter().filter(|lane| lane.from < head) {
                let begun = tokio::time::Instant::now();
                lane.take(&self.log, cases).await?;
                if is_busy() {
                    tokio::time::sleep(begun.elapsed() * REST).await;
                }
            }
        }
    }

    fn measure(&self, head: u64, lanes: &[Lane]) {
        for lane in lanes {
            #[allow(clippy::cast_precision_loss, reason = "exact up to 2^53 events")]
            let lag = head.saturating_sub(lane.from) as f64;
            for follower in &lane.followers {
                metrics::gauge!("hoiam_follower_lag_positions", "follower" => follower.name())
                    .set(lag);
            }
        }
    }
}
