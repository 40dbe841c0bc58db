//! `GET /api/v1/seal-group` and `POST /api/v1/seal-group/{change}`: who belongs to the group of the
//! sealed stream.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};

use super::users::UserView;
use crate::http::App;
use crate::http::auth::{Administrator, Overseer};
use crate::http::body::JsonBody;
use crate::http::params::Params;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;
use crate::sealed::group::{self, Change};

/// Whom it concerns.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberAsked {
    /// The sign-in name of a coordinator.
    login: String,
    /// Why: at most 500 characters; no personal data, for it stays in the log.
    note: Option<String>,
}

/// The group of the sealed stream.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SealGroup {
    /// Its members, by sign-in name.
    members: Vec<UserView>,
    /// It can act: at least two members may sign in as coordinators.
    acts: bool,
}

/// Who may look into the sealed stream. Administrators name them and do not look.
#[utoipa::path(
    get, path = "/api/v1/seal-group", tag = "accounts",
    responses(
        (status = 200, description = "The group", body = SealGroup),
        (status = 403, description = "Not an administrator or auditor", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    _: Overseer,
    params: Params,
) -> Result<Json<SealGroup>, Problem> {
    params.only(&[])?;
    shown(&app).await.map(Json)
}

async fn shown(app: &App) -> Result<SealGroup, Problem> {
    let members = group::list(app.desk.log()).await?;
    let acts = group::acts(&members);
    Ok(SealGroup {
        members: members.into_iter().map(|one| UserView::of(one, None)).collect(),
        acts,
    })
}

/// Adds a coordinator to the group or removes one: `{change}` is `add` or `remove`. At least two
/// always stay; nobody adds themselves.
#[utoipa::path(
    post, path = "/api/v1/seal-group/{change}", tag = "accounts",
    request_body = MemberAsked,
    params(("change" = String, Path, description = "`add` or `remove`")),
    responses(
        (status = 200, description = "The group as it is now", body = SealGroup),
        (status = 403, description = "Not an administrator", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account or change", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "One would be left alone", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No coordinator", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Administrator(by): Administrator,
    path: Result<Path<String>, axum::extract::rejection::PathRejection>,
    body: JsonBody,
) -> Result<Json<SealGroup>, Problem> {
    let change = match path.as_ref().map(|Path(word)| word.as_str()) {
        Ok("add") => Change::Add,
        Ok("remove") => Change::Remove,
        _ => return Err(Problem::no_such_command()),
    };
    let MemberAsked { login, note } = body.read()?;
    let desk = app.desk.clone();
    to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        group::change(log, random, &by, change, &login, note, now).await
    })
    .await?;
    shown(&app).await.map(Json)
}
