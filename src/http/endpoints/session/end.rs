//! `POST /api/v1/session/end`: signing out, here or everywhere.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::accounts::session;
use crate::http::App;
use crate::http::auth::Account;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::session::{cleared, set};

/// Where to sign out.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignOut {
    /// On every device.
    #[serde(default)]
    pub(crate) everywhere: bool,
}

/// What ended.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SignedOut {
    /// How many sessions.
    pub(crate) sessions: u64,
}

/// Signs out.
#[utoipa::path(
    post, path = "/api/v1/session/end", tag = "accounts",
    request_body = SignOut,
    responses(
        (status = 200, description = "Signed out", body = SignedOut, headers(("Set-Cookie" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Account(signed): Account,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: SignOut = body.read()?;
    let pool = app.desk.log().pool();
    let sessions = if asked.everywhere {
        session::end_all(pool, signed.who.person.id).await?
    } else {
        session::end(pool, &signed.secret).await?;
        1
    };
    let mut response = Json(SignedOut { sessions }).into_response();
    set(response.headers_mut(), &cleared());
    Ok(response)
}
