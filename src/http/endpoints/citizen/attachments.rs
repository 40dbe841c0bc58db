//! `/api/v1/citizen/cases/{number}/attachments`: files of one of the own cases, without its tracking
//! code.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::case::own;
use crate::http::App;
use crate::http::auth::Resident;
use crate::http::endpoints::attachments::of_citizen::{CitizenForm, listed, read};
use crate::http::endpoints::attachments::{AttachmentView, Listed, Sending, send};
use crate::http::params::Params;
use crate::http::path::{AttachmentId, Number};
use crate::http::problem::Problem;

/// Sends a file to one of the own cases, or to the one it was merged into, as with its tracking
/// code.
#[utoipa::path(
    post, path = "/api/v1/citizen/cases/{number}/attachments", tag = "citizens",
    request_body(content = CitizenForm, content_type = "multipart/form-data"),
    params(
        ("number" = String, Path, description = "Case number"),
        ("If-Match" = Option<String>, Header, description = "The version decided on, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 200 visible ASCII characters; makes repeating safe"),
    ),
    responses(
        (status = 201, description = "Attached", body = AttachmentView,
            headers(("ETag" = String), ("Location" = String), ("Idempotency-Replayed" = String))),
        (status = 200, description = "It was there already", body = AttachmentView),
        (status = 413, description = "The file is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "No form, or no file of a type that is taken", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Resident(signed): Resident,
    Number(number): Number,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let opened = own(&app, &signed, &number).await?;
    let below = format!("/api/v1/citizen/cases/{}/attachments", opened.own.number);
    let (actor, case) = (opened.actor, opened.going_on);
    let scope = format!("citizen:{}", signed.who.id);
    send(app, Sending { actor, case, scope, below, staff: false }, &headers, body).await
}

/// The files one sent to one of the own cases, and those that are shown.
#[utoipa::path(
    get, path = "/api/v1/citizen/cases/{number}/attachments", tag = "citizens",
    params(("number" = String, Path, description = "Case number")),
    responses(
        (status = 200, description = "The files", body = Listed),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    Resident(signed): Resident,
    Number(number): Number,
    params: Params,
) -> Result<Json<Listed>, Problem> {
    params.only(&[])?;
    Ok(listed(&own(&app, &signed, &number).await?))
}

/// The content of a file of one of the own cases.
#[utoipa::path(
    get, path = "/api/v1/citizen/cases/{number}/attachments/{attachment}", tag = "citizens",
    params(
        ("number" = String, Path, description = "Case number"),
        ("attachment" = String, Path, description = "Its id"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 410, description = "The file was erased", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Resident(signed): Resident,
    Number(number): Number,
    AttachmentId(id): AttachmentId,
    params: Params,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let opened = own(&app, &signed, &number).await?;
    read(&app, &opened, id).await
}
