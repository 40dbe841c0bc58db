//! New versions of projections fill beside the old ones while the desk is open.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::{RebuildError, RebuildOptions, rebuild, status};
use crate::clock::Clock;
use crate::log::Log;

/// How long to wait while another node fills, or after a failure.
const AGAIN: Duration = Duration::from_secs(30);

/// Fills every projection whose rows an older version of the program wrote, and puts them in
/// place. Until then the old rows are served. Ends when there is nothing to fill, or at `stop`.
pub async fn keep_current(log: Log, clock: Arc<dyn Clock>, mut stop: watch::Receiver<bool>) {
    loop {
        let filled = tokio::select! {
            filled = fill_outdated(&log, &*clock) => filled,
            _ = stop.changed() => return,
        };
        match filled {
            Ok(()) => return,
            Err(RebuildError::Busy) => tracing::info!("another node fills new versions"),
            Err(error) => tracing::error!(%error, "new versions of projections cannot be filled"),
        }
        tokio::select! {
            () = tokio::time::sleep(AGAIN) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn fill_outdated(log: &Log, clock: &dyn Clock) -> Result<(), RebuildError> {
    let known = status(log).await?;
    let names: Vec<&str> = known.iter().filter(|s| s.outdated()).map(|s| s.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    tracing::info!(?names, "filling new versions of projections beside the old");
    let done = rebuild(log, &names, RebuildOptions::at(clock.now()), |_| ()).await?;
    tracing::info!(?names, position = done.position, "new versions of projections are in place");
    Ok(())
}
