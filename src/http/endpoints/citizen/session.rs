//! `GET /api/v1/citizen/session`: which account one has; signing out.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hoiam_domain::actor::{Actor, Role};
use jiff::Timestamp;
use serde::Serialize;

use crate::accounts::{citizens, session};
use crate::http::App;
use crate::http::auth::Resident;
use crate::http::body::JsonBody;
use crate::http::endpoints::session::end::{SignOut, SignedOut};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::http::session::{citizen_cleared, set};

/// A citizen's account. What they are known by is not kept, so it is not here.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CitizenView {
    /// Its id as an actor, as it stands in events.
    id: String,
    /// The provider that vouched; null: a mail reached them.
    provider: Option<String>,
    /// When the session ends in any case.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
}

/// Which account one is signed in with.
#[utoipa::path(
    get, path = "/api/v1/citizen/session", tag = "citizens",
    responses(
        (status = 200, description = "The account", body = CitizenView),
        (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn get(Resident(signed): Resident) -> Json<CitizenView> {
    let who = signed.who;
    let id = citizens::actor_id(who.id);
    Json(CitizenView { id, provider: who.provider, ends_at: who.ends_at })
}

/// Ends the account: what it is known by and the list of its cases go, and so do all sessions. The
/// cases stay; their tracking codes go on working.
#[utoipa::path(
    post, path = "/api/v1/citizen/leave", tag = "citizens",
    responses(
        (status = 200, description = "There is no account any more", body = SignedOut, headers(("Set-Cookie" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn leave(
    State(app): State<App>,
    Resident(signed): Resident,
) -> Result<Response, Problem> {
    let (desk, id) = (app.desk.clone(), signed.who.id);
    to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        let by = Actor::new(Role::Citizen, citizens::actor_id(id));
        citizens::leave(log, random, &by, id, now).await
    })
    .await?;
    let mut response = Json(SignedOut { sessions: 1 }).into_response();
    set(response.headers_mut(), &citizen_cleared());
    Ok(response)
}

/// Signs out, here or everywhere.
#[utoipa::path(
    post, path = "/api/v1/citizen/session/end", tag = "citizens",
    request_body = SignOut,
    responses(
        (status = 200, description = "Signed out", body = SignedOut, headers(("Set-Cookie" = String))),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn end(
    State(app): State<App>,
    Resident(signed): Resident,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: SignOut = body.read()?;
    let pool = app.desk.log().pool();
    let sessions = if asked.everywhere {
        session::end_all(pool, signed.who.id).await?
    } else {
        session::end(pool, &signed.secret).await?;
        1
    };
    let mut response = Json(SignedOut { sessions }).into_response();
    set(response.headers_mut(), &citizen_cleared());
    Ok(response)
}
