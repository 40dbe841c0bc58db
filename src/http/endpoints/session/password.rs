//! `POST /api/v1/session/password`: replacing one's own password.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::who::SessionView;
use crate::accounts::session::Must;
use crate::accounts::sign_in::change_password;
use crate::accounts::{people, session};
use crate::http::App;
use crate::http::auth::Account;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::session::{first, session_cookie, set};

/// The old password and the new one.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// The one that counts now.
    old: String,
    /// The one to count: at least 15 characters, not one anybody would try first.
    new: String,
}

/// Replaces one's own password. Every other session ends; this one goes on under a new id.
#[utoipa::path(
    post, path = "/api/v1/session/password", tag = "accounts",
    request_body = NewPassword,
    responses(
        (status = 200, description = "Replaced", body = SessionView, headers(("Set-Cookie" = String))),
        (status = 401, description = "The old password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The new password is not good enough", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Account(signed): Account,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: NewPassword = body.read()?;
    if signed.who.must == Some(Must::GiveCode) {
        return Err(first(Must::GiveCode));
    }
    let (desk, person) = (app.desk.clone(), signed.who.person.clone());
    let secret = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        change_password(log, random, &person, &asked.old, &asked.new, now).await?;
        session::begin(log.pool(), random, person.id, now).await.map_err(Problem::from)
    })
    .await?;
    let person = people::find(app.desk.log(), &signed.who.person.login).await?;
    let must = session::must(app.desk.log().pool(), &person).await?;
    let mut response = Json(SessionView::of(&person, must)).into_response();
    set(response.headers_mut(), &session_cookie(&secret));
    Ok(response)
}
