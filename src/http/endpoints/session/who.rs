//! `GET /api/v1/session`: who one is.

use axum::Json;
use hoiam_domain::actor::Role;
use serde::Serialize;

use crate::accounts::Person;
use crate::accounts::actor_id;
use crate::accounts::session::Must;
use crate::http::auth::Account;
use crate::http::problem::Problem;

/// Who is signed in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SessionView {
    /// Their id as an actor, as it stands in events.
    id: String,
    /// The sign-in name.
    login: String,
    /// What people call them.
    name: String,
    /// Their role.
    role: Role,
    /// The agency they act for.
    agency: Option<String>,
    /// The focal point they are limited to.
    focal_point: Option<String>,
    /// What must be done before anything else.
    must: Option<Must>,
}

impl SessionView {
    pub(super) fn of(person: &Person, must: Option<Must>) -> Self {
        Self {
            id: actor_id(person.id),
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.position.role,
            agency: person.position.agency.as_ref().map(ToString::to_string),
            focal_point: person.position.focal_point.as_ref().map(ToString::to_string),
            must,
        }
    }
}

/// Who one is signed in as.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "accounts",
    responses(
        (status = 200, description = "Who one is", body = SessionView),
        (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(crate) async fn get(Account(signed): Account) -> Json<SessionView> {
    Json(SessionView::of(&signed.who.person, signed.who.must))
}
