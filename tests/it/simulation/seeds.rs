//! Which seeds are run, and what happens to one that fails.
//!
//! `seeds.txt` beside this file holds the seeds that once failed: they are run first, always. A run
//! that fails appends its seed there and says how to repeat it.

use std::collections::VecDeque;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::dice::Dice;
use super::world::{Story, World};
use super::{end, steps};
use crate::support::Bed;

/// Runs only this seed.
const ONE: &str = "HOIAM_SIM_SEED";
/// How many new seeds are run, after the kept ones.
const COUNT: &str = "HOIAM_SIM_SEEDS";
/// From which number the new seeds follow.
const FROM: &str = "HOIAM_SIM_FROM";
/// What `make test` runs.
const FEW: u64 = 2;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/simulation/seeds.txt")
}

pub fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")))
}

fn kept() -> Vec<u64> {
    let text = std::fs::read_to_string(file()).unwrap();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    lines.filter(|line| !line.is_empty()).map(|line| line.parse().unwrap()).collect()
}

fn chosen() -> Vec<u64> {
    if let Some(seed) = variable(ONE) {
        return vec![seed];
    }
    let mut dice = Dice::new(variable(FROM).unwrap_or(1022));
    let mut seeds = kept();
    // Short ones, to be typed.
    seeds.extend((0..variable(COUNT).unwrap_or(FEW)).map(|_| dice.next() % 1_000_000_000));
    seeds
}

/// Runs all seeds chosen on one database each; stops at the first that fails.
pub async fn run(database: &str) {
    for seed in chosen() {
        let story = Story::new(Mutex::new(VecDeque::new()));
        let told = Arc::clone(&story);
        let postgres = database == "postgres";
        let run = tokio::spawn(async move {
            let bed = if postgres { Bed::postgres().await } else { Bed::sqlite() };
            let summary = one(&bed, seed, told).await;
            bed.remove().await;
            summary
        });
        match run.await {
            Ok(summary) => println!("seed {seed} on {database}: {summary}"),
            Err(panic) => failed(database, seed, &story, panic.into_panic()),
        }
    }
}

async fn one(bed: &Bed, seed: u64, story: Story) -> String {
    let mut world = World::begin(bed, seed, story).await;
    for _ in 0..steps(seed) {
        world.step().await;
    }
    world.guests().await;
    end::check(&mut world).await;
    let summary = format!(
        "{} events of {} kinds, {} cases, {} effects acknowledged, {} keys, {} erased elsewhere",
        world.model.head,
        world.model.kinds.len(),
        world.model.order.len(),
        world.acknowledged.effects,
        world.acknowledged.keys.len(),
        world.model.parties_erased.values().sum::<usize>()
    );
    for machine in &world.machines {
        machine.log.close().await;
    }
    summary
}

fn failed(database: &str, seed: u64, story: &Story, panic: Box<dyn std::any::Any + Send>) -> ! {
    for line in story.lock().unwrap().iter() {
        println!("{line}");
    }
    if variable(ONE).is_none() && !kept().contains(&seed) {
        let mut file = std::fs::OpenOptions::new().append(true).open(file()).unwrap();
        writeln!(file, "{seed} # failed on {database}").unwrap();
    }
    println!("seed {seed} failed on {database}; to repeat it:");
    println!("  {ONE}={seed} scripts/with-postgres cargo test --test it simulation::{database}");
    std::panic::resume_unwind(panic)
}
