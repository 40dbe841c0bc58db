//! The worker behind the log: takes new events into the tree, signs checkpoints, asks witnesses.
//!
//! Appends never wait for it. It looks at the log when something was appended and signs at most
//! twice a minute, so it costs a small transaction now and then.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::asking::Witnesses;
use super::checkpoint::Checkpoint;
use super::note::{Kind, SigningKey};
use super::store::checkpoints::{self, StoredCheckpoint};
use super::store::tiles;
use super::tile::{At, Growing, right_edge};
use super::tree::Head;
use super::view::View;
use super::{ProofError, Signed};
use crate::clock::Clock;
use crate::log::Log;

/// Events taken into the tree in one transaction.
const BATCH: u32 = 4_096;
/// Between two checkpoints of a log that grows all the time.
const EVERY: Duration = Duration::from_secs(30);
/// How often to look whether one is due.
const LOOK: Duration = Duration::from_secs(2);
/// How long to wait after a failure.
const PATIENCE: Duration = Duration::from_secs(10);
/// While a long backlog is taken in, what comes between two batches, as a multiple of the time one
/// took: on SQLite a command waits for a batch.
const REST: u32 = 2;

/// Signs one log.
#[derive(Clone, Debug)]
pub struct Keeper {
    log: Log,
    key: Arc<SigningKey>,
    clock: Arc<dyn Clock>,
    witnesses: Witnesses,
}

impl Keeper {
    /// A keeper of a log, by its key. The first keeper of a log gives it its key.
    ///
    /// # Errors
    /// [`ProofError::OtherKey`] when the log has another key.
    pub async fn of(
        log: &Log,
        key: SigningKey,
        clock: Arc<dyn Clock>,
        witnesses: Witnesses,
    ) -> Result<Self, ProofError> {
        let given = key.verifier(Kind::Note).to_string();
        let stored = checkpoints::claim(log.pool(), &given).await?;
        if stored != given {
            return Err(ProofError::OtherKey { stored, given });
        }
        witnesses.keep_only(log.pool()).await?;
        Ok(Self { log: log.clone(), key: Arc::new(key), clock, witnesses })
    }

    /// Takes everything into the tree that is in the log now. Returns its size.
    ///
    /// # Errors
    /// When the log has a gap, a tile is missing, or the database fails.
    pub async fn grow(&self) -> Result<u64, ProofError> {
        let pool = self.log.pool();
        loop {
            let begun = Instant::now();
            let size = tiles::size(pool).await?;
            let leaves = tiles::leaves(pool, size, BATCH).await?;
            if leaves.is_empty() {
                return Ok(size);
            }
            let edge: Vec<At> =
                right_edge(size).iter().filter(|a| a.width > 0).map(|a| a.at).collect();
            let tiles = tiles::read(pool, &edge.into_iter().collect()).await?;
            let missing = || ProofError::Forked("a part of the tree is missing".to_owned());
            let mut growing = Growing::of(size, &tiles).ok_or_else(missing)?;
            let changed = growing.extend(&leaves);
            if !tiles::grow(pool, size, growing.size(), changed).await? {
                tracing::debug!(size, "another node took these events into the tree");
            }
            if leaves.len() < BATCH as usize {
                return Ok(growing.size());
            }
            tokio::time::sleep(begun.elapsed() * REST).await;
        }
    }

    /// Signs a checkpoint if the log grew since the last one. Returns the last there is; none for an
    /// empty log.
    ///
    /// # Errors
    /// [`ProofError::Forked`] when the tree does not continue what was signed: nothing is signed then.
    pub async fn checkpoint(&self) -> Result<Option<Signed>, ProofError> {
        let size = self.grow().await?;
        let view = View::of(&self.log);
        let last = match view.last().await {
            Err(ProofError::NoCheckpoint) => None,
            last => Some(last?),
        };
        if size == 0 || last.as_ref().is_some_and(|last| last.head.size >= size) {
            return Ok(last);
        }
        let head = Head { size, root: view.root(size).await? };
        let (_, note) = Checkpoint::sign(head, &self.key);
        let made_at = self.clock.now().as_microsecond();
        let row = StoredCheckpoint { head, note: note.to_string(), made_at };
        checkpoints::add(self.log.pool(), &row).await?;
        metrics::gauge!("hoiam_log_checkpoint_size").set({
            #[allow(clippy::cast_precision_loss, reason = "exact up to 2^53 events")]
            let size = size as f64;
            size
        });
        Ok(Some(Signed { head, note, made_at }))
    }

    /// Asks every witness to cosign the last checkpoint it did not cosign yet.
    ///
    /// # Errors
    /// The first witness that could not be asked or objected; the others were asked, too.
    pub async fn ask_witnesses(&self) -> Result<(), ProofError> {
        self.witnesses.ask(&self.log, &self.key.verifier(Kind::Note), &*self.clock).await
    }

    /// Signs checkpoints until `stop` changes, and a last one then.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut signed, mut quiet_until): (Option<Instant>, Instant) = (None, Instant::now());
        let mut size = 0;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.changed() => break,
            }
            let rested = signed.is_none_or(|at| at.elapsed() >= EVERY);
            if !rested || quiet_until > Instant::now() {
                continue;
            }
            match self.round(size).await {
                Ok(Some(new)) => (size, signed) = (new, Some(Instant::now())),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "no checkpoint was made, or a witness did not cosign it");
                    metrics::counter!("hoiam_log_checkpoint_failures_total").increment(1);
                    quiet_until = Instant::now() + PATIENCE;
                }
            }
        }
        if let Err(error) = self.checkpoint().await {
            tracing::error!(%error, "no last checkpoint was made");
        }
    }

    /// A checkpoint if the log is longer than at the last one, and what witnesses say to it.
    async fn round(&self, size: u64) -> Result<Option<u64>, ProofError> {
        if self.log.head().await? == size {
            self.ask_witnesses().await?;
            return Ok(None);
        }
        let signed = self.checkpoint().await?;
        self.ask_witnesses().await?;
        Ok(signed.map(|signed| signed.head.size))
    }
}
