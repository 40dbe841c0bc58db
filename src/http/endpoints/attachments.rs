//! Files of a case: sending, listing and reading them, for staff and for citizens.

pub(in crate::http) mod of_citizen;
pub(in crate::http) mod of_staff;
mod served;
mod unfit;
mod view;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use hoiam_domain::actor::Actor;
use hoiam_domain::case::Case;
use hoiam_domain::case::authority::authorise;

pub(in crate::http) use view::{AttachmentView, Listed};

use crate::attachments::{Attachments, Upload};
use crate::desk::{Circumstances, DeskError, IdempotencyKey};
use crate::http::App;
use crate::http::headers::{REPLAYED, etag, expected_version, idempotency_key};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::upload;

/// Who sends a file to which case, by which path.
pub(super) struct Sending {
    pub(super) actor: Actor,
    pub(super) case: Arc<Case>,
    /// Whose idempotency keys these are.
    pub(super) scope: String,
    /// Where what was sent can be read, but for its id.
    pub(super) below: String,
    pub(super) staff: bool,
}

/// Whether somebody may attach at all is decided before the file is received; whether it fits when
/// it is there.
pub(super) async fn send(
    app: App,
    sending: Sending,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let files = files(&app)?.clone();
    authorise(&sending.case, &sending.actor, "attach").map_err(DeskError::Rejected)?;
    let (key, expected) = (idempotency_key(headers)?, expected_version(headers)?);
    let allowed: &[&str] = if sending.staff { &["shown"] } else { &[] };
    let most = files.limits().bytes;
    let form = upload::received(headers, body, &app.uploads, most, allowed).await?;
    let number = sending.case.number.clone();
    let request_hash = form.hash(&format!("POST {number} attachments"));
    let shown = match form.fields.get("shown").map(String::as_str) {
        None | Some("" | "false" | "0") => false,
        Some("true" | "1" | "on") => true,
        Some(_) => return Err(not_yes_or_no()),
    };
    let scope = sending.scope;
    let circumstances = Circumstances {
        expected,
        occurred_at: None,
        idempotency: key.map(|key| IdempotencyKey { scope, key, request_hash }),
    };
    let upload = Upload { name: form.name, bytes: form.file.into(), shown };
    let (desk, actor) = (app.desk.clone(), sending.actor);
    let kept =
        to_the_end(
            async move { files.attach(&desk, &actor, &number, upload, &circumstances).await },
        )
        .await?;
    let status = if kept.added { StatusCode::CREATED } else { StatusCode::OK };
    let view = AttachmentView::of(&kept.attachment);
    // Digits, letters and hyphens throughout.
    let location = HeaderValue::from_str(&format!("{}/{}", sending.below, view.id()))
        .unwrap_or(HeaderValue::from_static("/"));
    let mut response =
        (status, etag(kept.case.version), [(LOCATION, location)], Json(view)).into_response();
    if kept.replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn files(app: &App) -> Result<&Attachments, Problem> {
    app.attachments.as_ref().ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "attachments_off",
            "Máy chủ này không nhận tệp đính kèm.",
            "This server takes no attachments.",
        )
    })
}

fn not_yes_or_no() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_value",
        "“shown” phải là true hoặc false.",
        "`shown` must be true or false.",
    )
    .field("shown")
}
