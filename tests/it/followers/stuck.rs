//! An event that followers cannot read, as whoever runs the server sees it.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::support::bed::sql;
use crate::support::city::POTHOLE;
use crate::support::serving::Serving;

const FAILURES: &str = "hoiam_follower_failures_total";
const LAG: &str = "hoiam_follower_lag_positions";

async fn receive(server: &Serving) -> String {
    let body = json!({ "channel": "app", "text": POTHOLE });
    let received = server.post("/api/v1/feedback", "", &body).await;
    received["tracking_code"].as_str().unwrap().to_owned()
}

/// Asks until a metric is past a value; the test ends if that never happens.
async fn past(server: &Serving, metric: &str, value: f64) -> f64 {
    let wait = async {
        loop {
            let found = server.metric(metric).await;
            if found > value {
                return found;
            }
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(60), wait).await;
    found.unwrap_or_else(|_| panic!("{metric} never gets past {value}: {}", server.log()))
}

both! {
    /// The metric rises and the log names the event; people are served and timers fire.
    async fn the_server_says_so_and_goes_on(bed: &Bed) {
        let log = bed.open().await;
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("routing-rules");
        let guard = if bed.is_postgres() {
            "ALTER TABLE events DISABLE TRIGGER events_no_update"
        } else {
            "DROP TRIGGER events_no_update"
        };
        sql(log.pool(), guard).await.unwrap();
        // The first server takes in some; between it and the next a newer program writes.
        let mut server = Serving::start(bed, &rules);
        receive(&server).await;
        server.kill();
        let before = hoiam::followers::catch_up(&log).await.unwrap();
        let city = crate::support::city::City::on(bed).await;
        city.receive(POTHOLE).await;
        let rename = |from: &str, to: &str| format!(
            "UPDATE events SET kind = 'case.{to}' WHERE kind = 'case.{from}' AND position > {before}"
        );
        sql(log.pool(), &rename("received", "foretold")).await.unwrap();

        let server = Serving::start(bed, &rules);
        let failures = past(&server, FAILURES, 0.0).await;
        let lag = past(&server, LAG, 0.0).await;
        for _ in 0..3 {
            let code = receive(&server).await;
            server.get(&format!("/api/v1/track/{code}"), "").await;
        }
        past(&server, FAILURES, failures).await;
        past(&server, LAG, lag).await;
        let said = server.log();
        let names = |line: &&str| {
            line.contains("followers cannot go on")
                && line.contains(&format!("position {}", before + 1))
                && line.contains("case.foretold")
        };
        assert!(said.lines().any(|line| names(&line)), "{said}");
        assert!(!said.contains("panicked"), "{said}");

        // What can be read again is taken in, without a restart.
        sql(log.pool(), &rename("foretold", "received")).await.unwrap();
        let head = log.head().await.unwrap();
        let caught_up = async {
            while log.checkpoints().await.unwrap().iter().any(|known| known.position < head) {}
        };
        tokio::time::timeout(Duration::from_secs(60), caught_up).await.expect("it stays behind");
        city.desk.log().close().await;
        log.close().await;
    }
}
