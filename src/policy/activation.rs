//! Activating a rule set and taking an activation back: the files are stored first, then the event
//! that names them is appended; a set with an error never gets that far.

use hoiam_domain::policy::archive::{pack, unpack};
use hoiam_domain::policy::changes::changes;
use hoiam_domain::policy::{Activate, Activation, Cancel, Schedule, decide};
use hoiam_domain::routing::RuleSet;
use jiff::Timestamp;

use super::stream::{PolicyStream, append, read};
use super::{BlobKind, PolicyError, blob, store_blob};
use crate::log::{AppendError, Log};
use crate::random::Random;
use crate::rules::RulesError;

/// How often a change that lost a race is decided again.
const ATTEMPTS: usize = 16;
/// Examples that differ, told at most.
const TOLD: usize = 20;

/// Files of a rule set: (path relative to the rules directory, text).
pub type Files = Vec<(String, String)>;

/// What is asked: put these files into force.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The files.
    pub files: Files,
    /// From when; none for now.
    pub from: Option<Timestamp>,
    /// Who decides it.
    pub by: String,
    /// Why.
    pub note: Option<String>,
    /// Also when examples beside the rules come out otherwise.
    pub despite_examples: bool,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Activated.
    Done(Activation),
    /// This set is in force at that moment anyway; nothing was added.
    Already(Activation),
}

/// All activations.
///
/// # Errors
/// When the log cannot be read.
pub async fn schedule(log: &Log) -> Result<Schedule, PolicyError> {
    let mut schedule = Schedule::default();
    catch_up(log, &mut schedule).await?;
    Ok(schedule)
}

/// Takes in what was added to the log since. Tells whether there was anything.
///
/// # Errors
/// When the log cannot be read.
pub async fn catch_up(log: &Log, schedule: &mut Schedule) -> Result<bool, PolicyError> {
    let events = read(log, PolicyStream::Rules, schedule.version).await?;
    for one in &events {
        schedule.apply(one.version, one.recorded_at, &one.event);
    }
    Ok(!events.is_empty())
}

/// Checks a rule set and puts it into force at a moment. With `dry_run` everything is checked and
/// decided and nothing is stored.
///
/// # Errors
/// What is wrong with the set, by file and line, or why it may not be activated; nothing changed.
pub async fn activate(
    log: &Log,
    random: &dyn Random,
    now: Timestamp,
    wanted: &Wanted,
    dry_run: bool,
) -> Result<Outcome, PolicyError> {
    let rules = RuleSet::load(&wanted.files).map_err(RulesError::Wrong)?;
    if !wanted.despite_examples {
        examples_hold(&rules)?;
    }
    let from = wanted.from.unwrap_or(now);
    for _ in 0..ATTEMPTS {
        let mut schedule = schedule(log).await?;
        let before = schedule.in_force(from).map(|one| one.hash.clone());
        let old = match &before {
            // The same set differs in nothing, whether its files are here or not.
            Some(hash) if *hash == rules.hash => wanted.files.clone(),
            Some(hash) => stored_files(log, hash).await?,
            None => Files::new(),
        };
        let command = Activate {
            hash: rules.hash.clone(),
            from,
            by: wanted.by.clone(),
            note: wanted.note.clone(),
            files: wanted.files.len() as u64,
            changes: changes(&old, &wanted.files),
        };
        let event = decide::activate(&schedule, now, &command)?;
        if !dry_run {
            // Also what is in force already: a database may have come without its files.
            store_blob(log.pool(), BlobKind::RuleSet, &pack(&wanted.files), now).await?;
        }
        let Some(event) = event else {
            let there = schedule.in_force(from).cloned();
            return there.map(Outcome::Already).ok_or(PolicyError::Missing { hash: rules.hash });
        };
        let version = schedule.version;
        if !dry_run {
            let by = &wanted.by;
            match append(log, random, PolicyStream::Rules, version, &event, by, now).await {
                Err(PolicyError::Append(AppendError::Conflict { .. })) => continue,
                appended => appended?,
            };
        }
        schedule.apply(version + 1, now, &event);
        let done = schedule.get(version + 1).cloned();
        return done.map(Outcome::Done).ok_or(PolicyError::Missing { hash: rules.hash });
    }
    Err(AppendError::Overloaded.into())
}

/// Takes back an activation that has not begun. Tells whether anything changed.
///
/// # Errors
/// Why it may not be cancelled; nothing changed.
pub async fn cancel(
    log: &Log,
    random: &dyn Random,
    now: Timestamp,
    command: &Cancel,
) -> Result<bool, PolicyError> {
    for _ in 0..ATTEMPTS {
        let schedule = schedule(log).await?;
        let Some(event) = decide::cancel(&schedule, now, command)? else { return Ok(false) };
        let (version, by) = (schedule.version, &command.by);
        match append(log, random, PolicyStream::Rules, version, &event, by, now).await {
            Err(PolicyError::Append(AppendError::Conflict { .. })) => {}
            appended => return appended.map(|_| true),
        }
    }
    Err(AppendError::Overloaded.into())
}

/// The files of a stored rule set.
///
/// # Errors
/// When it is not stored here, or was altered.
pub async fn stored_files(log: &Log, hash: &str) -> Result<Files, PolicyError> {
    let missing = || PolicyError::Missing { hash: hash.to_owned() };
    let bytes = blob(log.pool(), hash).await?.ok_or_else(missing)?;
    unpack(&bytes)
        .map_err(|error| PolicyError::Altered { hash: hash.to_owned(), reason: error.to_string() })
}

/// A stored rule set, ready to decide.
///
/// # Errors
/// When it is not stored here, was altered, or this program finds it wrong.
pub async fn stored_set(log: &Log, hash: &str) -> Result<RuleSet, PolicyError> {
    let files = stored_files(log, hash).await?;
    // Reading a set and training its classifier takes a moment of pure work.
    let read = tokio::task::spawn_blocking(move || RuleSet::load(&files)).await;
    let altered = |reason: String| PolicyError::Altered { hash: hash.to_owned(), reason };
    Ok(read.map_err(|panic| altered(panic.to_string()))?.map_err(RulesError::Wrong)?)
}

fn examples_hold(rules: &RuleSet) -> Result<(), PolicyError> {
    let mut failed = 0;
    let mut lines = Vec::new();
    for example in &rules.examples {
        let differences = example.differences(rules);
        if differences.is_empty() {
            continue;
        }
        failed += 1;
        let place = format!("{}:{}", example.place.file, example.place.line);
        lines.extend(differences.iter().map(|difference| format!("{place}: {difference}")));
    }
    lines.truncate(TOLD);
    match failed {
        0 => Ok(()),
        _ => Err(PolicyError::Examples {
            failed,
            all: rules.examples.len(),
            differences: lines.join("\n"),
        }),
    }
}
