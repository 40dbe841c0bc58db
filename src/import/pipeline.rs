//! Rows into the log: read some, prepare them on other threads, append them in the order of the
//! file, and settle the oldest appends while newer ones wait.

mod prepare;

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::task::JoinHandle;

use super::build::Builder;
use super::identity::Identities;
use super::map::Map;
use super::rejects::{Reject, Rejects};
use super::rows::{Row, Rows};
use super::{ImportError, Summary};
use crate::desk::Desk;
use crate::log::{Append, AppendError, Appended};
use prepare::{Known, Preparer};

/// Appends in flight: two full batches, so that one fills while the other is written.
const IN_FLIGHT: usize = 1024;
/// Rows prepared by one task.
const CHUNK: usize = 64;
/// Such tasks under way.
const AHEAD: usize = 4;

/// Is told how far an import came.
pub trait Progress {
    /// So many bytes of the file were read, so many rows settled.
    fn at(&mut self, bytes: u64, rows: u64);
}

impl<F: FnMut(u64, u64)> Progress for F {
    fn at(&mut self, bytes: u64, rows: u64) {
        self(bytes, rows);
    }
}

/// Imports the rows of a file. `stop` ends it early: what is in flight is finished.
///
/// # Errors
/// [`ImportError`]; what was settled before stays imported.
pub async fn import(
    desk: &Desk,
    map: &Map,
    mut rows: Rows,
    rejects: &mut Rejects,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, ImportError> {
    let rules = desk.rules();
    let boundaries = desk.rules_handle().boundaries();
    let builder = Builder::new(map, &rules, desk.prefix())?;
    let mut identities = Identities::new(&map.file.system, map.file.duplicates);
    let preparer = Preparer::new(desk, &map.file.system)?;
    let mut flight =
        Flight { desk, waiting: VecDeque::new(), rejects, summary: Summary::default() };
    let mut preparing: VecDeque<JoinHandle<Vec<Made>>> = VecDeque::with_capacity(AHEAD);
    let mut more = true;
    while more || !preparing.is_empty() {
        if more && stop.load(Ordering::Relaxed) {
            flight.summary.interrupted = true;
            more = false;
        }
        let mut chunk = Vec::with_capacity(CHUNK);
        while more && chunk.len() < CHUNK {
            let Some(read) = rows.next()? else {
                more = false;
                break;
            };
            let begun = preparer.begin()?;
            chunk.push(read.and_then(|row| {
                let key = identities.key(&row)?;
                let record = builder.record(&row)?;
                // By what the source says: boundaries imported since make no other row of it.
                let idempotency = identities.idempotency(key, &record);
                let record = builder.placed(record, &boundaries);
                let year = builder.year(record.received_at);
                Ok(preparer.known(Origin::of(&row), record, idempotency, year, begun))
            }));
        }
        if !chunk.is_empty() {
            preparing.push_back(tokio::task::spawn_blocking(move || prepared(chunk)));
        }
        if preparing.len() >= AHEAD || !more {
            let Some(made) = preparing.pop_front() else { break };
            for made in made.await.map_err(|_| ImportError::Stopped)? {
                flight.take(made).await?;
            }
            progress.at(rows.position(), flight.settled());
        }
    }
    while !flight.waiting.is_empty() {
        flight.settle_oldest().await?;
        progress.at(rows.position(), flight.settled());
    }
    flight.rejects.finish()?;
    Ok(flight.summary)
}

/// A row ready to be appended, or why it cannot be.
type Made = Result<(Origin, Append), Reject>;

fn prepared(chunk: Vec<Result<Known, Reject>>) -> Vec<Made> {
    chunk.into_iter().map(|row| row.and_then(Known::prepare)).collect()
}

type Answer = Result<Appended, AppendError>;

/// An append that was handed to the log.
enum Sent {
    Done(Box<Answer>),
    Waiting(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

/// Hands an append to the log without waiting for the answer: the log takes it at the first poll,
/// so rows get their numbers in the order of the file.
async fn send(desk: &Desk, append: Append) -> Sent {
    let log = desk.log().clone();
    let mut answer: Pin<Box<dyn Future<Output = Answer> + Send>> =
        Box::pin(async move { log.append(append).await });
    match poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await {
        Poll::Ready(done) => Sent::Done(Box::new(done)),
        Poll::Pending => Sent::Waiting(answer),
    }
}

/// Where an append came from, for a rejection.
#[derive(Debug)]
struct Origin(Row);

impl Origin {
    fn of(row: &Row) -> Self {
        Self(Row { line: row.line, fields: vec![row.id().to_owned()] })
    }
}

enum Entry {
    Rejected(Reject),
    Sent(Origin, Sent),
}

/// What was read and is not settled yet, in the order of the file.
struct Flight<'a> {
    desk: &'a Desk,
    waiting: VecDeque<Entry>,
    rejects: &'a mut Rejects,
    summary: Summary,
}

impl Flight<'_> {
    fn settled(&self) -> u64 {
        self.summary.imported + self.summary.already_there + self.summary.rejected
    }

    /// Hands a row to the log, and makes room first if as many wait as may.
    async fn take(&mut self, made: Made) -> Result<(), ImportError> {
        if self.waiting.len() >= IN_FLIGHT {
            self.settle_oldest().await?;
        }
        let entry = match made {
            Ok((origin, append)) => Entry::Sent(origin, send(self.desk, append).await),
            Err(reject) => Entry::Rejected(reject),
        };
        self.waiting.push_back(entry);
        Ok(())
    }

    async fn settle_oldest(&mut self) -> Result<(), ImportError> {
        let reject = match self.waiting.pop_front() {
            None => return Ok(()),
            Some(Entry::Rejected(reject)) => reject,
            Some(Entry::Sent(origin, sent)) => {
                let answer = match sent {
                    Sent::Done(answer) => *answer,
                    Sent::Waiting(answer) => answer.await,
                };
                match answer {
                    Ok(appended) if appended.replayed.is_some() => {
                        self.summary.already_there += 1;
                        return Ok(());
                    }
                    Ok(_) => {
                        self.summary.imported += 1;
                        return Ok(());
                    }
                    Err(error) => refused(&origin, error)?,
                }
            }
        };
        self.summary.rejected += 1;
        self.rejects.write(&reject)
    }
}

/// A row the log refuses is rejected; a log that does not work ends the import.
fn refused(origin: &Origin, error: AppendError) -> Result<Reject, ImportError> {
    match error {
        AppendError::IdempotencyMismatch => {
            Ok(origin.0.reject("id", "was imported before and said something else then"))
        }
        AppendError::TooLarge | AppendError::Invalid(_) | AppendError::Rejected(_) => {
            Ok(origin.0.reject("row", error.to_string()))
        }
        AppendError::Conflict { .. } | AppendError::Overloaded | AppendError::Unavailable(_) => {
            Err(error.into())
        }
    }
}
