//! Boundaries in the log: imported, stored under their hash, read back by every node.
//!
//! The content is stored first, then `geo.imported` is appended; a file with anything wrong never
//! gets that far. Which set answers for a day follows from the events alone.

use std::sync::Arc;

use hoiam_domain::policy::{GeoImported, PolicyEvent};
use hoiam_domain::routing::RuleSet;
use hoiam_domain::routing::boundaries::timeline::{IndexedSet, effective};
use hoiam_domain::routing::boundaries::{Boundaries, BoundarySet, SetReference};
use hoiam_domain::routing::boundaries::{Import, ImportOptions, Problem};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::stream::{PolicyStream, append, read};
use super::{BlobKind, PolicyError, blob, store_blob};
use crate::log::{AppendError, Log};
use crate::random::Random;
use crate::tracking::hex;

/// How often an import that lost a race is tried again.
const ATTEMPTS: usize = 16;

/// An import as the log has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// Its place in the stream, from 1.
    pub id: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What was imported.
    pub event: GeoImported,
}

impl Imported {
    /// Names the stored set and its validity.
    pub fn reference(&self) -> SetReference {
        let e = &self.event;
        SetReference { level: e.level, from: e.from, to: e.to, hash: e.hash.clone() }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The file.
    pub text: &'a str,
    /// What is said about it.
    pub options: &'a ImportOptions,
    /// Who decides it: the name of an account.
    pub by: &'a str,
    /// Why.
    pub note: Option<&'a str>,
    /// Only try.
    pub check: bool,
}

/// What became of an import.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Good, and only tried.
    Checked(Box<Import>),
    /// Imported.
    Done(Box<Import>, Imported),
    /// Exactly these boundaries hold already; nothing was added.
    Already(Box<Import>, Imported),
}

/// Why boundaries were not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Everything that is wrong with the file.
    #[error("{}", lines(.0))]
    Wrong(Vec<Problem>),
    /// The store or the log.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Every import, in order.
///
/// # Errors
/// When the log cannot be read.
pub async fn imported(log: &Log, after: u64) -> Result<Vec<Imported>, PolicyError> {
    let events = read(log, PolicyStream::Geo, after).await?.into_iter();
    Ok(events
        .filter_map(|one| match one.event {
            PolicyEvent::GeoImported(event) => {
                Some(Imported { id: one.version, recorded_at: one.recorded_at, event })
            }
            _ => None,
        })
        .collect())
}

/// Reads a file against the directory of `rules` and imports it.
///
/// # Errors
/// Everything that is wrong with the file, or a database that fails; nothing was changed.
pub async fn import(
    log: &Log,
    random: &dyn Random,
    now: Timestamp,
    rules: &RuleSet,
    wanted: &Wanted<'_>,
) -> Result<Outcome, ImportError> {
    let Wanted { text, options, by, note, check } = *wanted;
    let import = Box::new(rules.read_boundaries(text, options).map_err(ImportError::Wrong)?);
    if check {
        return Ok(Outcome::Checked(import));
    }
    let set = &import.set;
    let altered = |error: hoiam_domain::routing::boundaries::SetError| PolicyError::Altered {
        hash: String::new(),
        reason: error.to_string(),
    };
    let stored = set.to_text().map_err(altered)?;
    let hash = store_blob(log.pool(), BlobKind::Boundaries, stored.as_bytes(), now).await?;
    let event = GeoImported {
        level: set.level,
        hash,
        from: set.validity.from,
        to: set.validity.to,
        areas: set.areas.len() as u64,
        points: set.points() as u64,
        left_out: import.left_out.len() as u64,
        source: set.source.clone(),
        licence: set.licence.clone(),
        file: hex(&Sha256::digest(text.as_bytes())),
        by: by.to_owned(),
        note: note.map(str::to_owned),
    };
    for _ in 0..ATTEMPTS {
        let before = imported(log, 0).await?;
        let version = before.last().map_or(0, |last| last.id);
        let same = |one: &&Imported| one.event.hash == event.hash;
        let holds = effective(before.iter().map(Imported::reference));
        if let Some(one) = before.iter().rev().find(same)
            && holds.iter().rev().find(|set| set.level == event.level) == Some(&one.reference())
        {
            return Ok(Outcome::Already(import, one.clone()));
        }
        let policy = PolicyEvent::from(event.clone());
        match append(log, random, PolicyStream::Geo, version, &policy, by, now).await {
            Err(PolicyError::Append(AppendError::Conflict { .. })) => {}
            Err(error) => return Err(error.into()),
            Ok(id) => {
                let done = Imported { id, recorded_at: now, event };
                return Ok(Outcome::Done(import, done));
            }
        }
    }
    Err(PolicyError::from(AppendError::Overloaded).into())
}

/// The boundaries that hold according to the log, as far as they can be had. Takes over what is
/// indexed in `known`. Also gives why a set cannot be had.
///
/// # Errors
/// When the database does not answer.
pub async fn boundaries(
    log: &Log,
    imported: &[Imported],
    known: &Boundaries,
) -> Result<(Boundaries, Vec<PolicyError>), PolicyError> {
    let mut sets = Vec::new();
    let mut failures = Vec::new();
    for reference in effective(imported.iter().map(Imported::reference)) {
        let same = |set: &&Arc<IndexedSet>| set.reference == reference;
        if let Some(known) = known.sets().iter().find(same) {
            sets.push(known.clone());
            continue;
        }
        match stored(log, reference).await {
            Ok(set) => sets.push(Arc::new(set)),
            Err(error @ (PolicyError::Log(_) | PolicyError::Database(_))) => return Err(error),
            Err(error) => failures.push(error),
        }
    }
    Ok((Boundaries::new(sets), failures))
}

async fn stored(log: &Log, reference: SetReference) -> Result<IndexedSet, PolicyError> {
    let hash = reference.hash.clone();
    let altered = |reason: String| PolicyError::Altered { hash: hash.clone(), reason };
    let missing = || PolicyError::Missing { hash: hash.clone() };
    let bytes = blob(log.pool(), &hash).await?.ok_or_else(missing)?;
    // Checking every ring and building the index takes a moment of pure work.
    let read = tokio::task::spawn_blocking(move || {
        let text = std::str::from_utf8(&bytes).map_err(|error| error.to_string())?;
        let set = BoundarySet::from_text(text).map_err(|error| error.to_string())?;
        Ok::<_, String>(IndexedSet::new(reference, set))
    });
    read.await.map_err(|panic| altered(panic.to_string()))?.map_err(altered)
}
