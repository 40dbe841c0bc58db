//! `POST /api/v1/session`: signing in; below it what one may do with one's own session.

pub(crate) mod code;
pub(crate) mod end;
pub(crate) mod openid;
pub(crate) mod password;
pub(crate) mod prove;
pub(crate) mod who;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use self::who::SessionView;
use crate::accounts::sign_in::{Attempt, sign_in};
use crate::http::App;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::session::{device, device_cookie, session_cookie, set};

/// Who signs in.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// The sign-in name.
    login: String,
    /// The password.
    password: String,
    /// The one-time code, where one is set up.
    code: Option<String>,
}

/// Signs in. The session is a cookie only the server can read; answers nothing about whether a
/// name exists.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "accounts",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in; the session is in the cookie", body = SessionView,
            headers(("Set-Cookie" = String))),
        (status = 401, description = "Name, password or code is wrong, or a code is needed", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many failures", body = Problem, content_type = "application/problem+json",
            headers(("Retry-After" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn post(
    State(app): State<App>,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: SignIn = body.read()?;
    let known = device(&headers);
    let attempt = Attempt {
        login: &asked.login,
        password: &asked.password,
        code: asked.code.as_deref(),
        device: known.as_ref(),
    };
    let (log, now) = (app.desk.log(), app.desk.now());
    let begun = sign_in(log, app.desk.random(), &attempt, now).await?;
    let mut response = Json(SessionView::of(&begun.person, begun.must)).into_response();
    set(response.headers_mut(), &session_cookie(&begun.session));
    set(response.headers_mut(), &device_cookie(&begun.device));
    Ok(response)
}
