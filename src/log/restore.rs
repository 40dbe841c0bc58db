//! A whole log into an empty database, event by event as it was: the way of `hoiam log import`.
//!
//! Events are written in bounded transactions. The first one leaves a mark, and while it stands
//! [`Log::open`](super::Log::open) refuses the database: what is half there never looks whole. The
//! head of the log moves only once every event is there; the mark goes when rows of every
//! projection are, too.

mod postgres;
mod sqlite;

use sqlx::{Connection, PgConnection, SqliteConnection};

use super::error::LogError;
use super::event::RecordedEvent;
use super::pool::{Connect, Database, Pool};
use crate::on_pool;

/// What a database holds of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// No event.
    Nothing,
    /// A log that is in use, this many events long.
    Log(u64),
    /// Part of a file: an import that did not come to its end.
    Part(Part),
}

/// An import that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// SHA-256 of the file, as its last line gives it.
    pub(crate) sha256: String,
    /// How many events the file has.
    pub(crate) events: u64,
    /// The last event that is there.
    pub(crate) position: u64,
    /// All events are there; only rows are missing.
    pub(crate) complete: bool,
}

/// The connection an import writes through.
pub(crate) enum Restore {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one statement with parameters on whichever connection it is.
macro_rules! on {
    ($self:expr, $db:ident => $body:expr) => {
        match $self {
            Restore::Sqlite($db) => $body,
            Restore::Postgres($db) => $body,
        }
    };
}

const MARK: &str = "INSERT INTO log_import (id, sha256, events, phase) VALUES (1, $1, $2, 'events') \
     ON CONFLICT (id) DO NOTHING";
const UNMARK: &str = "DELETE FROM log_import";
const HEAD: &str = "UPDATE log_head SET position = $1 WHERE id = 1 AND position = 0";
const SERIAL: &str = "INSERT INTO serials (series, last) VALUES ($1, $2)";
const COMPLETE: &str = "UPDATE log_import SET phase = 'projections'";

/// What there is, all of one moment: the head, the last event, the mark.
const HELD: &str = "SELECT (SELECT position FROM log_head WHERE id = 1), \
     CAST((SELECT coalesce(max(position), 0) FROM events) AS BIGINT), \
     (SELECT sha256 FROM log_import), (SELECT events FROM log_import), (SELECT phase FROM log_import)";

/// Says what a database holds.
pub(super) async fn held(pool: &Pool) -> Result<Held, LogError> {
    use sqlx::Row;
    type Mark = (Option<String>, Option<i64>, Option<String>);
    let (head, last, mark): (Option<i64>, i64, Mark) = on_pool!(pool, db => {
        let row = sqlx::query(HELD).fetch_one(db).await?;
        (row.try_get(0)?, row.try_get(1)?, (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
    });
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(match mark {
        (Some(sha256), Some(events), Some(phase)) => Held::Part(Part {
            sha256,
            events: count(events),
            position: count(last),
            complete: phase == "projections",
        }),
        _ if head.unwrap_or(0) == 0 && last == 0 => Held::Nothing,
        _ => Held::Log(count(head.unwrap_or(0))),
    })
}

impl Restore {
    /// Connects to a database that is open already.
    pub(crate) async fn open(database: &Database) -> Result<Self, LogError> {
        Ok(match Connect::to(database)? {
            Connect::Sqlite(options) => {
                Self::Sqlite(SqliteConnection::connect_with(&options).await?)
            }
            Connect::Postgres(options) => {
                Self::Postgres(PgConnection::connect_with(&options).await?)
            }
        })
    }

    /// Writes events that follow the last one there, durably or not at all. With the first of a
    /// file comes the mark.
    pub(crate) async fn write(
        &mut self,
        events: &[RecordedEvent],
        part: &Part,
    ) -> Result<(), LogError> {
        let Some(first) = events.first().map(|event| event.position) else { return Ok(()) };
        self.begin(first - 1).await?;
        on!(self, db => {
            let mark = sqlx::query(MARK).bind(&part.sha256).bind(number(part.events));
            mark.execute(&mut *db).await?;
        });
        match self {
            Self::Sqlite(db) => sqlite::write(db, events).await?,
            Self::Postgres(db) => postgres::write(db, events).await?,
        }
        self.commit().await
    }

    /// Moves the head to the last event and gives the series of numbers on from where they are.
    pub(crate) async fn complete(
        &mut self,
        head: u64,
        serials: &[(String, u64)],
    ) -> Result<(), LogError> {
        self.begin(head).await?;
        on!(self, db => {
            let moved = sqlx::query(HEAD).bind(number(head)).execute(&mut *db).await?;
            if moved.rows_affected() != 1 {
                return Err(LogError::NotWritable("its head was moved meanwhile".to_owned()));
            }
            for (series, last) in serials {
                sqlx::query(SERIAL).bind(series).bind(number(*last)).execute(&mut *db).await?;
            }
            sqlx::query(COMPLETE).execute(&mut *db).await?;
        });
        self.commit().await
    }

    /// Takes the mark away: from now on this is a log like any other.
    pub(crate) async fn unmark(&mut self) -> Result<(), LogError> {
        on!(self, db => sqlx::query(UNMARK).execute(&mut *db).await?.rows_affected());
        Ok(())
    }

    /// Ends the connection.
    pub(crate) async fn close(self) {
        // Nothing is lost if it fails: what was written is committed.
        match self {
            Self::Sqlite(db) => drop(db.close().await),
            Self::Postgres(db) => drop(db.close().await),
        }
    }

    /// Begins a transaction that nobody else can append beside, if the last event is this one.
    async fn begin(&mut self, last: u64) -> Result<(), LogError> {
        const LAST: &str = "SELECT CAST(coalesce(max(position), 0) AS BIGINT) FROM events";
        match self {
            Self::Sqlite(db) => sqlx::raw_sql("BEGIN IMMEDIATE").execute(db).await.map(drop)?,
            Self::Postgres(db) => {
                const LOCK: &str = "BEGIN; SELECT position FROM log_head WHERE id = 1 FOR UPDATE";
                sqlx::raw_sql(LOCK).execute(db).await.map(drop)?;
            }
        }
        let found: i64 = on!(self, db => sqlx::query_scalar(LAST).fetch_one(&mut *db).await?);
        if found == number(last) {
            return Ok(());
        }
        on!(self, db => sqlx::raw_sql("ROLLBACK").execute(&mut *db).await.map(drop))?;
        Err(LogError::NotWritable("somebody else writes events to it".to_owned()))
    }

    async fn commit(&mut self) -> Result<(), LogError> {
        on!(self, db => sqlx::raw_sql("COMMIT").execute(&mut *db).await.map(drop))?;
        Ok(())
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
