//! Removes files without an event, and those whose event was erased: uploads that broke off between
//! the store and the log. A day
//! passes before, so that nothing is removed that is still under way.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use hoiam_domain::case::Case;

use super::{AttachmentError, Attachments, pending};
use crate::desk::{Desk, DeskError};
use crate::log::Pool;

/// How old a file without an event is before it is removed.
pub const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// Files looked at in one round.
const ROUND: i64 = 100;

/// One round; how many files were removed.
///
/// # Errors
/// [`AttachmentError`]; what was not removed is the next time.
pub async fn sweep(
    files: &Attachments,
    desk: &Desk,
    now: Timestamp,
) -> Result<usize, AttachmentError> {
    let pool = desk.log().pool();
    let old = now.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN).as_microsecond();
    let mut removed = 0;
    for file in pending::before(pool, old, ROUND).await? {
        // The log is asked, not a read model: an event that is there keeps its file.
        let attached = match desk.case(file.case).await {
            Ok(case) => {
                case.attachments.iter().any(|one| one.stored == file.stored && !one.key.is_erased())
            }
            Err(DeskError::NotFound) => false,
            Err(error) => return Err(error.into()),
        };
        if !attached {
            files.store.delete(&file.stored).await?;
            removed += 1;
        }
        pending::remove(pool, &file.stored).await?;
    }
    Ok(removed)
}

/// The files of a case that was erased go with the next round; nobody can read them any more.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn erased(pool: &Pool, case: &Case) -> Result<(), sqlx::Error> {
    for file in case.attachments.iter().filter(|file| file.key.is_erased()) {
        let file = pending::Pending { stored: file.stored.clone(), case: case.id };
        pending::add_erased(pool, &file).await?;
    }
    Ok(())
}

/// Sweeps every ten minutes until told to stop.
pub async fn run(files: Attachments, desk: Desk, mut stop: watch::Receiver<bool>) {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(600);
    let mut every = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            // An error means that nobody can tell any more.
            _ = stop.wait_for(|stop| *stop) => return,
            _ = every.tick() => {}
        }
        match sweep(&files, &desk, desk.now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "files without an event were removed"),
            Err(error) => tracing::warn!(%error, "files without an event were not removed"),
        }
    }
}
