//! `GET /log/checkpoint`: the last signed checkpoint.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::{MUTABLE, TEXT};
use crate::http::App;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::proof::View;

/// The last checkpoint (C2SP tlog-checkpoint): origin, number of events and root, signed by the log
/// and by every witness that cosigned it. 503 when the log does not fit what was signed.
#[utoipa::path(
    get, path = "/log/checkpoint", tag = "proof",
    responses(
        (status = 200, description = "A signed note", body = String, content_type = "text/plain; charset=utf-8"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>, params: Params) -> Result<Response, Problem> {
    params.only(&[])?;
    let signed = View::of(app.desk.log()).last().await?;
    let media = (CONTENT_TYPE, axum::http::HeaderValue::from_static(TEXT));
    Ok(([media, MUTABLE], signed.note.to_string()).into_response())
}
