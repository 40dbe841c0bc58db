//! The whole log read again into all projections, as `hoiam projections rebuild` does it in a
//! process of its own, beside a plain `SELECT` of the same rows with the same driver.

use std::time::Instant;

use futures_util::TryStreamExt;
use hoiam::log::{Database, Log, LogOptions, Pool};
use sqlx::{ColumnIndex, Decode, Row, Type};
use uuid::Uuid;

use crate::city::City;
use crate::measure::Sample;
use crate::program;
use crate::results::Results;
use crate::stores::{Store, Stores};

const SELECT: &str = "SELECT position, stream, version, kind, schema, occurred_at, recorded_at, actor, causation, \
                      correlation, payload, leaf_hash FROM events ORDER BY position";

/// A log of the same events on each database.
pub struct Replay {
    sides: Vec<(Store, Database, u64)>,
}

impl Replay {
    pub async fn prepare(stores: &Stores, city: &City, events: usize) -> Self {
        let mut sides = Vec::new();
        for store in Store::ALL {
            let database = stores.fresh(store, "replay").await;
            let made = city.fill(&database, events).await;
            println!("{} events on {} in {:.1} s", made.events, store.name(), made.seconds);
            sides.push((store, database, made.events));
        }
        Self { sides }
    }

    pub async fn round(&self, stores: &Stores, results: &mut Results) {
        for (store, database, events) in &self.sides {
            let name = store.name();
            let seconds = select(database, *events).await;
            results.add(
                format!("plain SELECT of events, {name}"),
                1,
                Sample::rate(*events, seconds),
            );
            let ran = program::run(database, &stores.place, &["projections", "rebuild"]).await;
            let line = format!("replay into all projections, {name}");
            results.add(&line, 1, Sample::rate(*events, ran.seconds));
            results
                .remark(line, format!("{events} events, {:.0} MB resident at most", ran.peak_mb));
        }
    }
}

/// How long it takes to get every column of every event.
pub async fn select(database: &Database, events: u64) -> f64 {
    let log = Log::open(database, LogOptions::default()).await.unwrap();
    let start = Instant::now();
    let (mut seen, mut bytes) = (0, 0);
    match log.pool() {
        Pool::Sqlite(db) => {
            let mut rows = sqlx::query(SELECT).fetch(db);
            while let Some(row) = rows.try_next().await.unwrap() {
                bytes += touch(&row);
                seen += 1;
            }
        }
        Pool::Postgres(db) => {
            let mut rows = sqlx::query(SELECT).fetch(db);
            while let Some(row) = rows.try_next().await.unwrap() {
                bytes += touch(&row);
                seen += 1;
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    assert!(seen >= events && bytes > seen as usize * 100, "every event was read");
    log.close().await;
    seconds
}

fn touch<R>(row: &R) -> usize
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'d> i64: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d str: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> &'d [u8]: Decode<'d, R::Database> + Type<R::Database>,
    for<'d> Uuid: Decode<'d, R::Database> + Type<R::Database>,
{
    let numbers: i64 = [0, 2, 4, 5, 6].iter().map(|at| row.get::<i64, _>(*at) & 1).sum();
    let texts: usize = [3, 7, 10].iter().map(|at| row.get::<&str, _>(*at).len()).sum();
    let ids = [8, 9].iter().filter(|at| row.get::<Option<Uuid>, _>(**at).is_some()).count();
    let stream: Uuid = row.get(1);
    texts + ids + numbers as usize + row.get::<&[u8], _>(11).len() + usize::from(stream.is_nil())
}
