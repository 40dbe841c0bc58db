//! The log as a rebuild reads it: in the one order, in pages, each event decoded once. The next
//! pages are fetched and decoded while the current one is folded.

use std::collections::HashMap;

use hoiam_domain::actor::Actor;
use hoiam_domain::case::codec::{CodecError, decode};
use hoiam_domain::case::{Event, Meta};
use jiff::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Row, Type};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use super::RebuildError;
use crate::log::{Pool, data_of};

/// Events a page.
const PAGE: i64 = 2_000;
/// Pages being fetched, decoded or waiting.
const AHEAD: usize = 3;
/// Distinct actors remembered, so that each is read once.
const ACTORS: usize = 4_096;

const SQL: &str = "SELECT position, stream, version, kind, schema, occurred_at, recorded_at, actor, correlation, \
     payload FROM events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";

/// An event of a case and what the log knows of it.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) position: u64,
    pub(crate) recorded_at: Timestamp,
    /// What events of one append have in common.
    pub(crate) correlation: Option<Uuid>,
    pub(crate) event: Event,
    pub(crate) meta: Meta,
}

/// A page of the log: the events of cases in it, and up to where it goes.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) events: Vec<Replayed>,
    pub(crate) last: u64,
}

/// Pages in order, from a task of their own that ends with its reader.
pub(crate) struct Pages {
    receiver: mpsc::Receiver<Result<JoinHandle<Decoded>, RebuildError>>,
    /// The task; it ends with this.
    _fetching: JoinSet<()>,
}

type Decoded = Result<Page, RebuildError>;

impl Pages {
    /// The pages after a position, up to another.
    pub(crate) fn between(pool: &Pool, after: u64, to: u64) -> Self {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let mut fetching = JoinSet::new();
        fetching.spawn(fetch(pool.clone(), after, to, sender));
        Self { receiver, _fetching: fetching }
    }

    /// The next page; none after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Page>, RebuildError> {
        let Some(decoding) = self.receiver.recv().await else { return Ok(None) };
        let page = decoding?.await.map_err(|_| RebuildError::Stopped)??;
        Ok(Some(page))
    }
}

async fn fetch(
    pool: Pool,
    mut after: u64,
    to: u64,
    sender: mpsc::Sender<Result<JoinHandle<Decoded>, RebuildError>>,
) {
    while after < to {
        // Room first: what is fetched and cannot be handed on would only take memory.
        let Ok(permit) = sender.reserve().await else { return };
        match raw(&pool, after, to).await {
            Ok(Raw::Sqlite(rows)) => {
                let Some(last) = last(&rows, to) else { return };
                after = last;
                permit.send(Ok(tokio::task::spawn_blocking(move || page(&rows, last))));
            }
            Ok(Raw::Postgres(rows)) => {
                let Some(last) = last(&rows, to) else { return };
                after = last;
                permit.send(Ok(tokio::task::spawn_blocking(move || page(&rows, last))));
            }
            Err(error) => return permit.send(Err(error.into())),
        }
    }
}

enum Raw {
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

async fn raw(pool: &Pool, after: u64, to: u64) -> Result<Raw, sqlx::Error> {
    let (after, to) = (number(after), number(to));
    Ok(match pool {
        Pool::Sqlite(db) => {
            Raw::Sqlite(sqlx::query(SQL).bind(after).bind(to).bind(PAGE).fetch_all(db).await?)
        }
        Pool::Postgres(db) => {
            Raw::Postgres(sqlx::query(SQL).bind(after).bind(to).bind(PAGE).fetch_all(db).await?)
        }
    })
}

/// Up to where a page goes: its last row, or nowhere if it is empty.
fn last<R>(rows: &[R], to: u64) -> Option<u64>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
{
    let position: i64 = rows.last()?.try_get(0).ok()?;
    Some(u64::try_from(position).unwrap_or(to))
}

fn page<R>(rows: &[R], last: u64) -> Decoded
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d str: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    let mut actors: HashMap<String, Actor> = HashMap::new();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: &str = row.try_get(3)?;
        if !kind.starts_with("case.") {
            // Another stream than a case's: policy, places.
            continue;
        }
        events.push(one(row, kind, &mut actors)?);
    }
    Ok(Page { events, last })
}

fn one<R>(
    row: &R,
    kind: &str,
    actors: &mut HashMap<String, Actor>,
) -> Result<Replayed, RebuildError>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d str: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    let position: i64 = row.try_get(0)?;
    let unreadable = |error| RebuildError::Unreadable { position, error };
    let actor_text: &str = row.try_get(7)?;
    let payload: &str = row.try_get(9)?;
    let schema = u16::try_from(row.try_get::<i64, _>(4)?).unwrap_or(u16::MAX);
    let event = decode(kind, schema, data_of(payload, actor_text)).map_err(unreadable)?;
    let instant =
        |micros: i64| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let meta = Meta {
        stream: row.try_get(1)?,
        version: u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or(0),
        occurred_at: instant(row.try_get(5)?),
        actor: actor(actor_text, actors)
            .map_err(|error| unreadable(CodecError::Json { kind: kind.to_owned(), error }))?,
    };
    Ok(Replayed {
        position: u64::try_from(position).unwrap_or(0),
        recorded_at: instant(row.try_get(6)?),
        correlation: row.try_get(8)?,
        event,
        meta,
    })
}

fn actor(text: &str, known: &mut HashMap<String, Actor>) -> Result<Actor, serde_json::Error> {
    if let Some(actor) = known.get(text) {
        return Ok(actor.clone());
    }
    let actor: Actor = serde_json::from_str(text)?;
    if known.len() < ACTORS {
        known.insert(text.to_owned(), actor.clone());
    }
    Ok(actor)
}

fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
