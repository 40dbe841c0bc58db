//! Mails: written down before anything is answered, sent behind, tried again, and given up when they
//! would come too late.
//!
//! The queue is a table, so what was promised survives a restart, and several nodes share it. Address
//! and text are sealed in it. Without a mail server, mails are files in a folder, so that everything
//! can be tried with nothing installed.
//!
//! - [`config`]: what the configuration says.
//! - `forget`: mails to somebody who is erased.
//! - `queue`: the table.
//! - [`send`]: by SMTP, or into the folder.

pub mod config;
pub(crate) mod forget;
mod queue;
pub mod send;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, watch};

use crate::accounts::AccountError;
use crate::clock::Clock;
use crate::log::Log;
use crate::random::{Random, sortable_id};
use queue::Waiting;
use send::{Outcome, Sender};

/// Under which name mails are sealed.
const SEALED: &str = "mail";
/// Mails waiting at a time: more are not taken, so that nobody fills the disk.
const MOST: i64 = 10_000;
/// Mails sent in one go.
const BATCH: i64 = 20;
/// How often the queue is looked at when nobody says that something is in it.
const EVERY: Duration = Duration::from_secs(5);
/// How long after the first failure it is tried again, microseconds; each time twice as long.
const AGAIN: i64 = 15_000_000;

/// A mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// To whom: an address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// Without anything about the person.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(…)")
    }
}

/// Takes mails and sends them; clones share it.
#[derive(Clone, Debug)]
pub struct Mail {
    sender: Arc<Sender>,
    wake: Arc<Notify>,
}

impl Mail {
    /// Mails that go this way.
    pub fn new(sender: Sender) -> Self {
        Self { sender: Arc::new(sender), wake: Arc::new(Notify::new()) }
    }

    /// Takes a mail; it is given up when it is not sent by `until`. Tells whether there was room.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub async fn put(
        &self,
        log: &Log,
        random: &dyn Random,
        letter: &Letter,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<bool, AccountError> {
        let text = serde_json::to_vec(letter).map_err(|_| AccountError::Unreadable)?;
        let waiting = Waiting {
            id: sortable_id(random, now),
            sealed: log.vault().seal_secret(SEALED, &text)?,
            attempts: 0,
            gives_up_at: until.as_microsecond(),
        };
        let taken = queue::put(log.pool(), &waiting, now.as_microsecond(), MOST).await?;
        if taken {
            self.wake.notify_one();
        } else {
            tracing::warn!("too many mails are waiting; one was not taken");
        }
        Ok(taken)
    }

    /// Sends what is due now; how many went.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn send_due(&self, log: &Log, now: Timestamp) -> Result<usize, AccountError> {
        let pool = log.pool();
        let (at, mut sent) = (now.as_microsecond(), 0);
        for waiting in queue::due(pool, at, BATCH).await? {
            if waiting.gives_up_at <= at {
                queue::done(pool, waiting.id).await?;
                tracing::warn!(attempts = waiting.attempts, "a mail was given up");
                continue;
            }
            let doubled = 1_i64 << waiting.attempts.clamp(0, 20);
            // Whoever else sends mails passes this one by meanwhile.
            if !queue::lease(pool, &waiting, at + AGAIN.saturating_mul(doubled)).await? {
                continue;
            }
            let outcome = match log.vault().open_secret(SEALED, &waiting.sealed).ok() {
                None => Outcome::Never("it cannot be opened".to_owned()),
                Some(text) => match serde_json::from_slice::<Letter>(&text) {
                    Err(_) => Outcome::Never("it cannot be read".to_owned()),
                    Ok(letter) => self.sender.send(waiting.id, &letter, now).await,
                },
            };
            match outcome {
                Outcome::Sent => {
                    queue::done(pool, waiting.id).await?;
                    sent += 1;
                }
                Outcome::Never(why) => {
                    tracing::warn!(why, "a mail cannot be sent");
                    queue::done(pool, waiting.id).await?;
                }
                Outcome::Later(why) => tracing::warn!(why, "a mail was not sent yet"),
            }
        }
        Ok(sent)
    }

    /// Sends until told to stop.
    pub async fn run(self, log: Log, clock: Arc<dyn Clock>, mut stop: watch::Receiver<bool>) {
        let mut every = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                // An error means that nobody can tell any more.
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.wake.notified() => {}
                _ = every.tick() => {}
            }
            if let Err(error) = self.send_due(&log, clock.now()).await {
                tracing::warn!(%error, "mails could not be looked through");
            }
        }
    }
}
