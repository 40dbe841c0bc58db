//! What things cost in a small city and in one with millions of events. Nothing may grow with the
//! log: a ratio well above 1 names what does.
//!
//! Two logs a database, of the same lives, with the same open cases. Questions go over HTTP to a
//! served instance each, appends and commands through a desk in this process. Small and large are
//! asked in turn, so that a noisy minute hits both.

mod questions;
mod table;

use std::sync::Arc;
use std::time::Duration;

use hoiam::desk::{Circumstances, Desk};
use hoiam::log::Database;
use hoiam::random::SystemRandom;
use hoiam::tokens;
use hoiam_domain::actor::{Actor, Role};
use hoiam_domain::case::Command;
use hoiam_domain::codes::AgencyCode;

use crate::bulk::{Bulk, Way};
use crate::city::{City, Known, Made};
use crate::measure::{Load, measure};
use crate::stores::{Store, Stores, desk};
use crate::{bare, lives, program, receipts, replay};
pub use table::Table;

/// The agency whose people ask.
const AGENCY: &str = "TTHTKT";
/// One that has one case in two hundred.
const TINY: &str = "CN-BT";
/// One that the city's stories never come to.
const IDLE: &str = "MOBIFONE";
/// A category they never have.
const UNUSED: &str = "CS02";

/// One database of one size.
struct Size {
    store: Store,
    large: bool,
    database: Database,
    made: Made,
    /// Bearer tokens of a coordinator, of an agency's people and of a tiny one's.
    tokens: [String; 3],
}

/// Measures everything at both sizes.
pub async fn run(
    stores: &Stores,
    city: &City,
    sizes: [usize; 2],
    rounds: usize,
    time: Duration,
) -> Table {
    let mut table = Table::new(sizes);
    for store in Store::ALL {
        let mut both = Vec::new();
        for (large, events) in [false, true].into_iter().zip(sizes) {
            both.push(prepare(stores, city, store, large, events, &mut table).await);
        }
        questions::ask_all(stores, &both, rounds, &mut table).await;
        changes(&both, rounds, time, &mut table).await;
        for size in both {
            clean_up(size.database);
        }
    }
    table
}

async fn prepare(
    stores: &Stores,
    city: &City,
    store: Store,
    large: bool,
    events: usize,
    table: &mut Table,
) -> Size {
    let name = if large { "large" } else { "small" };
    let database = stores.fresh(store, name).await;
    let made = city.fill(&database, events).await;
    let count = made.events as f64;
    table.add("make an event (generator, bulk load)", store, large, made.seconds * 1e3 / count);
    let selected = replay::select(&database, made.events).await;
    table.add("read an event of the whole log", store, large, selected * 1e3 / count);
    let ran = program::run(&database, &stores.place, &["projections", "rebuild"]).await;
    table.add("replay an event into all projections", store, large, ran.seconds * 1e3 / count);
    println!(
        "{name} {}: {} events, made in {:.0} s, rebuilt in {:.0} s with {:.0} MB at most",
        store.name(),
        made.events,
        made.seconds,
        ran.seconds,
        ran.peak_mb
    );
    table.remark(format!(
        "{}, {} events: made in {:.0} s; rebuilt in {:.0} s, {:.0} MB resident at most",
        store.name(),
        made.events,
        made.seconds,
        ran.seconds,
        ran.peak_mb
    ));
    if store == Store::Postgres {
        // What its own housekeeping would have done long ago.
        let mut events = Bulk::into(&database, "events", 1, true, Way::Copy).await;
        events.execute("VACUUM ANALYZE").await;
    }
    let desk = desk(&database).await;
    let token = async |role, agency: Option<&str>| {
        let agency = agency.map(AgencyCode::new);
        let now = desk.now();
        tokens::create(desk.log().pool(), &SystemRandom, now, role, agency, None)
            .await
            .unwrap()
            .token
    };
    let tokens = [
        token(Role::Coordinator, None).await,
        token(Role::AgencyCoordinator, Some(AGENCY)).await,
        token(Role::AgencyCoordinator, Some(TINY)).await,
    ];
    desk.log().close().await;
    Size { store, large, database, made, tokens }
}

/// Appends, commands and receipts, each size in turn.
async fn changes(both: &[Size], rounds: usize, time: Duration, table: &mut Table) {
    let mut sides = Vec::new();
    for size in both {
        let desk = desk(&size.database).await;
        let old = Arc::new(OldCases {
            desk: desk.clone(),
            known: size.made.known.clone(),
            next: 0.into(),
        });
        sides.push((
            size,
            bare::on(desk.log().clone()),
            lives::on(desk.clone()),
            receipts::on(desk.clone()),
            old,
            desk,
        ));
    }
    for _ in 0..rounds {
        for (size, log, lives, receipts, old, _) in &sides {
            let mut add = |name: &str, ms| table.add(name, size.store, size.large, ms);
            add("append of one event, 1 caller", measure(log, 1, time).await.p50_ms);
            add("append of one event, 64 callers", measure(log, 64, time).await.p50_ms);
            add("full command, 64 callers", measure(lives, 64, time).await.p50_ms);
            add("receipt, 64 callers", measure(receipts, 64, time).await.p50_ms);
            add("note on a case not in memory, 1 caller", measure(old, 1, time).await.p50_ms);
        }
    }
    for (.., desk) in sides {
        desk.log().close().await;
    }
}

/// A note on a case nobody touched for long.
struct OldCases {
    desk: Desk,
    known: Vec<Known>,
    next: std::sync::atomic::AtomicUsize,
}

impl Load for OldCases {
    type Caller = ();

    async fn caller(&self) {}

    async fn once(&self, (): &mut ()) {
        let nr = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let number = self.known[nr % self.known.len()].number.parse().unwrap();
        let body = format!(r#"{{"text":"Đã xem lại hồ sơ lần {nr}."}}"#);
        let command = Command::read("note", &body).unwrap();
        // Some cases are sealed: only the group of coordinators may write to those.
        let actor = Actor { in_group: true, ..Actor::new(Role::Coordinator, "bench_coordinator") };
        self.desk.command(&actor, &number, &command, &Circumstances::default()).await.unwrap();
    }
}

/// Large logs leave room for the next.
fn clean_up(database: Database) {
    if let Database::Sqlite(path) = database {
        std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
}
