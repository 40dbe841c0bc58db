//! Who calls: a session or a bearer token stands for an actor; only intake and tracking work
//! without one.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use hoiam_domain::actor::{Actor, Role};

use super::App;
use super::problem::Problem;
use super::session::{Signed, SignedCitizen};
use crate::desk::DeskError;
use crate::sealed::group;
use crate::tokens;

/// Somebody signed in or with a token.
pub(super) struct Staff(pub(super) Actor);

/// Somebody signed in, for what is about their own account.
pub(super) struct Account(pub(super) Signed);

/// A citizen signed in.
pub(super) struct Resident(pub(super) SignedCitizen);

/// An administrator.
pub(super) struct Administrator(pub(super) Actor);

/// An administrator, or an auditor, who may look at everything administrators do.
pub(super) struct Overseer;

/// An auditor.
pub(super) struct Auditor;

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
            unauthorised(
                "token_missing",
                "Cần đăng nhập hoặc có mã truy cập (Bearer).",
                "Signing in or a bearer token is needed.",
            )
            .header(WWW_AUTHENTICATE, "Bearer realm=\"hoiam\"")
        })
    }
}

impl FromRequestParts<App> for Account {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<Signed>().cloned().map(Self).ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "not_signed_in",
                "Cần đăng nhập.",
                "Signing in is needed.",
            )
        })
    }
}

impl FromRequestParts<App> for Resident {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        parts.extensions.get::<SignedCitizen>().cloned().map(Self).ok_or_else(|| {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "not_signed_in",
                "Cần đăng nhập.",
                "Signing in is needed.",
            )
        })
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Staff(actor) = Staff::from_request_parts(parts, app).await?;
        if actor.role == Role::Administrator { Ok(Self(actor)) } else { Err(not_for_others()) }
    }
}

impl FromRequestParts<App> for Overseer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Staff(actor) = Staff::from_request_parts(parts, app).await?;
        let oversees = matches!(actor.role, Role::Administrator | Role::Auditor);
        if oversees { Ok(Self) } else { Err(not_for_others()) }
    }
}

impl FromRequestParts<App> for Auditor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Staff(actor) = Staff::from_request_parts(parts, app).await?;
        if actor.role == Role::Auditor {
            return Ok(Self);
        }
        Err(Problem::new(
            StatusCode::FORBIDDEN,
            "auditors_only",
            "Việc này dành cho kiểm toán viên.",
            "This is for auditors.",
        ))
    }
}

fn not_for_others() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "administrators_only",
        "Việc này dành cho quản trị viên.",
        "This is for administrators.",
    )
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let actor = actor(parts, app).await?;
        Ok(Self(actor.unwrap_or_else(|| Actor::new(Role::Citizen, Self::ANONYMOUS))))
    }
}

/// The actor of the token or else of the session, none without either. A token nobody knows is an
/// error.
async fn actor(parts: &Parts, app: &App) -> Result<Option<Actor>, Problem> {
    if !parts.headers.contains_key(AUTHORIZATION) {
        let Some(Signed { who, .. }) = parts.extensions.get::<Signed>() else { return Ok(None) };
        let mut actor = who.actor();
        if actor.role == Role::Coordinator {
            let pool = app.desk.log().pool();
            let member = group::is_member(pool, who.person.id).await;
            actor.in_group = member.map_err(DeskError::from)?;
        }
        return Ok(Some(actor));
    }
    let found = match bearer(&parts.headers) {
        Some(token) => {
            tokens::known(app.desk.log().pool(), token).await.map_err(DeskError::from)?
        }
        None => None,
    };
    if let Some(rate) = found.as_ref().and_then(|known| known.rate) {
        app.rates.key(found.as_ref().map_or("", |known| &known.actor.id), rate)?;
    }
    found.map(|known| Some(known.actor)).ok_or_else(|| {
        unauthorised(
            "token_unknown",
            "Mã truy cập không đúng hoặc đã bị thu hồi.",
            "The token is not known or was revoked.",
        )
        .header(WWW_AUTHENTICATE, "Bearer realm=\"hoiam\", error=\"invalid_token\"")
    })
}

/// The bearer token of a request, if it has one and nothing else of the kind.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (scheme, token) = all.next()?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && all.next().is_none()).then(|| token.trim())
}

fn unauthorised(code: &'static str, vi: &str, en: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, vi, en).field("Authorization")
}
