//! `GET /log/key`: the key the log is signed with.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::{MUTABLE, TEXT};
use crate::http::App;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::proof::View;

/// The log's verifier key (C2SP signed-note): name, hash and key. Whoever does not trust this server
/// takes it from somewhere else, too, and compares.
#[utoipa::path(
    get, path = "/log/key", tag = "proof",
    responses(
        (status = 200, description = "name+hash+key", body = String, content_type = "text/plain; charset=utf-8"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn get(State(app): State<App>, params: Params) -> Result<Response, Problem> {
    params.only(&[])?;
    let key = View::of(app.desk.log()).key().await?;
    let media = (CONTENT_TYPE, axum::http::HeaderValue::from_static(TEXT));
    Ok(([media, MUTABLE], format!("{key}\n")).into_response())
}
