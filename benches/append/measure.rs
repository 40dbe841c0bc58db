//! Callers that send one command after another, and what they saw.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Something that can be done durably, again and again.
pub trait Load: Send + Sync + 'static {
    /// Does it once; returns when it is on disk. No two calls have the same three numbers.
    fn once(&self, round: u64, caller: usize, nr: u64) -> impl Future<Output = ()> + Send;
}

/// What one round of one load came to.
pub struct Sample {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// Lets so many callers do it for so long.
pub async fn measure<L: Load>(load: &Arc<L>, round: u64, callers: usize, time: Duration) -> Sample {
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let load = load.clone();
        tasks.spawn(async move {
            let mut taken = Vec::new();
            // Streams of 1 and of 64 callers differ, so that both start new ones.
            let round = round * 1_000 + callers as u64;
            while start.elapsed() < time {
                let before = Instant::now();
                load.once(round, caller, taken.len() as u64).await;
                taken.push(before.elapsed().as_secs_f64() * 1_000.0);
            }
            taken
        });
    }
    let mut taken: Vec<f64> = tasks.join_all().await.into_iter().flatten().collect();
    let seconds = start.elapsed().as_secs_f64();
    taken.sort_by(f64::total_cmp);
    let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
    Sample { per_second: taken.len() as f64 / seconds, p50_ms: at(0.5), p99_ms: at(0.99) }
}

/// Samples by load and callers.
#[derive(Default)]
pub struct Results {
    samples: BTreeMap<(String, usize), Vec<Sample>>,
}

impl Results {
    pub fn add(&mut self, name: impl Into<String>, callers: usize, sample: Sample) {
        let name = name.into();
        println!("{name:<36} {callers:>3} callers {:>9.0}/s", sample.per_second);
        self.samples.entry((name, callers)).or_default().push(sample);
    }

    /// The medians over the rounds.
    pub fn print(&self) {
        println!(
            "\n{:<36} {:>7} {:>10} {:>9} {:>9}",
            "medians", "callers", "commits/s", "p50 ms", "p99 ms"
        );
        for ((name, callers), samples) in &self.samples {
            let median = |value: fn(&Sample) -> f64| {
                let mut values: Vec<f64> = samples.iter().map(value).collect();
                values.sort_by(f64::total_cmp);
                values[values.len() / 2]
            };
            println!(
                "{name:<36} {callers:>7} {:>10.0} {:>9.2} {:>9.2}",
                median(|sample| sample.per_second),
                median(|sample| sample.p50_ms),
                median(|sample| sample.p99_ms)
            );
        }
    }
}
