//! Files that came into use without an activation, written down: the set a server begins with, and
//! each change of the directory it follows. So every change of rules, limits and calendars of a
//! running desk is an event, also where nobody activates anything.

use hoiam_domain::actor::Actor;
use hoiam_domain::policy::archive::pack;
use hoiam_domain::policy::changes::changes;
use hoiam_domain::policy::event::RulesFilesLoaded;
use hoiam_domain::routing::RuleSet;
use tokio::sync::watch;

use super::activation::{Files, schedule, stored_files};
use super::stream::{PolicyStream, append_by};
use super::{BlobKind, PolicyError, store_blob};
use crate::desk::Desk;
use crate::log::AppendError;

/// How often an append that lost a race is tried again.
const ATTEMPTS: usize = 16;

/// Writes down what is in use now, and what comes into use, until `stop` changes.
pub async fn run(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut changed = desk.rules_handle().base_changed();
    loop {
        changed.mark_unchanged();
        match record(&desk).await {
            Ok(true) => tracing::info!(hash = %desk.rules().hash, "the rules in use were recorded"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the rules in use could not be recorded"),
        }
        tokio::select! {
            more = changed.changed() => if more.is_err() { return },
            _ = stop.changed() => return,
        }
    }
}

/// Writes down the files in use, unless they are what was last written down or an activated set is
/// in force. Tells whether anything was written.
///
/// # Errors
/// When the files or the log cannot be read, or the log cannot be written.
pub async fn record(desk: &Desk) -> Result<bool, PolicyError> {
    let (log, rules) = (desk.log(), desk.rules_handle());
    for _ in 0..ATTEMPTS {
        let (schedule, now) = (schedule(log).await?, desk.now());
        let base = rules.base();
        if schedule.in_force(now).is_some() || schedule.loaded.as_ref() == Some(&base.hash) {
            return Ok(false);
        }
        let source = rules.source().clone();
        let read = tokio::task::spawn_blocking(move || source.files()).await;
        let files = read.map_err(|panic| AppendError::Invalid(panic.to_string()))??;
        // Changed again meanwhile: that change is told as well.
        if RuleSet::hash_of(&files) != base.hash {
            return Ok(false);
        }
        let old = match &schedule.loaded {
            // Files that did not come with the log differ in everything.
            Some(hash) => stored_files(log, hash).await.unwrap_or_default(),
            None => Files::new(),
        };
        store_blob(log.pool(), BlobKind::RuleSet, &pack(&files), now).await?;
        let event = RulesFilesLoaded {
            hash: base.hash.clone(),
            source: rules.source().to_string(),
            files: files.len() as u64,
            before: schedule.loaded.clone(),
            changes: changes(&old, &files),
        };
        let (by, version) = (Actor::system("rules"), schedule.version);
        match append_by(log, desk.random(), PolicyStream::Rules, version, &event.into(), &by, now)
            .await
        {
            Err(PolicyError::Append(AppendError::Conflict { .. })) => {}
            appended => return appended.map(|_| true),
        }
    }
    Err(AppendError::Overloaded.into())
}
