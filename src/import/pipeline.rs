//! Rows into the log: read one, append it, and settle the oldest appends while newer ones wait.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::import::{Record, events};
use hoiam_domain::case::{CaseNumber, Intent};
use jiff::Timestamp;
use uuid::Uuid;

use super::build::Builder;
use super::identity::Identities;
use super::map::Map;
use super::rejects::{Reject, Rejects};
use super::rows::{Row, Rows};
use super::{ImportError, Summary};
use crate::desk::{Desk, stream_append};
use crate::log::{Append, AppendError, Appended, Content, Idempotency, Prepared};
use crate::random::sortable_id;
use crate::tracking::TrackingCode;

/// Appends in flight: two full batches, so that one fills while the other is written.
const IN_FLIGHT: usize = 1024;

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
    let builder = Builder::new(map, &rules, desk.prefix())?;
    let mut identities = Identities::new(&map.file.system, map.file.duplicates);
    let writer = Writer::new(desk, &map.file.system)?;
    let mut flight = Flight { waiting: VecDeque::new(), rejects, summary: Summary::default() };
    loop {
        if stop.load(Ordering::Relaxed) {
            flight.summary.interrupted = true;
            break;
        }
        let Some(read) = rows.next()? else { break };
        let prepared = read.and_then(|row| {
            let key = identities.key(&row)?;
            let record = builder.record(&row)?;
            Ok((row, identities.idempotency(key, &record), record))
        });
        let entry = match prepared {
            Ok((row, idempotency, record)) => {
                let year = builder.year(record.received_at);
                let append = writer.append(record, idempotency, year);
                Entry::Sent(Origin::of(&row), send(desk, append).await)
            }
            Err(reject) => Entry::Rejected(reject),
        };
        flight.waiting.push_back(entry);
        if flight.waiting.len() >= IN_FLIGHT {
            flight.settle_oldest().await?;
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

/// What makes appends of records.
struct Writer<'a> {
    desk: &'a Desk,
    intent: Intent,
    actor: String,
    /// One for the whole run.
    correlation: Uuid,
}

impl<'a> Writer<'a> {
    fn new(desk: &'a Desk, system: &str) -> Result<Self, ImportError> {
        // The prefix is checked here once, so that building a number cannot fail later.
        CaseNumber::new(desk.prefix(), 2000, 1)?;
        let now = desk.now();
        let actor = Actor::new(Role::Integration, format!("import:{system}"));
        Ok(Self {
            desk,
            actor: serde_json::to_string(&actor)?,
            intent: Intent { actor, now, occurred_at: now },
            correlation: sortable_id(desk.random(), now),
        })
    }

    fn append(&self, mut record: Record, idempotency: Idempotency, year: i16) -> Append {
        let random = self.desk.random();
        let now: Timestamp = self.intent.now;
        let stream = sortable_id(random, now);
        // Nobody is told this code; every case has one, so that one can be given out later.
        record.reporter.tracking_hash = TrackingCode::derive(&random.draw(), "").hash();
        let prefix = self.desk.prefix().to_owned();
        let series = format!("{prefix}-{year}");
        let intent = self.intent.clone();
        let build = Box::new(move |serial: u64| {
            record.number = CaseNumber::new(&prefix, year, serial).map_err(|e| e.to_string())?;
            let (append, _) = stream_append(None, stream, events(&record), &intent)
                .map_err(|error| error.to_string())?;
            Ok(Prepared { streams: vec![append], answer: record.number.to_string() })
        });
        Append {
            recorded_at: now,
            actor: self.actor.clone(),
            causation: None,
            correlation: Some(self.correlation),
            idempotency: Some(idempotency),
            content: Content::Numbered { series, build },
        }
    }
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
    waiting: VecDeque<Entry>,
    rejects: &'a mut Rejects,
    summary: Summary,
}

impl Flight<'_> {
    fn settled(&self) -> u64 {
        self.summary.imported + self.summary.already_there + self.summary.rejected
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
