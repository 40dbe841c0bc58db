//! The one connection appends are written through, on either database.

use std::collections::HashMap;

use sqlx::{ColumnIndex, Decode, Row, Type};

use super::judge::{Known, Wanted};
use super::plan::{Plan, StoredRow};
use super::pool::Connect;
use super::rows;

mod postgres;
mod sqlite;

/// What became of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is durable.
    Committed,
    /// Another node appended since the batch was read; nothing was written.
    Moved,
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Durably.
    Commit,
    /// Not at all: a simulation ends the node before the commit.
    Never,
}

/// The writer's connection.
#[derive(Debug)]
pub(crate) enum Writer {
    Sqlite(sqlite::Writer),
    Postgres(postgres::Writer),
}

impl Writer {
    pub(crate) async fn connect(connect: &Connect) -> Result<Self, sqlx::Error> {
        match connect {
            Connect::Sqlite(options) => sqlite::Writer::connect(options).await.map(Self::Sqlite),
            Connect::Postgres(options) => {
                postgres::Writer::connect(options).await.map(Self::Postgres)
            }
        }
    }

    /// Whether other nodes were faster lately, so that what is remembered is likely old.
    pub(crate) fn contended(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(writer) => writer.contended(),
        }
    }

    /// Reads what a batch needs, all of one moment. Has to be followed by `write` or `abandon`.
    pub(crate) async fn read(&mut self, wanted: &Wanted) -> Result<Known, sqlx::Error> {
        match self {
            Self::Sqlite(writer) => writer.read(wanted).await,
            Self::Postgres(writer) => writer.read(wanted).await,
        }
    }

    /// Writes and commits, if the head still is where `read` saw it.
    pub(crate) async fn write(
        &mut self,
        plan: &Plan<'_>,
        ending: Ending,
    ) -> Result<Written, sqlx::Error> {
        match self {
            Self::Sqlite(writer) => writer.write(plan, ending).await,
            Self::Postgres(writer) => writer.write(plan, ending).await,
        }
    }

    /// Ends what `read` began without writing; also after an error.
    pub(crate) async fn abandon(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(writer) => writer.abandon().await,
            Self::Postgres(writer) => writer.abandon().await,
        }
    }

    /// Commits a write that means nothing, to learn whether writes work.
    pub(crate) async fn probe(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(writer) => {
                const PROBE: &str = "UPDATE log_probe SET filler = randomblob(262144) WHERE id = 1";
                sqlx::query(PROBE).execute(writer.connection()).await.map(drop)
            }
            Self::Postgres(writer) => {
                const PROBE: &str =
                    "UPDATE log_probe SET filler = decode(md5(random()::text), 'hex') WHERE id = 1";
                sqlx::query(PROBE).execute(writer.connection()).await.map(drop)
            }
        }
    }

    /// Ends the connection in an orderly way.
    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(writer) => writer.close().await,
            Self::Postgres(writer) => writer.close().await,
        }
    }
}

/// What a row of the reading statement tells; both databases give the same columns.
#[derive(Clone, Copy)]
enum What {
    Head = 0,
    Version = 1,
    Serial = 2,
    Key = 3,
}

/// Takes the rows of the reading statement apart. `nr` counts from 0 in the order wanted.
fn known<R>(found: &[R], wanted: &Wanted) -> Result<Known, sqlx::Error>
where
    R: Row,
    for<'c> &'c str: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Vec<u8>: Decode<'d, R::Database> + Type<R::Database>,
{
    let mut known = Known::default();
    let mut head = None;
    let mut keys = HashMap::new();
    for row in found {
        let what: i64 = row.try_get("what")?;
        let nr = usize::try_from(row.try_get::<i64, _>("nr")?).unwrap_or(usize::MAX);
        let number: i64 = row.try_get("number")?;
        let count = u64::try_from(number).map_err(|_| damaged("a count is negative"))?;
        if what == What::Head as i64 {
            head = Some(count);
        } else if what == What::Version as i64 {
            known.versions.insert(
                *wanted.streams.get(nr).ok_or_else(|| damaged("an unknown stream"))?,
                count,
            );
        } else if what == What::Serial as i64 {
            let series = wanted.series.get(nr).ok_or_else(|| damaged("an unknown series"))?;
            known.serials.insert(series.clone(), count);
        } else if what == What::Key as i64 {
            let key = wanted.keys.get(nr).ok_or_else(|| damaged("an unknown key"))?;
            let stored = StoredRow {
                request_hash: row.try_get("request_hash")?,
                salt: row.try_get("salt")?,
                answer: row.try_get("answer")?,
                first_position: row.try_get("first_position")?,
                last_position: number,
                versions: row.try_get("versions")?,
            };
            keys.insert(
                key.clone(),
                stored.read().ok_or_else(|| damaged("an idempotency row is damaged"))?,
            );
        }
    }
    known.keys = keys;
    known.head = head.ok_or_else(|| damaged("the head of the log is missing"))?;
    Ok(known)
}

fn damaged(what: &str) -> sqlx::Error {
    sqlx::Error::Protocol(what.to_owned())
}

fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// Whether the database refused what was written, as opposed to not being able to write. Only
/// then can one append be at fault and the others tried without it.
pub(crate) fn refused(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                sqlite::refuses(&code)
            } else {
                postgres::refuses(&code)
            }
        }
        sqlx::Error::Encode(_) => true,
        _ => false,
    }
}
