//! Callers that append one event after another, and readers of everything.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::CALLERS;
use crate::stores::Store;

/// What one round came to.
#[derive(Clone, Copy)]
pub struct Sample {
    pub per_second: f64,
    pub p99_ms: f64,
    /// Appends a store refused although nobody else wrote to the stream.
    pub failed: u64,
}

/// One round for every number of callers.
pub async fn rounds_of_appends<S: Store>(
    store: &Arc<S>,
    samples: &mut [Vec<Sample>; 3],
    time: Duration,
) {
    for (callers, samples) in CALLERS.into_iter().zip(samples) {
        let sample = round(store, callers, time).await;
        println!(
            "{:<28} {callers:>3} {:>9.0}/s {:>8.2} ms",
            store.name(),
            sample.per_second,
            sample.p99_ms
        );
        samples.push(sample);
    }
}

async fn round<S: Store>(store: &Arc<S>, callers: usize, time: Duration) -> Sample {
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..callers {
        let store = store.clone();
        tasks.spawn(async move {
            let (mut stream, mut taken, mut failed) = (S::Stream::default(), Vec::new(), 0);
            while start.elapsed() < time {
                let before = Instant::now();
                if store.append(&mut stream).await {
                    taken.push(before.elapsed().as_secs_f64() * 1e3);
                } else {
                    failed += 1;
                }
            }
            (taken, failed)
        });
    }
    let (mut taken, mut failed) = (Vec::new(), 0);
    for (some, refused) in tasks.join_all().await {
        taken.extend(some);
        failed += refused;
    }
    let seconds = start.elapsed().as_secs_f64();
    taken.sort_by(f64::total_cmp);
    let p99_ms = taken.get(taken.len().saturating_sub(1) * 99 / 100).copied().unwrap_or(f64::NAN);
    Sample { per_second: taken.len() as f64 / seconds, p99_ms, failed }
}

/// Events a second when everything is read again.
pub async fn replay<S: Store>(store: &Arc<S>, least: usize) -> f64 {
    let start = Instant::now();
    let read = store.replay().await;
    let rate = read as f64 / start.elapsed().as_secs_f64();
    assert!(read >= least, "{} read {read} events only", store.name());
    println!("{:<28} replay {rate:>9.0}/s", store.name());
    rate
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
