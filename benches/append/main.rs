//! Durable commits a second, bare and through the full command path, beside what the databases
//! reach without us.
//!
//! It models a desk where each caller waits for its answer before it sends the next command: 1
//! caller is one operator's script, 64 are a busy city. Every commit waits for the disk, on both
//! databases. Beside the log stand `pgbench`, inserting one row a commit, and a plain commit a
//! command on SQLite. Rounds are interleaved, so that a noisy minute hits all alike; medians are
//! printed. `make bench` starts the PostgreSQL; `-- --seconds 5 --rounds 5` measures longer.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for developers: a failure is a bug and stops it"
)]

mod desk;
mod log;
mod measure;
mod pgbench;
mod plain;

use std::time::Duration;

use measure::{Results, measure};

const CALLERS: [usize; 2] = [1, 64];

fn main() {
    let (rounds, seconds) = (argument("--rounds", 3), argument("--seconds", 2));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(compare(rounds, Duration::from_secs(seconds)));
}

async fn compare(rounds: u64, time: Duration) {
    let place = tempfile::TempDir::with_prefix("hoiam-bench-").unwrap();
    let postgres = std::env::var("HOIAM_TEST_POSTGRES").expect("no PostgreSQL: run `make bench`");
    let sqlite_log = log::sqlite(&place.path().join("log.db")).await;
    let postgres_log = log::postgres(&postgres).await;
    let plain = plain::open(&place.path().join("plain.db")).await;
    let sqlite_desk = desk::sqlite(&place.path().join("desk.db")).await;
    let postgres_desk = desk::postgres(&postgres).await;
    let desks = [("SQLite", sqlite_desk), ("PostgreSQL", postgres_desk)].map(|(name, desk)| {
        let lives = desk::lives(desk.clone());
        (name, lives, desk::intake(desk))
    });
    pgbench::prepare(&postgres, place.path());
    let mut results = Results::default();
    for round in 0..rounds {
        for callers in CALLERS {
            for (name, lives, intake) in &desks {
                let command = measure(lives, round, callers, time).await;
                results.add(format!("full command path, {name}"), callers, command);
                let receipt = measure(intake, round, callers, time).await;
                results.add(format!("receipt of a feedback, {name}"), callers, receipt);
            }
            results.add(
                "append, SQLite",
                callers,
                measure(&sqlite_log, round, callers, time).await,
            );
            results.add(
                "plain commit a command, SQLite",
                callers,
                measure(&plain, round, callers, time).await,
            );
            results.add(
                "append, PostgreSQL",
                callers,
                measure(&postgres_log, round, callers, time).await,
            );
            results.add(
                "pgbench one-row insert, PostgreSQL",
                callers,
                pgbench::run(&postgres, place.path(), callers, time),
            );
        }
    }
    results.print();
}

/// The number after a flag of the command line.
fn argument(name: &str, default: u64) -> u64 {
    let mut arguments = std::env::args().skip_while(|argument| argument != name).skip(1);
    arguments.next().map_or(default, |value| value.parse().expect("a number"))
}
