//! How fast the engine is, beside what the databases reach without it.
//!
//! It models a desk where each caller waits for its answer before it sends the next command: 1
//! caller is one operator's script, 64 are a busy city. Every commit waits for the disk, on both
//! databases and in every reference. Rounds are interleaved, so that a noisy minute hits all alike.
//! `make bench` starts the PostgreSQL and writes docs/performance.md.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program for developers: a failure is a bug and stops it"
)]

mod arguments;
mod bare;
mod bulk;
mod city;
mod feedback;
mod goals;
mod growth;
mod history;
mod http;
mod lives;
mod machine;
mod measure;
mod process;
mod program;
mod proof;
mod receipts;
mod references;
mod replay;
mod report;
mod results;
mod sealing;
mod server;
mod stores;

use arguments::Arguments;
use city::City;
use hoiam::clock::{Clock, SystemClock};
use measure::measure;
use references::{pgbench::Pgbench, plain};
use results::Results;
use stores::{Store, Stores};

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALLERS: [usize; 2] = [1, 64];

fn main() {
    let arguments = Arguments::read();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run(&arguments));
}

async fn run(arguments: &Arguments) {
    let place = tempfile::TempDir::with_prefix("hoiam-bench-").unwrap();
    let stores = Stores::new(place.path());
    let facts = machine::facts(&stores).await;
    let mut results = Results::default();
    commits(arguments, &stores, &mut results).await;
    if arguments.wants("feedback") {
        let feedback = feedback::Feedback::start(&stores).await;
        for _ in 0..arguments.rounds {
            feedback.round(&mut results, arguments.time).await;
        }
    }
    if arguments.wants("proof") {
        proof::run(&stores, arguments.rounds, arguments.time, &mut results).await;
    }
    if arguments.wants("sealing") {
        sealing::run(&stores, arguments.rounds, arguments.time, &mut results).await;
    }
    // Also before the longer groups: what was measured is not lost with them.
    tell(arguments, &results, &facts);
    streams_of_events(arguments, &stores, &mut results).await;
    tell(arguments, &results, &facts);
    if arguments.wants("growth") {
        let city = City::live(&stores, 8, SystemClock.now()).await;
        let (sizes, rounds) = (arguments.sizes, arguments.rounds);
        let text = growth::run(&stores, &city, sizes, rounds, arguments.time).await.markdown();
        println!("\n{text}");
        write(arguments, "growth", &text);
    }
}

fn tell(arguments: &Arguments, results: &Results, facts: &[(&'static str, String)]) {
    if results.lines().next().is_some() {
        let text = report::markdown(results, facts, arguments.rounds);
        println!("\n{text}");
        write(arguments, "speed", &text);
    }
}

fn write(arguments: &Arguments, part: &str, text: &str) {
    if let Some(document) = &arguments.write {
        report::write(document, part, text);
    }
}

/// What goes through millions of events: replay and the import of a history.
async fn streams_of_events(arguments: &Arguments, stores: &Stores, results: &mut Results) {
    let now = SystemClock.now();
    if arguments.wants("replay") {
        let city = City::live(stores, 2, now).await;
        let replay = replay::Replay::prepare(stores, &city, arguments.events).await;
        for _ in 0..arguments.rounds {
            replay.round(stores, results).await;
        }
    }
    if arguments.wants("history") {
        let mut history = history::History::prepare(stores, arguments.rows, now);
        for _ in 0..arguments.rounds {
            history.round(stores, results).await;
        }
    }
}

/// Appends, commands and receipts, beside single-row commits.
async fn commits(arguments: &Arguments, stores: &Stores, results: &mut Results) {
    let wants = |group| arguments.wants(group);
    if !(wants("append") || wants("command") || wants("receipt")) {
        return;
    }
    let pgbench = Pgbench::prepare(&stores.postgres, &stores.place);
    let plain = plain::open(&stores.place.join("plain.db")).await;
    let mut sides = Vec::new();
    for store in Store::ALL {
        let log = bare::open(&stores.fresh(store, "bare").await).await;
        let desk = stores::desk(&stores.fresh(store, "desk").await).await;
        sides.push((store.name(), log, lives::on(desk.clone()), receipts::on(desk)));
    }
    for _ in 0..arguments.rounds {
        for callers in CALLERS {
            let time = arguments.time;
            results.add("pgbench, one row a commit", callers, pgbench.run(callers, time));
            results.add(
                "plain commit a command, SQLite",
                callers,
                measure(&plain, callers, time).await,
            );
            for (name, log, lives, receipts) in &sides {
                if wants("append") {
                    let sample = measure(log, callers, time).await;
                    results.add(format!("append, {name}"), callers, sample);
                }
                if wants("command") {
                    let sample = measure(lives, callers, time).await;
                    results.add(format!("full command path, {name}"), callers, sample);
                }
                if wants("receipt") {
                    let sample = measure(receipts, callers, time).await;
                    results.add(format!("receipt of a feedback, {name}"), callers, sample);
                }
            }
        }
    }
}
