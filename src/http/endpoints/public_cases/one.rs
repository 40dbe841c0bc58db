//! `GET /api/v1/public/cases/{number}`: one case as everybody may know it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hoiam_domain::case::publicity::is_public;

use super::PublicCase;
use super::view;
use crate::http::App;
use crate::http::params::Params;
use crate::http::path::Number;
use crate::http::problem::Problem;

/// A public case. One that is not public does not exist here.
#[utoipa::path(
    get, path = "/api/v1/public/cases/{number}", tag = "citizens",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("If-None-Match" = Option<String>, Header, description = "The case as the caller has it"),
    ),
    responses(
        (status = 200, description = "The case", body = PublicCase, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, description = "The caller has it"),
        (status = 404, description = "No such case, or none that is public", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Number(number): Number,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let case = app.desk.case(app.desk.find(&number).await?).await?;
    if !is_public(&case) {
        return Err(Problem::no_such_case());
    }
    Ok(view::answer(&headers, &PublicCase::of(&case, &app.desk.rules().directory)))
}
