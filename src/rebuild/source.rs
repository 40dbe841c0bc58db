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
use crate::log::{Log, Pool, data_of};
use crate::vault::{CaseKeys, Vault, WrappedKeys};

/// Events a page.
const PAGE: i64 = 2_000;
/// Pages being fetched, decoded or waiting.
const AHEAD: usize = 3;
/// Distinct actors remembered, so that each is read once.
const ACTORS: usize = 4_096;

const SQL: &str = "SELECT position, e.stream, version, kind, schema, occurred_at, recorded_at, actor, correlation, \
     payload, contact, content, master, guests FROM events e LEFT JOIN stream_keys k ON k.stream = e.stream \
     WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";

/// An event of a case and what the log knows of it.
pub(crate) struct Replayed {
    pub(crate) position: u64,
    pub(crate) recorded_at: Timestamp,
    /// What events of one append have in common.
    pub(crate) correlation: Option<Uuid>,
    pub(crate) event: Event,
    pub(crate) meta: Meta,
    /// The keys of its case.
    pub(crate) keys: CaseKeys,
}

/// A page of the log: the events of cases in it, and up to where it goes.
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
    pub(crate) fn between(log: &Log, after: u64, to: u64) -> Self {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let mut fetching = JoinSet::new();
        fetching.spawn(fetch(log.clone(), after, to, sender));
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
    log: Log,
    mut after: u64,
    to: u64,
    sender: mpsc::Sender<Result<JoinHandle<Decoded>, RebuildError>>,
) {
    while after < to {
        // Room first: what is fetched and cannot be handed on would only take memory.
        let Ok(permit) = sender.reserve().await else { return };
        match raw(log.pool(), after, to).await {
            Ok(Raw::Sqlite(rows)) => {
                let Some(last) = last(&rows, to) else { return };
                after = last;
                let vault = log.vault().clone();
                permit.send(Ok(tokio::task::spawn_blocking(move || page(&rows, last, &vault))));
            }
            Ok(Raw::Postgres(rows)) => {
                let Some(last) = last(&rows, to) else { return };
                after = last;
                let vault = log.vault().clone();
                permit.send(Ok(tokio::task::spawn_blocking(move || page(&rows, last, &vault))));
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

fn page<R>(rows: &[R], last: u64, vault: &Vault) -> Decoded
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d str: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    let mut actors: HashMap<String, Actor> = HashMap::new();
    let mut known: HashMap<Uuid, CaseKeys> = HashMap::new();
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: &str = row.try_get(3)?;
        if !kind.starts_with("case.") {
            // Another stream than a case's: policy, places.
            continue;
        }
        let stream: Uuid = row.try_get(1)?;
        let keys = match known.get(&stream) {
            Some(keys) => keys.clone(),
            None => known.entry(stream).or_insert(keys(row, stream, vault)?).clone(),
        };
        events.push(one(row, kind, keys, &mut actors)?);
    }
    Ok(Page { events, last })
}

fn one<R>(
    row: &R,
    kind: &str,
    keys: CaseKeys,
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
    let event = decode(kind, schema, data_of(payload, actor_text), &keys.of_events())
        .map_err(unreadable)?;
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
        keys,
    })
}

/// The keys of a stream, unwrapped once a page.
fn keys<R>(row: &R, stream: Uuid, vault: &Vault) -> Result<CaseKeys, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
{
    let master: Option<String> = row.try_get(12)?;
    let stored = match master {
        Some(_) => Some(WrappedKeys {
            contact: row.try_get(10)?,
            content: row.try_get(11)?,
            guests: row.try_get(13)?,
        }),
        None => None,
    };
    Ok(vault.keys(stream, stored.as_ref()))
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
