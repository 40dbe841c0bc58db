//! `POST /api/v1/users/{login}/{action}`: disabling, enabling, resetting, another role, signing
//! out everywhere.

use axum::Json;
use axum::extract::{Path, State};
use hoiam_domain::actor::Actor;
use serde::Deserialize;

use super::{PositionAsked, UserView};
use crate::accounts::openid::staff;
use crate::accounts::{people, session};
use crate::http::App;
use crate::http::auth::Administrator;
use crate::http::body::JsonBody;
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// Why, kept with the event.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    /// At most 500 characters; no personal data, for it stays in the log.
    note: Option<String>,
}

/// Which subject of which provider signs in as the account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkAsked {
    /// The provider's address, exactly as it writes it.
    issuer: String,
    /// The provider's own name for the person (`sub`).
    subject: String,
}

/// Which provider's subjects no longer do.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnlinkAsked {
    /// The provider's address.
    issuer: String,
    /// At most 500 characters; no personal data, for it stays in the log.
    note: Option<String>,
}

enum Order {
    Disable(Option<String>),
    Enable(Option<String>),
    Reset(Option<String>),
    Role(PositionAsked),
    SignOut,
    Link(LinkAsked),
    Unlink(UnlinkAsked),
}

/// Changes an account: `{action}` is `disable`, `enable`, `reset` (a new first password; codes are
/// taken away), `role` (its body a role with agency and focal point), `link` (its body an issuer and
/// a subject that sign in as the account), `unlink` (an issuer) or `sign-out` (everywhere).
#[utoipa::path(
    post, path = "/api/v1/users/{login}/{action}", tag = "accounts",
    request_body(content = Object, description = "`Why`; for `role` a `PositionAsked`, for `link` a `LinkAsked`, for `unlink` an `UnlinkAsked`"),
    params(
        ("login" = String, Path, description = "The sign-in name"),
        ("action" = String, Path, description = "`disable`, `enable`, `reset`, `role`, `link`, `unlink`, `sign-out`"),
    ),
    responses(
        (status = 200, description = "Done", body = UserView),
        (status = 403, description = "Not an administrator", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such account or action", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The last administrator", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = []), ("token" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Administrator(by): Administrator,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
    body: JsonBody,
) -> Result<Json<UserView>, Problem> {
    let Ok(Path((login, action))) = path else { return Err(Problem::no_such_command()) };
    let order = read(&action, &body)?;
    let position = match order {
        Order::Role(asked) => return role(app, by, login, asked).await,
        other => other,
    };
    to_the_end(async move { give(&app, &by, &login, position).await }).await.map(Json)
}

async fn role(
    app: App,
    by: Actor,
    login: String,
    asked: PositionAsked,
) -> Result<Json<UserView>, Problem> {
    let position = asked.read(&app)?;
    let desk = app.desk;
    let changed = to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        people::change_role(log, random, &by, &login, position, now).await
    });
    Ok(Json(UserView::of(changed.await?, None)))
}

async fn give(app: &App, by: &Actor, login: &str, order: Order) -> Result<UserView, Problem> {
    let (log, random, now) = (app.desk.log(), app.desk.random(), app.desk.now());
    let (person, password) = match order {
        Order::Disable(note) => (people::disable(log, random, by, login, note, now).await?, None),
        Order::Enable(note) => (people::enable(log, random, by, login, note, now).await?, None),
        Order::Reset(note) => {
            let reset = people::reset(log, random, by, login, note, now).await?;
            (reset.person, Some(reset.password))
        }
        Order::Link(LinkAsked { issuer, subject }) => {
            let whom = (login, issuer.as_str(), subject.as_str());
            (staff::link(log, random, by, whom, now).await?, None)
        }
        Order::Unlink(UnlinkAsked { issuer, note }) => {
            (staff::unlink(log, random, by, (login, &issuer), note, now).await?, None)
        }
        Order::SignOut | Order::Role(_) => {
            let person = people::find(log, login).await?;
            session::end_all(log.pool(), person.id).await?;
            (person, None)
        }
    };
    Ok(UserView::of(person, password))
}

fn read(action: &str, body: &JsonBody) -> Result<Order, Problem> {
    let short = |note: Option<String>| -> Result<Option<String>, Problem> {
        if note.as_ref().is_some_and(|note| note.chars().count() > 500) {
            return Err(Problem::new(
                axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                "note_too_long",
                "Ghi chú nhiều nhất 500 ký tự.",
                "A note has at most 500 characters.",
            )
            .field("note"));
        }
        Ok(note)
    };
    let note = || -> Result<Option<String>, Problem> {
        let Why { note } = body.read()?;
        short(note)
    };
    match action {
        "disable" => note().map(Order::Disable),
        "enable" => note().map(Order::Enable),
        "reset" => note().map(Order::Reset),
        "sign-out" => note().map(|_| Order::SignOut),
        "role" => body.read().map(Order::Role),
        "link" => body.read().map(Order::Link),
        "unlink" => {
            let UnlinkAsked { issuer, note } = body.read()?;
            Ok(Order::Unlink(UnlinkAsked { issuer, note: short(note)? }))
        }
        _ => Err(Problem::no_such_command()),
    }
}
