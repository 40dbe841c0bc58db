//! What is measured, in Prometheus' terms.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::sync::watch;

const REQUESTS: &str = "hoiam_http_requests_total";
const SECONDS: &str = "hoiam_http_request_seconds";
const HEAD: &str = "hoiam_log_head";
const FIRED: &str = "hoiam_timers_fired_total";
const RULES_TAKEN: &str = "hoiam_rules_taken_total";
const RULES_REFUSED: &str = "hoiam_rules_refused_total";
const FOLLOWER_LAG: &str = "hoiam_follower_lag_positions";
const FOLLOWER_FAILURES: &str = "hoiam_follower_failures_total";
const BATCHES: &str = "hoiam_log_batch_appends";

/// Upper ends of the latency buckets, seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The recorder of this process; there can be only one.
pub(super) fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let seconds = Matcher::Full(SECONDS.to_owned());
            // Refuses only an empty list of buckets.
            let builder = PrometheusBuilder::new()
                .set_buckets_for_metric(seconds, &BUCKETS)
                .unwrap_or_else(|_| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another recorder of metrics is in place; /metrics stays empty");
            }
            describe();
            handle
        })
        .clone()
}

fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests by method, route and status");
    metrics::describe_histogram!(SECONDS, "How long requests took, by method and route");
    metrics::describe_gauge!(HEAD, "Position of the last event of the log");
    metrics::describe_counter!(FIRED, "Timers that had an effect");
    metrics::describe_counter!(RULES_TAKEN, "Rule sets that were taken while running");
    metrics::describe_counter!(RULES_REFUSED, "Rule sets that were refused while running");
    metrics::describe_gauge!(FOLLOWER_LAG, "Events each follower has not taken in yet");
    metrics::describe_counter!(FOLLOWER_FAILURES, "Batches followers could not take in");
    metrics::describe_histogram!(BATCHES, "Appends by transaction; the sum is all appends");
    // What has not happened yet is zero, not absent.
    for counter in [FIRED, RULES_TAKEN, RULES_REFUSED, FOLLOWER_FAILURES] {
        metrics::counter!(counter).increment(0);
    }
}

/// The measurements as text, with the log's head as it is now.
pub(super) fn render(handle: &PrometheusHandle, head: Option<u64>) -> String {
    if let Some(head) = head {
        #[allow(clippy::cast_precision_loss, reason = "exact up to 2^53 events")]
        metrics::gauge!(HEAD).set(head as f64);
    }
    handle.render()
}

/// Keeps memory bounded when nobody asks for the measurements.
pub(super) async fn upkeep(handle: PrometheusHandle, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(5));
    loop {
        tokio::select! {
            _ = ticks.tick() => handle.run_upkeep(),
            _ = stop.changed() => return,
        }
    }
}

/// Counts a request and times it, by the route's pattern: paths hold case numbers and secrets.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = known_method(request.method().as_str());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!(SECONDS, "method" => method, "route" => route).record(start.elapsed());
    response
}

/// Methods are the caller's words; only known ones become labels.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}
