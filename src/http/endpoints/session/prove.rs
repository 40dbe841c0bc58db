//! `POST /api/v1/session/code/prove`: a one-time code after a provider that asked for a password only.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::who::SessionView;
use crate::accounts::SignInError;
use crate::accounts::session::{Must, rotate};
use crate::accounts::sign_in::prove_code;
use crate::http::App;
use crate::http::auth::Account;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::session::{session_cookie, set};

/// A code.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProveCode {
    /// The one-time code of now.
    code: String,
}

/// Gives the one-time code that is missing. The session goes on under a new id.
#[utoipa::path(
    post, path = "/api/v1/session/code/prove", tag = "accounts",
    request_body = ProveCode,
    responses(
        (status = 200, description = "Nothing is missing any more", body = SessionView, headers(("Set-Cookie" = String))),
        (status = 401, description = "The code is wrong or was used", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Account(signed): Account,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: ProveCode = body.read()?;
    let (desk, person) = (app.desk.clone(), signed.who.person.clone());
    if signed.who.must != Some(Must::GiveCode) {
        return Err(SignInError::Refused.into());
    }
    let secret = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        prove_code(log, &person, &asked.code, now).await?;
        Ok::<_, Problem>(rotate(log.pool(), random, &signed.secret, now).await?)
    })
    .await?;
    let Some(secret) = secret else { return Err(SignInError::Refused.into()) };
    let mut response = Json(SessionView::of(&signed.who.person, None)).into_response();
    set(response.headers_mut(), &session_cookie(&secret));
    Ok(response)
}
