//! Decides, for a batch of appends and what the database holds, which are taken and what they
//! write. No I/O: the committer reads before and writes after.
//!
//! Appends are judged in the order they came, each against what the ones before it leave behind.
//! One that loses leaves nothing: no position, no version, no serial number.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::append::{Append, Appended, Build, Content, Idempotency, Prepared, Replay};
use super::check;
use super::error::AppendError;

/// An idempotency key: whose, and its hash.
pub(crate) type Key = (String, [u8; 32]);

/// What has to be read before a batch can be judged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) streams: Vec<Uuid>,
    pub(crate) series: Vec<String>,
    pub(crate) keys: Vec<Key>,
}

/// What was read, all of one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) head: u64,
    pub(crate) versions: HashMap<Uuid, u64>,
    pub(crate) serials: HashMap<String, u64>,
    pub(crate) keys: HashMap<Key, Stored>,
}

/// The first answer to a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) request_hash: [u8; 32],
    pub(crate) salt: [u8; 16],
    pub(crate) answer: String,
    pub(crate) first_position: u64,
    pub(crate) last_position: u64,
    pub(crate) versions: Vec<(Uuid, u64)>,
}

/// What became of a batch: one answer an append, in order, and the state it leaves.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) answers: Vec<Result<Appended, AppendError>>,
    pub(crate) after: Known,
    /// For each append that writes, by its place in the batch: the versions of its streams before.
    pub(crate) taken: Vec<Taken>,
}

/// An append that writes.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) place: usize,
    pub(crate) first_position: u64,
    /// In the order of the append's streams.
    pub(crate) versions_before: Vec<u64>,
}

/// One append of a batch.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) recorded_at: Timestamp,
    pub(crate) actor: String,
    pub(crate) causation: Option<Uuid>,
    pub(crate) correlation: Option<Uuid>,
    pub(crate) idempotency: Option<Idempotency>,
    source: Source,
}

/// Where what it writes comes from.
enum Source {
    Ready(Prepared),
    /// The mutex is never locked: it makes a builder that may not be shared part of a batch that
    /// may. `built` is what it built last.
    Numbered {
        series: String,
        build: Mutex<Build>,
        built: Option<Prepared>,
    },
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Ready(_)) { "Ready" } else { "Numbered" })
    }
}

impl Candidate {
    /// A candidate for an append that has been checked.
    pub(crate) fn new(append: Append) -> Self {
        let source = match append.content {
            Content::Ready(prepared) => Source::Ready(prepared),
            Content::Numbered { series, build } => {
                Source::Numbered { series, build: Mutex::new(build), built: None }
            }
        };
        Self {
            recorded_at: append.recorded_at,
            actor: append.actor,
            causation: append.causation,
            correlation: append.correlation,
            idempotency: append.idempotency,
            source,
        }
    }

    /// What it writes, once known.
    pub(crate) fn prepared(&self) -> Option<&Prepared> {
        match &self.source {
            Source::Ready(prepared) => Some(prepared),
            Source::Numbered { built, .. } => built.as_ref(),
        }
    }

    /// The series it takes its number from.
    pub(crate) fn series(&self) -> Option<&str> {
        match &self.source {
            Source::Ready(_) => None,
            Source::Numbered { series, .. } => Some(series),
        }
    }

    /// Builds a numbered append for the next number of its series, which it returns.
    fn build(
        &mut self,
        serials: &HashMap<String, u64>,
        max_bytes: usize,
    ) -> Result<Option<u64>, AppendError> {
        let Source::Numbered { series, build, built } = &mut self.source else { return Ok(None) };
        let number = serials.get(series).copied().unwrap_or(0) + 1;
        let build = build.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A builder that panics must not take the committer with it.
        let prepared = catch_unwind(AssertUnwindSafe(|| build(number)))
            .map_err(|_| AppendError::Invalid("its builder panicked".into()))?
            .map_err(AppendError::Rejected)?;
        check::prepared(&prepared, max_bytes)?;
        *built = Some(prepared);
        Ok(Some(number))
    }
}

/// What to read for a batch. `built` adds the streams of what numbered appends built last time,
/// which otherwise are taken to be new if that is what the append expects of them.
pub(crate) fn wanted<'a>(batch: impl Iterator<Item = &'a Candidate>, built: bool) -> Wanted {
    let mut wanted = Wanted::default();
    for candidate in batch {
        wanted.series.extend(candidate.series().map(str::to_owned));
        if let Some(Idempotency { scope, key_hash, .. }) = &candidate.idempotency {
            wanted.keys.push((scope.clone(), *key_hash));
        }
        let known = candidate.series().is_none() || built;
        if let Some(prepared) = candidate.prepared().filter(|_| known) {
            wanted.streams.extend(prepared.streams.iter().map(|stream| stream.stream));
        }
    }
    wanted.streams.sort_unstable();
    wanted.streams.dedup();
    wanted.series.sort_unstable();
    wanted.series.dedup();
    wanted.keys.sort_unstable();
    wanted.keys.dedup();
    wanted
}

/// Some numbered append built streams whose versions have not been read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct MoreWanted;

/// Judges a batch. `guess`: a stream that was not read and is expected to be new is taken to be
/// new; the table's unique key finds out if it is not.
pub(crate) fn judge<'a>(
    batch: impl Iterator<Item = &'a mut Candidate>,
    known: Known,
    guess: bool,
    max_bytes: usize,
) -> Result<Judged, MoreWanted> {
    let mut judged = Judged { answers: Vec::new(), after: known, taken: Vec::new() };
    let mut missing = false;
    for (place, candidate) in batch.enumerate() {
        let answer = match one(candidate, &mut judged, place, guess, max_bytes) {
            Ok(answer) => answer,
            Err(MoreWanted) => {
                missing = true;
                continue;
            }
        };
        judged.answers.push(answer);
    }
    if missing { Err(MoreWanted) } else { Ok(judged) }
}

fn one(
    candidate: &mut Candidate,
    judged: &mut Judged,
    place: usize,
    guess: bool,
    max_bytes: usize,
) -> Result<Result<Appended, AppendError>, MoreWanted> {
    let after = &mut judged.after;
    if let Some(key) = &candidate.idempotency
        && let Some(stored) = after.keys.get(&(key.scope.clone(), key.key_hash))
    {
        return Ok(stored.replay(key));
    }
    let number = match candidate.build(&after.serials, max_bytes) {
        Ok(number) => number,
        Err(error) => return Ok(Err(error)),
    };
    let Some(prepared) = candidate.prepared() else {
        return Ok(Err(AppendError::Invalid("nothing to write".into())));
    };
    let mut versions_before = Vec::with_capacity(prepared.streams.len());
    for stream in &prepared.streams {
        let actual = match after.versions.get(&stream.stream) {
            Some(version) => *version,
            None if guess && stream.expected.admits(0) && !stream.expected.admits(1) => 0,
            None => return Err(MoreWanted),
        };
        if !stream.expected.admits(actual) {
            return Ok(Err(AppendError::Conflict { stream: stream.stream, actual }));
        }
        versions_before.push(actual);
    }
    let first_position = after.head + 1;
    let mut versions = Vec::with_capacity(prepared.streams.len());
    for (stream, before) in prepared.streams.iter().zip(&versions_before) {
        let version = before + stream.events.len() as u64;
        after.head += stream.events.len() as u64;
        after.versions.insert(stream.stream, version);
        versions.push((stream.stream, version));
    }
    let appended = Appended {
        first_position,
        last_position: after.head,
        versions,
        answer: prepared.answer.clone(),
        first_leaf: None,
        replayed: None,
    };
    if let (Some(series), Some(number)) = (candidate.series(), number) {
        after.serials.insert(series.to_owned(), number);
    }
    if let Some(key) = &candidate.idempotency {
        after.keys.insert((key.scope.clone(), key.key_hash), Stored::first(key, &appended));
    }
    judged.taken.push(Taken { place, first_position, versions_before });
    Ok(Ok(appended))
}

impl Stored {
    fn first(key: &Idempotency, appended: &Appended) -> Self {
        Self {
            request_hash: key.request_hash,
            salt: key.salt,
            answer: appended.answer.clone(),
            first_position: appended.first_position,
            last_position: appended.last_position,
            versions: appended.versions.clone(),
        }
    }

    /// The first answer again, if it is the same request.
    fn replay(&self, key: &Idempotency) -> Result<Appended, AppendError> {
        if self.request_hash != key.request_hash {
            return Err(AppendError::IdempotencyMismatch);
        }
        Ok(self.appended())
    }

    /// The answer a replay gets.
    pub(crate) fn appended(&self) -> Appended {
        Appended {
            first_position: self.first_position,
            last_position: self.last_position,
            versions: self.versions.clone(),
            answer: self.answer.clone(),
            first_leaf: None,
            replayed: Some(Replay { salt: self.salt }),
        }
    }
}
