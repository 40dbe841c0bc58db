//! `GET /api/v1/users`: the accounts of staff, for administrators and auditors; below it adding and changing.

pub(crate) mod add;
pub(crate) mod change;

use axum::Json;
use axum::extract::State;
use hoiam_domain::accounts::Position;
use hoiam_domain::actor::Role;
use hoiam_domain::codes::{AgencyCode, FocalPointCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::{Person, actor_id, people};
use crate::http::App;
use crate::http::auth::Overseer;
use crate::http::params::Params;
use crate::http::problem::Problem;

/// A page of accounts.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Users {
    /// By sign-in name.
    items: Vec<UserView>,
    /// What to give as `after` for the next page; none at the end.
    next: Option<String>,
}

/// An account.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct UserView {
    /// Its id as an actor, as it stands in events.
    id: String,
    /// The sign-in name.
    login: String,
    /// What people call them.
    name: String,
    /// The role.
    role: Role,
    /// The agency they act for.
    agency: Option<String>,
    /// The focal point they are limited to.
    focal_point: Option<String>,
    /// They may not sign in.
    disabled: bool,
    /// Since when there is the account.
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// The first password, shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

impl UserView {
    pub(super) fn of(person: Person, password: Option<String>) -> Self {
        let Position { role, agency, focal_point } = person.position;
        Self {
            id: actor_id(person.id),
            login: person.login,
            name: person.name,
            role,
            agency: agency.map(|code| code.to_string()),
            focal_point: focal_point.map(|code| code.to_string()),
            disabled: person.disabled,
            created_at: person.created_at,
            password,
        }
    }
}

/// A role, and for whom.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PositionAsked {
    /// The role.
    pub(crate) role: Role,
    /// The agency, for roles that act for one.
    pub(crate) agency: Option<String>,
    /// The focal point it is limited to.
    pub(crate) focal_point: Option<String>,
}

impl PositionAsked {
    /// The position, its agency and focal point being in the directory.
    pub(crate) fn read(self, app: &App) -> Result<Position, Problem> {
        let agency = self.agency.map(AgencyCode::new);
        let focal_point = self.focal_point.map(FocalPointCode::new);
        let rules = app.desk.rules();
        let directory = &rules.directory;
        if agency.as_ref().is_some_and(|code| directory.agency(code).is_none()) {
            return Err(unknown(
                "no_such_agency",
                "agency",
                "Danh bạ không có đơn vị này.",
                "The directory has no such agency.",
            ));
        }
        if let (Some(point), Some(agency)) = (&focal_point, &agency)
            && !directory.belongs(point, agency)
        {
            return Err(unknown(
                "no_such_focal_point",
                "focal_point",
                "Đơn vị này không có đầu mối đó.",
                "That agency has no such focal point.",
            ));
        }
        Ok(Position { role: self.role, agency, focal_point })
    }
}

fn unknown(code: &'static str, field: &str, vi: &str, en: &str) -> Problem {
    Problem::new(axum::http::StatusCode::UNPROCESSABLE_ENTITY, code, vi, en).field(field)
}

/// The accounts of staff, two hundred a page.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "accounts",
    params(("after" = Option<String>, Query, description = "The last sign-in name of the page before")),
    responses(
        (status = 200, description = "A page", body = Users),
        (status = 403, description = "Not an administrator", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    _: Overseer,
    params: Params,
) -> Result<Json<Users>, Problem> {
    params.only(&["after"])?;
    let after = params.get("after").unwrap_or_default();
    let people = people::list(app.desk.log(), after).await?;
    let next = (people.len() == people::PAGE).then(|| people.last().map(|last| last.login.clone()));
    let items = people.into_iter().map(|person| UserView::of(person, None)).collect();
    Ok(Json(Users { items, next: next.flatten() }))
}
