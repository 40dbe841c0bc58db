//! `POST /api/v1/session/code`: setting up one-time codes.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::accounts::session::{Must, rotate};
use crate::accounts::sign_in::{confirm_code, offer_code};
use crate::accounts::{SignInError, code};
use crate::http::App;
use crate::http::auth::Account;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::session::{first, session_cookie, set};

/// Nothing, to be offered a secret; a code of it, to take it into use.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUpCode {
    /// A code of the secret offered.
    code: Option<String>,
}

/// What to put into an authenticator app, or that it counts now.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CodeView {
    /// The secret, base32; shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The same as an address authenticator apps read.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Codes are needed from now on.
    in_use: bool,
}

/// Sets up one-time codes (RFC 6238): first without a code, then with one of the secret offered.
#[utoipa::path(
    post, path = "/api/v1/session/code", tag = "accounts",
    request_body = SetUpCode,
    responses(
        (status = 200, description = "Offered, or in use", body = CodeView, headers(("Set-Cookie" = String))),
        (status = 401, description = "It is no code of the secret offered", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Account(signed): Account,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: SetUpCode = body.read()?;
    // Who has codes and did not give one may not replace them.
    if signed.who.must == Some(Must::GiveCode) {
        return Err(first(Must::GiveCode));
    }
    let person = signed.who.person.clone();
    let Some(given) = asked.code else {
        let secret = offer_code(app.desk.log(), app.desk.random(), &person).await?;
        let url = Some(code::url(&secret, &person.login));
        return Ok(Json(CodeView { secret: Some(secret), url, in_use: false }).into_response());
    };
    let desk = app.desk.clone();
    let secret = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        confirm_code(log, random, &person, &given, now).await?;
        Ok::<_, Problem>(rotate(log.pool(), random, &signed.secret, now).await?)
    })
    .await?;
    let Some(secret) = secret else { return Err(SignInError::Refused.into()) };
    let mut response = Json(CodeView { secret: None, url: None, in_use: true }).into_response();
    set(response.headers_mut(), &session_cookie(&secret));
    Ok(response)
}
