//! `GET /api/v1/citizen/cases`: a citizen's own cases, and adding one by its tracking code.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::citizens::{self, ClaimedCase};
use crate::http::App;
use crate::http::auth::Resident;
use crate::http::body::JsonBody;
use crate::http::endpoints::track::{Opened, opened, opened_as};
use crate::http::params::{Params, wrong};
use crate::http::problem::Problem;
use crate::http::refusal::to_the_end;

/// A page of the own cases.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnCases {
    /// The cases, the newest first.
    items: Vec<OwnCase>,
    /// What to pass as `after` for the next page; null at the end.
    next: Option<String>,
}

/// One of them; `GET /api/v1/citizen/cases/{number}` shows the whole of it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OwnCase {
    /// Case number.
    number: String,
    /// Where it stands.
    status: &'static str,
    /// Where it stands, in Vietnamese.
    status_vi: &'static str,
    /// Where it stands, in English.
    status_en: &'static str,
    /// How the text begins.
    excerpt: String,
    /// When it was received.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// When the last thing happened.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// The number of the case it goes on in, if it was merged.
    merged_into: Option<String>,
}

/// Characters of the text that are shown.
const EXCERPT: usize = 120;

impl OwnCase {
    fn of(opened: &Opened) -> Self {
        let (own, going_on) = (&opened.own, &opened.going_on);
        let stage = own.work.stage.name();
        Self {
            number: own.number.to_string(),
            status: stage.as_str(),
            status_vi: stage.vi(),
            status_en: stage.en(),
            excerpt: own.text.reveal().chars().take(EXCERPT).collect(),
            received_at: own.received_at,
            updated_at: own.last_at,
            merged_into: (own.id != going_on.id).then(|| going_on.number.to_string()),
        }
    }
}

/// The own cases: those whose tracking code one showed, that one reported while signed in, or that
/// were reported under a mail address or telephone number proven to be one's own.
#[utoipa::path(
    get, path = "/api/v1/citizen/cases", tag = "citizens",
    params(
        ("limit" = Option<u32>, Query, description = "1 to 200, 50 if not given"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = OwnCases),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn get(
    State(app): State<App>,
    Resident(signed): Resident,
    params: Params,
) -> Result<Json<OwnCases>, Problem> {
    params.only(&["limit", "after"])?;
    let limit = params.limit()?;
    let after = match params.get("after") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| wrong("after", "`next` of the page before"))?),
    };
    // One more than asked for says whether there is a next page.
    let page = (after, i64::from(limit) + 1);
    let mut found = citizens::cases(app.desk.log().pool(), signed.who.id, page).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|case| case.id.simple().to_string());
    let mut items = Vec::with_capacity(found.len());
    for case in &found {
        items.push(OwnCase::of(&opened_as(&app, case.id, &case.party).await?));
    }
    Ok(Json(OwnCases { items, next }))
}

/// Which case to add.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ByCode {
    /// As given on receipt; hyphens and case do not matter.
    tracking_code: String,
}

/// Adds a case to the own ones by its tracking code. Unknown and malformed codes are the same: not
/// found.
#[utoipa::path(
    post, path = "/api/v1/citizen/cases", tag = "citizens",
    request_body = ByCode,
    responses(
        (status = 201, description = "Added, or there already", body = OwnCase),
        (status = 404, description = "No case has this code", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
    security(("citizen" = [])),
)]
pub(crate) async fn post(
    State(app): State<App>,
    Resident(signed): Resident,
    body: JsonBody,
) -> Result<Response, Problem> {
    let asked: ByCode = body.read()?;
    let view = follow(&app, signed.who.id, (&asked.tracking_code, false)).await?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Adds the case of a tracking code to the own ones; `reported`: they have just reported it.
pub(in crate::http::endpoints) async fn follow(
    app: &App,
    citizen: Uuid,
    (tracking_code, reported): (&str, bool),
) -> Result<OwnCase, Problem> {
    let opened = opened(app, tracking_code).await?;
    let party = opened.own.parties.iter().find(|party| party.tracking_hash == opened.code_hash);
    let party = party.ok_or_else(|| Problem::no_such_case().field("tracking_code"))?;
    let case = ClaimedCase { id: opened.own.id, party: party.id.clone() };
    let desk = app.desk.clone();
    to_the_end(async move {
        let (log, random, now) = (desk.log(), desk.random(), desk.now());
        citizens::claim(log, random, citizen, (&case, reported), now).await
    })
    .await?;
    Ok(OwnCase::of(&opened))
}
