//! `/api/v1/feedback/{tracking_code}/attachments`: files of the own case, by its tracking code.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use uuid::Uuid;

use super::served::content;
use super::view::{AttachmentView, Listed};
use super::{Sending, send};
use crate::http::App;
use crate::http::endpoints::track::{Opened, opened};
use crate::http::params::Params;
use crate::http::path::{AttachmentId, TypedCode};
use crate::http::problem::Problem;

/// A form with a file.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the form; it is read field by field")]
pub(crate) struct CitizenForm {
    /// The file: a picture (JPEG, PNG, WebP), PDF, film (MP4, 3GP), recording (M4A, MP3, OGG) or
    /// plain text.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Sends a file to the own case, or to the one it was merged into. Pictures are written anew, so
/// that nothing else in them stays; when and where they were taken is kept for the desk.
#[utoipa::path(
    post, path = "/api/v1/feedback/{tracking_code}/attachments", tag = "citizens",
    request_body(content = CitizenForm, content_type = "multipart/form-data"),
    params(
        ("tracking_code" = String, Path, description = "As given on receipt"),
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
    security(()),
)]
pub(crate) async fn post(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let opened = opened(&app, &typed).await?;
    let (actor, case) = (opened.actor, opened.going_on);
    // As with commands: keys of two citizens never meet.
    let scope = format!("track:{}", opened.code_hash);
    // The code itself stands in no header of an answer.
    let below = "attachments".to_owned();
    send(app, Sending { actor, case, scope, below, staff: false }, &headers, body).await
}

/// The files the citizen sent, and those that are shown to them.
#[utoipa::path(
    get, path = "/api/v1/feedback/{tracking_code}/attachments", tag = "citizens",
    params(("tracking_code" = String, Path, description = "As given on receipt")),
    responses(
        (status = 200, description = "The files", body = Listed),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn list(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    params: Params,
) -> Result<Json<Listed>, Problem> {
    params.only(&[])?;
    let opened = opened(&app, &typed).await?;
    Ok(listed(&opened))
}

/// The files a citizen may see.
pub(in crate::http::endpoints) fn listed(opened: &Opened) -> Json<Listed> {
    Json(Listed { items: opened.files().map(|(_, file)| AttachmentView::of(file)).collect() })
}

/// The content of a file of the own case.
#[utoipa::path(
    get, path = "/api/v1/feedback/{tracking_code}/attachments/{attachment}", tag = "citizens",
    params(
        ("tracking_code" = String, Path, description = "As given on receipt"),
        ("attachment" = String, Path, description = "Its id"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 410, description = "The file was erased", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(
    State(app): State<App>,
    TypedCode(typed): TypedCode,
    AttachmentId(id): AttachmentId,
    params: Params,
) -> Result<Response, Problem> {
    params.only(&[])?;
    read(&app, &opened(&app, &typed).await?, id).await
}

/// A file a citizen may see.
pub(in crate::http::endpoints) async fn read(
    app: &App,
    opened: &Opened,
    id: Uuid,
) -> Result<Response, Problem> {
    let mut files = opened.files();
    let (case, file) =
        files.find(|(_, file)| file.id == id).ok_or_else(Problem::no_such_attachment)?;
    content(app, case, file).await
}
