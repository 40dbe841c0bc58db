//! The one task of a node that writes appends: it takes what is waiting, without lingering, and
//! writes it as one transaction. While that is flushed to disk, the next batch gathers.
//!
//! It runs in a task of its own that nobody cancels, so no caller that goes away can leave a
//! transaction behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::append::Appended;
use super::crash::{CrashPoint, CrashPoints};
use super::error::AppendError;
use super::judge::{self, Candidate};
use super::memory::Memory;
use super::plan::Plan;
use super::pool::Connect;
use super::writer::{Ending, Writer, Written, refused};

/// What the log asks of the committer.
#[derive(Debug)]
pub(crate) enum Message {
    /// Write this.
    Append(Box<Job>),
    /// Say whether writes work.
    Probe(oneshot::Sender<Result<(), String>>),
    /// Stop when everything before this is done.
    Close(oneshot::Sender<()>),
}

/// One waiting append.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) candidate: Candidate,
    pub(crate) bytes: usize,
    pub(crate) reply: oneshot::Sender<Result<Appended, AppendError>>,
}

/// Where a batch ends, whichever comes first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    pub(crate) appends: usize,
    pub(crate) bytes: usize,
}

/// How long a transaction may take before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a batch is read again because what it needs changed under it.
const TRIES: usize = 4;

pub(crate) struct Committer {
    pub(crate) connect: Connect,
    pub(crate) queue: mpsc::Receiver<Message>,
    pub(crate) waiting_bytes: Arc<AtomicUsize>,
    pub(crate) committed: Arc<watch::Sender<u64>>,
    pub(crate) caps: Caps,
    pub(crate) writer: Option<Writer>,
    pub(crate) memory: Memory,
    pub(crate) crash: Option<Arc<dyn CrashPoints>>,
    /// Ended by a simulation: does nothing more and answers nobody.
    pub(crate) ended: bool,
}

/// Why a batch was not written.
enum Failure {
    /// The database refused one of its values.
    Refused(String),
    /// The database cannot be written.
    Unavailable(String),
    /// A simulation ended this node.
    Ended,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if refused(&error) {
            Self::Refused(error.to_string())
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

/// What a batch takes to be true without reading it. The database notices if it is not: nothing is
/// written, and the batch is tried again with less trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// What the last commits left, that new streams are new and the key of a lone append unused.
    Memory,
    /// That streams built just now are new.
    NewStreams,
    /// Everything is read.
    Nothing,
}

type Answers = Vec<Result<Appended, AppendError>>;

impl Committer {
    /// Works until the log is closed or its last handle is gone.
    pub(crate) async fn run(mut self) {
        let mut held = None;
        while let Some(first) = next(&mut held, &mut self.queue).await {
            match first {
                Message::Append(job) => {
                    let mut jobs = vec![*job];
                    held = self.drain(&mut jobs);
                    self.batch(jobs).await;
                    if self.ended {
                        return;
                    }
                }
                Message::Probe(reply) => {
                    // Nobody may wait for the answer any more.
                    let _ = reply.send(self.probe().await);
                }
                Message::Close(reply) => {
                    self.queue.close();
                    if let Some(writer) = self.writer.take() {
                        writer.close().await;
                    }
                    let _ = reply.send(());
                    return;
                }
            }
        }
        if let Some(writer) = self.writer.take() {
            writer.close().await;
        }
    }

    /// Adds what else is waiting; returns a message that does not belong to the batch.
    fn drain(&mut self, jobs: &mut Vec<Job>) -> Option<Message> {
        let mut bytes = jobs.iter().map(|job| job.bytes).sum::<usize>();
        let mut other = None;
        while jobs.len() < self.caps.appends && bytes < self.caps.bytes {
            match self.queue.try_recv() {
                Ok(Message::Append(job)) => {
                    bytes += job.bytes;
                    jobs.push(*job);
                }
                Ok(message) => {
                    other = Some(message);
                    break;
                }
                Err(_) => break,
            }
        }
        self.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
        other
    }

    /// Writes a batch and answers everyone in it.
    async fn batch(&mut self, mut jobs: Vec<Job>) {
        metrics::histogram!("hoiam_log_batch_appends")
            .record(f64::from(u32::try_from(jobs.len()).unwrap_or(u32::MAX)));
        // A repeated request spoils what is written on trust: alone it costs only itself.
        let keys = jobs.iter().any(|job| job.candidate.idempotency.is_some());
        let first = if jobs.len() > 1 && keys { Trust::NewStreams } else { Trust::Memory };
        let mut outcome = self.attempt(&mut jobs, first).await;
        // What was taken on trust may have been wrong.
        if let Err(Failure::Refused(_)) = outcome {
            outcome = self.attempt(&mut jobs, Trust::Nothing).await;
        }
        match outcome {
            Err(Failure::Ended) => self.ended = true,
            // One of them is at fault: alone, each answers for itself.
            Err(Failure::Refused(reason)) if jobs.len() > 1 => {
                tracing::debug!(%reason, appends = jobs.len(), "a batch was refused and is tried one by one");
                for job in jobs {
                    let mut alone = vec![job];
                    let outcome = self.attempt(&mut alone, Trust::Nothing).await;
                    self.ended |= matches!(outcome, Err(Failure::Ended));
                    if self.ended {
                        return;
                    }
                    answer(alone, outcome);
                }
            }
            outcome => answer(jobs, outcome),
        }
    }

    /// One transaction for all; if it fails, the connection is left clean or given up.
    async fn attempt(&mut self, jobs: &mut [Job], trust: Trust) -> Result<Answers, Failure> {
        let outcome = match tokio::time::timeout(PATIENCE, self.transaction(jobs, trust)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::Unavailable("the database took too long".into())),
        };
        let clean = match &outcome {
            Ok(_) => return outcome,
            Err(Failure::Refused(_)) => match &mut self.writer {
                Some(writer) => writer.abandon().await.is_ok(),
                None => false,
            },
            Err(Failure::Unavailable(reason)) => {
                tracing::error!(%reason, "the log cannot be written");
                false
            }
            Err(Failure::Ended) => false,
        };
        self.memory.forget();
        if !clean {
            self.writer = None;
        }
        outcome
    }

    async fn transaction(&mut self, jobs: &mut [Job], trust: Trust) -> Result<Answers, Failure> {
        let mut trust = trust;
        for _ in 0..TRIES {
            let built = trust == Trust::Nothing;
            let wanted = judge::wanted(jobs.iter().map(|job| &job.candidate), built);
            let trusted =
                trust == Trust::Memory && !self.writer.as_ref().is_some_and(Writer::contended);
            let remembered = if trusted { self.memory.recall(&wanted) } else { None };
            let recalled = remembered.is_some();
            let max_bytes = self.caps.bytes;
            let writer = self.writer().await?;
            let known = match remembered {
                Some(known) => known,
                None => writer.read(&wanted).await?,
            };
            let head_before = known.head;
            let batch = jobs.iter_mut().map(|job| &mut job.candidate);
            let guess = trust != Trust::Nothing;
            let Ok(judged) = judge::judge(batch, known, guess, max_bytes) else {
                // Read also what was built this time; what was only remembered, read first.
                trust = if recalled { Trust::NewStreams } else { Trust::Nothing };
                continue;
            };
            // From memory nobody loses: who would may have been overtaken by another node.
            if recalled && judged.answers.iter().any(Result::is_err) {
                trust = Trust::NewStreams;
                continue;
            }
            if judged.taken.is_empty() {
                writer.abandon().await?;
                return Ok(judged.answers);
            }
            self.may_end(CrashPoint::BeforeAppend)?;
            let candidates: Vec<&Candidate> = jobs.iter().map(|job| &job.candidate).collect();
            let mut plan = Plan::of(&candidates, &judged, head_before);
            let ending = if self.ends_at(CrashPoint::InTransaction) {
                Ending::Never
            } else {
                Ending::Commit
            };
            if self.writer().await?.write(&plan, ending).await? == Written::Committed {
                if ending == Ending::Never {
                    return Err(Failure::Ended);
                }
                self.may_end(CrashPoint::AfterCommit)?;
                advance(&self.committed, plan.head_after);
                let first_leaves = std::mem::take(&mut plan.first_leaves);
                drop(plan);
                let mut answers = judged.answers;
                for (place, leaf) in first_leaves {
                    if let Some(Ok(appended)) = answers.get_mut(place) {
                        appended.first_leaf = Some(leaf);
                    }
                }
                self.memory.learn(head_before, judged.after);
                return Ok(answers);
            }
            drop(plan);
            self.memory.forget();
        }
        Err(Failure::Refused("what it builds is different each time".into()))
    }

    fn ends_at(&self, point: CrashPoint) -> bool {
        self.crash.as_ref().is_some_and(|crash| crash.ends_at(point))
    }

    fn may_end(&self, point: CrashPoint) -> Result<(), Failure> {
        if self.ends_at(point) { Err(Failure::Ended) } else { Ok(()) }
    }

    async fn writer(&mut self) -> Result<&mut Writer, sqlx::Error> {
        if self.writer.is_none() {
            self.writer = Some(Writer::connect(&self.connect).await?);
        }
        self.writer.as_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn probe(&mut self) -> Result<(), String> {
        let probe = async {
            let writer = self.writer().await?;
            writer.probe().await
        };
        let outcome = match tokio::time::timeout(PATIENCE, probe).await {
            Ok(outcome) => outcome.map_err(|error| error.to_string()),
            Err(_) => Err("the database took too long".to_owned()),
        };
        if outcome.is_err() {
            self.memory.forget();
            self.writer = None;
        }
        outcome
    }
}

async fn next(held: &mut Option<Message>, queue: &mut mpsc::Receiver<Message>) -> Option<Message> {
    match held.take() {
        Some(message) => Some(message),
        None => queue.recv().await,
    }
}

/// Tells everyone what became of their append, if they still want to know.
fn answer(jobs: Vec<Job>, outcome: Result<Answers, Failure>) {
    let error = match outcome {
        Ok(answers) => {
            for (job, answer) in jobs.into_iter().zip(answers) {
                let _ = job.reply.send(answer);
            }
            return;
        }
        Err(Failure::Unavailable(reason)) => AppendError::Unavailable(reason),
        Err(Failure::Refused(reason)) => AppendError::Invalid(reason),
        // The dropped answers say so.
        Err(Failure::Ended) => return,
    };
    for job in jobs {
        let _ = job.reply.send(Err(error.clone()));
    }
}

/// Tells followers how far the log goes; never backwards.
pub(crate) fn advance(committed: &watch::Sender<u64>, position: u64) {
    committed.send_if_modified(|known| {
        let further = position > *known;
        if further {
            *known = position;
        }
        further
    });
}
