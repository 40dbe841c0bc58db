//! `GET /api/v1/session/openid`: signing in through somebody else. To the provider, and back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::who::SessionView;
use crate::accounts::citizens::{self, Proof};
use crate::accounts::openid::flow::{self, Answer};
use crate::accounts::openid::{For, OpenIdError, Provider, staff};
use crate::http::App;
use crate::http::page::{onwards, refusal, wanted};
use crate::http::params::{Params, wrong};
use crate::http::problem::{Problem, no_such_way};
use crate::http::refusal::to_the_end;
use crate::http::session::{citizen_cookie, session_cookie, set, way, way_cookie};

/// The name of a provider in a path.
type Named = Result<Path<String>, axum::extract::rejection::PathRejection>;

/// The ways in besides passwords.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct WaysView {
    /// Providers that vouch for staff.
    staff: Vec<ProviderView>,
    /// Providers that vouch for citizens.
    citizens: Vec<ProviderView>,
}

/// A provider.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProviderView {
    /// Its name in addresses.
    name: String,
    /// What people call it.
    title: String,
    /// Where to begin.
    start: String,
}

/// Through whom one can sign in here.
#[utoipa::path(
    get, path = "/api/v1/session/openid", tag = "accounts",
    responses(
        (status = 200, description = "The providers", body = WaysView),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn list(
    State(app): State<App>,
    params: Params,
) -> Result<Json<WaysView>, Problem> {
    params.only(&[])?;
    let view = |provider: &Provider| {
        let config = provider.config();
        let start = format!("/api/v1/session/openid/{}", config.name);
        ProviderView { name: config.name.clone(), title: config.title().to_owned(), start }
    };
    let of = |whom| {
        let ways = app.ways.iter();
        ways.flat_map(|ways| ways.providers(whom)).map(view).collect()
    };
    Ok(Json(WaysView { staff: of(For::Staff), citizens: of(For::Citizens) }))
}

/// Sends the browser to a provider, and remembers in a cookie that it was this browser.
#[utoipa::path(
    get, path = "/api/v1/session/openid/{provider}", tag = "accounts",
    params(
        ("provider" = String, Path, description = "A name of the list"),
        ("to" = Option<String>, Query, description = "A page of ours to go to afterwards, as a path; the first page if not given"),
    ),
    responses(
        (status = 303, description = "To the provider", headers(("Location" = String), ("Set-Cookie" = String))),
        (status = 404, description = "No such provider", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The provider does not answer", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn start(
    State(app): State<App>,
    named: Named,
    headers: HeaderMap,
    params: Params,
) -> Response {
    begun(app, named, &headers, &params).await.unwrap_or_else(|problem| refusal(problem, &headers))
}

async fn begun(
    app: App,
    named: Named,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Response, Problem> {
    params.only(&["to"])?;
    let to = flow::destination(params.get("to"));
    let to = to.ok_or_else(|| wrong("to", "a path of this site, e.g. /desk"))?.to_owned();
    let (ways, name) = (app.ways()?.clone(), name(named)?);
    let (desk, browser) = (app.desk.clone(), way(headers));
    let started = to_the_end(async move {
        let provider = ways.provider(&name).ok_or_else(no_such_way)?;
        let (pool, random, now) = (desk.log().pool(), desk.random(), desk.now());
        flow::start(pool, random, provider, browser, &to, now).await.map_err(Problem::from)
    })
    .await?;
    let location = HeaderValue::from_str(&started.address).map_err(|_| Problem::internal())?;
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    set(response.headers_mut(), &way_cookie(&started.browser));
    Ok(response)
}

/// Where the provider sends the browser back to. Signs in whoever it vouches for, if this browser
/// began it: staff with an account that is linked, citizens with one that is made at the first time.
#[utoipa::path(
    get, path = "/api/v1/session/openid/{provider}/callback", tag = "accounts",
    params(
        ("provider" = String, Path, description = "A name of the list"),
        ("state" = Option<String>, Query, description = "As it was sent"),
        ("code" = Option<String>, Query, description = "The authorization code"),
        ("error" = Option<String>, Query, description = "The provider's refusal"),
        ("iss" = Option<String>, Query, description = "The provider's address (RFC 9207)"),
    ),
    responses(
        (status = 200, description = "Signed in; the session is in the cookie. For browsers a page that goes on",
            content((SessionView = "application/json"), (String = "text/html")), headers(("Set-Cookie" = String))),
        (status = 400, description = "This browser began no such sign-in", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The provider refused, or its answer cannot be trusted", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "No account is linked", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(crate) async fn callback(
    State(app): State<App>,
    named: Named,
    headers: HeaderMap,
    params: Params,
) -> Response {
    match finished(app, named, &headers, params).await {
        Ok(response) => response,
        Err(problem) => refusal(problem, &headers),
    }
}

/// Who is signed in now.
enum Signed {
    Staff(staff::Begun),
    Citizen(crate::accounts::session::Secret),
}

async fn finished(
    app: App,
    named: Named,
    headers: &HeaderMap,
    params: Params,
) -> Result<Response, Problem> {
    let (ways, name, browser) = (app.ways()?.clone(), name(named)?, way(headers));
    let desk = app.desk.clone();
    let (signed, to) = to_the_end(async move {
        let provider = ways.provider(&name).ok_or_else(no_such_way)?;
        let (pool, now) = (desk.log().pool(), desk.now());
        let answer = Answer {
            state: params.get("state"),
            code: params.get("code"),
            error: params.get("error"),
            issuer: params.get("iss"),
        };
        let (vouched, to) = flow::finish(pool, provider, browser.as_ref(), answer, now).await?;
        let signed = signed(&desk, provider, &vouched).await?;
        Ok::<_, Problem>((signed, to))
    })
    .await?;
    let (cookie, view) = match &signed {
        Signed::Staff(begun) => {
            let view = Json(SessionView::of(&begun.person, begun.must)).into_response();
            (session_cookie(&begun.session), view)
        }
        Signed::Citizen(secret) => {
            (citizen_cookie(secret), Json(serde_json::json!({})).into_response())
        }
    };
    let mut response = if wanted(headers) { onwards(&to) } else { view };
    set(response.headers_mut(), &cookie);
    Ok(response)
}

async fn signed(
    desk: &crate::desk::Desk,
    provider: &Provider,
    vouched: &crate::accounts::openid::claims::Vouched,
) -> Result<Signed, OpenIdError> {
    let (log, random, now) = (desk.log(), desk.random(), desk.now());
    let config = provider.config();
    match config.whom {
        For::Staff => staff::sign_in(log, random, config, vouched, now).await.map(Signed::Staff),
        For::Citizens => {
            let proof = Proof::OpenId(&config.name, vouched);
            Ok(Signed::Citizen(citizens::sign_in(log, random, proof, now).await?))
        }
    }
}

fn name(named: Named) -> Result<String, Problem> {
    named.map(|Path(name)| name).map_err(|_| no_such_way())
}
