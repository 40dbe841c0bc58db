//! Who calls: a bearer token stands for an actor; only intake and tracking work without one.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use hoiam_domain::actor::{Actor, Role};

use super::App;
use super::problem::Problem;
use crate::desk::DeskError;
use crate::tokens;

/// Somebody with a token.
pub(super) struct Staff(pub(super) Actor);

/// Somebody with a token, or a citizen without one.
pub(super) struct Caller(pub(super) Actor);

impl Caller {
    /// The id of citizens who sent a feedback without an account.
    pub(super) const ANONYMOUS: &'static str = "anonymous";
}

impl FromRequestParts<App> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        actor(parts, app).await?.map(Self).ok_or_else(|| {
            unauthorised("token_missing", "Cần mã truy cập (Bearer).", "A bearer token is needed.")
                .header(WWW_AUTHENTICATE, "Bearer realm=\"hoiam\"")
        })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = actor(parts, app).await?;
        Ok(Self(actor.unwrap_or_else(|| Actor::new(Role::Citizen, Self::ANONYMOUS))))
    }
}

/// The actor of the token, none without one. A token nobody knows is an error.
async fn actor(parts: &Parts, app: &App) -> Result<Option<Actor>, Problem> {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let Some(header) = headers.next() else { return Ok(None) };
    let token = header
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer") && headers.next().is_none())
        .map(|(_, token)| token.trim());
    let found = match token {
        Some(token) => {
            tokens::actor(app.desk.log().pool(), token).await.map_err(DeskError::from)?
        }
        None => None,
    };
    found.map(Some).ok_or_else(|| {
        unauthorised(
            "token_unknown",
            "Mã truy cập không đúng hoặc đã bị thu hồi.",
            "The token is not known or was revoked.",
        )
        .header(WWW_AUTHENTICATE, "Bearer realm=\"hoiam\", error=\"invalid_token\"")
    })
}

fn unauthorised(code: &'static str, vi: &str, en: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, vi, en).field("Authorization")
}
