//! What is known of every projection: version, position, and whether a fill is under way.

use serde::Serialize;

use super::target::Target;
use super::unit::{self, Unit};
use super::{RebuildError, fills};
use crate::log::Log;

/// A projection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its name.
    pub name: &'static str,
    /// Written behind the log; otherwise in the append's own transaction.
    pub follower: bool,
    /// The version that wrote the rows served; none if nothing did yet.
    pub stored_version: Option<u32>,
    /// The version of this program.
    pub program_version: u32,
    /// The rows served are those of all events up to here.
    pub position: u64,
    /// Events after that.
    pub lag: u64,
    /// Rows being filled beside.
    pub filling: Option<Filling>,
}

/// Rows being filled beside those served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// The version that writes them.
    pub version: u32,
    /// The rows of all events up to here are written.
    pub position: u64,
    /// The head of the log when it was last looked at.
    pub head: u64,
    /// Somebody works on it; otherwise it was interrupted.
    pub running: bool,
}

impl Status {
    /// Whether rows of this program's version have to be filled beside.
    pub fn outdated(&self) -> bool {
        self.stored_version.is_some_and(|stored| stored < self.program_version)
    }

    /// Why its rows cannot be compared with those of this program.
    pub(super) fn not_comparable(&self) -> Option<String> {
        /// Events a follower may be behind: it takes them in before it is compared.
        const BEHIND: u64 = 20_000;
        match self.stored_version {
            None => Some("nothing was written yet".to_owned()),
            Some(stored) if stored != self.program_version => Some(format!(
                "version {stored} is served, this program has version {}",
                self.program_version
            )),
            Some(_) if self.lag > BEHIND => Some(format!("it is {} events behind", self.lag)),
            Some(_) => None,
        }
    }
}

/// Every projection of this program.
///
/// # Errors
/// When the database does not answer.
pub async fn status(log: &Log) -> Result<Vec<Status>, RebuildError> {
    let head = log.head().await?;
    let versions = fills::versions(log.pool()).await?;
    let checkpoints = log.checkpoints().await?;
    let fills = fills::all(log.pool()).await?;
    let running = !fills.is_empty() && running(log).await?;
    let one = |unit: Unit| {
        let filling = fills.iter().find(|fill| fill.name == unit.name()).map(|fill| Filling {
            version: fill.version,
            position: fill.position,
            head: fill.target,
            running,
        });
        let (stored_version, position) = match unit {
            Unit::Inline(_) => (Some(versions.get(unit.name()).copied().unwrap_or(0)), head),
            Unit::Follower(_) => checkpoints
                .iter()
                .find(|checkpoint| checkpoint.name == unit.name())
                .map_or((None, 0), |known| (Some(known.version), known.position)),
        };
        Status {
            name: unit.name(),
            follower: unit.is_follower(),
            stored_version,
            program_version: unit.version(),
            position,
            lag: head.saturating_sub(position),
            filling,
        }
    };
    Ok(unit::all().into_iter().map(one).collect())
}

/// Whether somebody holds the lock.
async fn running(log: &Log) -> Result<bool, RebuildError> {
    match Target::open(log.pool()).await {
        Ok(target) => {
            target.close().await;
            Ok(false)
        }
        Err(RebuildError::Busy) => Ok(true),
        Err(error) => Err(error),
    }
}
