//! The event log: one order of all events, on SQLite or PostgreSQL, with the same guarantees.
//!
//! - Appends of a node are written together, many in one transaction ([`committer`]).
//! - Positions and versions count from 1 without gaps, in the order of commits, also when several
//!   nodes append to one PostgreSQL; so a reader's checkpoint is one number.
//! - What an append returns is on disk. Nothing stored is ever changed: the database refuses it.
//! - Rows of read models, serial numbers and idempotency keys are written in the transaction of
//!   the events they belong to.

mod append;
mod check;
mod committer;
mod crash;
mod error;
mod event;
mod following;
mod judge;
mod memory;
pub(crate) mod migrations;
mod plan;
mod pool;
mod read;
mod restore;
pub(crate) mod rows;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

pub use append::{
    Append, Appended, Build, Content, Expected, Idempotency, NewEvent, Prepared, Replay,
    StreamAppend,
};
pub use crash::{CrashPoint, CrashPoints};
pub use error::{AppendError, LogError};
pub(crate) use event::{Envelope, data_of, to_micros};
pub use event::{RecordedEvent, leaf_hash};
pub use following::Checkpoint;
pub(crate) use following::Step;
pub use pool::{Database, Pool};
pub use read::StoredAnswer;
pub(crate) use read::rows as stored_rows;
pub(crate) use restore::{Held, Part, Restore};

pub(crate) use committer::advance;
use committer::{Caps, Committer, Job, Message};
use judge::Candidate;
use pool::Connect;
use writer::Writer;

use crate::random::SystemRandom;
use crate::vault::Vault;
use crate::vault::ring::KeySource;

/// How a log behaves; the defaults suit a city.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// Connections for queries.
    pub connections: u32,
    /// How many appends may wait before more are refused.
    pub queue: usize,
    /// How many bytes may wait before more are refused.
    pub queue_bytes: usize,
    /// How many appends one transaction takes at most.
    pub batch_appends: usize,
    /// At how many bytes a transaction takes no more; also the most one append may have.
    pub batch_bytes: usize,
    /// How often to look for what other nodes appended.
    pub poll: Duration,
    /// Where the master key of personal data is.
    pub master_key: KeySource,
    /// Where a simulation ends this node; nobody else sets it.
    pub crash: Option<Arc<dyn CrashPoints>>,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            connections: 8,
            queue: 4_096,
            queue_bytes: 64 << 20,
            batch_appends: 512,
            batch_bytes: 4 << 20,
            poll: Duration::from_millis(250),
            master_key: KeySource::Beside,
            crash: None,
        }
    }
}

/// A handle of an open log; clones share it.
#[derive(Clone, Debug)]
pub struct Log {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    queue: mpsc::Sender<Message>,
    waiting_bytes: Arc<AtomicUsize>,
    committed: Arc<watch::Sender<u64>>,
    pool: Pool,
    vault: Vault,
    options: LogOptions,
}

impl Log {
    /// Whether there is a log in this database. Nothing is made for the question.
    pub async fn is_there(database: &Database) -> Result<bool, LogError> {
        pool::there(database).await
    }

    /// Opens a log, making the database's tables or bringing them up to date first.
    pub async fn open(database: &Database, options: LogOptions) -> Result<Self, LogError> {
        Self::open_as(database, options, false).await
    }

    /// As [`Log::open`], also while a file is being imported: for the import itself.
    pub(crate) async fn open_importing(
        database: &Database,
        options: LogOptions,
    ) -> Result<Self, LogError> {
        Self::open_as(database, options, true).await
    }

    async fn open_as(
        database: &Database,
        options: LogOptions,
        importing: bool,
    ) -> Result<Self, LogError> {
        let connect = Connect::to(database)?;
        let alone = pool::opening(database).await?;
        let pool = connect.pool(options.connections).await?;
        migrations::run(&pool).await?;
        drop(alone);
        if let Held::Part(part) = restore::held(&pool).await?
            && !importing
        {
            return Err(LogError::Importing { position: part.position, events: part.events });
        }
        let keys = options.master_key.beside(database);
        let vault = Vault::open(&pool, &keys, &SystemRandom).await?;
        let writer = Writer::connect(&connect).await?;
        let committed = Arc::new(watch::Sender::new(read::head(&pool).await?));
        let (sender, queue) = mpsc::channel(options.queue.max(1));
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let committer = Committer {
            connect,
            queue,
            waiting_bytes: waiting_bytes.clone(),
            committed: committed.clone(),
            caps: Caps { appends: options.batch_appends.max(1), bytes: options.batch_bytes },
            writer: Some(writer),
            memory: memory::Memory::default(),
            crash: options.crash.clone(),
            ended: false,
        };
        tokio::spawn(committer.run());
        let poll = options.poll;
        let shared =
            Arc::new(Shared { queue: sender, waiting_bytes, committed, pool, vault, options });
        tokio::spawn(follow(Arc::downgrade(&shared), poll));
        Ok(Self { shared })
    }

    /// Appends; when it returns, the events are durable and followers can see them. An append
    /// whose future is dropped may still be written.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let shared = &self.shared;
        let bytes = check::append(&append, shared.options.batch_bytes)?;
        let before = shared.waiting_bytes.fetch_add(bytes, Ordering::Relaxed);
        let permit = if before < shared.options.queue_bytes {
            shared.queue.try_reserve()
        } else {
            Err(full())
        };
        let permit = match permit {
            Ok(permit) => permit,
            Err(error) => {
                shared.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
                return Err(match error {
                    mpsc::error::TrySendError::Full(()) => AppendError::Overloaded,
                    mpsc::error::TrySendError::Closed(()) => closed(),
                });
            }
        };
        let (reply, answer) = oneshot::channel();
        let candidate = Candidate::new(append);
        permit.send(Message::Append(Box::new(Job { candidate, bytes, reply })));
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// The events of a stream after a version, at most `limit`, in order.
    pub async fn read_stream(
        &self,
        stream: Uuid,
        after: u64,
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        read::stream(&self.shared.pool, stream, after, limit).await
    }

    /// The keys of personal data.
    pub fn vault(&self) -> &Vault {
        &self.shared.vault
    }

    /// How many streams [`Log::read_streams`] reads at most.
    pub const STREAMS_AT_ONCE: usize = read::STREAMS;

    /// The events of several streams, at most [`Log::STREAMS_AT_ONCE`], stream by stream and in
    /// order, at most `limit` in all: a stream may be cut off there.
    pub async fn read_streams(
        &self,
        streams: &[Uuid],
        limit: u32,
    ) -> Result<Vec<RecordedEvent>, LogError> {
        read::streams(&self.shared.pool, streams, limit).await
    }

    /// The events after a position, at most `limit`, in order. No later append can come before
    /// one of these.
    pub async fn read_all(&self, after: u64, limit: u32) -> Result<Vec<RecordedEvent>, LogError> {
        read::all(&self.shared.pool, after, limit).await
    }

    /// The position of the last event; 0 if there is none. Also the size of the Merkle tree.
    pub async fn head(&self) -> Result<u64, LogError> {
        read::head(&self.shared.pool).await
    }

    /// Tells how far the log goes: at once after appends of this node, after at most
    /// [`LogOptions::poll`] for those of others.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.shared.committed.subscribe()
    }

    /// How far every projection behind the log has come, by name.
    pub async fn checkpoints(&self) -> Result<Vec<Checkpoint>, LogError> {
        Ok(following::checkpoints(&self.shared.pool).await?)
    }

    /// Makes a checkpoint before the first event for each name that has none.
    pub(crate) async fn add_checkpoints(&self, names: &[(&str, u32)]) -> Result<(), LogError> {
        Ok(following::add(&self.shared.pool, names).await?)
    }

    /// Moves checkpoints and writes the rows they stand for, all or nothing. False when somebody
    /// else moved one of them: nothing was written.
    pub(crate) async fn follow(&self, step: Step) -> Result<bool, LogError> {
        following::follow(&self.shared.pool, step).await
    }

    /// The first answer to a request with this key.
    pub async fn idempotent(
        &self,
        scope: &str,
        key_hash: &[u8; 32],
    ) -> Result<Option<StoredAnswer>, LogError> {
        read::stored(&self.shared.pool, scope, key_hash).await
    }

    /// Whether the log can be written now: commits a write that means nothing.
    pub async fn ready(&self) -> Result<(), LogError> {
        const PATIENCE: Duration = Duration::from_secs(5);
        let (reply, answer) = oneshot::channel();
        let ask = async {
            self.shared
                .queue
                .send(Message::Probe(reply))
                .await
                .map_err(|_| "the log is closed".to_owned())?;
            answer.await.unwrap_or_else(|_| Err("the log is closed".to_owned()))
        };
        let outcome = tokio::time::timeout(PATIENCE, ask).await;
        outcome
            .unwrap_or_else(|_| Err("no answer in time".to_owned()))
            .map_err(LogError::NotWritable)
    }

    /// What the database holds: a log, part of an imported one, or nothing.
    pub(crate) async fn held(&self) -> Result<Held, LogError> {
        restore::held(&self.shared.pool).await
    }

    /// The connections for queries.
    pub fn pool(&self) -> &Pool {
        &self.shared.pool
    }

    /// Writes what is waiting, then closes all connections. Later appends are refused. What a
    /// database that gives no answer was asked is left after a while.
    pub async fn close(&self) {
        const PATIENCE: Duration = Duration::from_secs(5);
        let (reply, done) = oneshot::channel();
        if self.shared.queue.send(Message::Close(reply)).await.is_ok() {
            // An error means that it stopped already.
            let _ = done.await;
        }
        match &self.shared.pool {
            Pool::Sqlite(db) => db.close().await,
            Pool::Postgres(db) => {
                if tokio::time::timeout(PATIENCE, db.close()).await.is_err() {
                    tracing::warn!("connections were left that the database does not answer");
                }
            }
        }
    }
}

fn full() -> mpsc::error::TrySendError<()> {
    mpsc::error::TrySendError::Full(())
}

fn closed() -> AppendError {
    AppendError::Unavailable("the log is closed".to_owned())
}

/// Looks for what other nodes appended, as long as somebody wants to know.
async fn follow(shared: std::sync::Weak<Shared>, poll: Duration) {
    let mut ticks = tokio::time::interval(poll);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        if shared.queue.is_closed() {
            return;
        }
        if shared.committed.receiver_count() == 0 {
            continue;
        }
        match read::head(&shared.pool).await {
            Ok(head) => advance(&shared.committed, head),
            Err(error) => tracing::warn!(%error, "cannot look for new events"),
        }
    }
}
