//! Callers that do one thing after another, and what they saw.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Something that can be done durably, again and again.
pub trait Load: Send + Sync + 'static {
    /// What one caller keeps from one time to the next.
    type Caller: Send;

    /// Makes ready what so many callers need for so long, outside the measured time.
    fn prepare(&self, callers: usize, time: Duration) -> impl Future<Output = ()> + Send {
        let _ = (callers, time);
        async {}
    }

    /// A new caller.
    fn caller(&self) -> impl Future<Output = Self::Caller> + Send;

    /// Does it once; returns when it is on disk.
    fn once(&self, caller: &mut Self::Caller) -> impl Future<Output = ()> + Send;
}

/// What one round of one load came to.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

impl Sample {
    /// Of the durations, in milliseconds, of what was done in so many seconds.
    pub fn of(mut taken: Vec<f64>, seconds: f64) -> Self {
        assert!(!taken.is_empty(), "nothing was done in {seconds} s");
        taken.sort_by(f64::total_cmp);
        let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize];
        Self { per_second: taken.len() as f64 / seconds, p50_ms: at(0.5), p99_ms: at(0.99) }
    }

    /// Of so many things done in so many seconds, whose single durations mean nothing.
    pub fn rate(count: u64, seconds: f64) -> Self {
        Self { per_second: count as f64 / seconds, p50_ms: f64::NAN, p99_ms: f64::NAN }
    }
}

/// Lets so many callers do it for so long.
pub async fn measure<L: Load>(load: &Arc<L>, callers: usize, time: Duration) -> Sample {
    load.prepare(callers, time).await;
    let mut ready = Vec::with_capacity(callers);
    for _ in 0..callers {
        ready.push(load.caller().await);
    }
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for mut caller in ready {
        let load = load.clone();
        tasks.spawn(async move {
            let mut taken = Vec::new();
            while start.elapsed() < time {
                let before = Instant::now();
                load.once(&mut caller).await;
                taken.push(before.elapsed().as_secs_f64() * 1_000.0);
            }
            taken
        });
    }
    let taken = tasks.join_all().await.into_iter().flatten().collect();
    Sample::of(taken, start.elapsed().as_secs_f64())
}
