//! Keeps a running node's rule sets and boundaries up to date: whenever the log has grown, it looks
//! whether the policy streams have. A set is made ready as soon as its activation is seen and decides from its own
//! moment on; this worker need not wake up at that moment.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::PolicyError;
use crate::desk::Desk;
use crate::rules::Refreshed;

/// The log grows all the time; the rules stream is looked at no more often than this.
const AT_MOST_EVERY: Duration = Duration::from_millis(200);

/// Follows the rules stream until `stop` changes.
pub async fn run(desk: Desk, mut stop: watch::Receiver<bool>) {
    let mut committed = desk.log().committed();
    let mut ticks = interval(AT_MOST_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut said, mut said_of_boundaries) = (String::new(), String::new());
    loop {
        ticks.tick().await;
        committed.mark_unchanged();
        let refreshed = desk.rules_handle().refresh(desk.log(), desk.now()).await;
        report(&desk, refreshed, &mut said);
        boundaries(&desk, &mut said_of_boundaries).await;
        tokio::select! {
            grown = committed.changed() => if grown.is_err() { return },
            _ = stop.changed() => return,
        }
    }
}

/// Takes in imported boundaries; tells trouble once.
async fn boundaries(desk: &Desk, said: &mut String) {
    let failures = match desk.rules_handle().refresh_boundaries(desk.log()).await {
        Ok((new, failures)) => {
            for one in new {
                let (level, hash) = (one.event.level, &one.event.hash);
                metrics::counter!("hoiam_boundaries_imported_total").increment(1);
                tracing::info!(id = one.id, %level, %hash, "boundaries are in use");
            }
            failures
        }
        Err(error) => vec![error],
    };
    let trouble = failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if !trouble.is_empty() && trouble != *said {
        tracing::error!("imported boundaries cannot be used: {trouble}");
    }
    *said = trouble;
}

/// Tells what changed, and trouble once: the same one comes back each time the log grows.
fn report(desk: &Desk, refreshed: Result<Refreshed, PolicyError>, said: &mut String) {
    let failures = match refreshed {
        Ok(refreshed) => {
            for one in &refreshed.new {
                metrics::counter!("hoiam_rules_activated_total").increment(1);
                tracing::info!(id = one.id, hash = %one.hash, from = %one.from, by = %one.by, "a rule set was activated");
            }
            refreshed.failures
        }
        Err(error) => vec![error],
    };
    let trouble = failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    if !trouble.is_empty() && trouble != *said {
        metrics::counter!("hoiam_rules_refused_total").increment(1);
        tracing::error!(kept = %desk.rules().hash, "activated rules cannot be used: {trouble}");
    }
    *said = trouble;
}
