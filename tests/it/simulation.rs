//! A city simulated from a seed: people of all roles, nodes that crash, clocks that jump, rules
//! that change; and everything that happened compared with a model. See docs/simulation.md.

mod dice;
mod end;
mod judge;
mod machine;
mod model;
mod people;
mod process;
mod receipt;
mod request;
mod seeds;
mod town;
mod world;

/// How long a run is.
fn steps(seed: u64) -> usize {
    60 + usize::try_from(seed % 120).unwrap()
}

// One thread: what the seed decides happens in the same order again, but for what waits for the
// database at the same time.
#[tokio::test(flavor = "current_thread")]
async fn sqlite() {
    seeds::run("sqlite").await;
}

#[tokio::test(flavor = "current_thread")]
async fn postgres() {
    seeds::run("postgres").await;
}
