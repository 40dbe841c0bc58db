//! `GET /metrics`: measurements for Prometheus.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::http::{App, observe};

/// Measurements in Prometheus' text format.
#[utoipa::path(
    get, path = "/metrics", tag = "operation",
    responses((status = 200, description = "Measurements", body = String, content_type = "text/plain; version=0.0.4")),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>) -> Response {
    // Without a database the rest of the measurements matter most.
    let head = app.desk.log().head().await.ok();
    let text = observe::render(&app.metrics, head);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}
