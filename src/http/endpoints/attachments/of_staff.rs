//! `/api/v1/cases/{number}/attachments`: files of a case, for staff who may see it.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use hoiam_domain::actor::Actor;
use hoiam_domain::case::Case;

use super::served::content;
use super::view::{AttachmentView, Listed};
use super::{Sending, send};
use crate::http::App;
use crate::http::auth::Staff;
use crate::http::endpoints::answers::visible_case;
use crate::http::params::Params;
use crate::http::path::{AttachmentId, Number};
use crate::http::problem::Problem;
use crate::sealed::reading::has_read_content;

/// A form with a file.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the form; it is read field by field")]
pub(crate) struct StaffForm {
    /// The file: a picture (JPEG, PNG, WebP), PDF, film (MP4, 3GP), recording (M4A, MP3, OGG) or
    /// plain text.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `true` shows it to the citizens who reported the case.
    shown: Option<bool>,
}

/// Attaches a file to a case. Pictures are written anew, so that nothing else in them stays.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/attachments", tag = "cases",
    request_body(content = StaffForm, content_type = "multipart/form-data"),
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
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
    security(("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Staff(actor): Staff,
    Number(number): Number,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &actor, &number).await?;
    let scope = format!("commands:{}", actor.id);
    let below = format!("/api/v1/cases/{}/attachments", case.number);
    send(app, Sending { actor, case, scope, below, staff: true }, &headers, body).await
}

/// The files of a case.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/attachments", tag = "cases",
    params(("number" = String, Path, description = "Case number, hyphens and case do not matter")),
    responses(
        (status = 200, description = "The files", body = Listed),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    params: Params,
) -> Result<Json<Listed>, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &reader, &number).await?;
    may_read(&app, &case, &reader).await?;
    Ok(Json(Listed { items: case.attachments.iter().map(AttachmentView::of).collect() }))
}

/// The content of a file. Pictures may be shown, everything else is to be saved.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/attachments/{attachment}", tag = "cases",
    params(
        ("number" = String, Path, description = "Case number, hyphens and case do not matter"),
        ("attachment" = String, Path, description = "Its id"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 410, description = "The file was erased", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Staff(reader): Staff,
    Number(number): Number,
    AttachmentId(id): AttachmentId,
    params: Params,
) -> Result<Response, Problem> {
    params.only(&[])?;
    let case = visible_case(&app, &reader, &number).await?;
    may_read(&app, &case, &reader).await?;
    let file = case.attachment(id).ok_or_else(Problem::no_such_attachment)?;
    content(&app, &case, file).await
}

/// The files of a denunciation are read as its words are: with a reason, which stands in the log.
async fn may_read(app: &App, case: &Case, reader: &Actor) -> Result<(), Problem> {
    if !case.is_denunciation() {
        return Ok(());
    }
    if has_read_content(&app.desk, case.id, reader).await? {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "read_content_first",
        "Tệp của tố cáo đọc như nội dung: hãy đọc nội dung trước, có nêu lý do (POST …/reveal).",
        "Files of a denunciation are read as its words are: read the content first, with a reason (POST …/reveal).",
    ))
}
