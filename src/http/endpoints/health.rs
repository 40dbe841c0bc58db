//! `GET /healthz`: the process lives.

use axum::Json;
use serde::Serialize;

/// The process lives.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Alive {
    /// `ok`.
    status: &'static str,
}

/// Whether the process lives; says nothing about the database.
#[utoipa::path(
    get, path = "/healthz", tag = "operation",
    responses((status = 200, description = "It lives", body = Alive)),
    security(()),
)]
pub(crate) async fn get() -> Json<Alive> {
    Json(Alive { status: "ok" })
}
