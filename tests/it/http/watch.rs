//! What whoever runs the program asks.

use serde_json::json;

use super::server::{Server, pothole};
use crate::support::{Bed, bed};

both! {
    async fn measurements_name_routes_not_paths(bed: &Bed) {
        let server = Server::on(bed).await;
        let received = server.post("/api/v1/feedback", "", pothole()).await.ok();
        let code = received["tracking_code"].as_str().unwrap();
        server.get(&format!("/api/v1/track/{code}"), "").await.ok();
        server.get("/nowhere", "").await.refused(404, "no_such_path", None);
        let metrics = server.get("/metrics", "").await;
        assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
        for line in [
            "hoiam_http_requests_total{method=\"POST\",route=\"/api/v1/feedback\",status=\"201\"}",
            "hoiam_http_requests_total{method=\"GET\",route=\"/api/v1/track/{tracking_code}\",status=\"200\"}",
            "hoiam_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}",
            "hoiam_http_request_seconds_bucket{method=\"POST\",route=\"/api/v1/feedback\",le=",
            "hoiam_log_head ",
            "hoiam_timers_fired_total ",
            "hoiam_rules_refused_total ",
            "hoiam_log_batch_appends_sum ",
        ] {
            assert!(metrics.text.contains(line), "{line}\n{}", metrics.text);
        }
        assert!(!metrics.text.contains(code));
        server.stop().await;
    }

    async fn a_lost_database_is_said_and_nothing_acknowledged_is_missing(bed: &Bed) {
        let server = Server::on(bed).await;
        assert_eq!(server.get("/readyz", "").await.ok()["status"], "ready");
        server.post("/api/v1/feedback", "", pothole()).await.ok();
        if bed.is_postgres() {
            lose_and_return(bed, &server).await;
        } else {
            server.city.desk.log().close().await;
        }
        if !bed.is_postgres() {
            server.get("/readyz", "").await.refused(503, "not_ready", None);
            server.post("/api/v1/feedback", "", pothole()).await.refused(503, "unavailable", None);
            server.get("/api/v1/track/0000-0000-0000-0000", "").await.refused(503, "unavailable", None);
        }
        assert_eq!(server.get("/healthz", "").await.ok(), json!({"status": "ok"}));
        assert_eq!(server.get("/metrics", "").await.status, 200);
        server.stop().await;
    }
}

/// The server of the database refuses everybody for a while, then takes connections again.
async fn lose_and_return(bed: &Bed, server: &Server) {
    let name = bed.name();
    let admin = async |sql: String| {
        use sqlx::AssertSqlSafe;
        let mut connection = bed::admin().await;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    };
    admin(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
    admin(format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    ))
    .await;
    server.get("/readyz", "").await.refused(503, "not_ready", None);
    server.post("/api/v1/feedback", "", pothole()).await.refused(503, "unavailable", None);
    admin(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
    while server.get("/readyz", "").await.status != 200 {}
    let second = server.post("/api/v1/feedback", "", pothole()).await.ok();
    let number = second["number"].as_str().unwrap();
    assert!(number.starts_with("HCM-26-000002-"), "{number}");
}
