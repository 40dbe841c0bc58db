//! `GET /readyz`: the desk can take feedback now.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use serde::Serialize;

use crate::http::App;
use crate::http::problem::Problem;

/// The desk is ready.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Ready {
    /// `ready`.
    status: &'static str,
    /// Hash of the rule set in force.
    rule_set: String,
}

/// Whether the log can be written now: tries it with a write that changes nothing.
#[utoipa::path(
    get, path = "/readyz", tag = "operation",
    responses(
        (status = 200, description = "Ready", body = Ready),
        (status = 503, description = "Not ready", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>) -> Result<Json<Ready>, Problem> {
    match app.desk.log().ready().await {
        Ok(()) => Ok(Json(Ready { status: "ready", rule_set: app.desk.rules().hash.clone() })),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "not_ready",
                "Cơ sở dữ liệu hiện không ghi được.",
                "The database cannot be written now.",
            )
            .header(RETRY_AFTER, "5"))
        }
    }
}
