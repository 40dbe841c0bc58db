//! `GET /api/openapi.json`: this interface as OpenAPI.

use axum::Json;

use crate::http::openapi::document;

/// This interface as OpenAPI.
#[utoipa::path(
    get, path = "/api/openapi.json", tag = "operation",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)),
    security(()),
)]
pub(crate) async fn get() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
