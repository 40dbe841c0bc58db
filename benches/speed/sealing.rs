//! What sealing costs: the full command path on cases with keys, and on cases whose keys are not
//! there, which are written as they were before there were keys. Both by a desk that has not seen
//! its cases yet.

use std::sync::Arc;
use std::time::Duration;

use hoiam::clock::SystemClock;
use hoiam::desk::Desk;
use hoiam::on_pool;
use hoiam::random::SystemRandom;

use crate::lives::{self, Lives};
use crate::measure::{Load, measure};
use crate::results::Results;
use crate::stores::{self, Store, Stores};

const CALLERS: usize = 64;

pub async fn run(stores: &Stores, rounds: usize, time: Duration, results: &mut Results) {
    for store in Store::ALL {
        let mut sides = Vec::new();
        for keys in ["with keys", "without keys"] {
            let name = format!("sealing_{}", keys.replace(' ', "_"));
            let desk = stores::desk(&stores.fresh(store, &name).await).await;
            sides.push((keys, lives::on(desk.clone()), desk));
        }
        for _ in 0..rounds {
            for (keys, lives, desk) in &sides {
                lives.prepare(CALLERS, time).await;
                if *keys == "without keys" {
                    on_pool!(desk.log().pool(), db => {
                        sqlx::query("DELETE FROM stream_keys").execute(db).await.unwrap();
                    });
                }
                let fresh: Arc<Lives> = lives.handed_to(again(desk));
                let line = format!("full command path {keys}, {}", store.name());
                results.add(line, CALLERS, measure(&fresh, CALLERS, time).await);
            }
        }
        for (.., desk) in sides {
            desk.log().close().await;
        }
    }
}

/// The same desk without its memory.
fn again(desk: &Desk) -> Desk {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    Desk::new(desk.log().clone(), desk.rules_handle().clone(), desk.prefix(), clock, random)
}
