//! `GET /api/v1/cases/{number}`: everything about a case that the reader may know.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hoiam_projections::case_page::CasePage;

use super::answers::visible_case;
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::headers::{etag, is_known};
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;

/// A case. Personal data are left out for readers who may not know them.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}", tag = "cases",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("If-None-Match" = Option<String>, Header, description = "A version the caller has"),
    ),
    responses(
        (status = 200, description = "The case", body = Object, headers(("ETag" = String, description = "Its version"))),
        (status = 304, description = "The caller has this version"),
        (status = 404, description = "No such case, or none the caller may see", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &reader, &number).await?;
    let keep = [
        (CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (VARY, HeaderValue::from_static("Authorization")),
    ];
    if is_known(&headers, case.version) {
        return Ok((StatusCode::NOT_MODIFIED, etag(case.version), keep).into_response());
    }
    let page = CasePage::of(&case).seen_by(&reader);
    Ok((etag(case.version), keep, Json(page)).into_response())
}
