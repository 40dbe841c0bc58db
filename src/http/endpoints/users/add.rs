//! `POST /api/v1/users`: adding an account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hoiam_domain::actor::Role;
use serde::Deserialize;

use super::{PositionAsked, UserView};
use crate::accounts::people;
use crate::http::App;
use crate::http::auth::Administrator;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// Who is to have an account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// The sign-in name: 2 to 64 letters a-z, digits and `. _ - @`.
    login: String,
    /// What people call them.
    name: String,
    /// The role.
    role: Role,
    /// The agency, for roles that act for one.
    agency: Option<String>,
    /// The focal point it is limited to.
    focal_point: Option<String>,
}

/// Adds an account. The first password is shown once and replaced at the first sign-in.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "accounts",
    request_body = NewUser,
    responses(
        (status = 201, description = "Added", body = UserView),
        (status = 403, description = "Not an administrator", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is one of that name", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Administrator(by): Administrator,
    body: JsonBody,
) -> Result<(StatusCode, Json<UserView>), Problem> {
    let NewUser { login, name, role, agency, focal_point } = body.read()?;
    let position = PositionAsked { role, agency, focal_point }.read(&app)?;
    let desk = app.desk.clone();
    let added = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        people::add(log, random, &by, &login, &name, position, now).await
    })
    .await?;
    Ok((StatusCode::CREATED, Json(UserView::of(added.person, Some(added.password)))))
}
