//! Reading the log: by stream, in the one order, and what is kept of a request.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use super::append::Appended;
use super::error::LogError;
use super::event::RecordedEvent;
use super::plan::StoredRow;
use super::pool::Pool;
use crate::on_pool;
use crate::vault::WrappedKeys;

const ALL: &str = "SELECT position, e.stream, version, kind, schema, occurred_at, recorded_at, actor, causation, \
     correlation, payload, leaf_hash, contact, content, master, guests FROM events e \
     LEFT JOIN stream_keys k ON k.stream = e.stream WHERE position > $1 ORDER BY position LIMIT $2";

const STREAM: &str = "SELECT position, e.stream, version, kind, schema, occurred_at, recorded_at, actor, causation, \
     correlation, payload, leaf_hash, contact, content, master, guests FROM events e \
     LEFT JOIN stream_keys k ON k.stream = e.stream WHERE e.stream = $1 AND version > $2 ORDER BY version LIMIT $3";

/// As many streams as [`streams`] reads at once; fewer are filled up, so that it stays one statement.
pub(crate) const STREAMS: usize = 16;

const MANY: &str = "SELECT position, e.stream, version, kind, schema, occurred_at, recorded_at, actor, causation, \
     correlation, payload, leaf_hash, contact, content, master, guests FROM events e \
     LEFT JOIN stream_keys k ON k.stream = e.stream \
     WHERE e.stream IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
     ORDER BY e.stream, version LIMIT $17";

const HEAD: &str = "SELECT position FROM log_head WHERE id = 1";

const STORED: &str = "SELECT request_hash, salt, answer, first_position, last_position, versions \
     FROM idempotency WHERE scope = $1 AND key_hash = $2";

/// A request made before under an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The hash of the request.
    pub request_hash: [u8; 32],
    /// What a replay of it is answered.
    pub appended: Appended,
}

pub(crate) async fn all(
    pool: &Pool,
    after: u64,
    limit: u32,
) -> Result<Vec<RecordedEvent>, LogError> {
    on_pool!(pool, db => {
        let rows = sqlx::query(ALL).bind(number(after)).bind(i64::from(limit)).fetch_all(db).await?;
        rows.iter().map(event).collect()
    })
}

/// The rows after a position, each read by itself: for whoever looks for damage.
pub(crate) async fn rows(
    pool: &Pool,
    after: i64,
    limit: u32,
) -> Result<Vec<Result<RecordedEvent, LogError>>, LogError> {
    on_pool!(pool, db => {
        let rows = sqlx::query(ALL).bind(after).bind(i64::from(limit)).fetch_all(db).await?;
        Ok(rows.iter().map(event).collect())
    })
}

pub(crate) async fn stream(
    pool: &Pool,
    stream: Uuid,
    after: u64,
    limit: u32,
) -> Result<Vec<RecordedEvent>, LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(STREAM).bind(stream).bind(number(after)).bind(i64::from(limit));
        let rows = query.fetch_all(db).await?;
        rows.iter().map(event).collect()
    })
}

/// The events of at most [`STREAMS`] streams, stream by stream in order, at most `limit` in all.
pub(crate) async fn streams(
    pool: &Pool,
    streams: &[Uuid],
    limit: u32,
) -> Result<Vec<RecordedEvent>, LogError> {
    on_pool!(pool, db => {
        let mut query = sqlx::query(MANY);
        for place in 0..STREAMS {
            query = query.bind(streams.get(place).copied().unwrap_or_default());
        }
        let rows = query.bind(i64::from(limit)).fetch_all(db).await?;
        rows.iter().map(event).collect()
    })
}

pub(crate) async fn head(pool: &Pool) -> Result<u64, LogError> {
    let position: i64 = on_pool!(pool, db => sqlx::query(HEAD).fetch_one(db).await?.try_get(0)?);
    u64::try_from(position).map_err(|_| damaged(position, "the head is negative"))
}

pub(crate) async fn stored(
    pool: &Pool,
    scope: &str,
    key_hash: &[u8; 32],
) -> Result<Option<StoredAnswer>, LogError> {
    on_pool!(pool, db => {
        let query = sqlx::query(STORED).bind(scope).bind(key_hash.as_slice());
        let Some(row) = query.fetch_optional(db).await? else { return Ok(None) };
        let row = StoredRow {
            request_hash: row.try_get(0)?,
            salt: row.try_get(1)?,
            answer: row.try_get(2)?,
            first_position: row.try_get(3)?,
            last_position: row.try_get(4)?,
            versions: row.try_get(5)?,
        };
        let position = row.first_position;
        let stored = row.read().ok_or_else(|| damaged(position, "its idempotency row is damaged"))?;
        Ok(Some(StoredAnswer { request_hash: stored.request_hash, appended: stored.appended() }))
    })
}

fn event<R>(row: &R) -> Result<RecordedEvent, LogError>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> String: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Vec<u8>: Decode<'d, R::Database> + Type<R::Database>,
{
    let position: i64 = row.try_get(0)?;
    let instant = |micros| {
        Timestamp::from_microsecond(micros).map_err(|_| damaged(position, "impossible instant"))
    };
    let count =
        |number: i64| u64::try_from(number).map_err(|_| damaged(position, "negative number"));
    let leaf_hash: Vec<u8> = row.try_get(11)?;
    let master: Option<String> = row.try_get(14)?;
    let keys = match master {
        Some(_) => Some(WrappedKeys {
            contact: row.try_get(12)?,
            content: row.try_get(13)?,
            guests: row.try_get(15)?,
        }),
        None => None,
    };
    Ok(RecordedEvent {
        position: count(position)?,
        stream: row.try_get(1)?,
        version: count(row.try_get(2)?)?,
        kind: row.try_get(3)?,
        schema: u16::try_from(row.try_get::<i64, _>(4)?)
            .map_err(|_| damaged(position, "impossible schema"))?,
        occurred_at: instant(row.try_get(5)?)?,
        recorded_at: instant(row.try_get(6)?)?,
        actor: row.try_get(7)?,
        causation: row.try_get(8)?,
        correlation: row.try_get(9)?,
        payload: row.try_get(10)?,
        leaf_hash: leaf_hash
            .try_into()
            .map_err(|_| damaged(position, "leaf hash of another length"))?,
        keys,
    })
}

fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

fn damaged(position: i64, reason: &str) -> LogError {
    LogError::Damaged { position, reason: reason.to_owned() }
}
