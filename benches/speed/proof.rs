//! Proofs in a small log and in one a hundred times as long, and what signing costs those who append.
//!
//! A proof's time may grow with the logarithm of the log only. Appends are measured with the worker
//! that signs checkpoints running beside them, and without.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hoiam::clock::SystemClock;
use hoiam::log::{
    Append, Content, Database, Expected, Log, LogOptions, NewEvent, Prepared, StreamAppend,
};
use hoiam::proof::note::SigningKey;
use hoiam::proof::{Keeper, View, Witnesses};
use jiff::Timestamp;
use tokio::sync::watch;
use uuid::Uuid;

use crate::bare;
use crate::measure::{Load, measure};
use crate::report::thousands;
use crate::results::Results;
use crate::stores::{Store, Stores};

/// Events of the two logs.
const SIZES: [u64; 2] = [2_000, 200_000];
/// Events of one append while a log is filled.
const APPEND: u64 = 500;

/// Measures both.
pub async fn run(stores: &Stores, rounds: usize, time: Duration, results: &mut Results) {
    for store in Store::ALL {
        let mut logs = Vec::new();
        for size in SIZES {
            let database = stores.fresh(store, &format!("proof_{size}")).await;
            logs.push((size, filled(&database, size, store, results).await));
        }
        for _ in 0..rounds {
            for (size, log) in &logs {
                let proofs = Arc::new(Proofs { view: View::of(log), size: *size, next: 0.into() });
                let name =
                    format!("inclusion proof of {}, {}", thousands(*size as f64), store.name());
                results.add(name, 1, measure(&proofs, 1, time).await);
            }
        }
        for (_, log) in logs {
            log.close().await;
        }
        beside(stores, store, rounds, time, results).await;
    }
}

/// A log of so many events, with a checkpoint over all.
async fn filled(database: &Database, size: u64, store: Store, results: &mut Results) -> Log {
    let log = Log::open(database, LogOptions::default()).await.unwrap();
    let mut version = 0;
    while version < size {
        let events = (0..APPEND.min(size - version)).map(|_| event()).collect::<Vec<_>>();
        version += events.len() as u64;
        let stream = Uuid::from_u64_pair(7, version);
        let streams =
            vec![StreamAppend { stream, expected: Expected::NoStream, events, rows: Vec::new() }];
        log.append(Append {
            recorded_at: Timestamp::UNIX_EPOCH,
            actor: r#"{"role":"citizen","id":"party_1"}"#.into(),
            causation: None,
            correlation: None,
            idempotency: None,
            content: Content::Ready(Prepared { streams, answer: String::new() }),
        })
        .await
        .unwrap();
    }
    let keeper = keeper(&log).await;
    let start = Instant::now();
    keeper.checkpoint().await.unwrap();
    let took = start.elapsed().as_secs_f64();
    let name = format!("tree over {} events, {}", thousands(size as f64), store.name());
    results.remark(name, format!("made and signed in {took:.2} s, rests included"));
    log
}

fn event() -> NewEvent {
    NewEvent {
        kind: "bench.appended".into(),
        schema: 1,
        occurred_at: Timestamp::UNIX_EPOCH,
        data: bare::DATA.into(),
    }
}

async fn keeper(log: &Log) -> Keeper {
    let key = SigningKey::of("bench.example/log", &[7; 32]).unwrap();
    Keeper::of(log, key, Arc::new(SystemClock), Witnesses::default()).await.unwrap()
}

/// Appends of 64 callers, alone and with the worker beside them.
async fn beside(
    stores: &Stores,
    store: Store,
    rounds: usize,
    time: Duration,
    results: &mut Results,
) {
    let mut sides = Vec::new();
    for signed in [false, true] {
        let name = if signed { "signed" } else { "unsigned" };
        let database = stores.fresh(store, &format!("proof_{name}")).await;
        let log = Log::open(&database, LogOptions::default()).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        if signed {
            tokio::spawn(keeper(&log).await.run(stopping));
        }
        sides.push((format!("append, {name}, {}", store.name()), bare::on(log.clone()), log, stop));
    }
    for _ in 0..rounds {
        for (name, load, ..) in &sides {
            results.add(name.clone(), 64, measure(load, 64, time).await);
        }
    }
    for (.., log, stop) in sides {
        let _ = stop.send(true);
        log.close().await;
    }
}

/// Inclusion proofs of events all over the log, checked as they are served.
struct Proofs {
    view: View,
    size: u64,
    next: AtomicU64,
}

impl Load for Proofs {
    type Caller = ();

    async fn caller(&self) {}

    async fn once(&self, (): &mut ()) {
        // Far from each other, so that no two share their tiles.
        let nr = self.next.fetch_add(1, Ordering::Relaxed);
        let index = nr.wrapping_mul(0x9e37_79b9_7f4a_7c15) % self.size;
        self.view.inclusion(index, None).await.unwrap();
    }
}
