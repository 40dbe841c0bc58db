//! Rebuild and verify: the read models made again from the log, beside the ones that are served.
//!
//! The log is read once for all projections asked for. Events are folded in memory, of each row
//! only the last state is written, into tables of the same shape with `__fill` behind their names.
//! What is appended meanwhile is caught up with, the rows are compared with those served, and then
//! the tables change places in one short transaction under the lock of the log's head. The desk
//! stays open all the time. [`verify`] does the same up to the comparison and changes nothing.

mod alive;
pub(crate) use alive::silent;
mod background;
mod buffer;
mod cases;
mod compare;
mod fills;
mod fold;
mod run;
mod source;
mod status;
mod target;
mod unit;

use std::time::Duration;

use hoiam_domain::case::codec::CodecError;
use jiff::Timestamp;

pub use background::keep_current;
pub use compare::{Compared, Difference};
pub use status::{Filling, Status, status};

use crate::followers::FollowerError;
use crate::log::{Log, LogError};

/// How to rebuild.
#[derive(Clone, Copy, Debug)]
pub struct RebuildOptions {
    /// Now: noted with the checkpoints of followers.
    pub now: Timestamp,
    /// Only compare; put nothing in place.
    pub check: bool,
    /// About how many bytes of rows are gathered before they are written. As many again may be
    /// on their way to the database.
    pub rows: usize,
    /// States of cases kept in memory, a few kilobytes each. One that was dropped and is needed
    /// again is read from its own stream.
    pub cases: usize,
    /// For how long the database may give no answer at all before the rebuild ends.
    pub patience: Duration,
}

impl RebuildOptions {
    /// What suits a city: 600 to 800 MB at 3,000,000 events on PostgreSQL; on SQLite
    /// 1.4 GB were resident, the file it maps counted in.
    pub fn at(now: Timestamp) -> Self {
        let patience = Duration::from_secs(60);
        Self { now, check: false, rows: 128 << 20, cases: 50_000, patience }
    }
}

/// What a rebuild is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading the log and writing rows.
    Filling,
    /// Adding indexes.
    Indexing,
    /// Comparing with what is served.
    Comparing,
    /// Putting the tables in place.
    Exchanging,
}

/// How far a rebuild is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// The last position folded.
    pub position: u64,
    /// The last position there was when it looked.
    pub head: u64,
}

/// What a rebuild did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// The projections, in the order they were written.
    pub projections: Vec<&'static str>,
    /// The position it goes on from an earlier, interrupted rebuild; 0 if it began anew.
    pub resumed_from: u64,
    /// The rows in place are those of all events up to here.
    pub position: u64,
    /// Whether they are in place: not with [`RebuildOptions::check`].
    pub replaced: bool,
    /// How they compared with those served before, a table each.
    pub compared: Vec<Compared>,
    /// What could not be compared, and why.
    pub not_compared: Vec<NotCompared>,
}

impl Rebuilt {
    /// The first row that was not what the log gives.
    pub fn difference(&self) -> Option<&Compared> {
        self.compared.iter().find(|table| table.different > 0)
    }
}

/// A projection whose rows could not be compared.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NotCompared {
    /// Which.
    pub projection: &'static str,
    /// Why.
    pub why: String,
}

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// How far the log was recomputed.
    pub position: u64,
    /// How the rows compare, a table each.
    pub compared: Vec<Compared>,
    /// What could not be compared, and why.
    pub not_compared: Vec<NotCompared>,
}

impl Verified {
    /// The first row that is not what the log gives.
    pub fn difference(&self) -> Option<&Compared> {
        self.compared.iter().find(|table| table.different > 0)
    }
}

/// Why nothing was rebuilt. What is served is untouched; running the same again goes on.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// There is no projection of that name.
    #[error("no projection is called `{name}`; there are {known}")]
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Another rebuild is running.
    #[error("another rebuild or verification of this database is running")]
    Busy,
    /// The served tables are in use without pause.
    #[error("the tables were in use without pause; run it again when less is going on")]
    InUse,
    /// The lock beside a SQLite file cannot be made.
    #[error("the lock beside the database: {0}")]
    Lock(std::io::Error),
    /// An event cannot be read.
    #[error("event {position}: {error}")]
    Unreadable {
        /// Its position.
        position: i64,
        /// Why.
        error: CodecError,
    },
    /// The log ended before its head.
    #[error("the log ends at {found}, its head says {head}")]
    Short {
        /// The last event read.
        found: u64,
        /// The head.
        head: u64,
    },
    /// The connection to the database was lost, or nothing is answered any more.
    #[error(
        "the database went away: {0}. What is served stays whole; when it is back, run the same \
             again, and it goes on"
    )]
    Gone(String),
    /// The program is being stopped.
    #[error("the rebuild was stopped")]
    Stopped,
    /// The followers cannot take in what was appended, so that they could be compared.
    #[error(transparent)]
    Followers(#[from] FollowerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database does not work.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes projections again from the log and puts them in place of those served. No names: all.
///
/// If it is interrupted, the rows served are the old ones; the same call goes on from the last
/// batch that was written, after which a large log has many and a small one starts over.
///
/// # Errors
/// [`RebuildError`]; what is served is untouched.
pub async fn rebuild(
    log: &Log,
    names: &[&str],
    options: RebuildOptions,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Rebuilt, RebuildError> {
    let units = unit::named(names)?;
    let done = tokio::select! {
        done = run::run(log, &units, options, &mut progress) => done,
        () = alive::silent(log.pool(), options.patience) => {
            let seconds = options.patience.as_secs();
            Err(RebuildError::Gone(format!("no answer for {seconds} seconds")))
        }
    };
    done.map_err(alive::explained)
}

/// Makes projections again from the log and compares them with those served. No names: all.
///
/// # Errors
/// [`RebuildError`]. A difference is no error.
pub async fn verify(log: &Log, names: &[&str]) -> Result<Verified, RebuildError> {
    verify_with(log, names, |_| ()).await
}

/// As [`verify`], telling how far it is.
///
/// # Errors
/// As [`verify`].
pub async fn verify_with(
    log: &Log,
    names: &[&str],
    progress: impl FnMut(Progress) + Send,
) -> Result<Verified, RebuildError> {
    // Nothing is put in place, so the time is not noted.
    let options = RebuildOptions { check: true, ..RebuildOptions::at(Timestamp::UNIX_EPOCH) };
    let Rebuilt { position, compared, not_compared, .. } =
        rebuild(log, names, options, progress).await?;
    Ok(Verified { position, compared, not_compared })
}
